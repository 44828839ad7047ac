"""A plain numpy program of the article's structure: an object a layer, a call a step, one sample at a time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bpviz.core.arrays import Array


class PlainLayer:
    """Keeps what it computed last."""

    def __init__(self, n_inputs: int, n_neurons: int, rng: np.random.RandomState) -> None:
        self.weights: Array = rng.randn(n_inputs, n_neurons) * np.sqrt(1 / n_neurons)
        self.bias: Array = rng.rand(n_neurons) * 0.1
        self.output: Array = np.zeros(n_neurons)
        self.delta: Array = np.zeros(n_neurons)

    def activate(self, x: Array) -> Array:
        """Forward."""
        z = np.dot(x, self.weights) + self.bias
        self.output = 1 / (1 + np.exp(-z))
        return self.output

    def slope(self) -> Array:
        """f'(z)."""
        return self.output * (1 - self.output)


class PlainNetwork:
    """Trains as blackboards do: all deltas first, then all updates."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        rng = np.random.RandomState(0)
        self.layers = [PlainLayer(a, b, rng) for a, b in pairwise(sizes)]

    def feed_forward(self, x: Array) -> Array:
        """Forward through all layers."""
        for layer in self.layers:
            x = layer.activate(x)
        return x

    def train_batch(self, x: Array, y: Array, rate: float) -> None:
        """One update: with one sample (n_inputs,) or the mean gradient of several (rows, n_inputs)."""
        output = self.feed_forward(x)
        for index in reversed(range(len(self.layers))):
            layer = self.layers[index]
            after = self.layers[index + 1] if index + 1 < len(self.layers) else None
            error = y - output if after is None else np.dot(after.delta, after.weights.T)
            layer.delta = error * layer.slope()
        for index, layer in enumerate(self.layers):
            inputs = np.atleast_2d(x if index == 0 else self.layers[index - 1].output)
            deltas = np.atleast_2d(layer.delta)
            layer.weights += rate * np.dot(inputs.T, deltas) / len(deltas)
            layer.bias += rate * deltas.mean(axis=0)
