"""Delta flow: how deltas shrink or grow from the output to layer 1, and how much is due to slopes and weights."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import rms
from bpviz.language import _
from bpviz.session.diagnostics.number_words import factor, is_nearly_one, number
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class DeltaFlow:
    """RMS error and RMS delta of each layer, and the factors due to slopes and weights between output and layer 1.

    Attributes
    ----------
    errors, deltas : tuple of float
        Root mean square errors and deltas of layers 1..L, over neurons and samples.
    """

    errors: tuple[float, ...]
    deltas: tuple[float, ...]

    def slopes_of(self, layer: int) -> float:
        """Return the factor due to the slopes of a layer, RMS delta over RMS error; NaN for 0 over 0."""
        return ratio(self.deltas[layer - 1], self.errors[layer - 1])

    def weights_of(self, layer: int) -> float:
        """Return the factor due to the weights between a layer and the next, RMS error over the next RMS delta."""
        return ratio(self.errors[layer - 1], self.deltas[layer])

    @property
    def by_slopes(self) -> float:
        """The product of the factors due to slopes, over layers 1..L-1."""
        return _product(map(self.slopes_of, range(1, len(self.deltas))))

    @property
    def by_weights(self) -> float:
        """The product of the factors due to weights, over the same layers; times `by_slopes` it is `whole`."""
        return _product(map(self.weights_of, range(1, len(self.deltas))))

    @property
    def whole(self) -> float:
        """RMS delta of layer 1 over that of the output; NaN for 0 over 0."""
        return ratio(self.deltas[0], self.deltas[-1])

    def sentence(self) -> str:
        """Return a sentence about how deltas change from the output to layer 1, and why."""
        last = len(self.deltas)
        if last == 1:
            return _("One layer only: its RMS delta is {deltas}").format(deltas=number(self.deltas[0]))
        if odd := self._odd_one():
            return odd
        way = _("from layer {last} to 1").format(last=last)
        if is_nearly_one(self.whole):
            return _("delta stays about as large {way}: {parts}").format(way=way, parts=self._parts())
        shrinks = self.whole < 1
        text = (
            _("delta shrinks {factor} times {way}: {parts}")
            if shrinks
            else _("delta grows {factor} times {way}: {parts}")
        )
        return text.format(factor=factor(self.whole), way=way, parts=self._parts())

    def _odd_one(self) -> str:
        """Return a sentence about the last layer whose RMS delta is 0 or not finite; "" if there is none."""
        for layer in range(len(self.deltas), 0, -1):
            size = self.deltas[layer - 1]
            if not math.isfinite(size):
                return _("delta is {size} in layer {layer}: a number has left the computer's range").format(
                    size=number(size), layer=layer
                )
            if size == 0:
                below = _("layers {layer} to 1").format(layer=layer) if layer > 1 else _("layer 1")
                return _("delta is exactly 0 in {below}: nothing is learned there").format(below=below)
        return ""

    def _parts(self) -> str:
        slopes, weights = factor(self.by_slopes), factor(self.by_weights)
        if (self.by_slopes < 1) == (self.by_weights < 1) == (self.whole < 1):
            return _("{slopes} of it by the slopes, {weights} by the weights").format(slopes=slopes, weights=weights)
        text = _("the slopes take it {by_slopes} {slopes} times, the weights {by_weights} {weights} times")
        by_slopes, by_weights = _direction(self.by_slopes), _direction(self.by_weights)
        return text.format(by_slopes=by_slopes, slopes=slopes, by_weights=by_weights, weights=weights)


def flow_of_update(update: TracedUpdate, row: int) -> DeltaFlow:
    """Return the delta flow of one sample of an update."""
    layers = update.trace.layers
    return DeltaFlow(tuple(rms(layer.error[row]) for layer in layers), tuple(rms(layer.delta[row]) for layer in layers))


def ratio(part: float, whole: float) -> float:
    """Return part / whole as in IEEE 754: infinity for x / 0, NaN for 0 / 0."""
    with np.errstate(all="ignore"):
        return float(np.float64(part) / np.float64(whole))


def _product(factors: Iterable[float]) -> float:
    """Return a product computed with logarithms, so that no intermediate result overflows or underflows."""
    with np.errstate(all="ignore"):
        return float(np.exp(np.sum(np.log(list(factors)))))


def _direction(ratio: float) -> str:
    return _("down") if ratio < 1 else _("up")
