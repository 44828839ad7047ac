"""The algorithm of `backprop`, fused for whole runs of samples: the same steps without keeping a trace.

Every array is made once. Each layer's weights are updated as soon as the layer before has had its error from
them, so that one backward loop suffices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arrays import Array, Indices

if TYPE_CHECKING:
    from bpviz.core.network import Layer, NeuralNetwork


class _LayerBuffers:
    """The arrays of one layer for a batch of `rows` samples; `delta` is a view of what all layers share."""

    def __init__(self, layer: Layer, a_prev: Array, delta: Array) -> None:
        rows = len(delta)
        self.weights, self.bias = layer.weights, layer.bias
        self.weights_t, self.a_prev, self.a_prev_t = layer.weights.T, a_prev, a_prev.T
        self.a, self.slope = np.empty((rows, layer.n_neurons)), np.empty((rows, layer.n_neurons))
        self.step, self.bias_step = np.empty_like(layer.weights), np.empty(layer.n_neurons)
        self.delta, self.f, self.slope_of = delta, layer.rule.f, layer.rule.slope


class _Batch:
    """One forward and backward pass, with update, over batches of a fixed number of rows."""

    def __init__(self, network: NeuralNetwork, rows: int) -> None:
        widths = [layer.n_neurons for layer in network.layers]
        self.rows, self.x = rows, np.empty((rows, network.layers[0].n_input))
        self.deltas = np.empty(rows * sum(widths))
        self.squares = np.empty_like(self.deltas)
        self.output, self.loss, self.train_biases = network.layers[-1].rule, network.loss, network.train_biases
        self.layers: list[_LayerBuffers] = []
        a_prev, start = self.x, 0
        for layer, width in zip(network.layers, widths, strict=True):
            delta = self.deltas[start : start + rows * width].reshape(rows, width)
            self.layers.append(_LayerBuffers(layer, a_prev, delta))
            a_prev, start = self.layers[-1].a, start + rows * width

    def run(self, y: Array, learning_rate: float) -> None:
        """Train on what lies in `x`, with targets y of shape (rows, n_outputs)."""
        self._forward()
        self._output_delta(y)
        rate = learning_rate / self.rows
        for layer, before in zip(self.layers[:0:-1], self.layers[-2::-1], strict=True):
            np.dot(layer.delta, layer.weights_t, out=before.delta)
            before.delta *= before.slope_of(before.a, before.slope)
            self._update(layer, rate)
        self._update(self.layers[0], rate)

    def _forward(self) -> None:
        for layer in self.layers:
            a = np.dot(layer.a_prev, layer.weights, out=layer.a)
            a += layer.bias
            layer.f(a, a)

    def _output_delta(self, y: Array) -> None:
        last = self.layers[-1]
        if self.loss.cancels_slope:
            np.subtract(last.a, y, out=last.delta)
        else:
            error = self.loss.error(last.a, y)
            last.delta[...] = self.output.delta(error, last.slope_of(last.a, last.slope), last.a)

    def _update(self, layer: _LayerBuffers, rate: float) -> None:
        step = np.dot(layer.a_prev_t, layer.delta, out=layer.step)
        step *= rate
        np.subtract(layer.weights, step, out=layer.weights)
        if self.train_biases:
            np.add.reduce(layer.delta, axis=0, out=layer.bias_step)
            layer.bias_step *= rate
            np.subtract(layer.bias, layer.bias_step, out=layer.bias)

    def add_squares(self, total: Array) -> None:
        """Add delta**2, summed over the rows, to `total` of shape (n_neurons of all layers,)."""
        np.multiply(self.deltas, self.deltas, out=self.squares)
        if self.rows == 1:
            total += self.squares
            return
        start = 0
        for layer in self.layers:
            width = layer.delta.shape[1]
            total[start : start + width] += (
                self.squares[self.rows * start : self.rows * (start + width)].reshape(layer.delta.shape).sum(axis=0)
            )
            start += width


class Kernel:
    """Trains one network over runs of samples.

    Parameters
    ----------
    network : NeuralNetwork
        Its parameters are changed in place; its layers must not change while the kernel is in use.

    Attributes
    ----------
    delta_squares : ndarray of shape (n_neurons of all layers,)
        The sum of delta**2 of each neuron over the samples trained on since it was last set to zero.
    """

    def __init__(self, network: NeuralNetwork) -> None:
        self._network = network
        self._batches: dict[int, _Batch] = {}
        self.delta_squares: Array = np.zeros(sum(layer.n_neurons for layer in network.layers))

    def run(self, X: Array, y: Array, order: Indices, learning_rate: float, batch_size: int = 1) -> None:
        """Train on the samples ``X[order]``, one update a batch; the last batch may be smaller.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_inputs)
        y : ndarray of shape (n_samples, n_outputs)
        order : ndarray of int
            Which samples, in which order.
        learning_rate : float
        batch_size : int
        """
        with np.errstate(all="ignore"):  # the trainer looks for what is not finite, and says where
            for start in range(0, len(order), batch_size):
                chosen = order[start : start + batch_size]
                batch = self._batch(len(chosen))
                np.take(X, chosen, axis=0, out=batch.x, mode="clip")
                batch.run(y[chosen], learning_rate)
                batch.add_squares(self.delta_squares)

    def _batch(self, rows: int) -> _Batch:
        batch = self._batches.get(rows)
        if batch is None or batch.train_biases != self._network.train_biases:
            batch = self._batches[rows] = _Batch(self._network, rows)
        return batch
