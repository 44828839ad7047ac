"""Compute any metric of `bpviz.core.metrics.metric` from one update, in numpy."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core import backprop
from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.metric import QUANTITIES, Metric
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.core.packing import unpack

if TYPE_CHECKING:
    from bpviz.core.backprop import Trace
    from bpviz.core.network import Network

# With a sum of squares below this, every number is below 1e100, and no product of two overflows.
_HARMLESS_SQUARES = 1e200


class Reading:
    """The metrics of one update with one sample or a batch.

    Parameters
    ----------
    network : Network
        With the parameters before the update.
    x, y : ndarray of shape (n_samples, n_inputs), (n_samples, n_outputs)
    activations, deltas : list of ndarray of shape (n_samples, n_neurons)
        Of layers 1..L.
    after : Network
        With the parameters after the update.
    learning_rate : float
    samples : ndarray of int, shape (n_samples,)
    epoch : int
    rule : LearningRule
    slots : ndarray of shape (n_slots, n_parameters), optional
        What the optimiser remembers after the update; needed if it remembers something.
    """

    def __init__(
        self,
        network: Network,
        x: Array,
        y: Array,
        activations: list[Array],
        deltas: list[Array],
        after: Network,
        *,
        learning_rate: float,
        samples: Indices,
        epoch: int,
        rule: LearningRule = PLAIN_SGD,
        slots: Array | None = None,
    ) -> None:
        self._network, self._y, self._after = network, y, after
        self._a, self._deltas = [x, *activations], deltas
        self._rate, self._samples, self._epoch, self._rule, self._slots = learning_rate, samples, epoch, rule, slots
        self._of_sample: dict[str, Callable[[], Array]] = {
            "loss": self._losses,
            "loss_rise": self._loss_rises,
            "misclassified": self._mistakes,
            "not_finite": self._not_finite,
            "class": self._classes,
            "sample": partial(np.asarray, self._samples),
            "epoch": partial(np.asarray, [self._epoch]),
        }

    @classmethod
    def of_trace(
        cls,
        network: Network,
        done: Trace,
        after: Network,
        *,
        learning_rate: float,
        samples: Indices,
        epoch: int,
        rule: LearningRule = PLAIN_SGD,
        slots: Array | None = None,
    ) -> Reading:
        """Return the reading of a trace of a batch."""
        activations, deltas = [layer.a for layer in done.layers], [layer.delta for layer in done.layers]
        return cls(
            network,
            done.x,
            done.y,
            activations,
            deltas,
            after,
            learning_rate=learning_rate,
            samples=samples,
            epoch=epoch,
            rule=rule,
            slots=slots,
        )

    def value(self, metric: Metric) -> float:
        """Return the value of a metric; the largest one if each sample of the batch has its own."""
        return float(np.max(self.values(metric)))

    def values(self, metric: Metric) -> Array:
        """Return the value of a metric, shape (1,), or if each sample has its own, shape (n_samples,)."""
        with np.errstate(all="ignore"):
            kind = QUANTITIES[metric.quantity].kind
            if kind == "sample":
                return np.asarray(self._of_sample[metric.quantity](), dtype=np.float64)
            if kind == "layer":
                return np.array([np.mean(self._is_saturated(metric.layer))])
            return np.array([self._aggregated(metric)])

    def neuron_of(self, metric: Metric) -> tuple[int, int] | None:
        """Return (layer, neuron) of the value that a metric is, or of the output that it depends on most.

        None for a metric of the data alone: class, sample and epoch.
        """
        with np.errstate(all="ignore"):
            kind = QUANTITIES[metric.quantity].kind
            if kind == "sample":
                return self._neuron_of_sample(metric.quantity)
            return metric.layer, self._neuron_in_layer(metric)

    def _neuron_of_sample(self, quantity: str) -> tuple[int, int] | None:
        last = len(self._deltas)
        if quantity == "not_finite":
            wrong = [(n, np.flatnonzero(~np.isfinite(self._z(n)).all(axis=0))) for n in range(1, last + 1)]
            return next(((layer, int(neurons[0])) for layer, neurons in wrong if len(neurons)), None)
        if quantity not in ("loss", "loss_rise", "misclassified"):
            return None
        return last, _largest_column(np.abs(self._a[-1] - self._y))

    def _neuron_in_layer(self, metric: Metric) -> int:
        if metric.neuron is not None:
            return metric.neuron
        if QUANTITIES[metric.quantity].kind == "layer":
            return _largest_column(-np.abs(self._slope(metric.layer)))
        values = self._values_of(metric.quantity, metric.layer)
        if metric.aggregation == "rms":
            return _largest_column(np.abs(values))
        return _largest_column(-values if metric.aggregation == "smallest" else values)

    def _aggregated(self, metric: Metric) -> float:
        values = self._values_of(metric.quantity, metric.layer)
        if metric.source is not None:
            values = values[[metric.source]]
        if metric.neuron is not None:
            values = values[:, [metric.neuron]]
        if metric.aggregation == "rms" and not metric.is_single:
            return float(np.sqrt(np.mean(values * values)))
        return float(values.min() if metric.aggregation == "smallest" else values.max())

    def _values_of(self, quantity: str, layer: int) -> Array:
        here = self._network.layers[layer - 1]
        if quantity in ("abs_delta", "delta"):
            found = self._deltas[layer - 1]
        elif quantity in ("abs_error", "error"):
            found = self._error(layer)
        elif quantity == "slope":
            found = self._slope(layer)
        elif quantity == "a":
            found = self._a[layer]
        elif quantity == "z":
            found = self._z(layer)
        elif quantity == "W":
            found = here.weights
        elif quantity in ("m", "v"):
            found = self._moment(quantity, layer)
        elif quantity == "update" and not self._rule.is_plain:
            found = self._after.layers[layer - 1].weights - here.weights
        else:
            found, _ = backprop.gradients(self._a[layer - 1], self._deltas[layer - 1])
            found = self._rate * found if quantity == "update" else found
        return np.abs(found) if quantity in ("abs_delta", "abs_error", "update") else found

    def _moment(self, name: str, layer: int) -> Array:
        slot, weights = self._rule.slot_of(name), self._network.layers[layer - 1].weights
        if slot is None or self._slots is None:
            return np.full(weights.shape, np.nan)
        sizes = [values.shape[1] for values in self._a]
        return unpack(self._slots[slot], sizes)[layer - 1][0]

    def _z(self, layer: int) -> Array:
        here = self._network.layers[layer - 1]
        return np.asarray(self._a[layer - 1] @ here.weights + here.bias)

    def _error(self, layer: int) -> Array:
        if layer == len(self._network.layers):
            return self._network.loss.error(self._a[-1], self._y)
        return np.asarray(self._deltas[layer] @ self._network.layers[layer].weights.T)

    def _slope(self, layer: int) -> Array:
        rule, a = self._network.layers[layer - 1].rule, self._a[layer]
        return rule.slope(self._z(layer) if rule.needs_z else a, a, None)

    def _is_saturated(self, layer: int) -> Array:
        rule = self._network.layers[layer - 1].rule
        return np.asarray(np.abs(self._slope(layer)) < rule.saturated_slope)

    def _losses(self) -> Array:
        return self._network.loss.value(self._z(len(self._network.layers)), self._a[-1], self._y)

    def _loss_rises(self) -> Array:
        return np.asarray(self._after.losses(self._a[0], self._y) - self._losses())

    def _classes(self) -> Array:
        return np.asarray(self._y.argmax(axis=1), dtype=np.float64)

    def _mistakes(self) -> Array:
        return np.asarray(self._a[-1].argmax(axis=1) != self._y.argmax(axis=1))

    def _not_finite(self) -> Array:
        # If no number is large, no product of two overflows; this test first makes the usual case three times faster.
        every = [self._network.parameters, self._after.parameters, *self._a, *self._deltas]
        if sum(np.vdot(each, each) for each in every) < _HARMLESS_SQUARES:
            return np.array([False])
        layers = range(1, len(self._deltas) + 1)
        numbers = [self._after.parameters, self._losses(), *self._a, *self._deltas, *map(self._z, layers)]
        # dW is a_prev times delta: all of it is finite if the product of the largest factors is.
        numbers += [np.abs(a).max() * np.abs(delta).max() for a, delta in zip(self._a, self._deltas, strict=False)]
        return np.array([not all(np.isfinite(each).all() for each in numbers)])


def _largest_column(values: Array) -> int:
    """Return the column of the largest value of a matrix; NaN counts as the largest."""
    return int(np.argmax(values.max(axis=0)))
