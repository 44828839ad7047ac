"""Reads numbers off the update just made, and tests them, as machine code: what breakpoints are at full speed.

`bpviz.core.metrics.reading` says the same in numpy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bpviz.core.activations import ACTIVATIONS, LEAK
from bpviz.core.arrays import Array, Indices
from bpviz.core.losses import NEARLY_ONE, TINY
from bpviz.core.training.jit import EXACT, SUMS, compiled
from bpviz.core.training.numba_passes import LEAKY_RELU, RELU, SIGMOID, SOFTMAX, TANH, Net, forward

HALF_SQUARES, BINARY, CATEGORICAL = range(3)
# The quantities that can be tested, in the order of `bpviz.core.metrics.metric.QUANTITIES`.
ABS_DELTA, DELTA, ABS_ERROR, ERROR, SLOPE, A, Z, W, DW, UPDATE, SATURATED = range(11)
LOSS, LOSS_RISE, MISCLASSIFIED, NOT_FINITE, CLASS, SAMPLE, EPOCH = range(11, 18)
SMALLEST, LARGEST, RMS = range(3)
_SATURATED, _SATURATED_BENT = ACTIVATIONS["tanh"].saturated_slope, ACTIVATIONS["sigmoid"].saturated_slope
# Of numbers that are smaller in sum no product of two leaves the range of a float64.
HARMLESS = 1e100
LESS, AT_MOST, MORE, AT_LEAST, EQUAL, UNEQUAL = range(6)


class Tables(NamedTuple):
    """What is looked for while training, and what was found; see `bpviz.core.metrics.scan`.

    Attributes
    ----------
    tests : ndarray of shape (n_tests, 7)
        Quantity, layer, measure, neuron, source, comparison, value; -1 where there is no neuron or source.
    starts : ndarray of int, shape (n_groups + 1,)
        Which tests belong to a group: all of them must hold.
    stops : ndarray of int, shape (n_groups,)
        1 where training stops before the update for which a group holds.
    counts : ndarray of int, shape (n_groups,)
        How often each held.
    log : ndarray of int, shape (n_kept, 2)
        Place in the order and group of the latest hits; `logged`, shape (1,), is how many there were.
    values : ndarray of shape (n_kept, n_most_tests)
        What the tests of those groups found.
    before : ndarray of shape (n_parameters,)
        The parameters before the update in progress.
    room : ndarray
        As long as the largest layer has weights.
    again : ndarray of shape (n_inputs + n_neurons,)
    """

    tests: Array
    starts: Indices
    stops: Indices
    counts: Indices
    log: Indices
    values: Array
    logged: Indices
    before: Array
    room: Array
    again: Array


class MadeUpdate(NamedTuple):
    """The update just made with one sample; `parameters` are those after it."""

    parameters: Array
    net: Net
    a: Array
    delta: Array
    y: Array
    rate: float
    loss: int
    sample: int
    epoch: int


@compiled(EXACT)
def _slopes(a: Array, code: int, out: Array) -> None:
    """Write f'(z), in terms of a."""
    for j in range(len(a)):
        if code == RELU:
            out[j] = 1.0 if a[j] > 0.0 else 0.0
        elif code == LEAKY_RELU:
            out[j] = 1.0 if a[j] > 0.0 else LEAK
        elif code == TANH:
            out[j] = 1.0 - a[j] * a[j]
        elif code in (SIGMOID, SOFTMAX):
            out[j] = (1.0 - a[j]) * a[j]
        else:
            out[j] = 1.0
        if code in (RELU, LEAKY_RELU) and a[j] != a[j]:
            out[j] = a[j]


@compiled(EXACT)
def _loss(a: Array, y: Array, loss: int) -> float:
    """Return the loss of a sample, as `bpviz.core.losses` has it."""
    total = 0.0
    for j in range(len(a)):
        if loss == HALF_SQUARES:
            total += 0.5 * (a[j] - y[j]) * (a[j] - y[j])
        elif loss == BINARY:
            total -= y[j] * np.log(max(a[j], TINY)) + (1.0 - y[j]) * np.log(max(1.0 - a[j], TINY))
        else:
            total -= y[j] * np.log(max(a[j], TINY))
    return total


@compiled(EXACT)
def _output_error(a: Array, y: Array, loss: int, out: Array) -> None:
    """Write dLoss/da, as `bpviz.core.losses` has it."""
    for j in range(len(a)):
        if loss == HALF_SQUARES:
            out[j] = a[j] - y[j]
        elif loss == BINARY:
            inside = min(max(a[j], TINY), NEARLY_ONE)
            out[j] = (inside - y[j]) / (inside * (1.0 - inside))
        else:
            out[j] = -y[j] / max(a[j], TINY)


@compiled(EXACT)
def _of_neurons(quantity: int, layer: int, net: Net, a: Array, delta: Array, y: Array, loss: int, t: Tables) -> int:
    """Write the values of one quantity of a layer's neurons into the room; returns how many."""
    widths, starts, neurons, codes = net
    n, out, here = widths[layer], t.room, neurons[layer]
    if quantity in (ABS_DELTA, DELTA):
        out[:n] = delta[here : here + n]
    elif quantity == A:
        out[:n] = a[here : here + n]
    elif quantity in (SLOPE, SATURATED):
        _slopes(a[here : here + n], codes[layer - 1], out)
    elif quantity == Z:
        n_in, start = widths[layer - 1], starts[layer - 1]
        out[:n] = t.before[start + n_in * n : start + n_in * n + n]
        for i in range(n_in):
            for j in range(n):
                out[j] += a[neurons[layer - 1] + i] * t.before[start + i * n + j]
    elif layer == len(codes):
        _output_error(a[here : here + n], y, loss, out)
    else:
        n_out, start = widths[layer + 1], starts[layer]
        for i in range(n):
            out[i] = 0.0
            for j in range(n_out):
                out[i] += t.before[start + i * n_out + j] * delta[neurons[layer + 1] + j]
    if quantity in (ABS_DELTA, ABS_ERROR):
        for j in range(n):
            out[j] = abs(out[j])
    return n  # type: ignore[no-any-return]


@compiled(EXACT)
def _of_weights(test: Array, net: Net, a: Array, delta: Array, rate: float, t: Tables) -> int:
    """Write the values of one quantity of a layer's weights into the room; returns how many."""
    quantity, layer, neuron, source = int(test[0]), int(test[1]), int(test[3]), int(test[4])
    n_in, n_out = net.widths[layer - 1], net.widths[layer]
    from_rows = (source, source + 1) if source >= 0 else (0, n_in)
    columns = (neuron, neuron + 1) if neuron >= 0 else (0, n_out)
    n = 0
    for i in range(from_rows[0], from_rows[1]):
        a_prev = a[net.neuron_starts[layer - 1] + i]
        for j in range(columns[0], columns[1]):
            if quantity == W:
                t.room[n] = t.before[net.parameter_starts[layer - 1] + i * n_out + j]
            else:
                t.room[n] = a_prev * delta[net.neuron_starts[layer] + j]
                if quantity == UPDATE:
                    t.room[n] = abs(rate * t.room[n])
            n += 1
    return n


@compiled(EXACT)
def _measure(values: Array, measure: int) -> float:
    """Make one number of many; NaN if one of them is."""
    low, high, squares = values[0], values[0], 0.0
    for value in values:
        if value != value:
            return value  # type: ignore[no-any-return]
        low, high = min(low, value), max(high, value)
        squares += value * value
    if measure == RMS:
        return np.sqrt(squares / len(values))  # type: ignore[no-any-return]
    return low if measure == SMALLEST else high  # type: ignore[no-any-return]


@compiled(SUMS)
def _size(values: Array) -> float:
    """Return the sum of magnitudes, NaN if one of them is."""
    total = 0.0
    for j in range(len(values)):
        total += abs(values[j])
    return total


@compiled(EXACT)
def _is_not_finite(parameters: Array, net: Net, a: Array, delta: Array, y: Array, loss: int, t: Tables) -> bool:
    """Say whether any number of an update is NaN or infinite."""
    if not np.isfinite(_loss(a[net.neuron_starts[-2] :], y, loss)):
        return True
    inputs = net.widths[0]
    if _size(parameters) + _size(t.before) + _size(a) + _size(delta[inputs:]) < HARMLESS:
        return False
    if not (np.isfinite(delta[inputs:]).all() and np.isfinite(a).all() and np.isfinite(parameters).all()):
        return True
    for layer in range(1, len(net.widths)):
        if not np.isfinite(t.room[: _of_neurons(Z, layer, net, a, delta, y, loss, t)]).all():
            return True
        before = net.neuron_starts[layer - 1]
        steepest = np.abs(a[before : before + net.widths[layer - 1]]).max()
        here = net.neuron_starts[layer]
        if not np.isfinite(steepest * np.abs(delta[here : here + net.widths[layer]]).max()):
            return True
    return False


@compiled(EXACT)
def _read(test: Array, made: MadeUpdate, t: Tables) -> float:
    """Return the number that a test is about, as `bpviz.core.metrics.reading.Reading` does."""
    parameters, net, a, delta, y, rate, loss, sample, epoch = made
    quantity, layer, neuron = int(test[0]), int(test[1]), int(test[3])
    outputs = a[net.neuron_starts[-2] :]
    if quantity in (W, DW, UPDATE):
        return _measure(t.room[: _of_weights(test, net, a, delta, rate, t)], int(test[2]))  # type: ignore[no-any-return]
    if quantity == SATURATED:
        n = _of_neurons(quantity, layer, net, a, delta, y, loss, t)
        code = net.codes[layer - 1]
        flat = _SATURATED_BENT if code in (SIGMOID, SOFTMAX) else _SATURATED
        return (t.room[:n] < flat).mean()  # type: ignore[no-any-return]
    if quantity < SATURATED:
        n = _of_neurons(quantity, layer, net, a, delta, y, loss, t)
        return t.room[neuron] if neuron >= 0 else _measure(t.room[:n], int(test[2]))  # type: ignore[no-any-return]
    if quantity == LOSS:
        return _loss(outputs, y, loss)  # type: ignore[no-any-return]
    if quantity == LOSS_RISE:
        t.again[: net.widths[0]] = a[: net.widths[0]]
        forward(parameters, net, t.again)
        return _loss(t.again[net.neuron_starts[-2] :], y, loss) - _loss(outputs, y, loss)  # type: ignore[no-any-return]
    if quantity == MISCLASSIFIED:
        return 1.0 if outputs.argmax() != y.argmax() else 0.0
    if quantity == NOT_FINITE:
        return 1.0 if _is_not_finite(parameters, net, a, delta, y, loss, t) else 0.0
    return float(y.argmax() if quantity == CLASS else sample if quantity == SAMPLE else epoch)


@compiled(EXACT)
def _compare(found: float, comparison: int, value: float) -> bool:
    if comparison == LESS:
        return found < value
    if comparison == AT_MOST:
        return found <= value
    if comparison == MORE:
        return found > value
    if comparison == AT_LEAST:
        return found >= value
    return found == value if comparison == EQUAL else (found < value or found > value)


@compiled(EXACT)
def note_hits(place: int, made: MadeUpdate, t: Tables) -> bool:
    """Log every group of tests that holds for the update just made; returns whether training stops before it."""
    stop = False
    for group in range(len(t.stops)):
        holds = True
        row = t.logged[0] % len(t.log)
        for k in range(t.starts[group], t.starts[group + 1]):
            found = _read(t.tests[k], made, t)
            t.values[row, k - t.starts[group]] = found
            if not _compare(found, int(t.tests[k, 5]), t.tests[k, 6]):
                holds = False
                break
        if holds:
            t.counts[group] += 1
            t.log[row, 0], t.log[row, 1] = place, group
            t.logged[0] += 1
            stop = stop or t.stops[group] == 1
    return stop
