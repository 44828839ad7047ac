"""A surface over the input plane, of which several may stand side by side: picture, boundaries, points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpviz.core.arrays import Array, Indices
from bpviz.core.surface import Grid, Outputs
from bpviz.session.frames.class_colours import CLASSES
from bpviz.ui.plotting.contours import boundary_lines
from bpviz.ui.style.plot_style import hold_left_axis, make_plot, restyle
from bpviz.ui.style.theme import Theme

_Z_SURFACE, _Z_POINTS, _Z_OTHER, _Z_BOUNDARY = -10, 1, 2, 3
_POINT_SIZE = 3.5


class SurfaceView(QWidget):
    """One plot; whoever owns several keeps their ranges alike.

    Parameters
    ----------
    name : str
        What a screen reader says.

    Signals
    -------
    moved : QRectF
        Somebody has zoomed or moved it by hand, to this part of the plane.
    resized
        It shows another part of the plane, for whatever reason.
    """

    moved = Signal(object)
    resized = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.plot = make_plot(name, x="x₁", y="x₂")
        self.plot.setAspectLocked(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.image, self.points = pg.ImageItem(), pg.ScatterPlotItem(size=_POINT_SIZE, pen=None)
        self.boundary = pg.PlotCurveItem(connect="finite")
        self.other_boundary = pg.PlotCurveItem(connect="finite")
        items = {self.image: _Z_SURFACE, self.points: _Z_POINTS}
        items |= {self.other_boundary: _Z_OTHER, self.boundary: _Z_BOUNDARY}
        for item, z in items.items():
            item.setZValue(z)
            self.plot.addItem(item, ignoreBounds=True)
        self._view = self.plot.getPlotItem().vb
        self._view.sigRangeChangedManually.connect(self._tell_move)
        self._view.sigRangeChanged.connect(self.resized)

    def restyle(self, theme: Theme) -> None:
        """Take the theme's colours."""
        restyle(self.plot.getPlotItem(), theme)
        hold_left_axis(self.plot)
        self.boundary.setPen(pg.mkPen(theme.ink, width=1.6))
        self.other_boundary.setPen(pg.mkPen(theme.ink, width=1.2, style=Qt.PenStyle.DashLine))

    def show_points(self, X: Array, labels: Indices) -> None:
        """Show samples, small: they are there to find one's way, not to be read."""
        palette = [pg.mkBrush(colour) for colour in CLASSES]
        self.points.setData(pos=X, brush=[palette[label] for label in labels])

    def show_image(self, grid: Grid, image: npt.NDArray[np.generic], levels: tuple[float, float] | None = None) -> None:
        """Lay a picture over a rectangle of the plane: colours, or values between two levels of the lookup table."""
        self.image.setImage(image, levels=levels, autoLevels=False)
        self.image.setRect(QRectF(grid.left, grid.bottom, grid.right - grid.left, grid.top - grid.bottom))

    def show_boundaries(self, grid: Grid, outputs: Outputs, other: Outputs | None = None) -> None:
        """Draw where classes tie; those of another network dashed."""
        self.boundary.setData(*boundary_lines(grid, outputs))
        if other is None:
            self.other_boundary.clear()
        else:
            self.other_boundary.setData(*boundary_lines(grid, other))

    def clear(self) -> None:
        """Show the points alone."""
        for item in (self.image, self.boundary, self.other_boundary):
            item.clear()

    def show_part(self, part: QRectF) -> None:
        """Show a part of the plane, and as much round it as the shape of the view asks for."""
        self.plot.setRange(part, padding=0)

    def grid(self, cells: int) -> Grid | None:
        """Return what it shows, cut into about so many cells; None while it has no size."""
        (left, right), (bottom, top) = self._view.viewRange()
        width, height = self._view.width(), self._view.height()
        if width < 2 or height < 2:
            return None
        columns = max(int(np.sqrt(cells * width / height)), 2)
        return Grid(left, right, bottom, top, columns, max(cells // columns, 2))

    @Slot()
    def _tell_move(self) -> None:
        self.moved.emit(self._view.viewRect())
