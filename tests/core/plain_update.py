"""One update in plain numpy, one sample at a time: an independent implementation to test the core against."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.metric import QUANTITIES, Metric
from bpviz.core.network import Network


def _normal(z: Array) -> Array:
    return np.array([(1 + math.erf(one / math.sqrt(2))) / 2 for one in z])


_F: dict[str, Callable[[Array], Array]] = {
    "none": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "gelu": lambda z: z * _normal(z),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "sin": lambda z: np.sin(z),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softmax": lambda z: np.asarray(np.exp(z) / np.sum(np.exp(z))),
}
_SLOPES: dict[str, Callable[[Array], Array]] = {
    "none": lambda z: np.ones(len(z)),
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, 1.0, 0.01),
    "elu": lambda z: np.where(z > 0, 1.0, np.exp(z)),
    "gelu": lambda z: _normal(z) + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
    "silu": lambda z: (1 + np.exp(-z) * (1 + z)) / (1 + np.exp(-z)) ** 2,
    "softplus": lambda z: np.exp(z) / (1 + np.exp(z)),
    "sin": lambda z: np.cos(z),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    "softmax": lambda z: _F["softmax"](z) * (1 - _F["softmax"](z)),
}
_STEEPEST = dict.fromkeys(_F, 1.0) | {"sigmoid": 0.25, "softmax": 0.25, "gelu": 1.12890414515, "silu": 1.09983932013}


def _jacobian(activation: str, z: Array) -> Array:
    """Return da/dz, shape (n_neurons, n_neurons)."""
    if activation == "softmax":
        p = _F["softmax"](z)
        return np.diag(p) - np.outer(p, p)
    return np.diag(_SLOPES[activation](z))


@dataclass(frozen=True)
class Sides:
    """All numbers of one sample's pass; lists with an entry a layer, first to last."""

    z: list[Array]
    a: list[Array]
    error: list[Array]
    slope: list[Array]
    delta: list[Array]
    dW: list[Array]
    loss: float


def loss_of(network: Network, a: Array, y: Array) -> float:
    """Return the loss of one sample."""
    if network.loss_name == "mse":
        return float(np.sum((a - y) ** 2) / 2)
    if network.loss_name == "mae":
        return float(np.sum(np.abs(a - y)))
    if network.loss_name == "huber":
        return float(sum(d * d / 2 if abs(d) <= 1 else abs(d) - 0.5 for d in a - y))
    if network.layers[-1].activation == "softmax":
        return float(-np.sum(y * np.log(a)))
    return float(-np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)))


def _output_error(network: Network, a: Array, y: Array) -> Array:
    if network.loss_name == "mse":
        return a - y
    if network.loss_name == "mae":
        return np.sign(a - y)
    if network.loss_name == "huber":
        return np.array([d if abs(d) <= 1 else np.sign(d) for d in a - y])
    if network.layers[-1].activation == "softmax":
        return -y / a
    return -y / a + (1 - y) / (1 - a)


def _forward(network: Network, x: Array) -> tuple[list[Array], list[Array]]:
    zs: list[Array] = []
    activations = [x]
    for layer in network.layers:
        zs.append(activations[-1] @ layer.weights + layer.bias)
        activations.append(_F[layer.activation](zs[-1]))
    return zs, activations


def one_pass(network: Network, x: Array, y: Array) -> Sides:
    """Return a forward and a backward pass of one sample."""
    zs, activations = _forward(network, x)
    error = _output_error(network, activations[-1], y)
    errors: list[Array] = []
    deltas: list[Array] = []
    for layer, z in zip(network.layers[::-1], zs[::-1], strict=True):
        errors.insert(0, error)
        deltas.insert(0, _jacobian(layer.activation, z) @ error)
        error = layer.weights @ deltas[0]
    slopes = [_SLOPES[layer.activation](z) for layer, z in zip(network.layers, zs, strict=True)]
    gradients = [np.outer(a, delta) for a, delta in zip(activations, deltas, strict=False)]
    return Sides(zs, activations[1:], errors, slopes, deltas, gradients, loss_of(network, activations[-1], y))


class PlainUpdate:
    """One update with one sample or the mean gradient of some.

    Attributes
    ----------
    after : Network
        With the parameters after the update.
    """

    def __init__(self, network: Network, X: Array, y: Array, rate: float, samples: Indices, epoch: int = 0) -> None:
        self._before, self._X, self._y = network.copy(), X, y
        self._rate, self._samples, self._number = rate, samples, epoch
        self._passes = [one_pass(network, *pair) for pair in zip(X, y, strict=True)]
        self.after = network.copy()
        for number, layer in enumerate(self.after.layers):
            layer.weights[...] -= rate * np.mean([one.dW[number] for one in self._passes], axis=0)
            if network.train_biases:
                layer.bias[...] -= rate * np.mean([one.delta[number] for one in self._passes], axis=0)

    def value(self, metric: Metric) -> float:
        """Return the number; the largest where each sample has its own."""
        kind = QUANTITIES[metric.quantity].kind
        if kind == "sample":
            return float(max(getattr(self, f"_{metric.quantity}")()))
        if kind == "layer":
            flat = 0.1 * _STEEPEST[self._before.layers[metric.layer - 1].activation]
            return float(np.mean([np.abs(one.slope[metric.layer - 1]) < flat for one in self._passes]))
        values = self._values(metric).ravel()
        if metric.aggregation == "rms" and not metric.is_single:
            return float(np.linalg.norm(values) / np.sqrt(len(values)))
        return float(sorted(values)[0 if metric.aggregation == "smallest" else -1])

    def _values(self, metric: Metric) -> Array:
        """Return all values that a subject is about: a row for each sample, or for each neuron of the layer before."""
        columns = slice(None) if metric.neuron is None else [metric.neuron]
        number, name = metric.layer - 1, metric.quantity
        if QUANTITIES[name].kind == "weights":
            dW = np.mean([one.dW[number] for one in self._passes], axis=0)
            matrix = {"W": self._before.layers[number].weights, "dW": dW, "update": np.abs(self._rate * dW)}[name]
            return np.asarray(matrix[slice(None) if metric.source is None else [metric.source]][:, columns])
        rows = np.array([getattr(one, name.removeprefix("abs_"))[number] for one in self._passes])[:, columns]
        return np.abs(rows) if name.startswith("abs_") else rows

    def _loss(self) -> list[float]:
        return [one.loss for one in self._passes]

    def _loss_rise(self) -> list[float]:
        pairs = zip(self._X, self._y, strict=True)
        after = [loss_of(self.after, _forward(self.after, x)[1][-1], y) for x, y in pairs]
        return [later - before for later, before in zip(after, self._loss(), strict=True)]

    def _misclassified(self) -> list[bool]:
        return [one.a[-1].argmax() != y.argmax() for one, y in zip(self._passes, self._y, strict=True)]

    def _not_finite(self) -> list[bool]:
        return [False]

    def _class(self) -> list[int]:
        return [int(np.flatnonzero(y)[0]) for y in self._y]

    def _sample(self) -> list[int]:
        return [int(sample) for sample in self._samples]

    def _epoch(self) -> list[int]:
        return [self._number]
