"""The training and scoring loops, compiled by numba.

They take one sample at a time; for mini-batches numpy's matrix products are faster. All parameters are in one packed
vector: a list of arrays in its place made the loop three to five times slower. The functions release the GIL.
"""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.training.jit import FAST_SUMS, compiled
from bpviz.core.training.numba_passes import (
    BINARY,
    CATEGORICAL,
    HALF_SQUARES,
    NetworkLayout,
    backward_and_update,
    forward,
    forward_block,
    output_delta,
    output_z,
    sample_loss,
    write,
)
from bpviz.core.training.numba_readings import MadeUpdate, ScanTables, record_hits


@compiled(FAST_SUMS, allocates=False)
def train(
    parameters: Array,
    net: NetworkLayout,
    loss: int,
    train_biases: bool,
    x: Array,
    y: Array,
    order: Indices,
    learning_rate: float,
    a: Array,
    zs: Array,
    delta: Array,
    squares: Array,
    sizes: Array,
    epoch: int,
    tables: ScanTables,
    slots: Array,
) -> tuple[int, int]:
    """Train on the samples of `order`, one at a time, and add up the statistics of the epoch.

    Parameters
    ----------
    parameters : ndarray of shape (n_parameters,)
        Changed in place.
    a, zs, delta : ndarray of shape (n_inputs + n_neurons,)
        Scratch space, overwritten.
    squares, sizes : ndarray of shape (n_neurons,)
        delta**2 and |delta| of each neuron are added to them.
    tables : ScanTables
        The conditions to test for each update; an empty table tests nothing.
    slots : ndarray of shape (0, n_parameters)
        What plain SGD keeps of earlier updates: nothing.

    Returns
    -------
    (int, int)
        Number of samples trained on, and how many of them were misclassified before their update.
    """
    n_inputs, output = net.widths[0], net.neuron_starts[-2]
    neurons = delta[n_inputs:]
    mistakes, has_conditions = 0, len(tables.stops) > 0
    for i in range(len(order)):
        sample = order[i]
        if has_conditions:
            # The update overwrites W while it goes back; conditions need the values from before, and a stop undoes it.
            write(tables.before, parameters)
        write(a[:n_inputs], x[sample])
        forward(parameters, net, a, zs)
        here = delta[output:]
        right = output_delta(a[output:], zs[output:], y[sample], here, net.codes[-1], net.leaks[-1], loss)
        backward_and_update(parameters, learning_rate, train_biases, net, a, zs, delta)
        if has_conditions:
            made = MadeUpdate(
                parameters, net, a, delta, y[sample], learning_rate, loss, sample, epoch, True, slots, -1, -1
            )
            if record_hits(i, made, tables):
                write(parameters, tables.before)
                return i, mistakes
        mistakes += not right
        for j in range(len(neurons)):
            squares[j] += neurons[j] * neurons[j]
            sizes[j] += abs(neurons[j])
    return len(order), mistakes


@compiled(FAST_SUMS)
def score(
    parameters: Array, net: NetworkLayout, loss: int, x: Array, y: Array, block: Array
) -> tuple[float, float, int]:
    """Return sums over samples: of the squared errors of all outputs, of L_s, and of correctly classified samples.

    Parameters
    ----------
    loss : int
        Code of the loss: HALF_SQUARES, BINARY, ...
    block : ndarray of shape (n_inputs + n_neurons, n_columns)
        Scratch space, overwritten. n_columns samples are scored at a time.
    """
    n_inputs, output, columns = net.widths[0], net.neuron_starts[-2], block.shape[1]
    squares, losses, right, z = 0.0, 0.0, 0, np.empty(net.widths[-1])
    for first in range(0, len(x), columns):
        rows = min(columns, len(x) - first)
        block[:n_inputs, :rows] = x[first : first + rows].T
        forward_block(parameters, net, block)
        for s in range(rows):
            a, wanted = block[output:, s], y[first + s]
            for j in range(len(a)):
                squares += (a[j] - wanted[j]) ** 2
            right += a.argmax() == wanted.argmax()
            if loss != HALF_SQUARES:
                if loss in (BINARY, CATEGORICAL):
                    output_z(parameters, net, block, s, z)
                losses += sample_loss(a, z, wanted, loss)
    return squares, 0.5 * squares if loss == HALF_SQUARES else losses, right
