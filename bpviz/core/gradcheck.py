"""Gradient check: compare the gradients of backpropagation with central differences.

A central difference has an error of its own, its allowance: it is taken over a step in which the loss bends or has a
kink, and it is a small difference of rounded numbers. Where the allowance is as large as the gradient, the difference
says nothing about the gradient: that is a third outcome, beside agreement and fault.

Where weights are penalised, the gradients are those of L + l1 * sum |W| + l2 / 2 * sum W**2, and so are the
differences.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.gradcheck_allowance import Allowance, Doubt
from bpviz.core.network import Network
from bpviz.core.optimisers.penalty_difference import kink_of_l1, penalty_difference
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.core.optimisers.steps import penalised, penalty

EPSILON = 1e-5
# Correct gradients have a smaller relative error than this.
TOLERANCE = 1e-5
# Components below this fraction of the layer's largest are compared on that scale: the numerical gradient has no
# correct digits there.
_RELATIVE_FLOOR = 1e-3
# An allowance above this fraction of the gradient leaves the difference not one correct digit.
_NO_DIGIT = 0.1
_FINER = 16
_TINY = float(np.finfo(np.float64).tiny)
# Size of a piece of work, in multiplications: some milliseconds. An activation function costs about ten of them.
_PIECE_MULTIPLICATIONS, _ACTIVATION_COST = 2_000_000, 10


@dataclass(frozen=True)
class LayerCheck:
    """Comparison of the two gradients of one layer, with read-only arrays.

    Attributes
    ----------
    layer : int
        Counted from 1.
    worst : float
        The largest relative error where the allowance does not explain it; below `TOLERANCE` if backpropagation is
        correct.
    analytic, numerical : ndarray of shape (n_parameters,)
        dL/dW row by row, then dL/db; of the loss with the penalty, if weights are penalised.
    errors : ndarray of shape (n_input + 1, n_neurons)
        The relative error of every weight and, in the last row, of every bias; nothing is subtracted.
    doubts : ndarray of int, of the shape of errors
        The `Doubt` of each: NONE where the two gradients agree, or differ by more than the allowance. At the kink of
        l1 they may be equal by chance: L1 stands there all the same.
    is_penalty_wrong : bool
        Whether the gradients are wrong with the penalty, and right without it.
    """

    layer: int
    worst: float
    analytic: Array
    numerical: Array
    errors: Array
    doubts: Indices
    is_penalty_wrong: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether the two gradients differ by more than the allowance, or are not finite."""
        return not self.worst < TOLERANCE

    @property
    def cannot_tell(self) -> bool:
        """Whether some of the differences say nothing, and no other one shows a fault."""
        return not self.is_wrong and bool(self.doubts.any())

    @property
    def agrees(self) -> bool:
        """Whether all gradients agree with differences that have correct digits."""
        return not self.is_wrong and not self.cannot_tell

    @property
    def main_doubt(self) -> Doubt:
        """The most frequent reason for doubt."""
        counts = np.bincount(self.doubts.ravel(), minlength=len(Doubt))
        return Doubt(int(counts[1:].argmax()) + 1) if counts[1:].any() else Doubt.NONE

    @property
    def largest(self) -> float:
        """The largest of `errors`."""
        return float(self.errors.max())


def numerical_gradient(network: Network, x: Array, y: Array, epsilon: float = EPSILON) -> Array:
    """Return (loss(p + epsilon) - loss(p - epsilon)) / (2 epsilon) for every parameter p.

    The network is not changed.
    """
    return np.asarray(np.hstack(list(_numerical_in_pieces(network, x, y, epsilon)))[0])


def _numerical_in_pieces(network: Network, x: Array, y: Array, epsilon: float) -> Iterator[Array]:
    """Yield the numerical gradient and the curvature of the loss, some parameters at a time, shape (2, n).

    The curvature is the one-sided slope of the loss to the right of a parameter minus that to its left.

    The layers before a parameter do not depend on it. So the pass starts at the parameter's layer, and many copies of
    its z, each with one parameter changed, go through the following layers as one batch.
    """
    rows, targets = np.atleast_2d(x), np.atleast_2d(y)
    zs, activations = backprop.forward(network, rows)
    loss = network.loss.value(zs[-1], activations[-1], targets).mean()
    for number, (a_prev, z) in enumerate(zip([rows, *activations[:-1]], zs, strict=True)):
        parameters = network.layers[number].matrix.ravel()
        inputs = np.column_stack((a_prev, np.ones(len(a_prev))))
        most = _parameters_in_a_piece(network, number, len(rows))
        for start in range(0, len(parameters), most):
            chosen = np.arange(start, min(start + most, len(parameters)))
            losses = []
            for step in (epsilon, -epsilon):
                # The step that p can really make: p + epsilon is rounded to a float64.
                moved = (parameters[chosen] + step) - parameters[chosen]
                losses.append(_losses_from(network, number, _perturbed(z, inputs, chosen, moved), targets))
            right, left = losses[0] - loss, loss - losses[1]
            yield np.array(((losses[0] - losses[1]) / (2 * epsilon), (right - left) / epsilon))


def _perturbed(z: Array, inputs: Array, chosen: Indices, moved: Array) -> Array:
    """Return for each chosen entry of [W; b] a copy of z, (n_samples, n_neurons), computed with that entry changed."""
    i, j = np.divmod(chosen, z.shape[-1])
    copies = np.repeat(z[None], len(chosen), axis=0)
    copies[np.arange(len(chosen)), :, j] += moved[:, None] * inputs.T[i]
    return copies


def _losses_from(network: Network, number: int, z: Array, targets: Array) -> Array:
    """Return the mean loss for each of many z, shape (n_copies, n_samples, n_neurons), of one layer."""
    here, copies = z.reshape(-1, z.shape[-1]), z.shape[:2]
    a = network.layers[number].rule.f(here, None)
    for layer in network.layers[number + 1 :]:
        here = a @ layer.weights + layer.bias
        a = layer.rule.f(here, None)
    losses = network.loss.value(here.reshape(*copies, -1), a.reshape(*copies, -1), targets)
    return np.asarray(losses.mean(axis=1))


def _cost_from(network: Network, number: int) -> int:
    """Return the cost, in multiplications, of computing the loss of one sample from z of a layer."""
    behind = network.layers[number + 1 :]
    neurons = network.layers[number].n_neurons + sum(layer.n_neurons for layer in behind)
    return _ACTIVATION_COST * neurons + sum(layer.n_parameters for layer in behind)


def _parameters_in_a_piece(network: Network, number: int, samples: int) -> int:
    """Return how many parameters of a layer are moved at once."""
    return max(1, _PIECE_MULTIPLICATIONS // (2 * samples * _cost_from(network, number)))


def count_pieces(network: Network, samples: int) -> int:
    """Return the number of pieces of `check_in_pieces`, all of which take about the same time."""
    layers = enumerate(network.layers)
    return 2 * sum(
        -(-layer.n_parameters // _parameters_in_a_piece(network, number, samples)) for number, layer in layers
    )


def count_multiplications(network: Network, samples: int) -> int:
    """Return about how many multiplications one numerical gradient costs."""
    layers = enumerate(network.layers)
    return 2 * samples * sum(layer.n_parameters * _cost_from(network, number) for number, layer in layers)


def relative_error(analytic: Array, numerical: Array, smallest: npt.ArrayLike = _TINY) -> Array:
    """Return |a - n| / max(|a|, |n|); the divisor is at least a thousandth of the largest component, and `smallest`."""
    scale = np.maximum(np.abs(analytic), np.abs(numerical))
    floor = np.maximum(_RELATIVE_FLOOR * float(scale.max(initial=0.0)), smallest)
    return np.asarray(np.abs(analytic - numerical) / np.maximum(scale, floor))


def check(
    network: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    epsilon: float = EPSILON,
    rule: LearningRule = PLAIN_SGD,
) -> list[LayerCheck]:
    """Compare the gradients of every layer, for one sample or the mean loss of a batch.

    Parameters
    ----------
    network : Network
    x : array_like of shape (n_inputs,) or (n_samples, n_inputs)
    y : array_like of shape (n_outputs,) or (n_samples, n_outputs)
    epsilon : float
        The step of the central difference.
    rule : LearningRule
        Of it only the penalties bear on the gradients.

    Returns
    -------
    list of LayerCheck
        Layers 1..L.
    """
    pieces = check_in_pieces(network, x, y, epsilon, rule=rule)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return list(end.value)


def check_in_pieces(
    network: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    epsilon: float = EPSILON,
    done: backprop.Trace | None = None,
    rule: LearningRule = PLAIN_SGD,
) -> Generator[None, None, list[LayerCheck]]:
    """Run `check` in pieces of some milliseconds; the generator's return value is that of `check`.

    `done` is the trace whose gradients are checked; by default that of `backprop.trace`.
    """
    done = done or _trace(network, x, y)
    numerical, curvature = yield from _join_pieces(network, done.x, done.y, epsilon)
    # Estimate the central difference's own error, which must not count against backpropagation. It has four parts.
    # Truncation: the error grows with epsilon squared, so a difference twice as wide deviates from this one by three
    # times this one's error. Kinks (relu, mae): there the curvature does not double with epsilon.
    wider, curvature_wider = yield from _join_pieces(network, done.x, done.y, 2 * epsilon)
    # Rounding: the last bits of two nearly equal losses, divided by epsilon. Without it the vanishing gradients of a
    # deep network would look wrong. And the kink of l1, where it is known to be.
    with np.errstate(all="ignore"):
        loss = done.loss + penalty((layer.weights for layer in network.layers), rule)
        rounding = np.finfo(np.float64).eps * max(1.0, loss) / epsilon
        step, kink = np.abs(wider - numerical), np.abs(curvature_wider - 2 * curvature)
        allowance = Allowance(step, kink, rounding, kink_of_l1(network, epsilon, rule))
        checks = _compare_with_penalty(network, done, numerical, allowance, epsilon, rule)
    # Before a gradient is called wrong: the estimates are good only where the loss is nearly a parabola within the
    # step, or has one kink. Much finer differences agree with this one where it is right, and not where the step is
    # too large.
    step, finer_epsilon = allowance.step, epsilon / _FINER
    while any(found.is_wrong for found in checks) and finer_epsilon >= min(epsilon, EPSILON) / _FINER:
        finer, _ = yield from _join_pieces(network, done.x, done.y, finer_epsilon)
        with np.errstate(all="ignore"):
            step = np.maximum(step, _FINER / (_FINER - 1) * np.abs(finer - numerical))
            allowance = dataclasses.replace(allowance, step=step)
            checks = _compare_with_penalty(network, done, numerical, allowance, epsilon, rule)
        finer_epsilon /= _FINER
    return checks


def _compare_with_penalty(
    network: Network, done: backprop.Trace, numerical: Array, allowance: Allowance, epsilon: float, rule: LearningRule
) -> list[LayerCheck]:
    """Compare the gradients with the difference of the loss, given that of L; the penalty is added to both."""
    has_kinks = network.loss.has_kink or any(layer.rule.has_kink for layer in network.layers)
    plain = [np.vstack((layer.dW, layer.db)) for layer in done.layers]
    if not rule.has_penalty:
        return _compare(plain, numerical, allowance, has_kinks=has_kinks)
    whole = numerical + penalty_difference(network, epsilon, rule)
    checks = _compare(_penalised(network, done, rule), whole, allowance, has_kinks=has_kinks)
    pairs = zip(checks, _compare(plain, numerical, allowance, has_kinks=has_kinks), strict=True)
    return [dataclasses.replace(found, is_penalty_wrong=found.is_wrong and not bare.is_wrong) for found, bare in pairs]


def _penalised(network: Network, done: backprop.Trace, rule: LearningRule) -> list[Array]:
    """Return [dW; db] of every layer, as an update takes them: with the penalty in dW."""
    pairs = zip(network.layers, done.layers, strict=True)
    return [np.vstack((penalised(layer.weights, found.dW, rule), found.db)) for layer, found in pairs]


def _trace(network: Network, x: npt.ArrayLike, y: npt.ArrayLike) -> backprop.Trace:
    with np.errstate(all="ignore"):
        return backprop.trace(network, x, y)


def _join_pieces(network: Network, x: Array, y: Array, epsilon: float) -> Generator[None, None, Array]:
    pieces: list[Array] = []
    numbers = _numerical_in_pieces(network, x, y, epsilon)
    while True:
        with np.errstate(all="ignore"):  # the report names non-finite numbers
            piece = next(numbers, None)
        if piece is None:
            return np.hstack(pieces)
        pieces.append(piece)
        yield None


def _compare(
    gradients: list[Array], numerical: Array, allowance: Allowance, *, has_kinks: bool = False
) -> list[LayerCheck]:
    start, checks = 0, []
    for number, matrix in enumerate(gradients, start=1):
        analytic = matrix.ravel()
        here = slice(start, start + len(analytic))
        start += len(analytic)
        worst = relative_error(analytic, numerical[here], allowance.part(here).total / TOLERANCE).max()
        doubts = _doubts(analytic, numerical[here], allowance.part(here), has_kinks=has_kinks)
        errors = relative_error(analytic, numerical[here]).reshape(matrix.shape)
        arrays = frozen(analytic), frozen(numerical[here]), frozen(errors)
        checks.append(LayerCheck(number, float(worst), *arrays, doubts.reshape(errors.shape)))
    return checks


def _doubts(analytic: Array, numerical: Array, allowance: Allowance, *, has_kinks: bool) -> Indices:
    scale = np.maximum(np.abs(analytic), np.abs(numerical))
    scale = np.maximum(scale, _RELATIVE_FLOOR * float(scale.max(initial=0.0)))
    differs = ~(relative_error(analytic, numerical) < TOLERANCE) | (allowance.l1 > 0)
    explained = np.abs(analytic - numerical) <= allowance.total
    is_in_doubt = differs & explained & (allowance.total > _NO_DIGIT * scale)
    found = np.where(is_in_doubt, allowance.largest_part(has_kinks=has_kinks), Doubt.NONE).astype(np.intp)
    found.flags.writeable = False
    return found


def sweep_epsilons(
    network: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    epsilons: Iterable[float],
    rule: LearningRule = PLAIN_SGD,
) -> Iterator[tuple[float, Array]]:
    """Yield each epsilon with the largest relative error of every layer, shape (n_layers,).

    Plotted over epsilon the error has a minimum: for large epsilon the truncation error dominates, which is
    proportional to epsilon squared; for small epsilon the rounding error of the loss, divided by epsilon.
    """
    return (found for found in sweep_epsilons_in_pieces(network, x, y, epsilons, rule=rule) if found)


def sweep_epsilons_in_pieces(
    network: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    epsilons: Iterable[float],
    done: backprop.Trace | None = None,
    rule: LearningRule = PLAIN_SGD,
) -> Iterator[tuple[float, Array] | None]:
    """Run `sweep_epsilons` in pieces of some milliseconds; yield None after each piece.

    `done` is as in `check_in_pieces`.
    """
    done = done or _trace(network, x, y)
    nothing = np.zeros(len(network.parameters))
    exact = Allowance(nothing, nothing, 0.0, nothing)
    for epsilon in epsilons:
        numerical, _ = yield from _join_pieces(network, done.x, done.y, epsilon)
        with np.errstate(all="ignore"):
            checks = _compare_with_penalty(network, done, numerical, exact, epsilon, rule)
        yield epsilon, frozen([layer.largest for layer in checks])
