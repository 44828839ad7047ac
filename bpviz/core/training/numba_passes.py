"""Compiled forward and backward passes of one sample on packed arrays, and a forward pass of many samples.

No function may assume that numbers are finite: a diverging network must produce the same NaN and infinity as in numpy.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.losses import HUBER_DELTA
from bpviz.core.training.jit import FAST_SUMS, STRICT, compiled, inlined
from bpviz.core.training.numba_exp import exp_minus_one

# From GELU on, the slope needs z.
NONE, RELU, LEAKY_RELU, TANH, SIGMOID, SOFTMAX, ELU, SOFTPLUS, GELU, SILU, SIN = range(11)
#: Name of an activation -> its code.
CODES = {
    "none": NONE,
    "relu": RELU,
    "leaky_relu": LEAKY_RELU,
    "tanh": TANH,
    "sigmoid": SIGMOID,
    "softmax": SOFTMAX,
    "elu": ELU,
    "softplus": SOFTPLUS,
    "gelu": GELU,
    "silu": SILU,
    "sin": SIN,
}
HALF_SQUARES, BINARY, CATEGORICAL, HUBER, DISTANCES = range(5)
_ROOT_TWO, _ROOT_TWO_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)


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
    leaks : ndarray of shape (n_layers,)
        The slope of leaky_relu for z < 0 in each layer.
    """

    widths: Indices
    parameter_starts: Indices
    neuron_starts: Indices
    codes: Indices
    leaks: Array


@inlined(STRICT)
def write(target: Array, values: Array) -> None:
    """Copy values into an array of the same length: an assignment to a slice allocates in case they overlap."""
    for j in range(len(target)):
        target[j] = values[j]


@inlined(STRICT)
def fill(target: Array, value: float) -> None:
    """Give all elements of an array one value."""
    for j in range(len(target)):
        target[j] = value


@inlined(STRICT)
def activate(z: Array, code: int, leak: float) -> None:
    """Replace z, shape (n_neurons,), by f(z)."""
    # Comparisons are with <=, which is false for NaN: so NaN stays NaN, as in numpy.
    if code == RELU:
        for j in range(len(z)):
            z[j] = 0.0 if z[j] <= 0.0 else z[j]
    elif code == LEAKY_RELU:
        for j in range(len(z)):
            z[j] = leak * z[j] if z[j] <= 0.0 else z[j]
    elif code == TANH:
        for j in range(len(z)):
            grown = exp_minus_one(2.0 * min(abs(z[j]), 20.0))  # beyond 20 tanh is 1 to the last bit
            z[j] = np.copysign(grown / (grown + 2.0), z[j])
    elif code == SIGMOID:
        for j in range(len(z)):
            z[j] = 1.0 / (exp_minus_one(-z[j]) + 2.0)
    elif code == SOFTMAX:
        _softmax(z)
    elif code >= ELU:
        _activate_rare(z, code)


@inlined(STRICT)
def _activate_rare(z: Array, code: int) -> None:
    if code == ELU:
        for j in range(len(z)):
            z[j] = exp_minus_one(z[j]) if z[j] <= 0.0 else z[j]
    elif code == SOFTPLUS:
        for j in range(len(z)):
            # 1 / e^|z|, not e^-|z|: a power near 0 has all its digits then.
            z[j] = (0.0 if z[j] <= 0.0 else z[j]) + np.log1p(1.0 / (exp_minus_one(abs(z[j])) + 1.0))
    elif code == GELU:
        for j in range(len(z)):
            z[j] *= 0.5 * math.erfc(-z[j] / _ROOT_TWO)
    elif code == SILU:
        for j in range(len(z)):
            z[j] /= exp_minus_one(-z[j]) + 2.0
    elif code == SIN:
        for j in range(len(z)):
            z[j] = math.sin(z[j])


@inlined(STRICT)
def _softmax(z: Array) -> None:
    # Without subtracting the largest z, exp would overflow for z above 709. The quotients are the same.
    largest, total = z[0], 0.0
    for j in range(1, len(z)):
        largest = z[j] if z[j] > largest or z[j] != z[j] else largest
    for j in range(len(z)):
        z[j] = exp_minus_one(z[j] - largest) + 1.0
        total += z[j]
    for j in range(len(z)):
        z[j] /= total


@inlined(STRICT)
def times_slope(delta: Array, z: Array, a: Array, code: int, leak: float) -> None:
    """Multiply delta, which holds the errors, by f'(z), computed from a; z is used from GELU on."""
    if code == RELU:
        for j in range(len(a)):
            delta[j] = delta[j] if a[j] > 0.0 else 0.0 * delta[j]  # not 0.0: NaN times 0 must stay NaN
    elif code == LEAKY_RELU:
        for j in range(len(a)):
            delta[j] *= 1.0 if a[j] > 0.0 else leak
    elif code == TANH:
        for j in range(len(a)):
            delta[j] *= 1.0 - a[j] * a[j]
    elif code == SIGMOID:
        for j in range(len(a)):
            delta[j] *= (1.0 - a[j]) * a[j]
    elif code == SOFTMAX:
        _times_softmax_slope(delta, a)
    elif code >= ELU:
        for j in range(len(a)):
            delta[j] *= rare_slope(z[j], a[j], code)


@compiled(STRICT)
def _times_softmax_slope(delta: Array, a: Array) -> None:
    # The products have to be rounded before they are added up; in one loop they would be added by fused multiply-add.
    mean = (delta * a).sum()
    for j in range(len(a)):
        delta[j] = a[j] * (delta[j] - mean)


@inlined(STRICT)
def rare_slope(z: float, a: float, code: int) -> float:
    """Return f'(z) of an activation from ELU on."""
    if code == ELU:
        return 1.0 if a > 0.0 else a + 1.0
    if code == SOFTPLUS:
        return -exp_minus_one(-a)  # type: ignore[no-any-return]
    if code == GELU:
        near = 38.0 if z > 38.0 else -38.0 if z < -38.0 else z  # beyond, the density is 0
        density = 1.0 / ((exp_minus_one(0.5 * near * near) + 1.0) * _ROOT_TWO_PI)
        return 0.5 * math.erfc(-z / _ROOT_TWO) + near * density  # type: ignore[no-any-return]
    if code == SILU:
        share = 1.0 / (exp_minus_one(-z) + 2.0)
        return share + a * (1.0 - share)  # type: ignore[no-any-return]
    return math.cos(z)


@inlined(FAST_SUMS)
def forward(parameters: Array, net: NetworkLayout, a: Array, zs: Array) -> None:
    """Compute the activations of all layers; `a`, shape (n_inputs + n_neurons,), begins with the inputs.

    `zs`, of the same shape, gets z of the layers whose slope needs it.
    """
    widths, starts, neurons, codes, leaks = net
    for layer in range(len(codes)):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        a_prev = a[neurons[layer] : neurons[layer] + n_in]
        z = a[neurons[layer + 1] : neurons[layer + 1] + n_out]
        write(z, parameters[start + n_in * n_out : start + n_in * n_out + n_out])  # the sum starts with the biases
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
        if codes[layer] >= GELU:
            write(zs[neurons[layer + 1] : neurons[layer + 1] + n_out], z)
        activate(z, codes[layer], leaks[layer])


@inlined(FAST_SUMS)
def backward_and_update(
    parameters: Array, rate: float, train_biases: bool, net: NetworkLayout, a: Array, zs: Array, delta: Array
) -> None:
    """Compute the deltas of all layers and update the parameters in the same loop.

    Each weight is updated right after it has been used for the error of the layer before: W is read once, and no dW is
    stored.
    """
    widths, starts, neurons, codes, leaks = net
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
            z_prev = zs[neurons[layer] : neurons[layer] + n_in]
            times_slope(errors, z_prev, a_prev, codes[layer - 1], leaks[layer - 1])
        if train_biases:
            bias = parameters[start + n_in * n_out : start + n_in * n_out + n_out]
            for j in range(n_out):
                bias[j] -= rate * here[j]


@inlined(STRICT)
def error_of(difference: float, loss: int) -> float:
    """Return dL_s/da of an output that differs from its target, for losses of a - y."""
    if loss == HUBER:
        return -HUBER_DELTA if difference < -HUBER_DELTA else HUBER_DELTA if difference > HUBER_DELTA else difference
    if loss == DISTANCES:
        return -1.0 if difference < 0.0 else 1.0 if difference > 0.0 else difference  # NaN stays NaN
    return difference


@inlined(STRICT)
def output_delta(a: Array, z: Array, y: Array, delta: Array, code: int, leak: float, loss: int) -> bool:
    """Write the delta of the output layer; return whether the largest output is that of the sample's class."""
    for j in range(len(a)):
        delta[j] = error_of(a[j] - y[j], loss)
    if loss not in (BINARY, CATEGORICAL):  # in cross-entropy the slope cancels
        times_slope(delta, z, a, code, leak)
    return a.argmax() == y.argmax()  # type: ignore[no-any-return]


@inlined(STRICT)
def sample_loss(a: Array, z: Array, y: Array, loss: int) -> float:
    """Return L_s of a sample; cross-entropy is computed from z, the other losses from a."""
    total = 0.0
    if loss == BINARY:
        for j in range(len(z)):
            positive = 0.0 if z[j] <= 0.0 else z[j]
            total += positive - y[j] * z[j] + np.log1p(1.0 / (exp_minus_one(abs(z[j])) + 1.0))
        return total
    if loss == CATEGORICAL:
        winner = z.argmax()
        largest, others = z[winner], 0.0
        for j in range(len(z)):
            if j != winner:
                others += exp_minus_one(z[j] - largest) + 1.0
        for j in range(len(z)):
            total += y[j] * (largest - z[j] + np.log1p(others))
        return total
    for j in range(len(a)):
        distance = abs(a[j] - y[j])
        if loss == HUBER:
            inside = HUBER_DELTA if distance > HUBER_DELTA else distance
            total += inside * (distance - 0.5 * inside)
        else:
            total += distance if loss == DISTANCES else 0.5 * distance * distance
    return total


@inlined(FAST_SUMS)
def output_z(parameters: Array, net: NetworkLayout, block: Array, s: int, z: Array) -> None:
    """Compute z of the output layer for sample s of a block of activations."""
    n_in, n_out, start = net.widths[-2], net.widths[-1], net.parameter_starts[-2]
    write(z, parameters[start + n_in * n_out : start + n_in * n_out + n_out])
    for i in range(n_in):
        a_prev = block[net.neuron_starts[-3] + i, s]
        for j in range(n_out):
            z[j] += a_prev * parameters[start + i * n_out + j]


@inlined(FAST_SUMS)
def forward_block(parameters: Array, net: NetworkLayout, block: Array) -> None:
    """Compute the activations of many samples: neurons along the rows of `block`, samples along its columns."""
    widths, starts, neurons, codes, leaks = net
    for layer in range(len(codes)):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        for j in range(n_out):
            z = block[neurons[layer + 1] + j]
            fill(z, parameters[start + n_in * n_out + j])
            for i in range(n_in):
                # The inner loop is over samples, which are contiguous: a batch needs no transposed copy of W.
                weight, a_prev = parameters[start + i * n_out + j], block[neurons[layer] + i]
                for s in range(len(z)):
                    z[s] += weight * a_prev[s]
        here = block[neurons[layer + 1] : neurons[layer + 1] + n_out]
        if codes[layer] == SOFTMAX:
            _softmax_of_columns(here)
        else:
            activate(here.reshape(here.size), codes[layer], leaks[layer])


@compiled(FAST_SUMS)
def _softmax_of_columns(z: Array) -> None:
    """Replace each column of z, shape (n_neurons, n_samples), by its softmax."""
    for s in range(z.shape[1]):
        column = z[:, s].copy()
        _softmax(column)
        z[:, s] = column
