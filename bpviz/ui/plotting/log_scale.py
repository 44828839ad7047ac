"""Logarithmic scales, of powers of ten and symmetric about zero, and their ticks."""

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
# A symmetric log scale covers at least and at most this many decades below its top, and is linear below that.
DECADES, _MOST_SYMMETRIC = 4, 9


def power_of_ten(power: int) -> str:
    """Format 10**power: "1e−3", "1", "1,000"."""
    return f"1e−{-power}" if power < 0 else f"{10**power:,}"


def powers_of_ten(values: npt.ArrayLike, low: float, high: float) -> Array:
    """Return log10 of values that are not negative, clipped to low..high; NaN stays NaN."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.clip(np.log10(np.asarray(values, dtype=np.float64)), low, high))


@dataclass(frozen=True)
class LogScale:
    """A scale from 10**low to 10**high."""

    low: int
    high: int

    def places(self, values: npt.ArrayLike) -> Array:
        """Return the positions on the scale, 0 to 1, of values that are not negative; NaN stays NaN."""
        return (powers_of_ten(values, self.low, self.high) - self.low) / (self.high - self.low)

    def ticks(self) -> list[tuple[int, str]]:
        """Return (power, text) of at most five powers of ten, including the upper end, in ascending order."""
        step = max(1, math.ceil((self.high - self.low) / _MOST_STEPS))
        return [(power, power_of_ten(power)) for power in range(self.high, self.low - 1, -step)][::-1]

    def ticks_at_places(self) -> list[tuple[float, str]]:
        """Return (position from 0 to 1, text) of the same ticks."""
        return [((power - self.low) / (self.high - self.low), text) for power, text in self.ticks()]


class StableLogScale:
    """A `LogScale` for bars that stays the same; it grows when needed and shrinks only when much too wide.

    Parameters
    ----------
    always : LogScale, optional
        Part of the scale whatever the values are.
    most : int
        Largest number of decades; values below have no bar.

    Attributes
    ----------
    scale : LogScale or None
        None until there is a value, unless `always` is given.
    """

    def __init__(self, always: LogScale | None = None, most: int = _MOST_DECADES) -> None:
        self._always, self._most = always, most
        self._span = StableSpan(self._decades, self._is_much_wider)
        self.scale = always

    def release(self) -> None:
        """Reset the scale."""
        self._span.release()
        self.scale = self._always

    def fit(self, values: Iterable[float]) -> None:
        """Fit the scale to all positive finite values."""
        powers = [math.log10(value) for value in values if 0 < value < math.inf]
        if powers:
            low, high = self._span.fit(min(powers), max(powers))
            self.scale = LogScale(int(low), int(high))

    def share(self, value: float | None) -> float:
        """Return the length of a bar as a fraction of the scale, 0 to 1."""
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


def decades_down_to(least: float, top: float) -> int:
    """Return how many decades a symmetric log scale needs for `least` to be well visible on it."""
    if not (0 < least < top < math.inf):
        return DECADES
    return min(max(math.ceil(math.log10(top / least)) + 1, DECADES), _MOST_SYMMETRIC)


def symmetric_log(values: Image, top: float, decades: int = DECADES) -> Image:
    """Map -top..top to -1..1: logarithmic on both sides of zero, and linear close to it."""
    knee = top * 10.0**-decades
    bent = np.log1p(np.abs(values) / np.float32(knee)) / np.float32(math.log1p(top / knee))
    return np.copysign(bent, values).astype(np.float32)


def symmetric_log_ticks(top: float, decades: int = DECADES) -> list[tuple[float, str]]:
    """Return (position, text) of zero and of every second power of ten below the top, on both sides."""
    values = [top * 10.0**-power for power in range(0, decades, 2 if decades == DECADES else 3)]
    signed = np.array([*(-np.array(values)), 0.0, *values[::-1]], dtype=np.float32)
    return [
        (float(at), formats.number(float(v), 2))
        for at, v in zip(symmetric_log(signed, top, decades), signed, strict=True)
    ]
