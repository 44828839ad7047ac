"""Plot of the largest relative error of each layer over epsilon, a V-shaped curve, with a line to choose epsilon."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpviz.core.arrays import Array
from bpviz.language import N_, _
from bpviz.ui.diagnostics.error_map import ERROR_SCALE
from bpviz.ui.diagnostics.layer_lines import apart, layer_colours
from bpviz.ui.plotting.log_scale import power_of_ten, powers_of_ten
from bpviz.ui.style.plot_style import make_plot, restyle
from bpviz.ui.style.theme import LIGHT, Theme

#: Exponents of the smallest and the largest epsilon that can be chosen.
LEAST, MOST = -9, -2
_X_RANGE, _Y_RANGE = (-13.8, -0.6), (ERROR_SCALE.low - 0.6, ERROR_SCALE.high + 0.6)
# Minimum distance between the layer numbers next to the lines, in decades.
_SPACING = 1.3
_LEAST_WIDTH = 190
_TIP = N_(
    "Largest relative error of each layer over epsilon. On the right the truncation error of the difference dominates, "
    "on the left the rounding error of the loss, which is divided by epsilon. Click or drag the line to choose epsilon."
)


class EpsilonPlot(QWidget):
    """A log-log plot with one line for each layer.

    Signals
    -------
    chosen : int
        The user has chosen an epsilon; its exponent.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.plot = make_plot(
            _("Largest relative error of every layer over epsilon"), x=_("epsilon"), y=_("relative error")
        )
        self.plot.setToolTip(_(_TIP))
        self.setMinimumWidth(_LEAST_WIDTH)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setRange(xRange=_X_RANGE, yRange=_Y_RANGE, padding=0)
        ticks = {"left": ERROR_SCALE.ticks(), "bottom": [(power, power_of_ten(power)) for power in (-9, -3)]}
        between = [(power, "") for power in range(ERROR_SCALE.low, ERROR_SCALE.high + 1)]
        for name, labelled in ticks.items():
            self.plot.getAxis(name).setTicks([labelled, between])
        self.marker = pg.InfiniteLine(angle=90, movable=True, bounds=(LEAST, MOST))
        self.plot.addItem(self.marker, ignoreBounds=True)
        self.lines: list[pg.PlotDataItem] = []
        self._numbers: list[pg.TextItem] = []
        self._theme, self._layer = LIGHT, 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.marker.sigPositionChangeFinished.connect(self._dropped)
        self.plot.scene().sigMouseClicked.connect(self._clicked)

    def show_layers(self, count: int) -> None:
        """Create the lines of `count` layers, without data."""
        for item in (*self.lines, *self._numbers):
            self.plot.removeItem(item)
        self.lines = [pg.PlotDataItem(symbol="o", symbolSize=4, symbolPen=None) for _ in range(count)]
        self._numbers = [pg.TextItem(str(number), anchor=(1.0, 0.5)) for number in range(1, count + 1)]
        for item in (*self.lines, *self._numbers):
            self.plot.addItem(item, ignoreBounds=True)
        self.restyle(self._theme)
        self.draw(())

    def draw(self, points: tuple[tuple[float, Array], ...]) -> None:
        """Show the measured errors; hide the lines if there are none."""
        for item in (*self.lines, *self._numbers):
            item.setVisible(bool(points))
        if not points:
            return
        epsilons = np.log10([epsilon for epsilon, _ in points])
        powers = _powers(np.array([errors for _, errors in points]))
        for line, values in zip(self.lines, powers.T, strict=True):
            line.setData(epsilons, values)
        beside = apart(powers[epsilons.argmin()], _SPACING, highest=ERROR_SCALE.high)
        for number, height in zip(self._numbers, beside, strict=True):
            number.setPos(float(epsilons.min()) - 0.15, height)

    def mark(self, power: int, layer: int | None) -> None:
        """Mark the chosen epsilon and the selected layer."""
        self.marker.setPos(power)
        if self._layer != (layer or 0):
            self._layer = layer or 0
            self._restyle_lines()

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        restyle(self.plot.getPlotItem(), theme)
        self.marker.setPen(pg.mkPen(theme.accent, width=1.5 * theme.line_width))
        self.marker.setHoverPen(pg.mkPen(theme.accent, width=3))
        self._restyle_lines()

    def _restyle_lines(self) -> None:
        shades = layer_colours(self._theme, len(self.lines))
        for index, (line, number, colour) in enumerate(zip(self.lines, self._numbers, shades, strict=True), start=1):
            line.setPen(pg.mkPen(colour, width=self._theme.line_width * (3 if index == self._layer else 1.2)))
            line.setSymbolBrush(colour)
            number.setColor(colour)

    @Slot()
    def _dropped(self) -> None:
        self._choose(self.marker.value())

    @Slot(object)
    def _clicked(self, event: object) -> None:
        view = self.plot.getPlotItem().vb
        where = event.scenePos()  # type: ignore[attr-defined]
        if event.button() is Qt.MouseButton.LeftButton and view.sceneBoundingRect().contains(where):  # type: ignore[attr-defined]
            self._choose(view.mapSceneToView(where).x())

    def _choose(self, power: float) -> None:
        nearest = min(max(round(power), LEAST), MOST)
        self.marker.setPos(nearest)
        self.chosen.emit(nearest)


def _powers(errors: Array) -> Array:
    """Return log10 of errors, clipped to the plot; NaN becomes the worst value."""
    # The plot must get finite values only: symbols at NaN positions crash the process.
    return powers_of_ten(np.nan_to_num(errors, nan=np.inf), ERROR_SCALE.low, ERROR_SCALE.high + 0.5)
