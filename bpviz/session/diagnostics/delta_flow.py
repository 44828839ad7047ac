"""How deltas shrink or grow from the output down to layer 1, and how much of it slopes and weights do."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import rms
from bpviz.session.diagnostics.number_words import factor, is_nearly_one, number, times
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class DeltaFlow:
    """The size of each layer's errors and deltas, and what made them so on the way from the output.

    Attributes
    ----------
    errors, deltas : tuple of float
        Root mean square of layers 1..L, over neurons and samples.
    """

    errors: tuple[float, ...]
    deltas: tuple[float, ...]

    def slopes_of(self, layer: int) -> float:
        """Return RMS delta over RMS error of a layer: what its slopes did. Not a number for 0 over 0."""
        return ratio(self.deltas[layer - 1], self.errors[layer - 1])

    def weights_of(self, layer: int) -> float:
        """Return RMS error of a layer over RMS delta of the next: what the weights between them did."""
        return ratio(self.errors[layer - 1], self.deltas[layer])

    @property
    def by_slopes(self) -> float:
        """What all slopes on the way from the output to layer 1 did, multiplied."""
        return _product(map(self.slopes_of, range(1, len(self.deltas))))

    @property
    def by_weights(self) -> float:
        """What all weights on that way did; times `by_slopes` it is `whole`."""
        return _product(map(self.weights_of, range(1, len(self.deltas))))

    @property
    def whole(self) -> float:
        """RMS delta of layer 1 over that of the output; not a number for 0 over 0."""
        return ratio(self.deltas[0], self.deltas[-1])

    def sentence(self) -> str:
        """Say how deltas change from the output to layer 1, and by what."""
        last = len(self.deltas)
        if last == 1:
            return f"One layer only: its RMS delta is {number(self.deltas[0])}"
        if odd := self._odd_one():
            return odd
        way = f"from layer {last} to 1"
        if is_nearly_one(self.whole):
            return f"delta stays about as large {way}: {self._parts()}"
        verb = "shrinks" if self.whole < 1 else "grows"
        return f"delta {verb} {times(self.whole)} {way}: {self._parts()}"

    def _odd_one(self) -> str:
        """Name the uppermost layer whose deltas are no size to compare, if there is one."""
        for layer in range(len(self.deltas), 0, -1):
            size = self.deltas[layer - 1]
            if not math.isfinite(size):
                return f"delta is {number(size)} in layer {layer}: a number has left the computer's range"
            if size == 0:
                below = f"layers {layer} to 1" if layer > 1 else "layer 1"
                return f"delta is exactly 0 in {below}: nothing is learned there"
        return ""

    def _parts(self) -> str:
        slopes, weights = factor(self.by_slopes), factor(self.by_weights)
        if (self.by_slopes < 1) == (self.by_weights < 1) == (self.whole < 1):
            return f"{slopes} of it by the slopes, {weights} by the weights"
        return (
            f"the slopes take it {_direction(self.by_slopes)} {slopes} times, "
            f"the weights {_direction(self.by_weights)} {weights} times"
        )


def flow_of_update(update: TracedUpdate, row: int) -> DeltaFlow:
    """Return the flow of one sample of the update on the table."""
    layers = update.trace.layers
    return DeltaFlow(tuple(rms(layer.error[row]) for layer in layers), tuple(rms(layer.delta[row]) for layer in layers))


def ratio(part: float, whole: float) -> float:
    """Return part / whole as IEEE 754 has it: infinite over 0, not a number for 0 / 0."""
    with np.errstate(all="ignore"):
        return float(np.float64(part) / np.float64(whole))


def _product(factors: Iterable[float]) -> float:
    """Multiply by way of logarithms, so that no part of the product leaves the range of a float64."""
    with np.errstate(all="ignore"):
        return float(np.exp(np.sum(np.log(list(factors)))))


def _direction(ratio: float) -> str:
    return "down" if ratio < 1 else "up"
