"""Plot of the update ratio (size of updates / size of weights) over the epochs: one line for each layer, log axis."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpviz.core.arrays import Array
from bpviz.language import N_, _
from bpviz.ui.diagnostics.layer_lines import apart, layer_colours
from bpviz.ui.plotting.epoch_line import EpochLine
from bpviz.ui.plotting.log_scale import LogScale, powers_of_ten
from bpviz.ui.plotting.stable_range import StableSpan
from bpviz.ui.style.plot_style import make_plot, restyle
from bpviz.ui.style.theme import GAP, LIGHT, Theme

#: Exponent of the ratio that is usually considered good.
GUIDE = -3
_FIRST_EPOCHS = 10
_LEAST_HEIGHT = 90
_NUMBER_PIXELS = 16
# Margin in decades, so that lines at the ends of the range are visible.
_ROOM = 0.08
# The plot must get finite numbers; log10 of a ratio is clipped to these bounds.
_LOWEST, _HIGHEST = -12, 6
_BEHIND = 1.05
_TIP = N_(
    "RMS of the update of W / RMS of W at the end of each epoch, over up to 64 evenly spaced training samples, each as "
    "an update of its own. The dashed line is 1e−3, a usual value: far above it the weights change too fast, far below "
    "it they hardly change."
)


class UpdateRatioPlot(QWidget):
    """The lines, a dashed guide line, and a line at the current epoch.

    Signals
    -------
    pointed : int or None
        The user points at an epoch with the mouse or the arrow keys.
    """

    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.plot = make_plot(_("Update ratio over the epochs"), x="", y=_("update / W"))
        self.plot.setToolTip(_(_TIP))
        # Half of the topmost tick label is above the plot.
        self.plot.getPlotItem().layout.setContentsMargins(0, GAP, 0, 0)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.lines: list[EpochLine] = []
        self.numbers: list[pg.TextItem] = []
        self.guide = pg.InfiniteLine(pos=GUIDE, angle=0, movable=False)
        self.cursor_line = pg.InfiniteLine(angle=90, movable=False)
        self.read_line = pg.InfiniteLine(angle=90, movable=False)
        self.read_line.hide()
        for item in (self.guide, self.cursor_line, self.read_line):
            self.plot.addItem(item, ignoreBounds=True)
        self._theme, self._epochs, self._read = LIGHT, 0, 0
        self._span, self._follows = StableSpan(), True
        self._last: Array = np.empty(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.plot.getPlotItem().vb.sigRangeChangedManually.connect(self._stop_following)
        self.plot.getPlotItem().vb.sigTransformChanged.connect(self._write_numbers)
        self.plot.scene().sigMouseMoved.connect(self._point_at)
        self.plot.take_key = self._press
        self.plot.focus_changed.connect(self._point_nowhere)
        self.plot.left.connect(self._point_nowhere)
        self.show_layers(0)

    def show_layers(self, count: int) -> None:
        """Create the lines of `count` layers, without data."""
        self._last = np.full(count, np.nan)
        for item in (*self.lines, *self.numbers):
            self.plot.removeItem(item)
        self.lines = [EpochLine(_powers) for _ in range(count)]
        self.numbers = [pg.TextItem(str(number), anchor=(0.0, 0.5)) for number in range(1, count + 1)]
        for item in (*self.lines, *self.numbers):
            self.plot.addItem(item, ignoreBounds=True)
        self.restyle(self._theme)
        self.fit()
        self.draw(np.empty((0, count), dtype=np.float32))

    def draw(self, ratios: npt.NDArray[np.float32]) -> None:
        """Show the update ratios of all epochs, shape (n_epochs, n_layers)."""
        self._epochs = len(ratios)
        if self._follows:
            self._show_everything(ratios)
        for line, values in zip(self.lines, ratios.T, strict=True):
            line.show_values(values)
        self._last = _powers(ratios[-1]) if len(ratios) else np.full(len(self.numbers), np.nan)
        self._write_numbers()

    def _show_everything(self, ratios: npt.NDArray[np.float32]) -> None:
        extremes = _powers([extreme.reduce(ratios, axis=None, initial=np.nan) for extreme in (np.fmin, np.fmax)])
        seen = np.append(extremes[np.isfinite(extremes)], GUIDE)
        low, high = math.floor(seen.min()), math.ceil(seen.max())
        high = max(high, low + 1)
        # Leave room for the layer numbers to the right of the last epoch.
        _, right = self._span.fit(0.0, _BEHIND * max(len(ratios), _FIRST_EPOCHS))
        self.plot.setRange(xRange=(0.0, right), yRange=(low - _ROOM, high + _ROOM), padding=0)
        self.plot.getAxis("left").setTicks([LogScale(low, high).ticks(), []])

    @Slot()
    def _write_numbers(self) -> None:
        """Write the number of the layer at the end of each line."""
        least = float(_NUMBER_PIXELS * self.plot.getPlotItem().vb.viewPixelSize()[1])
        for number, height in zip(self.numbers, apart(self._last, least), strict=True):
            number.setVisible(bool(np.isfinite(height)))
            if np.isfinite(height):
                number.setPos(self._epochs, height)

    def mark(self, epoch: float | None) -> None:
        """Move the line to the current epoch, or hide it if there is none."""
        self.cursor_line.setVisible(epoch is not None)
        if epoch is not None:
            self.cursor_line.setPos(epoch)

    @Slot()
    def fit(self) -> None:
        """Show all epochs."""
        self._follows = True
        self._span.release()

    @Slot()
    def _stop_following(self) -> None:
        self._follows = False

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        restyle(self.plot.getPlotItem(), theme)
        self.guide.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        self.cursor_line.setPen(pg.mkPen(theme.ink, width=theme.line_width))
        self.read_line.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))
        for line, number, colour in zip(self.lines, self.numbers, layer_colours(theme, len(self.lines)), strict=True):
            line.setPen(pg.mkPen(colour, width=theme.line_width))
            line.setSymbolBrush(colour)
            line.setSymbolPen(None)
            number.setColor(colour)

    # Pointer and keyboard

    def _point(self, epoch: int | None) -> None:
        self._read = epoch or 0
        self.read_line.setVisible(epoch is not None)
        if epoch is not None:
            self.read_line.setPos(epoch)
        self.pointed.emit(epoch)

    @Slot(object)
    def _point_at(self, where: QPointF) -> None:
        view = self.plot.getPlotItem().vb
        inside = self._epochs > 0 and view.sceneBoundingRect().contains(where)
        self._point(int(np.clip(round(view.mapSceneToView(where).x()), 1, self._epochs)) if inside else None)

    @Slot()
    def _point_nowhere(self) -> None:
        self._point(None)

    def _press(self, key: int) -> bool:
        """Point at the next or previous epoch with the arrow keys; return whether the key was one of these."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key))
        if not step or not self._epochs:
            return False
        start = self._read or self._epochs - step
        self._point(min(max(start + step, 1), self._epochs))
        return True


def _powers(ratios: npt.ArrayLike) -> Array:
    return powers_of_ten(ratios, _LOWEST, _HIGHEST)
