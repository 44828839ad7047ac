"""The kernel's algorithm in numpy: few calls, every array made once.

Neurons run along the first axis and samples along the second, so that all layers share one block of activations and one
of deltas. Under each layer's activations stands a row of ones: since a layer's biases follow its weights in the packed
parameters, [W; b] is one matrix, and biases take part in the same products as weights.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.activations import Elementwise
from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.reading import Reading
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.statistics import Statistics

if TYPE_CHECKING:
    from bpviz.core.network import Network

# Samples whose deltas are kept until they are added up together: some megabytes.
_LOG_ROWS = 4096


class _Batch:
    """Forward pass, backward pass and update for batches of a fixed number of rows.

    Each phase is a list of the arrays that it reads and writes, one entry a layer, made once.

    Attributes
    ----------
    inputs : ndarray of shape (rows, n_inputs)
        To be filled before each `run`.
    result : ndarray of shape (rows, n_results)
        After a `run`: the deltas of all layers, then the outputs.
    activations, deltas : list of ndarray of shape (rows, n_neurons)
        After a `run`: those of layers 1..L.
    """

    def __init__(self, network: Network, rows: int) -> None:
        layers = network.layers
        self.rows, self.train_biases, self._loss = rows, network.train_biases, network.loss
        widths = [layer.n_neurons for layer in layers]
        ends = np.cumsum(widths)
        results = np.empty((ends[-1] + widths[-1], rows))
        self._deltas, self._scaled = results[: ends[-1]], np.empty((ends[-1], rows))
        deltas, scaled = np.split(self._deltas, ends[:-1]), np.split(self._scaled, ends[:-1])
        with_ones, slopes = self._hidden_blocks(network, rows)
        outputs = [*(block[:-1] for block in with_ones[1:]), results[ends[-1] :]]
        used = [block[: layer.n_input + network.train_biases] for block, layer in zip(with_ones, layers, strict=True)]
        trained = [layer.matrix[: len(kept)] for layer, kept in zip(layers, used, strict=True)]
        self._forward = [
            (layer.matrix.T, a_prev, a, a.T, layer.rule.unguarded)
            for layer, a_prev, a in zip(layers, with_ones, outputs, strict=True)
        ]
        self._backward = [
            (layer.weights, delta, before, slope)
            for layer, (before, delta), slope in zip(layers[1:], pairwise(deltas), slopes, strict=True)
        ][::-1]
        self._update = [
            (a, delta.T, np.empty_like(target), target) for a, delta, target in zip(used, scaled, trained, strict=True)
        ]
        self.inputs, self.result = with_ones[0][:-1].T, results.T
        self._output, self._output_delta = outputs[-1].T, deltas[-1].T
        self.activations, self.deltas = [a.T for a in outputs], [delta.T for delta in deltas]
        self._rule, self._output_slope = layers[-1].rule, np.empty_like(self._output)

    def _hidden_blocks(self, network: Network, rows: int) -> tuple[list[Array], list[Array]]:
        """Return the input's and the hidden layers' activations, each with its row of ones, and the hidden slopes.

        Neighbouring layers with the same activation have their slopes taken in one call.
        """
        hidden = network.layers[:-1]
        ends = np.cumsum([network.layers[0].n_input + 1, *(layer.n_neurons + 1 for layer in hidden)])
        block, slopes = np.ones((ends[-1], rows)), np.empty((ends[-1], rows))
        self._slopes: list[tuple[Elementwise, Array, Array]] = []
        for _, group in groupby(enumerate(hidden), key=lambda pair: pair[1].activation):
            pairs = list(group)
            here = slice(ends[pairs[0][0]], ends[pairs[-1][0] + 1])
            self._slopes.append((pairs[0][1].rule.slope, block[here], slopes[here]))
        return np.split(block, ends[:-1]), [part[:-1] for part in np.split(slopes, ends[:-1])[1:]]

    def run(self, y: Array, learning_rate: float) -> None:
        """Train on what lies in `inputs`, with targets y of shape (rows, n_outputs)."""
        for matrix_t, a_prev, a, a_rows, f in self._forward:
            np.dot(matrix_t, a_prev, out=a)
            f(a_rows, a_rows)
        for slope_of, a, slope in self._slopes:
            slope_of(a, slope)
        self._start_backward(y)
        for weights, delta, before, slope in self._backward:
            np.dot(weights, delta, out=before)
            np.multiply(before, slope, out=before)
        np.multiply(self._deltas, learning_rate / self.rows, out=self._scaled)
        for a, scaled_rows, step, target in self._update:
            np.dot(a, scaled_rows, out=step)
            np.subtract(target, step, out=target)

    def _start_backward(self, y: Array) -> None:
        a, delta = self._output, self._output_delta
        if self._loss.cancels_slope:
            np.subtract(a, y, out=delta)
            return
        slope = self._rule.slope(a, self._output_slope)
        delta[...] = self._rule.delta(self._loss.error(a, y), slope, a)


class _Look:
    """Lets a scan read every update of some samples, and takes the one back at which it stops."""

    def __init__(
        self, scan: Scan, network: Network, chosen: Indices, first: int, learning_rate: float, epoch: int
    ) -> None:
        self._scan, self._network, self._before = scan, network, network.copy()
        self._chosen, self._first, self._rate, self._epoch = chosen, first, learning_rate, epoch

    def remember(self) -> None:
        """Keep the parameters as they are."""
        self._before.parameters[:] = self._network.parameters

    def stops(self, start: int, batch: _Batch, y: Array) -> bool:
        """Read the update just made; returns whether the scan calls a stop."""
        reading = Reading(
            self._before,
            batch.inputs,
            y,
            batch.activations,
            batch.deltas,
            self._network,
            learning_rate=self._rate,
            samples=self._chosen[start : start + batch.rows],
            epoch=self._epoch,
        )
        stop = self._scan.note(self._first + start, reading)
        if stop:
            self._network.parameters[:] = self._before.parameters
        return stop


class NumpyPath:
    """Trains a network over runs of samples, in numpy.

    Parameters
    ----------
    network : Network
        Its parameters are changed in place; its layers must not change while the path is in use.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._batches: dict[int, _Batch] = {}
        self._n_neurons = sum(layer.n_neurons for layer in network.layers)
        self._log = np.empty((0, self._n_neurons + network.layers[-1].n_neurons))

    def train(
        self,
        x: Array,
        y: Array,
        order: Indices,
        learning_rate: float,
        batch_size: int,
        statistics: Statistics,
        scan: Scan | None = None,
        epoch: int = 0,
    ) -> int:
        """Train on the samples of `order`, one update a batch, up to a stop of the scan; returns on how many."""
        stride = max(_LOG_ROWS // batch_size, 1) * batch_size
        for first in range(0, len(order), stride):
            chosen = order[first : first + stride]
            look = _Look(scan, self._network, chosen, first, learning_rate, epoch) if scan else None
            targets = y.take(chosen, axis=0)
            log = self._run(x.take(chosen, axis=0), targets, learning_rate, batch_size, look)
            statistics.add(log[:, : self._n_neurons], log[:, self._n_neurons :], targets[: len(log)])
            if len(log) < len(chosen):
                return first + len(log)
        return len(order)

    def _run(self, x: Array, y: Array, learning_rate: float, batch_size: int, look: _Look | None) -> Array:
        """Train on some batches, up to a stop; returns a row for each sample."""
        if len(x) <= batch_size and look is None:
            return self._run_batch(x, y, learning_rate).result
        if len(self._log) < len(x):
            self._log = np.empty((len(x), self._log.shape[1]))
        for start in range(0, len(x), batch_size):
            rows = slice(start, start + batch_size)
            if look:
                look.remember()
            batch = self._run_batch(x[rows], y[rows], learning_rate)
            if look and look.stops(start, batch, y[rows]):
                return self._log[:start]
            self._log[: len(x)][rows] = batch.result
        return self._log[: len(x)]

    def _run_batch(self, x: Array, y: Array, learning_rate: float) -> _Batch:
        batch = self._batch(len(y))
        batch.inputs[...] = x
        batch.run(y, learning_rate)
        return batch

    def _batch(self, rows: int) -> _Batch:
        batch = self._batches.get(rows)
        if batch is None or batch.train_biases != self._network.train_biases:
            batch = self._batches[rows] = _Batch(self._network, rows)
        return batch
