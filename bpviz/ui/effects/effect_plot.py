"""The input plane with all samples coloured by how their losses change, and a colour bar."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bpviz.core.arrays import Array
from bpviz.core.data.split import Split
from bpviz.core.surface import extent
from bpviz.language import _
from bpviz.session.frames.frame import Frame
from bpviz.ui.effects.effect_points import EffectPoints, Rows
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.plotting.colour_bar import ColourBar
from bpviz.ui.plotting.contours import boundary_lines
from bpviz.ui.plotting.sample_looks import units_of_axis
from bpviz.ui.plotting.spots import nearest_place
from bpviz.ui.plotting.stable_range import StableRange, bulk
from bpviz.ui.plotting.unit_axis import UnitAxis
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.plot_style import hold_left_axis, make_plot, restyle
from bpviz.ui.style.theme import GAP, LIGHT, Theme
from bpviz.ui.view_model.plane_model import PlaneModel

_MARGIN = 0.08
# Of the height, in lines of text: what the axis takes, and what words and the zero of the colour bar need.
_LINES_BESIDE_BAR, _LINES_WITH_WORDS, _LINES_WITH_ZERO = 3.1, 5.0, 2.5
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class EffectPlot(QWidget):
    """Plots samples on the plane through the inputs that the surface is drawn on.

    Signals
    -------
    pointed : int
        Row of the sample under the pointer, -1 if there is none.
    picked : int
        Row of the sample that was clicked, or reached with an arrow key.
    """

    pointed = Signal(int)
    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.axes = {side: UnitAxis(side) for side in ("bottom", "left")}
        words = _("Change of the loss of every sample, on the plane of the inputs")
        self.plot = make_plot(words, x=_("input x₁"), y=_("input x₂"), axes=dict(self.axes))
        self.plot.setAspectLocked(True)
        self.bar = ColourBar(_("Change of the loss"), "−1.2e−88 ", below=2.6)
        self.bar.setToolTip(_("By how much the loss of a sample changes: below 0 it is helped, above 0 hurt"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.plot, 1)
        row.addWidget(self.bar)
        self.boundary = pg.PlotCurveItem(connect="finite")
        self.plot.addItem(self.boundary, ignoreBounds=True)
        self.points = EffectPoints(self.plot)
        self.scale = Scale("sign", 1.0)
        self._range, self._theme = StableRange(), LIGHT
        self._chosen: int | None = None
        self._pointed, self._follows = -1, True
        self._view = self.plot.getPlotItem().vb
        self._view.sigRangeChangedManually.connect(self._stop_following)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.scene().sigMouseClicked.connect(self._pick)
        self.plot.left.connect(self._leave)
        self.plot.take_key = self._press

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        restyle(self.plot.getPlotItem(), theme)
        hold_left_axis(self.plot)
        self.boundary.setPen(pg.mkPen(theme.muted, width=theme.line_width))
        self.points.restyle(theme)
        self.bar.show_scale(theme, colours.sign_map(theme))

    def begin(self, places: Array) -> None:
        """Show other samples, at these places, none of them changed."""
        self.points.places, self._chosen, self._pointed = places, None, -1
        self.boundary.clear()
        self.release()
        self.fit()
        self.draw(np.zeros(len(places)))

    def show_plane(self, split: Split, plane: PlaneModel) -> None:
        """Name the axes of a plane, in original units; inputs in different units have no common scale."""
        self.plot.setAspectLocked(split.n_inputs == 2 or plane.axis_inputs() == (None, None))
        for side, name, number in zip(("bottom", "left"), plane.axis_names(), plane.axis_inputs(), strict=True):
            self.plot.setLabel(side, name)
            self.axes[side].set_units(*units_of_axis(split, number, is_output=False))
        self.plot.fit_labels()

    def move_to(self, places: Array) -> None:
        """Show the same samples at other places."""
        self.points.places, self._pointed = places, -1
        self.boundary.clear()
        if self._follows:
            self.fit()

    def fit(self) -> None:
        """Show all samples, also at another size of the plot, until the user zooms or pans."""
        self._follows = True
        if len(self.points.places):
            (left, bottom), (right, top) = extent(self.points.places)
            self.plot.setRange(QRectF(left, bottom, right - left, top - bottom), padding=_MARGIN)

    @Slot()
    def _stop_following(self) -> None:
        self._follows = False

    def release(self) -> None:
        """Let the next changes set the range of colours."""
        self._range.release()

    def draw(self, changes: Array) -> None:
        """Colour every sample by its change, NaN for none; a few extreme changes do not fade all others."""
        known = np.abs(changes[np.isfinite(changes)])
        largest = bulk(known) or float(known.max(initial=0.0))
        if largest:
            self.scale = Scale("sign", self._range.fit(largest))
        self._show_ticks()
        with np.errstate(all="ignore"):
            self.points.draw(np.nan_to_num(changes, nan=np.nan, posinf=1e300, neginf=-1e300) / self.scale.top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show all samples at the new size, and label the colour bar as far as it has room."""
        super().resizeEvent(event)
        if self._follows:
            self.fit()
        self._show_ticks()

    def _show_ticks(self) -> None:
        low, zero, high = self.scale.ticks()
        lines = self.height() / self.fontMetrics().height() - _LINES_BESIDE_BAR
        words = [(0.25, _("helped")), (0.75, _("hurt"))] if lines > _LINES_WITH_WORDS else []
        self.bar.show_ticks([low, *words, zero, high] if lines > _LINES_WITH_ZERO else [low, high])

    def mark(self, chosen: int | None, step: Rows) -> None:
        """Mark the chosen sample, and the samples that the step is made with."""
        self._chosen = chosen
        self.points.mark(chosen, step)

    def show_boundary(self, frame: Frame) -> None:
        """Draw the boundary between the classes, for orientation."""
        self.boundary.setData(*boundary_lines(frame.grid, frame.outputs))

    # The pointer and the keyboard

    @Slot(object)
    def _hover(self, where: QPointF) -> None:
        row = nearest_place(self._view, self.points.places, where)
        self._point_at(-1 if row is None else row)

    @Slot()
    def _leave(self) -> None:
        self._point_at(-1)

    def _point_at(self, row: int) -> None:
        if row != self._pointed:
            self._pointed = row
            self.pointed.emit(row)

    @Slot(object)
    def _pick(self, event: object) -> None:
        if event.button() is Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            row = nearest_place(self._view, self.points.places, event.scenePos())  # type: ignore[attr-defined]
            if row is not None:
                self.picked.emit(row)

    def _press(self, pressed: int) -> bool:
        """Choose samples with the arrow keys; return whether the key was one of these."""
        step, count = _STEPS.get(Qt.Key(pressed)), len(self.points.places)
        if step is None or not count:
            return False
        self.picked.emit(0 if self._chosen is None else (self._chosen + step) % count)
        return True
