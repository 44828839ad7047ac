"""A line over the epochs, which takes the same memory and time however many there are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg

from bpviz.core.arrays import Array

#: Of more epochs than this in view, the smallest and the largest value of each group are drawn; a screen shows no more.
MOST_POINTS = 8192


class EpochLine(pg.PlotDataItem):  # type: ignore[misc]
    """Draws a value of each epoch, the first at 1; only the epochs in view are handed to pyqtgraph.

    Parameters
    ----------
    height : callable, optional
        Returns the heights of an array of values; it must not change their order. By default a value is its height.
    """

    def __init__(self, height: Callable[[Array], Array] = np.array) -> None:
        super().__init__(autoDownsample=True, downsampleMethod="peak")
        self.opts["autoDownsampleFactor"] = 1.0  # at most two points for each pixel
        self._height = height
        self._values: Array = np.empty(0)

    def show_values(self, values: Array) -> None:
        """Show the values of all epochs, shape (n_epochs,), which may be a view of a larger array."""
        self._values = values
        self._hand_over()

    def viewRangeChanged(self, *changed: object) -> None:
        """Hand over the epochs that are in view now."""
        super().viewRangeChanged(*changed)
        if len(self._values) > MOST_POINTS:
            self._hand_over()

    def _hand_over(self) -> None:
        first, last = self._in_view()
        epochs, values = in_groups(self._values[first:last], first + 1)
        heights = self._height(values)
        seen = np.isfinite(heights)
        is_point = np.count_nonzero(seen) == 1
        self.setData(epochs[seen], heights[seen], symbol="o" if is_point else None, symbolSize=4)

    def _in_view(self) -> tuple[int, int]:
        """Return the rows that are in view, and one more at each side for the line that leaves the view."""
        view, n_epochs = self.getViewBox(), len(self._values)
        if view is None or n_epochs <= MOST_POINTS:
            return 0, n_epochs
        left, right = view.viewRange()[0]
        return int(np.clip(left - 2, 0, n_epochs)), int(np.clip(right + 1, 0, n_epochs))


def in_groups(values: Array, first_epoch: int) -> tuple[Array, Array]:
    """Return epochs and values, or the largest and smallest value of each group if there are too many.

    Values that are not finite are left out of a group with others.
    """
    size = max(-(-2 * len(values) // MOST_POINTS), 1) if len(values) > MOST_POINTS else 1
    starts = np.arange(0, len(values), size)
    epochs = np.asarray(starts + first_epoch + (size - 1) / 2, dtype=np.float64)
    if size == 1:
        return epochs, values
    largest, smallest = np.fmax.reduceat(values, starts), np.fmin.reduceat(values, starts)
    return np.repeat(epochs, 2), np.column_stack([largest, smallest]).ravel()
