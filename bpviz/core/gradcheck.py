"""Analytic gradients against numerical ones, by central differences."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.network import Network

EPSILON = 1e-5
# Right gradients lie closer together than this.
TOLERANCE = 1e-5
# A component a thousand times below the layer's largest is compared on that scale: below it
# the numerical gradient has no digits of its own left.
_RELATIVE_FLOOR = 1e-3
_TINY = float(np.finfo(np.float64).tiny)
# Some milliseconds of work, in multiplications; an activation function takes about as long as ten.
_PIECE, _ACTIVATION = 2_000_000, 10


@dataclass(frozen=True)
class LayerCheck:
    """How far the two gradients of one layer lie apart. Read-only arrays.

    Attributes
    ----------
    layer : int
        Counted from 1.
    worst : float
        The largest of the errors once the central difference's own error is allowed for; below `TOLERANCE`
        where backpropagation is right.
    analytic, numerical : ndarray of shape (n_parameters,)
        dLoss/dW row by row, then dLoss/db.
    errors : ndarray of shape (n_input + 1, n_neurons)
        The relative error of every weight and, in the last row, of every bias, with nothing allowed for.
    """

    layer: int
    worst: float
    analytic: Array
    numerical: Array
    errors: Array

    @property
    def agrees(self) -> bool:
        """Whether the two gradients are the same as far as can be told."""
        return self.worst < TOLERANCE

    @property
    def largest(self) -> float:
        """The largest of `errors`."""
        return float(self.errors.max())


def numerical_gradient(network: Network, x: Array, y: Array, epsilon: float = EPSILON) -> Array:
    """Return (loss(p + epsilon) - loss(p - epsilon)) / (2 epsilon) for every parameter p.

    The network is left as it was.
    """
    return np.asarray(np.hstack(list(_numerical_pieces(network, x, y, epsilon)))[0])


def _numerical_pieces(network: Network, x: Array, y: Array, epsilon: float) -> Iterator[Array]:
    """Yield the numerical gradient and its bend, some parameters at a time, shape (2, n_parameters).

    The bend is how much steeper the loss is on the right of a parameter than on its left.

    What lies before a parameter's layer does not change with it, so that many copies of a layer's z, each with one
    parameter moved, run as one batch through what lies behind.
    """
    rows, targets = np.atleast_2d(x), np.atleast_2d(y)
    zs, activations = backprop.forward(network, rows)
    here = network.loss.value(activations[-1], targets).mean()
    for number, (a_prev, z) in enumerate(zip([rows, *activations[:-1]], zs, strict=True)):
        parameters = network.layers[number].matrix.ravel()
        inputs = np.column_stack((a_prev, np.ones(len(a_prev))))
        most = max(1, _PIECE // (2 * len(rows) * _work_behind(network, number)))
        for start in range(0, len(parameters), most):
            chosen = np.arange(start, min(start + most, len(parameters)))
            losses = []
            for step in (epsilon, -epsilon):
                # As far as a float64 at p moves when it is told to.
                moved = (parameters[chosen] + step) - parameters[chosen]
                losses.append(_losses_behind(network, number, _with_one_moved(z, inputs, chosen, moved), targets))
            right, left = losses[0] - here, here - losses[1]
            yield np.array(((losses[0] - losses[1]) / (2 * epsilon), (right - left) / epsilon))


def _with_one_moved(z: Array, inputs: Array, chosen: Indices, moved: Array) -> Array:
    """Return a copy of z, (n_samples, n_neurons), for each of the chosen entries of [W; b], with that entry moved."""
    i, j = np.divmod(chosen, z.shape[-1])
    copies = np.repeat(z[None], len(chosen), axis=0)
    copies[np.arange(len(chosen)), :, j] += moved[:, None] * inputs.T[i]
    return copies


def _losses_behind(network: Network, number: int, z: Array, targets: Array) -> Array:
    """Return the mean loss for each of many z of one layer, shape (n_copies, n_samples, n_neurons)."""
    a = network.layers[number].rule.f(z.reshape(-1, z.shape[-1]), None)
    for layer in network.layers[number + 1 :]:
        a = layer.rule.f(a @ layer.weights + layer.bias, None)
    losses = network.loss.value(a.reshape(*z.shape[:2], -1), targets)
    return np.asarray(losses.mean(axis=1))


def _work_behind(network: Network, number: int) -> int:
    """Return how much it takes to get from z of a layer to the loss of one sample."""
    behind = network.layers[number + 1 :]
    neurons = network.layers[number].n_neurons + sum(layer.n_neurons for layer in behind)
    return _ACTIVATION * neurons + sum(layer.n_parameters for layer in behind)


def work(network: Network, samples: int) -> int:
    """Return about how many multiplications one numerical gradient takes."""
    layers = enumerate(network.layers)
    return 2 * samples * sum(layer.n_parameters * _work_behind(network, number) for number, layer in layers)


def relative_error(analytic: Array, numerical: Array, smallest: npt.ArrayLike = _TINY) -> Array:
    """Return |a - n| / max(|a|, |n|), with a floor of a thousandth of the largest component, or of `smallest`."""
    scale = np.maximum(np.abs(analytic), np.abs(numerical))
    floor = np.maximum(_RELATIVE_FLOOR * float(scale.max(initial=0.0)), smallest)
    return np.asarray(np.abs(analytic - numerical) / np.maximum(scale, floor))


def check(network: Network, x: npt.ArrayLike, y: npt.ArrayLike, epsilon: float = EPSILON) -> list[LayerCheck]:
    """Compare the gradients of every layer, for one sample or the mean loss of a batch.

    Parameters
    ----------
    network : Network
    x : array_like of shape (n_inputs,) or (n_samples, n_inputs)
    y : array_like of shape (n_outputs,) or (n_samples, n_outputs)
    epsilon : float
        Half the distance of the central difference.

    Returns
    -------
    list of LayerCheck
        Layers 1..L.
    """
    pieces = check_in_pieces(network, x, y, epsilon)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return list(end.value)


def check_in_pieces(
    network: Network, x: npt.ArrayLike, y: npt.ArrayLike, epsilon: float = EPSILON
) -> Generator[None, None, list[LayerCheck]]:
    """Do as `check`, some milliseconds at a time; the generator's return value is what `check` returns."""
    with np.errstate(all="ignore"):
        done = backprop.trace(network, x, y)
    numerical, bend = yield from _whole(network, done.x, done.y, epsilon)
    # Where the loss is curved, a difference twice as wide comes out otherwise: three times as far from the truth as
    # this one. Where it has a kink its bend, which should have doubled, has not. Nothing smaller than these can be
    # laid at backpropagation's door,
    wider, bend_wider = yield from _whole(network, done.x, done.y, 2 * epsilon)
    # nor what rounding leaves of the difference of two equal losses, or the vanishing gradients of a deep network
    # would look wrong.
    with np.errstate(all="ignore"):
        rounding = np.finfo(np.float64).eps * max(1.0, done.loss) / epsilon
        uncertain = np.abs(wider - numerical) + np.abs(bend_wider - 2 * bend) + rounding
        return _compare(done, numerical, uncertain)


def _whole(network: Network, x: Array, y: Array, epsilon: float) -> Generator[None, None, Array]:
    pieces: list[Array] = []
    numbers = _numerical_pieces(network, x, y, epsilon)
    while True:
        with np.errstate(all="ignore"):  # what is not finite is said in words
            piece = next(numbers, None)
        if piece is None:
            return np.hstack(pieces)
        pieces.append(piece)
        yield None


def _compare(done: backprop.Trace, numerical: Array, uncertain: Array) -> list[LayerCheck]:
    start, checks = 0, []
    for number, layer in enumerate(done.layers, start=1):
        analytic = np.concatenate((layer.dW.ravel(), layer.db))
        here = slice(start, start + len(analytic))
        start += len(analytic)
        worst = relative_error(analytic, numerical[here], uncertain[here] / TOLERANCE).max()
        errors = relative_error(analytic, numerical[here]).reshape(-1, len(layer.db))
        checks.append(LayerCheck(number, float(worst), *map(frozen, (analytic, numerical[here], errors))))
    return checks


def valley(
    network: Network, x: npt.ArrayLike, y: npt.ArrayLike, epsilons: Iterable[float]
) -> Iterator[tuple[float, Array]]:
    """Yield each epsilon with the largest relative error of every layer, shape (n_layers,), nothing allowed for.

    Over epsilon it is a valley: on the right the difference is too wide for the curve's bend and the error falls with
    epsilon squared; on the left the rounding of the loss is divided by an ever smaller number.
    """
    return (found for found in valley_in_pieces(network, x, y, epsilons) if found)


def valley_in_pieces(
    network: Network, x: npt.ArrayLike, y: npt.ArrayLike, epsilons: Iterable[float]
) -> Iterator[tuple[float, Array] | None]:
    """Do as `valley`, with None between two pieces of work of some milliseconds."""
    with np.errstate(all="ignore"):
        done = backprop.trace(network, x, y)
    for epsilon in epsilons:
        numerical, _ = yield from _whole(network, done.x, done.y, epsilon)
        with np.errstate(all="ignore"):
            checks = _compare(done, numerical, np.zeros_like(numerical))
        yield epsilon, frozen([layer.largest for layer in checks])
