"""The kernel's algorithm as one machine-code loop over the packed parameters, compiled by numba.

It takes one sample at a time; mini-batches are better off with numpy's matrix products. The functions release the
interpreter's lock.
"""

from __future__ import annotations

from bpviz.core.arrays import Array, Indices
from bpviz.core.training.jit import SUMS, compiled
from bpviz.core.training.numba_passes import Net, backward_and_update, forward, forward_block, output_delta
from bpviz.core.training.numba_readings import HALF_SQUARES, MadeUpdate, Tables, note_hits


@compiled(SUMS)
def train(
    parameters: Array,
    net: Net,
    loss: int,
    train_biases: bool,
    x: Array,
    y: Array,
    order: Indices,
    learning_rate: float,
    a: Array,
    delta: Array,
    squares: Array,
    sizes: Array,
    epoch: int,
    tables: Tables,
) -> tuple[int, int]:
    """Train on the samples of `order`, one at a time, and gather what is shown of an epoch.

    Parameters
    ----------
    parameters : ndarray of shape (n_parameters,)
        Changed in place.
    a, delta : ndarray of shape (n_inputs + n_neurons,)
        Room to work in.
    squares, sizes : ndarray of shape (n_neurons,)
        delta**2 and |delta| of each neuron are added to them.
    tables : Tables
        What is looked for; without tests nothing is.

    Returns
    -------
    (int, int)
        How many samples were trained on before a stop, or all, and how many of them were misclassified in their turn.
    """
    n_inputs, output = net.widths[0], net.neuron_starts[-2]
    neurons = delta[n_inputs:]
    mistakes, looks = 0, len(tables.stops) > 0
    for place in range(len(order)):
        sample = order[place]
        if looks:
            for k in range(len(parameters)):
                tables.before[k] = parameters[k]
        a[:n_inputs] = x[sample]
        forward(parameters, net, a)
        right = output_delta(a[output:], y[sample], delta[output:], net.codes[-1], loss != HALF_SQUARES)
        backward_and_update(parameters, learning_rate, train_biases, net, a, delta)
        if looks:
            made = MadeUpdate(parameters, net, a, delta, y[sample], learning_rate, loss, sample, epoch)
            if note_hits(place, made, tables):
                parameters[:] = tables.before
                return place, mistakes
        mistakes += not right
        for j in range(len(neurons)):
            squares[j] += neurons[j] * neurons[j]
            sizes[j] += abs(neurons[j])
    return len(order), mistakes


@compiled(SUMS)
def score(parameters: Array, net: Net, x: Array, y: Array, block: Array) -> tuple[float, int]:
    """Return the sum of squared errors over samples and outputs, and how many samples are classified rightly.

    Parameters
    ----------
    block : ndarray of shape (n_inputs + n_neurons, n_columns)
        Room to work in.
    """
    n_inputs, output, columns = net.widths[0], net.neuron_starts[-2], block.shape[1]
    squares, right = 0.0, 0
    for first in range(0, len(x), columns):
        rows = min(columns, len(x) - first)
        block[:n_inputs, :rows] = x[first : first + rows].T
        forward_block(parameters, net, block)
        for s in range(rows):
            a, wanted = block[output:, s], y[first + s]
            for j in range(len(a)):
                squares += (a[j] - wanted[j]) ** 2
            right += a.argmax() == wanted.argmax()
    return squares, right
