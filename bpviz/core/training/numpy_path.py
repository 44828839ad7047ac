"""Training in numpy with few calls and preallocated arrays.

At 20 to 30 microseconds a sample the time goes into calling numpy, not into arithmetic; so each call covers as much as
it can. Neurons are on the first axis and samples on the second, which makes all activations one contiguous block, and
all deltas another. A row of ones follows each layer's activations: the biases follow the weights in the packed
parameters, so [W; b] is one matrix, and one product covers weights and biases.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.activations import Slope
from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.reading import Reading
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.optimisers.learning import Learning
from bpviz.core.optimisers.update import update

if TYPE_CHECKING:
    from bpviz.core.network import Network

# Number of samples whose deltas are kept before they are added to the statistics in one call: some megabytes.
_RESULT_ROWS = 4096


class _Batch:
    """Forward pass, backward pass and update for batches of a fixed number of rows.

    Each phase has a list, made once, of the views that it reads and writes for each layer: making views costs more than
    the arithmetic of a small layer.

    Attributes
    ----------
    inputs : ndarray of shape (rows, n_inputs)
        Fill it before each `run`.
    result : ndarray of shape (rows, n_results)
        After a `run`, the deltas of all layers, then the outputs.
    activations, deltas : list of ndarray of shape (rows, n_neurons)
        After a `run`, those of layers 1..L.
    """

    def __init__(self, network: Network, rows: int, learning: Learning) -> None:
        layers = network.layers
        self._network, self._learning, self.is_plain = network, learning, learning.rule.is_plain
        self._gradient = np.zeros(0 if self.is_plain else len(network.parameters))
        self.rows, self.train_biases, self._loss = rows, network.train_biases, network.loss
        widths = [layer.n_neurons for layer in layers]
        ends = np.cumsum(widths)
        results = np.empty((ends[-1] + widths[-1], rows))
        self._deltas, self._scaled = results[: ends[-1]], np.empty((ends[-1], rows))
        deltas, scaled = np.split(self._deltas, ends[:-1]), np.split(self._scaled, ends[:-1])
        with_ones, hidden_zs, slopes = self._hidden_blocks(network, rows)
        outputs = [*(block[:-1] for block in with_ones[1:]), results[ends[-1] :]]
        zs = [*hidden_zs, np.empty_like(outputs[-1]) if layers[-1].rule.needs_z else outputs[-1]]
        used = [block[: layer.n_input + network.train_biases] for block, layer in zip(with_ones, layers, strict=True)]
        trained = [layer.matrix[: len(kept)] for layer, kept in zip(layers, used, strict=True)]
        self._forward = [
            (layer.matrix.T, a_prev, z, z.T, a.T, layer.rule.f_without_errstate)
            for layer, a_prev, z, a in zip(layers, with_ones, zs, outputs, strict=True)
        ]
        self._backward = [
            (layer.weights, delta, before, slope)
            for layer, (before, delta), slope in zip(layers[1:], pairwise(deltas), slopes, strict=True)
        ][::-1]
        steps = [np.empty_like(target) for target in trained] if self.is_plain else self._gradients(trained)
        self._update = [
            (a, delta.T, step, target) for a, delta, step, target in zip(used, scaled, steps, trained, strict=True)
        ]
        self.inputs, self.result = with_ones[0][:-1].T, results.T
        self._output, self._output_z, self._output_delta = outputs[-1].T, zs[-1].T, deltas[-1].T
        self.activations, self.deltas = [a.T for a in outputs], [delta.T for delta in deltas]
        self._rule, self._output_slope = layers[-1].rule, np.empty_like(self._output)

    def _hidden_blocks(self, network: Network, rows: int) -> tuple[list[Array], list[Array], list[Array]]:
        """Return views of the activations of input and hidden layers, with their rows of ones, of hidden z and slopes.

        Consecutive layers with the same activation form one group, whose slopes are computed in one call. z is
        overwritten by a where the slope does not need it.
        """
        hidden = network.layers[:-1]
        ends = np.cumsum([network.layers[0].n_input + 1, *(layer.n_neurons + 1 for layer in hidden)])
        block, slopes = np.ones((ends[-1], rows)), np.empty((ends[-1], rows))
        zs = np.zeros_like(block) if any(layer.rule.needs_z for layer in hidden) else block
        self._slopes: list[tuple[Slope, Array, Array, Array]] = []
        for rule, group in groupby(enumerate(hidden), key=lambda pair: pair[1].rule):
            pairs = list(group)
            here = slice(ends[pairs[0][0]], ends[pairs[-1][0] + 1])
            self._slopes.append((rule.slope, (zs if rule.needs_z else block)[here], block[here], slopes[here]))
        with_ones, z_parts, slope_parts = (np.split(array, ends[:-1]) for array in (block, zs, slopes))
        kept = [
            (z if layer.rule.needs_z else a)[:-1]
            for layer, z, a in zip(hidden, z_parts[1:], with_ones[1:], strict=True)
        ]
        return with_ones, kept, [part[:-1] for part in slope_parts[1:]]

    def run(self, y: Array, learning_rate: float) -> None:
        """Make one update with the batch in `inputs` and targets y of shape (rows, n_outputs)."""
        for matrix_t, a_prev, z, z_rows, a_rows, f in self._forward:
            np.dot(matrix_t, a_prev, out=z)
            f(z_rows, a_rows)
        for slope_of, z, a, slope in self._slopes:
            slope_of(z, a, slope)
        self._start_backward(y)
        for weights, delta, before, slope in self._backward:
            np.dot(weights, delta, out=before)
            np.multiply(before, slope, out=before)
        # Scaling all deltas is one call; scaling the gradients would be one call per layer on larger arrays.
        np.multiply(self._deltas, (learning_rate if self.is_plain else 1.0) / self.rows, out=self._scaled)
        for a, scaled_rows, step, target in self._update:
            np.dot(a, scaled_rows, out=step)
            if self.is_plain:
                np.subtract(target, step, out=target)
        if self.is_plain:
            self._learning.updates += 1
        else:
            update(self._network, self._gradient, self._learning, learning_rate)

    def _gradients(self, trained: list[Array]) -> list[Array]:
        """Return views of the packed gradient, one for each layer's trained part of [W; b]."""
        starts = np.cumsum([0, *(layer.n_parameters for layer in self._network.layers)]).tolist()
        pairs = zip(starts[:-1], trained, strict=True)
        return [self._gradient[first : first + target.size].reshape(target.shape) for first, target in pairs]

    def _start_backward(self, y: Array) -> None:
        a, delta = self._output, self._output_delta
        if self._loss.cancels_slope:
            np.subtract(a, y, out=delta)
            return
        slope = self._rule.slope(self._output_z, a, self._output_slope)
        delta[...] = self._rule.delta(self._loss.error(a, y), slope, a)


class _ScanRecorder:
    """Evaluates a scan's conditions after each update, and undoes the update at which the scan stops."""

    def __init__(
        self,
        scan: Scan,
        network: Network,
        learning: Learning,
        chosen: Indices,
        first: int,
        learning_rate: float,
        epoch: int,
    ) -> None:
        self._scan, self._network, self._before = scan, network, network.copy()
        self._learning, self._learned = learning, learning.packed.copy()
        self._chosen, self._first, self._rate, self._epoch = chosen, first, learning_rate, epoch

    def save(self) -> None:
        """Copy parameters and optimiser's numbers before an update."""
        self._before.parameters[:] = self._network.parameters
        self._learned[:] = self._learning.packed

    def must_stop(self, start: int, batch: _Batch, y: Array) -> bool:
        """Record hits in the update just made; return whether the scan stops before it, and then undo it."""
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
            rule=self._learning.rule,
            slots=self._learning.slots,
        )
        stop = self._scan.record(self._first + start, reading)
        if stop:
            self._network.parameters[:] = self._before.parameters
            self._learning.packed[:] = self._learned
        return stop


class NumpyPath:
    """Trains a network in numpy, one update a batch.

    Parameters
    ----------
    network : Network
        Its parameters are changed in place; its layers must not change while the path is in use.
    learning : Learning
        Changed in place.
    """

    def __init__(self, network: Network, learning: Learning) -> None:
        self._network, self._learning = network, learning
        self._batches: dict[int, _Batch] = {}
        self._n_neurons = sum(layer.n_neurons for layer in network.layers)
        self._results = np.empty((0, self._n_neurons + network.layers[-1].n_neurons))

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
        """Train on the samples of `order` until the scan stops; return the number of samples trained on."""
        stride = max(_RESULT_ROWS // batch_size, 1) * batch_size
        for first in range(0, len(order), stride):
            chosen = order[first : first + stride]
            recorder = self._recorder(scan, chosen, first, learning_rate, epoch) if scan else None
            targets = y.take(chosen, axis=0)
            results = self._run(x.take(chosen, axis=0), targets, learning_rate, batch_size, recorder)
            statistics.add(results[:, : self._n_neurons], results[:, self._n_neurons :], targets[: len(results)])
            if len(results) < len(chosen):
                return first + len(results)
        return len(order)

    def _recorder(self, scan: Scan, chosen: Indices, first: int, rate: float, epoch: int) -> _ScanRecorder:
        return _ScanRecorder(scan, self._network, self._learning, chosen, first, rate, epoch)

    def _run(self, x: Array, y: Array, learning_rate: float, batch_size: int, recorder: _ScanRecorder | None) -> Array:
        """Train on some batches until the scan stops; return deltas and outputs, one row per sample."""
        if len(x) <= batch_size and recorder is None:
            return self._run_batch(x, y, learning_rate).result
        if len(self._results) < len(x):
            self._results = np.empty((len(x), self._results.shape[1]))
        for start in range(0, len(x), batch_size):
            rows = slice(start, start + batch_size)
            if recorder:
                recorder.save()
            batch = self._run_batch(x[rows], y[rows], learning_rate)
            if recorder and recorder.must_stop(start, batch, y[rows]):
                return self._results[:start]
            self._results[: len(x)][rows] = batch.result
        return self._results[: len(x)]

    def _run_batch(self, x: Array, y: Array, learning_rate: float) -> _Batch:
        batch = self._batch(len(y))
        batch.inputs[...] = x
        batch.run(y, learning_rate)
        return batch

    def _batch(self, rows: int) -> _Batch:
        # Few sizes occur: the batch size, the smaller last batch of an epoch, single samples.
        batch, present = self._batches.get(rows), (self._network.train_biases, self._learning.rule.is_plain)
        if batch is None or (batch.train_biases, batch.is_plain) != present:
            batch = self._batches[rows] = _Batch(self._network, rows, self._learning)
        return batch
