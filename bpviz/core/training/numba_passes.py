"""Forward and backward, for one sample on packed arrays, as machine code; and forward for many samples at once.

`net` stands for four arrays that describe a network: widths of all layers, the input included; where each layer's
parameters start; where each layer's neurons start, the input included; the code of each layer's activation.
Nothing may assume that numbers are finite.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bpviz.core.activations import LEAK
from bpviz.core.arrays import Array, Indices
from bpviz.core.training.jit import EXACT, SUMS, compiled
from bpviz.core.training.numba_exp import exp_minus_one

NONE, RELU, LEAKY_RELU, TANH, SIGMOID, SOFTMAX = range(6)


class Net(NamedTuple):
    """A network's shape, as the compiled functions read it."""

    widths: Indices
    parameter_starts: Indices
    neuron_starts: Indices
    codes: Indices


@compiled(EXACT)
def activate(z: Array, code: int) -> None:
    """Put f(z) in the place of z, shape (n_neurons,)."""
    if code == RELU:
        for j in range(len(z)):
            z[j] = 0.0 if z[j] <= 0.0 else z[j]
    elif code == LEAKY_RELU:
        for j in range(len(z)):
            z[j] = LEAK * z[j] if z[j] <= 0.0 else z[j]
    elif code == TANH:
        for j in range(len(z)):
            grown = exp_minus_one(2.0 * min(abs(z[j]), 20.0))
            z[j] = np.copysign(grown / (grown + 2.0), z[j])
    elif code == SIGMOID:
        for j in range(len(z)):
            z[j] = 1.0 / (exp_minus_one(-z[j]) + 2.0)
    elif code == SOFTMAX:
        _softmax(z)


@compiled(EXACT)
def _softmax(z: Array) -> None:
    largest = z.max()
    total = 0.0
    for j in range(len(z)):
        z[j] = exp_minus_one(z[j] - largest) + 1.0
        total += z[j]
    for j in range(len(z)):
        z[j] /= total


@compiled(EXACT)
def _times_slope(delta: Array, a: Array, code: int) -> None:
    """Multiply errors by f'(z), written in terms of a."""
    if code == RELU:
        for j in range(len(a)):
            delta[j] = delta[j] if a[j] > 0.0 else 0.0 * delta[j]
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


@compiled(SUMS)
def forward(parameters: Array, net: Net, a: Array) -> None:
    """Write the activations of all layers behind the inputs; `a` has shape (n_inputs + n_neurons,)."""
    widths, starts, neurons, codes = net
    for layer in range(len(codes)):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        a_prev = a[neurons[layer] : neurons[layer] + n_in]
        z = a[neurons[layer + 1] : neurons[layer + 1] + n_out]
        z[:] = parameters[start + n_in * n_out : start + n_in * n_out + n_out]
        # Four rows of W at a time: z is read and written a quarter as often.
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


@compiled(SUMS)
def backward_and_update(parameters: Array, rate: float, train_biases: bool, net: Net, a: Array, delta: Array) -> None:
    """Go back through all layers; each weight is updated in the moment in which it has given its share of the error."""
    widths, starts, neurons, codes = net
    for layer in range(len(codes) - 1, -1, -1):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        a_prev = a[neurons[layer] : neurons[layer] + n_in]
        errors = delta[neurons[layer] : neurons[layer] + n_in]
        here = delta[neurons[layer + 1] : neurons[layer + 1] + n_out]
        for i in range(n_in):
            row = parameters[start + i * n_out : start + (i + 1) * n_out]
            error, length = 0.0, rate * a_prev[i]
            for j in range(n_out):
                w = row[j]
                error += w * here[j]
                row[j] = w - length * here[j]
            errors[i] = error
        if layer > 0:
            _times_slope(errors, a_prev, codes[layer - 1])
        if train_biases:
            bias = parameters[start + n_in * n_out : start + n_in * n_out + n_out]
            for j in range(n_out):
                bias[j] -= rate * here[j]


@compiled(EXACT)
def output_delta(a: Array, y: Array, delta: Array, code: int, cancels_slope: bool) -> bool:
    """Write the delta of the output layer; returns whether the sample's class is the one with the largest output."""
    for j in range(len(a)):
        delta[j] = a[j] - y[j]
    if not cancels_slope:
        _times_slope(delta, a, code)
    return a.argmax() == y.argmax()  # type: ignore[no-any-return]


@compiled(SUMS)
def forward_block(parameters: Array, net: Net, block: Array) -> None:
    """Run many samples forward at once: neurons along the rows of `block`, samples along its columns."""
    widths, starts, neurons, codes = net
    for layer in range(len(codes)):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        for j in range(n_out):
            z = block[neurons[layer + 1] + j]
            z[:] = parameters[start + n_in * n_out + j]
            for i in range(n_in):
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
