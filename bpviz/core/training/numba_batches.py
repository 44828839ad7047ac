"""The compiled training loop for mini-batches, and for every optimiser but plain SGD.

Plain SGD with single samples has a faster one, `bpviz.core.training.numba_loops.train`, which stores no gradient.
"""

from __future__ import annotations

from typing import NamedTuple

from bpviz.core.arrays import Array, Indices
from bpviz.core.training.jit import FAST_SUMS, compiled, inlined
from bpviz.core.training.numba_columns import MOST_COLUMNS, add_columns
from bpviz.core.training.numba_passes import GELU, NetworkLayout, fill, forward, output_delta, times_slope, write
from bpviz.core.training.numba_readings import MadeUpdate, ScanTables, record_hits
from bpviz.core.training.numba_rules import RuleTable, make_update


class Scratch(NamedTuple):
    """Arrays that are overwritten, but for the statistics, which are added to.

    Attributes
    ----------
    a, zs, delta : ndarray of shape (n_inputs + n_neurons,)
    blocks : ndarray of shape (2, (n_inputs + n_neurons) * MOST_COLUMNS)
    gradient : ndarray of shape (n_parameters,)
    slots_before : ndarray of shape (n_slots, n_parameters)
    squares, sizes : ndarray of shape (n_neurons,)
        delta**2 and |delta| of each neuron are added to them.
    """

    a: Array
    zs: Array
    delta: Array
    blocks: Array
    gradient: Array
    slots_before: Array
    squares: Array
    sizes: Array


@compiled(FAST_SUMS, allocates=False)
def train_batches(
    parameters: Array,
    net: NetworkLayout,
    loss: int,
    train_biases: bool,
    x: Array,
    y: Array,
    order: Indices,
    batch_size: int,
    rate: float,
    rule: RuleTable,
    slots: Array,
    updates: int,
    scratch: Scratch,
    epoch: int,
    tables: ScanTables,
    is_plain: bool,
) -> tuple[int, int, int]:
    """Train on the samples of `order`, one update a batch; the last batch may be smaller.

    Parameters
    ----------
    slots : ndarray of shape (n_slots, n_parameters)
        The optimiser's numbers; changed in place.
    updates : int
        Number of updates made before.
    tables : ScanTables
        The conditions to test for each update; only for batches of one sample.
    is_plain : bool
        Whether the rule is plain SGD.

    For the others see `bpviz.core.training.numba_loops.train`.

    Returns
    -------
    (int, int, int)
        Number of samples trained on, how many of them were misclassified before their update, and the number of
        updates made by now.
    """
    mistakes, has_conditions, gradient = 0, len(tables.stops) > 0, scratch.gradient
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        if has_conditions:
            write(tables.before, parameters)
            for slot in range(len(slots)):
                write(scratch.slots_before[slot], slots[slot])
        wrong = _add_batch(parameters, net, loss, train_biases, x, y, chosen, scratch, not has_conditions)
        if len(chosen) > 1:
            for k in range(len(gradient)):
                gradient[k] /= len(chosen)
        make_update(parameters, gradient, slots, updates + 1, rate, train_biases, net, rule)
        if has_conditions:
            sample, places = chosen[0], (rule.m_slot, rule.v_slot)
            made = MadeUpdate(
                parameters,
                net,
                scratch.a,
                scratch.delta,
                y[sample],
                rate,
                loss,
                sample,
                epoch,
                is_plain,
                slots,
                *places,
            )
            if record_hits(start, made, tables):
                write(parameters, tables.before)
                for slot in range(len(slots)):
                    write(slots[slot], scratch.slots_before[slot])
                return start, mistakes, updates
            _add_statistics(scratch, net)
        mistakes += wrong
        updates += 1
    return len(order), mistakes, updates


@inlined(FAST_SUMS)
def _add_batch(
    parameters: Array,
    net: NetworkLayout,
    loss: int,
    train_biases: bool,
    x: Array,
    y: Array,
    chosen: Indices,
    scratch: Scratch,
    has_statistics: bool,
) -> int:
    """Write the sum of a batch's gradients, add its statistics if wanted, and return how many are misclassified."""
    gradient, mistakes = scratch.gradient, 0
    if has_statistics and len(chosen) > 1 and _suits_columns(net, len(chosen)):
        fill(gradient, 0.0)
        for first in range(0, len(chosen), MOST_COLUMNS):
            columns, sums = chosen[first : first + MOST_COLUMNS], (scratch.squares, scratch.sizes)
            mistakes += add_columns(parameters, gradient, net, loss, train_biases, x, y, columns, scratch.blocks, *sums)
        return mistakes
    for i in range(len(chosen)):
        sample, is_first = chosen[i], i == 0
        mistakes += not _add_sample(parameters, net, loss, train_biases, x[sample], y[sample], scratch, is_first)
        if has_statistics:
            _add_statistics(scratch, net)
    return mistakes


@inlined(FAST_SUMS)
def _suits_columns(net: NetworkLayout, n: int) -> bool:
    """Return whether loops over n samples suit a network: they keep no z, and are faster if they are long enough."""
    for layer in range(len(net.codes)):
        if net.codes[layer] >= GELU or net.widths[layer] > 2 * n:
            return False
    return net.widths[-1] <= 2 * n  # type: ignore[no-any-return]


@inlined(FAST_SUMS)
def _add_sample(
    parameters: Array,
    net: NetworkLayout,
    loss: int,
    train_biases: bool,
    x: Array,
    y: Array,
    scratch: Scratch,
    is_first: bool,
) -> bool:
    """Add the gradient of one sample's loss, or write it if it is the first; return whether its class is right."""
    n_inputs, output = net.widths[0], net.neuron_starts[-2]
    a, zs, delta = scratch.a, scratch.zs, scratch.delta
    write(a[:n_inputs], x)
    forward(parameters, net, a, zs)
    here = delta[output:]
    right = output_delta(a[output:], zs[output:], y, here, net.codes[-1], net.leaks[-1], loss)
    _backward_and_add(parameters, train_biases, net, scratch, is_first)
    return right  # type: ignore[no-any-return]


@inlined(FAST_SUMS)
def _add_statistics(scratch: Scratch, net: NetworkLayout) -> None:
    """Add the squares and absolute values of a sample's deltas."""
    neurons, squares, sizes = scratch.delta[net.widths[0] :], scratch.squares, scratch.sizes
    for j in range(len(neurons)):
        squares[j] += neurons[j] * neurons[j]
        sizes[j] += abs(neurons[j])


@inlined(FAST_SUMS)
def _backward_and_add(
    parameters: Array, train_biases: bool, net: NetworkLayout, scratch: Scratch, is_first: bool
) -> None:
    """Compute the deltas of all layers and add the gradient of each weight, or write it, in the same loop."""
    widths, starts, neurons, codes, leaks = net
    a, zs, delta, gradient = scratch.a, scratch.zs, scratch.delta, scratch.gradient
    for layer in range(len(codes) - 1, -1, -1):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        a_prev = a[neurons[layer] : neurons[layer] + n_in]
        errors = delta[neurons[layer] : neurons[layer] + n_in]
        here = delta[neurons[layer + 1] : neurons[layer + 1] + n_out]
        for i in range(n_in):
            row = parameters[start + i * n_out : start + (i + 1) * n_out]
            added = gradient[start + i * n_out : start + (i + 1) * n_out]
            error, sent = 0.0, a_prev[i]
            if is_first:
                for j in range(n_out):
                    error += row[j] * here[j]
                    added[j] = sent * here[j]
            else:
                for j in range(n_out):
                    error += row[j] * here[j]
                    added[j] += sent * here[j]
            errors[i] = error
        if layer > 0:
            z_prev = zs[neurons[layer] : neurons[layer] + n_in]
            times_slope(errors, z_prev, a_prev, codes[layer - 1], leaks[layer - 1])
        if train_biases:
            bias = gradient[start + n_in * n_out : start + n_in * n_out + n_out]
            for j in range(n_out):
                bias[j] = here[j] if is_first else bias[j] + here[j]
