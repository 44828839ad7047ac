"""Axis and colour ranges that stay the same while data move within them."""

from __future__ import annotations

import math

from bpviz.ui.plotting.heat_column import _LARGEST, _SMALLEST

# Fraction of the data's length that is left free on both sides of a new range.
_ROOM = 0.08
# A range longer than this many times its data is shrunk.
_TOO_WIDE = 4.0
_SHORTEST = 1e-12


class StableSpan:
    """An axis range that grows in steps when data leave it, and shrinks only when it is much too wide."""

    def __init__(self) -> None:
        self._span: tuple[float, float] | None = None

    def release(self) -> None:
        """Reset the range."""
        self._span = None

    def fit(self, low: float, high: float) -> tuple[float, float]:
        """Return the range for data from low to high, both finite."""
        if self._span is None or self._is_too_wide(low, high):
            self._span = _round(low, high)
        elif low < self._span[0] or high > self._span[1]:
            self._span = _round(min(low, self._span[0]), max(high, self._span[1]))
        return self._span

    def _is_too_wide(self, low: float, high: float) -> bool:
        assert self._span is not None
        length = self._span[1] - self._span[0]
        return high - low < length / _TOO_WIDE and length > 2 * _least(low, high)


def _round(low: float, high: float) -> tuple[float, float]:
    """Return a range that contains low..high with some space around it, with round ends."""
    length = high - low
    if length < _least(low, high):
        low, high, length = low - _least(low, high) / 2, high + _least(low, high) / 2, _least(low, high)
    step = 10.0 ** math.floor(math.log10(length)) / 10
    step *= 1 if length < 50 * step else 2
    room = _ROOM * length
    return math.floor((low - room) / step) * step, math.ceil((high + room) / step) * step


def _least(low: float, high: float) -> float:
    """Return the shortest range that floating-point numbers of this magnitude can resolve."""
    return max(1e-6 * max(abs(low), abs(high)), _SHORTEST)


class StableRange:
    """A colour range that stays the same between frames; it grows when needed and shrinks only when much too wide.

    Attributes
    ----------
    held : bool
        Whether the range is locked.
    """

    def __init__(self) -> None:
        self.held = False
        self._top = 0.0

    def release(self) -> None:
        """Reset the range."""
        self._top = 0.0

    def fit(self, largest: float) -> float:
        """Return the top of the range, 1, 2 or 5 times a power of ten, for data of a given largest magnitude."""
        if not math.isfinite(largest):
            return self._top or 1.0
        too_small, too_wide = largest > self._top, largest < self._top / 5
        if self._top == 0.0 or (not self.held and (too_small or too_wide)):
            self._top = min(_round_up(max(largest, _SMALLEST)), _LARGEST)
        return self._top


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if value <= step * power * (1 + 1e-9))
