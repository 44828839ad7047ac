"""Compiled evaluation of breakpoint conditions, once per update.

`bpviz.core.metrics.reading` computes the same metrics in numpy; a test compares the two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array, Indices
from bpviz.core.losses import HUBER_DELTA, NEARLY_ONE, TINY
from bpviz.core.training.jit import FAST_SUMS, STRICT, compiled
from bpviz.core.training.numba_passes import (
    BINARY,
    CATEGORICAL,
    CODES,
    DISTANCES,
    ELU,
    GELU,
    HALF_SQUARES,
    HUBER,
    LEAKY_RELU,
    RELU,
    SIGMOID,
    SOFTMAX,
    TANH,
    NetworkLayout,
    error_of,
    forward,
    rare_slope,
)

# The quantities that can be tested, in the order of `bpviz.core.metrics.metric.QUANTITIES`.
ABS_DELTA, DELTA, ABS_ERROR, ERROR, SLOPE, A, Z, W, DW, UPDATE, SATURATED = range(11)
LOSS, LOSS_RISE, MISCLASSIFIED, NOT_FINITE, CLASS, SAMPLE, EPOCH, M, V = range(11, 20)
SMALLEST, LARGEST, RMS = range(3)
# By code of the activation.
_SATURATED_SLOPES = np.array(
    [ACTIVATIONS[name].saturated_slope for name in sorted(CODES, key=lambda name: CODES[name])]
)
# If the sum of magnitudes is below this, no product of two of the numbers can overflow a float64.
SAFE_SUM = 1e100
LESS, AT_MOST, MORE, AT_LEAST, EQUAL, UNEQUAL = range(6)


class ScanTables(NamedTuple):
    """The conditions to test while training, and the log of hits; see `bpviz.core.metrics.scan`.

    Attributes
    ----------
    tests : ndarray of shape (n_tests, 7)
        One condition per row: quantity, layer, aggregation, neuron, source, comparison, value; -1 for None.
    starts : ndarray of int, shape (n_groups + 1,)
        Index of each group's first test. A group (a breakpoint) holds if all of its tests hold.
    stops : ndarray of int, shape (n_groups,)
        1 where training stops before the update for which a group holds.
    counts : ndarray of int, shape (n_groups,)
        Number of hits of each group.
    log : ndarray of int, shape (n_kept, 2)
        Ring buffer of the latest hits: offset in the order, and group. `logged`, shape (1,), counts all hits.
    values : ndarray of shape (n_kept, n_most_tests)
        The value of each test of those hits.
    before : ndarray of shape (n_parameters,)
        The parameters before the update in progress.
    scratch : ndarray
        Scratch space, as long as the largest layer has weights.
    scratch_activations, scratch_zs : ndarray of shape (n_inputs + n_neurons,)
        Scratch space for a second forward pass.
    """

    tests: Array
    starts: Indices
    stops: Indices
    counts: Indices
    log: Indices
    values: Array
    logged: Indices
    before: Array
    scratch: Array
    scratch_activations: Array
    scratch_zs: Array


class MadeUpdate(NamedTuple):
    """The update just made with one sample.

    `parameters` and `slots` are those after the update; `is_plain` says whether it is rate times gradient and nothing
    else; `m_slot` and `v_slot` are -1 if there is no such slot.
    """

    parameters: Array
    net: NetworkLayout
    a: Array
    delta: Array
    y: Array
    rate: float
    loss: int
    sample: int
    epoch: int
    is_plain: bool
    slots: Array
    m_slot: int
    v_slot: int


@compiled(STRICT)
def _slopes(a: Array, code: int, leak: float, out: Array) -> None:
    """Write f'(z), computed from a, into `out`; from GELU on, `out` holds z."""
    for j in range(len(a)):
        if code == RELU:
            out[j] = 1.0 if a[j] > 0.0 else 0.0
        elif code == LEAKY_RELU:
            out[j] = 1.0 if a[j] > 0.0 else leak
        elif code == TANH:
            out[j] = 1.0 - a[j] * a[j]
        elif code in (SIGMOID, SOFTMAX):
            out[j] = (1.0 - a[j]) * a[j]
        elif code >= ELU:
            out[j] = rare_slope(out[j], a[j], code)
        else:
            out[j] = 1.0
        if code in (RELU, LEAKY_RELU) and a[j] != a[j]:  # NaN: its slope is NaN, as in numpy
            out[j] = a[j]


@compiled(STRICT)
def _net_inputs(parameters: Array, layer: int, net: NetworkLayout, a: Array, out: Array) -> int:
    """Write z of a layer's neurons into `out`; return how many."""
    n_in, n, start = net.widths[layer - 1], net.widths[layer], net.parameter_starts[layer - 1]
    out[:n] = parameters[start + n_in * n : start + n_in * n + n]
    for i in range(n_in):
        for j in range(n):
            out[j] += a[net.neuron_starts[layer - 1] + i] * parameters[start + i * n + j]
    return n  # type: ignore[no-any-return]


@compiled(STRICT)
def _loss_of_difference(difference: float, loss: int) -> float:
    """Return what an output adds to the loss of a sample, for losses of a - y."""
    distance = abs(difference)
    if loss == HALF_SQUARES or (loss == HUBER and not distance > HUBER_DELTA):
        return 0.5 * difference * difference
    return distance if loss == DISTANCES else HUBER_DELTA * (distance - 0.5 * HUBER_DELTA)


@compiled(STRICT)
def _loss(parameters: Array, net: NetworkLayout, a: Array, y: Array, loss: int, scratch: Array) -> float:
    """Return the loss of a sample, as `bpviz.core.losses` does; `scratch` is overwritten."""
    total = 0.0
    if loss not in (BINARY, CATEGORICAL):
        outputs = a[net.neuron_starts[-2] :]
        for j in range(len(y)):
            total += _loss_of_difference(outputs[j] - y[j], loss)
        return total
    z = scratch[: _net_inputs(parameters, len(net.codes), net, a, scratch)]
    if loss == BINARY:
        for j in range(len(y)):
            total += max(z[j], 0.0) - y[j] * z[j] + np.log1p(np.exp(-abs(z[j])))
        return total
    winner = z.argmax()
    others = 0.0
    for j in range(len(y)):
        others += 0.0 if j == winner else np.exp(z[j] - z[winner])
    for j in range(len(y)):
        total += y[j] * (z[winner] - z[j] + np.log1p(others))
    return total


@compiled(STRICT)
def _output_error(a: Array, y: Array, loss: int, out: Array) -> None:
    """Write dL_s/da into `out`, as `bpviz.core.losses` does."""
    for j in range(len(a)):
        if loss == BINARY:
            inside = min(max(a[j], TINY), NEARLY_ONE)
            out[j] = (inside - y[j]) / (inside * (1.0 - inside))
        elif loss == CATEGORICAL:
            out[j] = -y[j] / max(a[j], TINY)
        else:
            out[j] = error_of(a[j] - y[j], loss)


@compiled(STRICT)
def _neuron_values(
    quantity: int, layer: int, net: NetworkLayout, a: Array, delta: Array, y: Array, loss: int, t: ScanTables
) -> int:
    """Write one quantity of a layer's neurons into `scratch`; return how many values."""
    widths, starts, neurons, codes, leaks = net
    n, out, here = widths[layer], t.scratch, neurons[layer]
    if quantity in (ABS_DELTA, DELTA):
        out[:n] = delta[here : here + n]
    elif quantity == A:
        out[:n] = a[here : here + n]
    elif quantity in (SLOPE, SATURATED):
        if codes[layer - 1] >= GELU:
            _net_inputs(t.before, layer, net, a, out)
        _slopes(a[here : here + n], codes[layer - 1], leaks[layer - 1], out)
    elif quantity == Z:
        _net_inputs(t.before, layer, net, a, out)
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


@compiled(STRICT)
def _weight_values(test: Array, made: MadeUpdate, t: ScanTables) -> int:
    """Write one quantity of a layer's weights into `scratch`; return how many values."""
    net, a, delta = made.net, made.a, made.delta
    quantity, layer, neuron, source = int(test[0]), int(test[1]), int(test[3]), int(test[4])
    n_in, n_out = net.widths[layer - 1], net.widths[layer]
    from_rows = (source, source + 1) if source >= 0 else (0, n_in)
    columns = (neuron, neuron + 1) if neuron >= 0 else (0, n_out)
    n = 0
    for i in range(from_rows[0], from_rows[1]):
        a_prev = a[net.neuron_starts[layer - 1] + i]
        for j in range(columns[0], columns[1]):
            place = net.parameter_starts[layer - 1] + i * n_out + j
            if quantity == W:
                t.scratch[n] = t.before[place]
            elif quantity in (M, V):
                slot = made.m_slot if quantity == M else made.v_slot
                t.scratch[n] = made.slots[slot, place] if slot >= 0 else np.nan
            elif quantity == UPDATE and not made.is_plain:
                t.scratch[n] = abs(made.parameters[place] - t.before[place])
            else:
                t.scratch[n] = a_prev * delta[net.neuron_starts[layer] + j]
                if quantity == UPDATE:
                    t.scratch[n] = abs(made.rate * t.scratch[n])
            n += 1
    return n


@compiled(STRICT)
def _aggregate(values: Array, aggregation: int) -> float:
    """Return the smallest, the largest or the RMS of some values; NaN if any is NaN."""
    low, high, squares = values[0], values[0], 0.0
    for value in values:
        if value != value:
            return value  # type: ignore[no-any-return]
        low, high = min(low, value), max(high, value)
        squares += value * value
    if aggregation == RMS:
        return np.sqrt(squares / len(values))  # type: ignore[no-any-return]
    return low if aggregation == SMALLEST else high  # type: ignore[no-any-return]


@compiled(FAST_SUMS)
def _sum_of_magnitudes(values: Array) -> float:
    """Return the sum of absolute values, NaN if any is NaN."""
    total = 0.0
    for j in range(len(values)):
        total += abs(values[j])
    return total


@compiled(STRICT)
def _is_not_finite(
    parameters: Array, net: NetworkLayout, a: Array, delta: Array, y: Array, loss: int, t: ScanTables
) -> bool:
    """Return whether any number of an update is NaN or infinite."""
    inputs = net.widths[0]
    # The usual case, and much cheaper than computing the loss, every z and every gradient.
    total = _sum_of_magnitudes(parameters) + _sum_of_magnitudes(t.before)
    if total + _sum_of_magnitudes(a) + _sum_of_magnitudes(delta[inputs:]) < SAFE_SUM:
        return False
    if not np.isfinite(_loss(t.before, net, a, y, loss, t.scratch)):
        return True
    if not (np.isfinite(delta[inputs:]).all() and np.isfinite(a).all() and np.isfinite(parameters).all()):
        return True
    for layer in range(1, len(net.widths)):
        if not np.isfinite(t.scratch[: _neuron_values(Z, layer, net, a, delta, y, loss, t)]).all():
            return True
        before = net.neuron_starts[layer - 1]
        largest_input = np.abs(a[before : before + net.widths[layer - 1]]).max()
        here = net.neuron_starts[layer]
        if not np.isfinite(largest_input * np.abs(delta[here : here + net.widths[layer]]).max()):
            return True
    return False


@compiled(STRICT)
def _read(test: Array, made: MadeUpdate, t: ScanTables) -> float:
    """Return the value of a test's metric, as `bpviz.core.metrics.reading.Reading` does."""
    parameters, net, a, delta, y, loss = made.parameters, made.net, made.a, made.delta, made.y, made.loss
    quantity, layer, neuron = int(test[0]), int(test[1]), int(test[3])
    outputs = a[net.neuron_starts[-2] :]
    if quantity in (W, DW, UPDATE, M, V):
        return _aggregate(t.scratch[: _weight_values(test, made, t)], int(test[2]))  # type: ignore[no-any-return]
    if quantity == SATURATED:
        n = _neuron_values(quantity, layer, net, a, delta, y, loss, t)
        flat = _SATURATED_SLOPES[net.codes[layer - 1]]
        return (np.abs(t.scratch[:n]) < flat).mean()  # type: ignore[no-any-return]
    if quantity < SATURATED:
        n = _neuron_values(quantity, layer, net, a, delta, y, loss, t)
        return t.scratch[neuron] if neuron >= 0 else _aggregate(t.scratch[:n], int(test[2]))  # type: ignore[no-any-return]
    if quantity == LOSS:
        return _loss(t.before, net, a, y, loss, t.scratch)  # type: ignore[no-any-return]
    if quantity == LOSS_RISE:
        t.scratch_activations[: net.widths[0]] = a[: net.widths[0]]
        forward(parameters, net, t.scratch_activations, t.scratch_zs)
        risen = _loss(parameters, net, t.scratch_activations, y, loss, t.scratch)
        return risen - _loss(t.before, net, a, y, loss, t.scratch)  # type: ignore[no-any-return]
    if quantity == MISCLASSIFIED:
        return 1.0 if outputs.argmax() != y.argmax() else 0.0
    if quantity == NOT_FINITE:
        return 1.0 if _is_not_finite(parameters, net, a, delta, y, loss, t) else 0.0
    return float(y.argmax() if quantity == CLASS else made.sample if quantity == SAMPLE else made.epoch)


@compiled(STRICT)
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


@compiled(STRICT)
def record_hits(offset: int, made: MadeUpdate, t: ScanTables) -> bool:
    """Log every group whose tests all hold for the update just made; return whether training stops before it."""
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
            t.log[row, 0], t.log[row, 1] = offset, group
            t.logged[0] += 1
            stop = stop or t.stops[group] == 1
    return stop
