"""An axis that is labelled in other units than those of its view."""

from __future__ import annotations

import pyqtgraph as pg

Levels = list[tuple[float, list[float]]]


class UnitAxis(pg.AxisItem):  # type: ignore[misc]
    """Labels each value v of the view as ``v * factor + shift``, with round numbers in those units."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self._shift, self._factor = 0.0, 1.0

    def set_units(self, shift: float = 0.0, factor: float = 1.0) -> None:
        """Set the units; `factor` is positive."""
        if (shift, factor) != (self._shift, self._factor):
            self._shift, self._factor = shift, factor
            self.picture = None
            self.update()

    def original(self, value: float) -> float:
        """Return a value of the view in the units of the labels."""
        return value * self._factor + self._shift

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Levels:
        """Return the ticks that are round in the units of the labels, as values of the view."""
        levels = super().tickValues(self.original(minVal), self.original(maxVal), size)
        return [(spacing, [(value - self._shift) / self._factor for value in values]) for spacing, values in levels]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the labels of ticks."""
        texts: list[str] = super().tickStrings([self.original(value) for value in values], scale, spacing)
        return texts
