"""Logarithmic scales: from one power of ten to another, and symmetric about zero; and their ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array
from bpviz.ui.plotting.heat_column import Image
from bpviz.ui.plotting.stable_range import Span, StableSpan
from bpviz.ui.style import formats

_MOST_STEPS = 4
_LEAST_DECADES, _MOST_DECADES = 2, 8
_TOO_WIDE = 2
# A symmetric scale goes this many powers of ten down from its top, and is linear below.
_DECADES = 4


def power_of_ten(power: int) -> str:
    """Write 10**power: "1e−3", "1", "1,000"."""
    return f"1e−{-power}" if power < 0 else f"{10**power:,}"


def powers_of_ten(values: npt.ArrayLike, low: float, high: float) -> Array:
    """Return the powers of ten of values that are not negative, none beyond low or high; NaN stays NaN."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.clip(np.log10(np.asarray(values, dtype=np.float64)), low, high))


@dataclass(frozen=True)
class LogScale:
    """A scale from 10**low to 10**high."""

    low: int
    high: int

    def places(self, values: npt.ArrayLike) -> Array:
        """Return where values that are not negative stand on the scale, 0 to 1; NaN stays NaN."""
        return (powers_of_ten(values, self.low, self.high) - self.low) / (self.high - self.low)

    def ticks(self) -> list[tuple[int, str]]:
        """Return (power, text) of at most five powers of ten, the upper end among them, in rising order."""
        step = max(1, math.ceil((self.high - self.low) / _MOST_STEPS))
        return [(power, power_of_ten(power)) for power in range(self.high, self.low - 1, -step)][::-1]

    def ticks_at_places(self) -> list[tuple[float, str]]:
        """Return the same ticks as (place, text); places go from 0 to 1."""
        return [((power - self.low) / (self.high - self.low), text) for power, text in self.ticks()]


class StableLogScale:
    """A `LogScale` that holds still, for bars: it grows when it must and shrinks only when much too wide.

    Parameters
    ----------
    always : LogScale, optional
        What it spans whatever the values are.
    most : int
        How many decades it spans at the most; what is smaller has no bar.

    Attributes
    ----------
    scale : LogScale or None
        None until there is a value, unless there is a scale that it always spans.
    """

    def __init__(self, always: LogScale | None = None, most: int = _MOST_DECADES) -> None:
        self._always, self._most = always, most
        self._span = StableSpan(self._decades, self._is_much_wider)
        self.scale = always

    def release(self) -> None:
        """Forget the scale."""
        self._span.release()
        self.scale = self._always

    def fit(self, values: Iterable[float]) -> None:
        """Span all values that are numbers above 0."""
        powers = [math.log10(value) for value in values if 0 < value < math.inf]
        if powers:
            low, high = self._span.fit(min(powers), max(powers))
            self.scale = LogScale(int(low), int(high))

    def share(self, value: float | None) -> float:
        """Return how long the bar of a value is, 0 to 1."""
        if self.scale is None or value is None or not value > 0:
            return 0.0
        return float(self.scale.places(value))

    def _decades(self, low: float, high: float) -> Span:
        if self._always:
            low, high = min(low, self._always.low), max(high, self._always.high)
        top = math.ceil(high)
        return max(min(math.floor(low), top - _LEAST_DECADES), top - self._most), top

    def _is_much_wider(self, span: Span, low: float, high: float) -> bool:
        fitting = self._decades(low, high)
        return (span[1] - span[0]) - (fitting[1] - fitting[0]) > _TOO_WIDE


def symmetric_log(values: Image, top: float) -> Image:
    """Map -top..top to -1..1, logarithmically on both sides of zero and linearly very near it."""
    knee = top * 10.0**-_DECADES
    bent = np.log1p(np.abs(values) / np.float32(knee)) / np.float32(math.log1p(top / knee))
    return np.copysign(bent, values).astype(np.float32)


def symmetric_log_ticks(top: float) -> list[tuple[float, str]]:
    """Return (place, text) for zero and for every power of ten below the top, on both sides."""
    values = [top * 10.0**-power for power in range(0, _DECADES, 2)]
    signed = np.array([*(-np.array(values)), 0.0, *values[::-1]], dtype=np.float32)
    return [(float(at), formats.number(float(v), 2)) for at, v in zip(symmetric_log(signed, top), signed, strict=True)]
