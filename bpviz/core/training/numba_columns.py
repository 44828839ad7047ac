"""Compiled gradient of many samples at a time: neurons along rows, samples along columns, inner loops over samples.

Only for activations whose slope is computed from a: z is not kept.
"""

from __future__ import annotations

from bpviz.core.arrays import Array, Indices
from bpviz.core.training.jit import FAST_SUMS, compiled, inlined
from bpviz.core.training.numba_passes import (
    BINARY,
    CATEGORICAL,
    SOFTMAX,
    NetworkLayout,
    error_of,
    fill,
    forward_block,
    times_slope,
)

#: Most samples at a time: activations and deltas of a usual network still fit the processor's cache.
MOST_COLUMNS = 64


@inlined(FAST_SUMS)
def add_columns(
    parameters: Array,
    gradient: Array,
    net: NetworkLayout,
    loss: int,
    train_biases: bool,
    x: Array,
    y: Array,
    chosen: Indices,
    blocks: Array,
    squares: Array,
    sizes: Array,
) -> int:
    """Add the gradients of some samples' losses and their statistics; return how many are misclassified."""
    n_inputs, n_rows, n = net.widths[0], net.neuron_starts[-1], len(chosen)
    a, delta = blocks[0, : n_rows * n].reshape(n_rows, n), blocks[1, : n_rows * n].reshape(n_rows, n)
    for s in range(n):
        for i in range(n_inputs):
            a[i, s] = x[chosen[s], i]
    forward_block(parameters, net, a)
    mistakes = _output_deltas(net, loss, y, chosen, a, delta)
    _backward_and_add(parameters, gradient, train_biases, net, a, delta)
    for j in range(n_rows - n_inputs):
        row = delta[n_inputs + j]
        square, size = 0.0, 0.0
        for s in range(n):
            square += row[s] * row[s]
            size += abs(row[s])
        squares[j] += square
        sizes[j] += size
    return mistakes  # type: ignore[no-any-return]


@inlined(FAST_SUMS)
def _output_deltas(net: NetworkLayout, loss: int, y: Array, chosen: Indices, a: Array, delta: Array) -> int:
    """Write the deltas of the output layer; return how many samples are misclassified."""
    first, mistakes = net.neuron_starts[-2], 0
    outputs, deltas = a[first:], delta[first:]
    cancels, leak = loss in (BINARY, CATEGORICAL), net.leaks[-1]  # in cross-entropy the slope cancels
    for s in range(a.shape[1]):
        target, best, wanted = y[chosen[s]], 0, 0
        for j in range(len(target)):
            deltas[j, s] = error_of(outputs[j, s] - target[j], loss)
            # As argmax: the first of equal ones, and NaN is the largest.
            best = j if outputs[j, s] > outputs[best, s] or _is_first_nan(outputs[j, s], outputs[best, s]) else best
            wanted = j if target[j] > target[wanted] else wanted
        mistakes += best != wanted
    if not cancels and net.codes[-1] == SOFTMAX:
        _times_softmax_slopes(deltas, outputs)
    elif not cancels:
        flat = outputs.reshape(outputs.size)
        times_slope(deltas.reshape(deltas.size), flat, flat, net.codes[-1], leak)
    return mistakes


@compiled(FAST_SUMS)
def _times_softmax_slopes(deltas: Array, outputs: Array) -> None:
    for s in range(deltas.shape[1]):
        column, of_column = outputs[:, s].copy(), deltas[:, s].copy()
        times_slope(of_column, column, column, SOFTMAX, 0.0)
        deltas[:, s] = of_column


@inlined(FAST_SUMS)
def _is_first_nan(value: float, best: float) -> bool:
    return value != value and best == best


@inlined(FAST_SUMS)
def _backward_and_add(
    parameters: Array, gradient: Array, train_biases: bool, net: NetworkLayout, a: Array, delta: Array
) -> None:
    """Compute the deltas of all layers and add the gradient of each weight in the same loop."""
    widths, starts, neurons, codes, leaks = net
    for layer in range(len(codes) - 1, -1, -1):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        for i in range(n_in):
            sent, errors = a[neurons[layer] + i], delta[neurons[layer] + i]
            fill(errors, 0.0)
            for j in range(n_out):
                here, place = delta[neurons[layer + 1] + j], start + i * n_out + j
                weight, total = parameters[place], 0.0
                for s in range(len(here)):
                    errors[s] += weight * here[s]
                    total += sent[s] * here[s]
                gradient[place] += total
        if layer > 0:
            before, end = neurons[layer], neurons[layer] + n_in
            inputs, errors_of_all = a[before:end].reshape(n_in * a.shape[1]), delta[before:end]
            flat = errors_of_all.reshape(errors_of_all.size)
            times_slope(flat, inputs, inputs, codes[layer - 1], leaks[layer - 1])
        if train_biases:
            for j in range(n_out):
                gradient[start + n_in * n_out + j] += delta[neurons[layer + 1] + j].sum()
