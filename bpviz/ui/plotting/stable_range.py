"""Axis and colour ranges that stay the same while data move within them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

# Fraction of the data's length that is left free on both sides of a new range.
_ROOM = 0.08
# A range longer than this many times its data is shrunk.
_TOO_WIDE = 4.0
_SHORTEST = 1e-12
# The same for a range that starts at zero.
_TOO_HIGH = 5.0
_SMALLEST = 1e-30
# The largest power of ten that a float32 holds.
_LARGEST = 1e38
_BULK = 0.98
Span = tuple[float, float]


def _with_room(low: float, high: float) -> Span:
    """Return a range that contains low..high with some space around it, with round ends."""
    length = high - low
    if length < _least(low, high):
        low, high, length = low - _least(low, high) / 2, high + _least(low, high) / 2, _least(low, high)
    step = 10.0 ** math.floor(math.log10(length)) / 10
    step *= 1 if length < 50 * step else 2
    room = _ROOM * length
    return math.floor((low - room) / step) * step, math.ceil((high + room) / step) * step


def _is_several_times_as_long(span: Span, low: float, high: float) -> bool:
    length = span[1] - span[0]
    return high - low < length / _TOO_WIDE and length > 2 * _least(low, high)


def _least(low: float, high: float) -> float:
    """Return the shortest range that floating-point numbers of this magnitude can resolve."""
    return max(1e-6 * max(abs(low), abs(high)), _SHORTEST)


class StableSpan:
    """A range that grows in steps when data leave it, and shrinks only when it is much too wide.

    Parameters
    ----------
    rounded : callable
        ``rounded(low, high)`` -> a range with round ends that contains low..high.
    is_too_wide : callable
        ``is_too_wide(span, low, high)`` -> whether a range is much too wide for low..high.

    Attributes
    ----------
    span : tuple of float or None
        The range, None until there is data.
    held : bool
        Whether the range is locked.
    """

    def __init__(
        self,
        rounded: Callable[[float, float], Span] = _with_room,
        is_too_wide: Callable[[Span, float, float], bool] = _is_several_times_as_long,
    ) -> None:
        self._rounded, self._is_too_wide = rounded, is_too_wide
        self.span: Span | None = None
        self.held = False

    def release(self) -> None:
        """Reset the range."""
        self.span = None

    def fit(self, low: float, high: float) -> Span:
        """Return the range for data from low to high, both finite."""
        if self.span is None or (not self.held and self._is_too_wide(self.span, low, high)):
            self.span = self._rounded(low, high)
        elif not self.held and (low < self.span[0] or high > self.span[1]):
            self.span = self._rounded(min(low, self.span[0]), max(high, self.span[1]))
        return self.span


class StableRange:
    """A `StableSpan` for colours and histograms: from zero to 1, 2 or 5 times a power of ten."""

    def __init__(self) -> None:
        self._span = StableSpan(_up_to_round, _is_much_higher)

    @property
    def held(self) -> bool:
        """Whether the range is locked."""
        return self._span.held

    @held.setter
    def held(self, on: bool) -> None:
        self._span.held = on

    def release(self) -> None:
        """Reset the range."""
        self._span.release()

    def fit(self, largest: float) -> float:
        """Return the top of the range for data of a given largest magnitude, which is ignored if not finite."""
        if not math.isfinite(largest):
            return self._span.span[1] if self._span.span else 1.0
        return self._span.fit(0.0, largest)[1]


def _up_to_round(low: float, high: float) -> Span:
    value = max(high, _SMALLEST)
    power = 10.0 ** math.floor(math.log10(value))
    top = next(step * power for step in (1.0, 2.0, 5.0, 10.0) if value <= step * power * (1 + 1e-9))
    return 0.0, min(top, _LARGEST)


def _is_much_higher(span: Span, low: float, high: float) -> bool:
    return high < span[1] / _TOO_HIGH


def bulk(values: npt.NDArray[np.floating]) -> float:
    """Return the 98th percentile of the magnitudes, so that a few outliers do not fade all other colours."""
    if not values.size:
        return 0.0
    rank = math.ceil(_BULK * (values.size - 1))
    return float(np.partition(np.abs(values), rank, axis=None)[rank])
