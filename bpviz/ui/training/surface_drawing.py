"""Drawing with the pointer on the surface: a drag or a click becomes one stroke."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QMouseEvent

from bpviz.core.data.split import Split
from bpviz.session.engine.commands import Draw
from bpviz.session.training.strokes import MOST_DRAWN, Point, Sketch, drawing_problem
from bpviz.ui.plotting import sample_looks as looks
from bpviz.ui.style.plot_style import Plot
from bpviz.ui.style.theme import Theme
from bpviz.ui.training.drawing_bar import DrawingBar, Tool
from bpviz.ui.training.surface_points import SurfacePoints
from bpviz.ui.view_model.view_model import ViewModel

_Z_INK, _Z_RING = 6, 7
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
# An eraser or a scattering brush acts again when the pointer has moved by this share of its radius.
_STEP = 0.5


class SurfaceDrawing(QObject):
    """Turns the pointer's events into strokes while drawing is switched on, and shows each of them at once.

    Parameters
    ----------
    model : ViewModel
    plot : Plot
    bar : DrawingBar
    points : SurfacePoints

    Attributes
    ----------
    is_on : bool
    ink, ring : ScatterPlotItem
        The points of strokes that the session has not told of yet; the reach of the tool round the pointer.
    """

    def __init__(self, model: ViewModel, plot: Plot, bar: DrawingBar, points: SurfacePoints) -> None:
        super().__init__(plot)
        self._model, self._plot, self._bar, self._all = model, plot, bar, points
        self.is_on = False
        self.ink, self.ring = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        for item, z in ((self.ink, _Z_INK), (self.ring, _Z_RING)):
            item.setZValue(z)
            plot.addItem(item, ignoreBounds=True)
        self._rng = np.random.default_rng()
        self._sent: list[Sketch] = []
        self._points: list[Point] = []
        self._path: list[tuple[float, float]] = []
        self._last: QPointF | None = None  # where the stroke in progress acted last, in pixels of the plot
        self._here = QPointF()
        plot.take_pointer, plot.take_key = self._take_pointer, self._take_key
        plot.left.connect(self.ring.clear)
        bar.changed.connect(self._show_ring)
        bar.clear_wanted.connect(self._clear)
        model.drawing.changed.connect(self._forget_sent)
        model.failed.connect(self._forget_sent)

    def switch(self, on: bool) -> None:
        """Switch drawing on or off."""
        self.is_on = on
        self._bar.setVisible(on)
        self._plot.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        self._end()
        if on:
            self._plot.setFocus()
        else:
            self.ring.clear()

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self.ring.setPen(pg.mkPen(theme.ink, width=1.5))
        self.ring.setBrush(None)

    @property
    def erasers(self) -> tuple[Sketch, ...]:
        """What is being erased, before the session tells of it."""
        return tuple(each for each in (*self._sent, self._sketch()) if each.path or each.erases_all)

    # The pointer

    def _take_pointer(self, event: QMouseEvent) -> bool:
        if not self.is_on or self._split is None:
            return False
        self._here = event.position()
        is_left = event.button() is Qt.MouseButton.LeftButton
        if event.type() in _PRESSES and is_left and self._is_inside(self._here):
            self._begin()
        elif self._last is not None and event.type() is QEvent.Type.MouseMove:
            self._go_on()
        elif self._last is not None and event.type() is QEvent.Type.MouseButtonRelease and is_left:
            self._end()
        else:
            self._show_ring()
            return False
        self._show_ring()
        return True

    def _take_key(self, key: int) -> bool:
        return self.is_on and self._bar.take_key(key)

    def _begin(self) -> None:
        self._end()
        self._plot.setFocus()
        self._act(self._here)

    def _go_on(self) -> None:
        """Act at even distances on the way to the pointer."""
        assert self._last is not None
        if self._bar.tool is Tool.POINT:
            return
        step = self._bar.reach.value() * (1.0 if self._bar.tool is Tool.BRUSH else _STEP)
        way = self._here - self._last
        length = float(np.hypot(way.x(), way.y()))
        start = self._last
        for number in range(1, int(length / step) + 1):
            self._act(start + way * (number * step / length))

    def _end(self) -> None:
        """End the stroke in progress, and give it to the session."""
        sketch = self._sketch()
        self._last, self._points, self._path = None, [], []
        if sketch.points or sketch.path:
            self._send(sketch)

    def _send(self, sketch: Sketch) -> None:
        self._sent.append(sketch)
        self._model.post(Draw(sketch))

    @Slot()
    def _clear(self) -> None:
        self._end()
        self._send(Sketch(erases_all=True))
        self._show()

    @Slot()
    def _forget_sent(self) -> None:
        """Drop the strokes that were given: the session has told what has become of them."""
        self._sent.clear()
        self._show()

    # The stroke in progress

    @property
    def _split(self) -> Split | None:
        prepared = self._model.prepared
        return prepared.split if prepared and not drawing_problem(prepared.split) else None

    def _is_inside(self, at: QPointF) -> bool:
        view = self._plot.getPlotItem().vb
        return bool(view.sceneBoundingRect().contains(self._plot.mapToScene(at.toPoint())))

    def _act(self, at: QPointF) -> None:
        """Draw or erase at a place of the plot, in pixels."""
        self._last = at
        tool, size = self._bar.tool, self._bar.reach.value()
        if tool is Tool.ERASER:
            where = self._on_plane(at)
            self._path.append((where.x(), where.y()))
        elif tool is Tool.SCATTER:
            offsets = self._rng.normal(scale=size / 2, size=(self._bar.rate.value(), 2)).tolist()
            for across, up in offsets:
                self._draw_point(at + QPointF(across, up))
        else:
            self._draw_point(at)
        self._show()

    def _draw_point(self, at: QPointF) -> None:
        split = self._split
        if split is None or not self._is_inside(at) or len(self._points) >= MOST_DRAWN:
            return
        where = self._on_plane(at)
        if split.n_inputs == 1:
            self._points.append((where.x(), where.y()))
        elif split.is_classification:
            self._points.append((where.x(), where.y(), float(self._bar.class_number)))
        else:
            target = split.target_scaling.apply(np.array([[self._bar.target.value()]]))
            self._points.append((where.x(), where.y(), float(target[0, 0])))

    def _on_plane(self, at: QPointF) -> QPointF:
        # Not by `mapToScene`, which knows whole pixels only.
        scene = self._plot.viewportTransform().inverted()[0].map(at)
        found: QPointF = self._plot.getPlotItem().vb.mapSceneToView(scene)
        return found

    def _sketch(self) -> Sketch:
        width, height = self._plot.getPlotItem().vb.viewPixelSize()
        radius = self._bar.reach.value()
        path = tuple(self._path)
        return Sketch(tuple(self._points), self._bar.test.isChecked(), path, (radius * width, radius * height))

    # What is seen of it

    def _show(self) -> None:
        split = self._split
        sketches = [each for each in (*self._sent, self._sketch()) if each.points]
        if split is None or not sketches:
            self.ink.clear()
        else:
            self._show_ink(split, sketches)
        self._all.draw(self.erasers)

    def _show_ink(self, split: Split, sketches: list[Sketch]) -> None:
        rows = np.array([point for each in sketches for point in each.points])
        if rows.shape[1] != split.n_inputs + 1:  # drawn for the network before
            self.ink.clear()
            return
        labels = rows[:, -1].astype(np.intp) if split.is_classification else np.zeros(len(rows), dtype=np.intp)
        colours = looks.colours_of(split, labels, rows[:, -1:], np.ones(len(rows)))
        symbols = ["s" if each.is_test else "o" for each in sketches for _ in each.points]
        paper = pg.mkPen(self._model.theme.paper, width=0.7)
        self.ink.setData(pos=rows[:, :2], symbol=symbols, size=6.5, brush=looks.brushes(colours), pen=paper)

    @Slot()
    def _show_ring(self) -> None:
        """Show the reach of the tool round the pointer."""
        has_reach = self._bar.tool in (Tool.ERASER, Tool.SCATTER)
        if not (self.is_on and has_reach and self._is_inside(self._here)):
            self.ring.clear()
            return
        where = self._on_plane(self._here)
        self.ring.setData(pos=[(where.x(), where.y())], size=2 * self._bar.reach.value())
