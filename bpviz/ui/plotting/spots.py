"""Points of a plot whose positions are replaced without a new style lookup."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF

from bpviz.core.arrays import Array
from bpviz.ui.style.theme import Theme

_PICK_PIXELS = 12
#: Size of the ring around the selected sample.
RING = 18


class Spots(pg.ScatterPlotItem):  # type: ignore[misc]
    """A scatter plot of identical spots; `z` is its height above other items, `looks` what pyqtgraph takes."""

    data: npt.NDArray[np.void]

    def __init__(self, z: int, **looks: object) -> None:
        super().__init__(**looks)
        self.setZValue(z)

    def place(self, places: Array) -> None:
        """Replace the positions of the spots.

        `setData` would look up the style of each spot again, which takes milliseconds for a thousand.
        """
        if not len(places):
            self.clear()
            return
        if not len(self.data):
            self.setData(pos=places[:1])
        alike: npt.NDArray[np.void] = np.repeat(self.data[:1], len(places))
        alike["x"], alike["y"] = places.T
        self.data = alike
        self.bounds = [None, None]
        self.prepareGeometryChange()
        self.update()


def ring_pens(theme: Theme) -> list[object]:
    """Return the pens of the ring around the selected sample, which is drawn twice.

    It has a wide outline of the paper colour, so that it is visible among a thousand points.
    """
    outline, line = 7 * theme.mark_size, 3 * theme.mark_size
    return [pg.mkPen(theme.paper, width=outline), pg.mkPen(theme.accent, width=line)]


def nearest_place(view: pg.ViewBox, places: Array, where: QPointF) -> int | None:
    """Return the row of the place that is nearest to a scene position, None if none is near."""
    if not len(places) or not view.sceneBoundingRect().contains(where):
        return None
    point = view.mapSceneToView(where)
    away = (places - (point.x(), point.y())) / view.viewPixelSize()
    distances = np.nan_to_num(np.hypot(*away.T), nan=np.inf)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] <= _PICK_PIXELS else None
