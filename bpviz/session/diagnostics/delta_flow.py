"""Delta flow: how deltas shrink or grow from the output to layer 1, and how much is due to slopes and weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.session.diagnostics.causes import rms
from bpviz.session.diagnostics.number_words import number
from bpviz.session.walkthrough.traced_update import TracedUpdate

_NEARLY_SAME = 1.05
_LARGEST_COUNT = 1e6
Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class DeltaFlow:
    """RMS delta of each layer, and the factors due to slopes and weights between output and layer 1.

    Attributes
    ----------
    rms : tuple of float
        Root mean square delta of layers 1..L, over neurons and samples.
    by_slopes : float
        RMS delta over RMS error, multiplied over layers 1..L-1.
    by_weights : float
        RMS error over RMS delta of the next layer, multiplied over the same. Both together make
        ``rms[0] / rms[-1]``. Not a number where a size is 0 or none.
    """

    rms: tuple[float, ...]
    by_slopes: float
    by_weights: float

    @property
    def whole(self) -> float:
        """RMS delta of layer 1 over that of the output; NaN for 0 over 0."""
        return _ratio(self.rms[0], self.rms[-1])

    def sentence(self) -> str:
        """Return a sentence about how deltas change from the output to layer 1, and why."""
        last = len(self.rms)
        if last == 1:
            return f"One layer only: its RMS delta is {number(self.rms[0])}"
        if odd := self._odd_one():
            return odd
        way = f"from layer {last} to 1"
        if 1 / _NEARLY_SAME < self.whole < _NEARLY_SAME:
            return f"delta stays about as large {way}: {self._parts()}"
        verb = "shrinks" if self.whole < 1 else "grows"
        return f"delta {verb} {_times(self.whole)} times {way}: {self._parts()}"

    def _odd_one(self) -> str:
        """Return a sentence about the last layer whose RMS delta is 0 or not finite; "" if there is none."""
        for layer in range(len(self.rms), 0, -1):
            size = self.rms[layer - 1]
            if not math.isfinite(size):
                return f"delta is {number(size)} in layer {layer}: a number has left the computer's range"
            if size == 0:
                below = f"layers {layer} to 1" if layer > 1 else "layer 1"
                return f"delta is exactly 0 in {below}: nothing is learned there"
        return ""

    def _parts(self) -> str:
        slopes, weights = _times(self.by_slopes), _times(self.by_weights)
        if (self.by_slopes < 1) == (self.by_weights < 1) == (self.whole < 1):
            return f"{slopes} of it by the slopes, {weights} by the weights"
        return (
            f"the slopes take it {_direction(self.by_slopes)} {slopes} times, "
            f"the weights {_direction(self.by_weights)} {weights} times"
        )


def flow_of_update(update: TracedUpdate, row: int) -> DeltaFlow:
    """Return the delta flow of one sample of an update."""
    layers = update.trace.layers
    return delta_flow([layer.error[row] for layer in layers[:-1]], [layer.delta[row] for layer in layers])


def flow_of_sizes(errors: Sequence[float], deltas: Sequence[float]) -> DeltaFlow:
    """Return the delta flow for RMS errors and RMS deltas of layers 1..L."""
    return _flow(errors[:-1], deltas)


def delta_flow(errors: Sequence[Values], deltas: Sequence[Values]) -> DeltaFlow:
    """Return the delta flow for arrays of errors and deltas.

    Parameters
    ----------
    errors : sequence of ndarray
        Of layers 1..L-1, of any shape.
    deltas : sequence of ndarray
        Of layers 1..L.
    """
    return _flow([_rms(error) for error in errors], [_rms(delta) for delta in deltas])


def _flow(errors: Sequence[float], deltas: Sequence[float]) -> DeltaFlow:
    by_slopes = [_ratio(delta, error) for delta, error in zip(deltas[:-1], errors, strict=True)]
    by_weights = [_ratio(error, following) for error, following in zip(errors, deltas[1:], strict=True)]
    return DeltaFlow(tuple(deltas), math.prod(by_slopes), math.prod(by_weights))


def _rms(values: Values) -> float:
    return rms(values.astype(np.float64)) if values.size else math.nan


def _ratio(part: float, whole: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(part) / np.float64(whole))


def _direction(factor: float) -> str:
    return "down" if factor < 1 else "up"


def _times(factor: float) -> str:
    """Return the factor, at least 1, by which something shrinks or grows, with two significant digits."""
    size = max(factor, 1 / factor)
    if not size < _LARGEST_COUNT:
        return number(size)
    return f"{float(f'{size:.2g}'):,.0f}" if size >= 10 else f"{size:.1f}"
