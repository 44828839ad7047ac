"""A plot of a decision surface over the input plane: image, class boundaries and samples."""

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
    """One surface plot; a panel that shows several of them keeps their ranges equal.

    Parameters
    ----------
    name : str
        Accessible name.

    Signals
    -------
    moved : QRectF
        The user has zoomed or panned; the argument is the visible part of the plane.
    resized
        The visible part of the plane has changed for any reason.
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
        self.curves = [pg.PlotCurveItem(connect="finite") for _ in CLASSES]
        for curve in self.curves:
            curve.setZValue(_Z_BOUNDARY)
            self.plot.addItem(curve, ignoreBounds=True)
        self._view = self.plot.getPlotItem().vb
        # Emitted for the mouse only, so that equal ranges of several views do not trigger each other.
        self._view.sigRangeChangedManually.connect(self._emit_moved)
        self._view.sigRangeChanged.connect(self.resized)

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        restyle(self.plot.getPlotItem(), theme)
        hold_left_axis(self.plot)
        self.boundary.setPen(pg.mkPen(theme.ink, width=1.6 * theme.line_width))
        for curve, colour in zip(self.curves, CLASSES, strict=True):
            curve.setPen(pg.mkPen(colour, width=2.0 * theme.line_width))
        self.other_boundary.setPen(pg.mkPen(theme.ink, width=1.2 * theme.line_width, style=Qt.PenStyle.DashLine))

    def set_axes(self, x: str, y: str, *, is_line: bool) -> None:
        """Name the axes; over a single input, which is a line, they have no common scale."""
        self.plot.setLabel("bottom", x)
        self.plot.setLabel("left", y)
        self.plot.fit_labels()
        self.plot.setAspectLocked(not is_line)

    def show_curves(self, grid: Grid, outputs: Outputs) -> None:
        """Draw each output over a single input, shape (1, columns, n_outputs)."""
        x, _ = grid.axes()
        heights = outputs[0].T
        for curve, y in zip(self.curves, heights, strict=False):
            curve.setData(x, y)

    def show_points(self, X: Array, labels: Indices) -> None:
        """Show the samples as small points, for orientation only."""
        palette = [pg.mkBrush(colour) for colour in CLASSES]
        self.points.setData(pos=X, brush=[palette[label] for label in labels])

    def show_image(self, grid: Grid, image: npt.NDArray[np.generic], levels: tuple[float, float] | None = None) -> None:
        """Show an image over a rectangle of the plane: colours, or values between two levels of the lookup table."""
        self.image.setImage(image, levels=levels, autoLevels=False)
        self.image.setRect(QRectF(grid.left, grid.bottom, grid.right - grid.left, grid.top - grid.bottom))

    def show_boundaries(self, grid: Grid, outputs: Outputs, other: Outputs | None = None) -> None:
        """Draw the class boundaries; those of another network are dashed."""
        self.boundary.setData(*boundary_lines(grid, outputs))
        if other is None:
            self.other_boundary.clear()
        else:
            self.other_boundary.setData(*boundary_lines(grid, other))

    def clear(self) -> None:
        """Remove everything but the samples."""
        for item in (self.image, self.boundary, self.other_boundary, *self.curves):
            item.clear()

    def show_part(self, part: QRectF) -> None:
        """Show a rectangle of the plane, and more of it where the aspect ratio of the view requires it."""
        self.plot.setRange(part, padding=0)

    def grid(self, cells: int) -> Grid | None:
        """Return a grid of about `cells` cells over the visible range, or None while the view has no size."""
        (left, right), (bottom, top) = self._view.viewRange()
        width, height = self._view.width(), self._view.height()
        if width < 2 or height < 2:
            return None
        columns = max(int(np.sqrt(cells * width / height)), 2)
        return Grid(left, right, bottom, top, columns, max(cells // columns, 2))

    @Slot()
    def _emit_moved(self) -> None:
        self.moved.emit(self._view.viewRect())
