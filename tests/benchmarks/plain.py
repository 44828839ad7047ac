"""A plain numpy program in the structure of the article: an object per layer, a call per step, one sample at a time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bpviz.core.arrays import Array


class PlainLayer:
    """A layer that keeps its latest values."""

    def __init__(self, n_inputs: int, n_neurons: int, rng: np.random.RandomState) -> None:
        self.weights: Array = rng.randn(n_inputs, n_neurons) * np.sqrt(1 / n_neurons)
        self.bias: Array = rng.rand(n_neurons) * 0.1
        self.output: Array = np.zeros(n_neurons)
        self.delta: Array = np.zeros(n_neurons)

    def activate(self, x: Array) -> Array:
        """Return the activations."""
        z = np.dot(x, self.weights) + self.bias
        self.output = 1 / (1 + np.exp(-z))
        return self.output

    def slope(self) -> Array:
        """Return f'(z)."""
        return self.output * (1 - self.output)


class PlainNetwork:
    """A network that is trained as in textbooks: first all deltas, then all updates."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        rng = np.random.RandomState(0)
        self.layers = [PlainLayer(a, b, rng) for a, b in pairwise(sizes)]

    def feed_forward(self, x: Array) -> Array:
        """Return the outputs."""
        for layer in self.layers:
            x = layer.activate(x)
        return x

    def train_batch(self, x: Array, y: Array, rate: float) -> None:
        """Make one update: with one sample (n_inputs,) or the mean gradient of several (rows, n_inputs)."""
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
