"""Backpropagation in its plainest form: one line for each operation of one layer.

This is the code that the window steps through. `bpviz.core.training.kernel` is the same algorithm, optimised for
whole epochs.

L_s is the loss of one sample, and L the mean of L_s over the batch.
delta is dL_s/dz, and error is dL_s/da; dW and db are gradients of L. Nielsen and Bishop call delta "the error".
Programs that store (y - a) * f'(z), such as the article's, hold the negative of delta, and add the gradient where this
module subtracts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, frozen

if TYPE_CHECKING:
    from bpviz.core.network import Network


@dataclass(frozen=True)
class LayerTrace:
    """Every quantity that backpropagation computes in one layer, as read-only arrays.

    For one sample z, a, error, slope and delta have shape (n_neurons,), for a batch (n_samples, n_neurons).
    dW, shape (n_input, n_neurons), and db, shape (n_neurons,), are the gradients of L.
    """

    z: Array
    a: Array
    error: Array
    slope: Array
    delta: Array
    dW: Array
    db: Array


@dataclass(frozen=True)
class Trace:
    """Every quantity of one forward and backward pass; the network is not changed.

    Attributes
    ----------
    x, y : ndarray
        Inputs and targets, of one sample or a batch.
    layers : tuple of LayerTrace
        Layers 1..L, first to last.
    loss : float
        L: the mean of L_s over the batch; of one sample, L_s itself.
    """

    x: Array
    y: Array
    layers: tuple[LayerTrace, ...]
    loss: float

    def inputs_of(self, index: int) -> Array:
        """Return a_prev of ``layers[index]``: x, or the activations of the layer before."""
        return self.x if index == 0 else self.layers[index - 1].a


def forward(network: Network, x: Array) -> tuple[list[Array], list[Array]]:
    """Return z and a of every layer, first to last."""
    zs, activations = [], []
    a = x
    for layer in network.layers:
        z = a @ layer.weights + layer.bias
        a = layer.rule.f(z, None)
        zs.append(z)
        activations.append(a)
    return zs, activations


def backward(
    network: Network, zs: list[Array], activations: list[Array], y: Array
) -> tuple[list[Array], list[Array], list[Array]]:
    """Return error, slope and delta of every layer, first to last, given z and a of the forward pass."""
    errors: list[Array] = []
    slopes: list[Array] = []
    deltas: list[Array] = []
    for layer, z, a, layer_next in reversed(
        list(zip(network.layers, zs, activations, [*network.layers[1:], None], strict=True))
    ):
        if layer_next is None:
            error = network.loss.error(a, y)
        else:
            error = deltas[0] @ layer_next.weights.T
        slope = layer.rule.slope(z, a, None)
        if layer_next is None and network.loss.cancels_slope:
            delta = a - y
        elif layer.rule.output_only:
            delta = layer.rule.delta(error, slope, a)
        else:
            delta = error * slope
        errors.insert(0, error)
        slopes.insert(0, slope)
        deltas.insert(0, delta)
    return errors, slopes, deltas


def gradients(a_prev: Array, delta: Array) -> tuple[Array, Array]:
    """Return dW and db of one layer, for one sample, or the mean over a batch."""
    rows, columns = np.atleast_2d(a_prev), np.atleast_2d(delta)
    dW = rows.T @ columns / len(columns)
    db = columns.mean(axis=0)
    return dW, db


def trace(network: Network, x: npt.ArrayLike, y: npt.ArrayLike) -> Trace:
    """Run one forward and one backward pass and return every quantity.

    Parameters
    ----------
    network : Network
        It is not changed.
    x : array_like of shape (n_inputs,) or (n_samples, n_inputs)
    y : array_like of shape (n_outputs,) or (n_samples, n_outputs)

    Returns
    -------
    Trace

    Raises
    ------
    ValueError
        If inputs or targets do not have the network's width.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors, eqs. 4 to 7.
    """
    x, y = _checked(network, frozen(x), frozen(y))
    zs, activations = forward(network, x)
    loss = float(np.mean(network.loss.value(zs[-1], activations[-1], y)))
    errors, slopes, deltas = backward(network, zs, activations, y)
    grads = [gradients(a_prev, delta) for a_prev, delta in zip([x, *activations[:-1]], deltas, strict=True)]
    columns = zip(zs, activations, errors, slopes, deltas, *zip(*grads, strict=True), strict=True)
    layers = tuple(LayerTrace(*map(frozen, column)) for column in columns)
    return Trace(x, y, layers, loss)


def update(network: Network, done: Trace, learning_rate: float) -> None:
    """Take one step of gradient descent: W -= learning_rate * dW, b -= learning_rate * db."""
    for layer, layer_trace in zip(network.layers, done.layers, strict=True):
        layer.weights[...] -= learning_rate * layer_trace.dW
        if network.train_biases:
            layer.bias[...] -= learning_rate * layer_trace.db


def _checked(network: Network, x: Array, y: Array) -> tuple[Array, Array]:
    n_inputs, n_outputs = network.layers[0].n_input, network.layers[-1].n_neurons
    if x.ndim not in (1, 2) or x.shape[-1] != n_inputs or y.shape != (*x.shape[:-1], n_outputs):
        raise ValueError(
            f"a network of {n_inputs} inputs and {n_outputs} outputs cannot take "
            f"x of shape {x.shape} with y of shape {y.shape}"
        )
    return x, y
