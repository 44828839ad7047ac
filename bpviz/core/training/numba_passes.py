"""Compiled forward and backward passes of one sample on packed arrays, and a forward pass of many samples.

No function may assume that numbers are finite: a diverging network must produce the same NaN and infinity as in numpy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bpviz.core.activations import LEAK
from bpviz.core.arrays import Array, Indices
from bpviz.core.training.jit import FAST_SUMS, STRICT, compiled
from bpviz.core.training.numba_exp import exp_minus_one

NONE, RELU, LEAKY_RELU, TANH, SIGMOID, SOFTMAX = range(6)


class NetworkLayout(NamedTuple):
    """Where a network's parameters and neurons are in the packed arrays.

    Attributes
    ----------
    widths : ndarray of int, shape (n_layers + 1,)
        Number of neurons of each layer, the input first.
    parameter_starts : ndarray of int, shape (n_layers + 1,)
        Index of each layer's first parameter in the packed parameters.
    neuron_starts : ndarray of int, shape (n_layers + 2,)
        Index of each layer's first neuron in `a` and `delta`, the input first.
    codes : ndarray of int, shape (n_layers,)
        Code of each layer's activation: NONE, RELU, ...
    """

    widths: Indices
    parameter_starts: Indices
    neuron_starts: Indices
    codes: Indices


@compiled(STRICT)
def activate(z: Array, code: int) -> None:
    """Replace z, shape (n_neurons,), by f(z)."""
    # Comparisons are with <=, which is false for NaN: so NaN stays NaN, as in numpy.
    if code == RELU:
        for j in range(len(z)):
            z[j] = 0.0 if z[j] <= 0.0 else z[j]
    elif code == LEAKY_RELU:
        for j in range(len(z)):
            z[j] = LEAK * z[j] if z[j] <= 0.0 else z[j]
    elif code == TANH:
        for j in range(len(z)):
            grown = exp_minus_one(2.0 * min(abs(z[j]), 20.0))  # beyond 20 tanh is 1 to the last bit
            z[j] = np.copysign(grown / (grown + 2.0), z[j])
    elif code == SIGMOID:
        for j in range(len(z)):
            z[j] = 1.0 / (exp_minus_one(-z[j]) + 2.0)
    elif code == SOFTMAX:
        _softmax(z)


@compiled(STRICT)
def _softmax(z: Array) -> None:
    # Without subtracting the largest z, exp would overflow for z above 709. The quotients are the same.
    largest = z.max()
    total = 0.0
    for j in range(len(z)):
        z[j] = exp_minus_one(z[j] - largest) + 1.0
        total += z[j]
    for j in range(len(z)):
        z[j] /= total


@compiled(STRICT)
def times_slope(delta: Array, a: Array, code: int) -> None:
    """Multiply delta, which holds the errors, by f'(z), computed from a."""
    if code == RELU:
        for j in range(len(a)):
            delta[j] = delta[j] if a[j] > 0.0 else 0.0 * delta[j]  # not 0.0: NaN times 0 must stay NaN
    elif code == LEAKY_RELU:
        for j in range(len(a)):
            delta[j] *= 1.0 if a[j] > 0.0 else LEAK
    elif code == TANH:
        for j in range(len(a)):
            delta[j] *= 1.0 - a[j] * a[j]
    elif code == SIGMOID:
        for j in range(len(a)):
            delta[j] *= (1.0 - a[j]) * a[j]
    elif code == SOFTMAX:
        mean = (delta * a).sum()
        for j in range(len(a)):
            delta[j] = a[j] * (delta[j] - mean)


@compiled(FAST_SUMS)
def forward(parameters: Array, net: NetworkLayout, a: Array) -> None:
    """Compute the activations of all layers; `a`, shape (n_inputs + n_neurons,), begins with the inputs."""
    widths, starts, neurons, codes = net
    for layer in range(len(codes)):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        a_prev = a[neurons[layer] : neurons[layer] + n_in]
        z = a[neurons[layer + 1] : neurons[layer + 1] + n_out]
        z[:] = parameters[start + n_in * n_out : start + n_in * n_out + n_out]  # the sum starts with the biases
        # Four rows of W at a time: z is loaded and stored a quarter as often, which is what this loop waits for.
        fours = n_in - n_in % 4
        for i in range(0, fours, 4):
            rows = parameters[start + i * n_out : start + (i + 4) * n_out]
            a0, a1, a2, a3 = a_prev[i], a_prev[i + 1], a_prev[i + 2], a_prev[i + 3]
            for j in range(n_out):
                z[j] += a0 * rows[j] + a1 * rows[n_out + j] + a2 * rows[2 * n_out + j] + a3 * rows[3 * n_out + j]
        for i in range(fours, n_in):
            row = parameters[start + i * n_out : start + (i + 1) * n_out]
            a0 = a_prev[i]
            for j in range(n_out):
                z[j] += a0 * row[j]
        activate(z, codes[layer])


@compiled(FAST_SUMS)
def backward_and_update(
    parameters: Array, rate: float, train_biases: bool, net: NetworkLayout, a: Array, delta: Array
) -> None:
    """Compute the deltas of all layers and update the parameters in the same loop.

    Each weight is updated right after it has been used for the error of the layer before: W is read once, and no dW is
    stored.
    """
    widths, starts, neurons, codes = net
    for layer in range(len(codes) - 1, -1, -1):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        a_prev = a[neurons[layer] : neurons[layer] + n_in]
        errors = delta[neurons[layer] : neurons[layer] + n_in]
        here = delta[neurons[layer + 1] : neurons[layer + 1] + n_out]
        for i in range(n_in):
            row = parameters[start + i * n_out : start + (i + 1) * n_out]
            error, length = 0.0, rate * a_prev[i]
            # Row i of W is contiguous, so one pass over it vectorises both the sum for the error and the update.
            for j in range(n_out):
                w = row[j]
                error += w * here[j]
                row[j] = w - length * here[j]
            errors[i] = error
        if layer > 0:
            times_slope(errors, a_prev, codes[layer - 1])
        if train_biases:
            bias = parameters[start + n_in * n_out : start + n_in * n_out + n_out]
            for j in range(n_out):
                bias[j] -= rate * here[j]


@compiled(STRICT)
def output_delta(a: Array, y: Array, delta: Array, code: int, cancels_slope: bool) -> bool:
    """Write the delta of the output layer; return whether the largest output is that of the sample's class."""
    for j in range(len(a)):
        delta[j] = a[j] - y[j]
    if not cancels_slope:
        times_slope(delta, a, code)
    return a.argmax() == y.argmax()  # type: ignore[no-any-return]


@compiled(FAST_SUMS)
def forward_block(parameters: Array, net: NetworkLayout, block: Array) -> None:
    """Compute the activations of many samples: neurons along the rows of `block`, samples along its columns."""
    widths, starts, neurons, codes = net
    for layer in range(len(codes)):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        for j in range(n_out):
            z = block[neurons[layer + 1] + j]
            z[:] = parameters[start + n_in * n_out + j]
            for i in range(n_in):
                # The inner loop is over samples, which are contiguous: a batch needs no transposed copy of W.
                weight, a_prev = parameters[start + i * n_out + j], block[neurons[layer] + i]
                for s in range(len(z)):
                    z[s] += weight * a_prev[s]
        here = block[neurons[layer + 1] : neurons[layer + 1] + n_out]
        if codes[layer] == SOFTMAX:
            for s in range(here.shape[1]):
                column = here[:, s].copy()
                _softmax(column)
                here[:, s] = column
        else:
            activate(here.reshape(here.size), codes[layer])
