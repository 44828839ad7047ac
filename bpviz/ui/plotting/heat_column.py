"""The heatmap of one layer as a column of a grid of heatmaps."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from bpviz.core.arrays import rms
from bpviz.language import _
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import remove_plot_controls, restyle
from bpviz.ui.style.theme import Theme

Image = npt.NDArray[np.float32]
# By so many points the title is smaller than other text.
_SMALLER = 1.5


class HeatColumn:
    """The heatmap of one layer: rows from top to bottom, neurons from left to right, with a title above.

    Attributes
    ----------
    layer : int
        Number of the layer, from 1.
    width : int
        Number of neurons.
    values : ndarray of shape (n_rows, width)
        The values before scaling.
    rms : float
        The root mean square of the values.
    """

    def __init__(self, layer: int, width: int) -> None:
        self.layer, self.width = layer, width
        self.values: Image = np.zeros((0, width), dtype=np.float32)
        self.rms = 0.0
        self.plot = pg.PlotItem(enableMenu=False)
        remove_plot_controls(self.plot)
        # All columns are zoomed together in y, which is linked; in x each shows all of its neurons.
        self.plot.setMouseEnabled(x=False, y=True)
        self.plot.invertY(True)
        self.plot.hideAxis("left")
        self.plot.setXRange(0, width, padding=0)
        # The title is the label of an axis: unlike a plot title, it does not set the minimum width of the column.
        self.plot.showAxis("top")
        self.title = self.plot.getAxis("top")
        self.title.setStyle(showValues=False, tickLength=0)
        self.title.setTicks([])
        self.plot.getAxis("bottom").setTicks([neuron_ticks(width)])
        self._points, self._ink = "9pt", "#808080"
        self._add_items()
        self.plot.vb.sigResized.connect(self._write_title)

    def _add_items(self) -> None:
        self.image = pg.ImageItem()
        self._row = pg.InfiniteLine(angle=0, movable=False)
        self._neuron = pg.LinearRegionItem(movable=False, brush=(0, 0, 0, 0))
        for item in (self.image, self._row, self._neuron):
            self.plot.addItem(item, ignoreBounds=True)
        self._row.hide()
        self._neuron.hide()

    def draw(self, values: Image, scaled: Image, low: float) -> None:
        """Show `values`; `scaled` has them mapped to the colour scale, from `low` (-1 or 0) to 1."""
        self.values = values
        self.rms = rms(values)
        # Fixed levels: automatic ones would scan every image and change the colours from frame to frame.
        self.image.setImage(scaled, levels=(low, 1.0), autoLevels=False)
        self.image.setRect(QRectF(0, 0, self.width, len(values)))
        self._write_title()

    def clear(self) -> None:
        """Remove the values and their RMS."""
        self.values, self.rms = np.zeros((0, self.width), dtype=np.float32), 0.0
        self.image.clear()
        self._write_title()

    def _write_title(self, *_: object) -> None:
        name, size = self._title()
        text = f"<b>{name}</b><br>{size}"
        self.title.setLabel(text, **{"font-size": self._points, "color": self._ink})
        self.title.resizeEvent()  # centres the label again after its text has changed

    def _title(self) -> tuple[str, str]:
        """Return the name of the layer and the RMS of its values, as long as the column has room for."""
        has_values = len(self.values) > 0
        titles = (
            (
                _("Layer {layer} · {width}").format(layer=self.layer, width=self.width),
                _("RMS {number}").format(number=formats.number(self.rms, 3)) if has_values else "",
            ),
            (f"{self.layer} · {self.width}", formats.number(self.rms, 2) if has_values else ""),
            (str(self.layer), formats.number(self.rms, 1) if has_values else ""),
            (str(self.layer), ""),
        )
        font = pg.QtWidgets.QApplication.font()
        font.setPointSizeF(font.pointSizeF() - _SMALLER)
        font.setBold(True)
        metrics, room = QFontMetricsF(font), self.plot.vb.width()
        return next((each for each in titles if max(map(metrics.horizontalAdvance, each)) < room), titles[-1])

    def restyle(self, theme: Theme, lookup: npt.NDArray[np.uint8]) -> None:
        """Use the colours of a theme and a lookup table for the values."""
        points = pg.QtWidgets.QApplication.font().pointSizeF()
        self._points, self._ink = f"{points - _SMALLER}pt", theme.ink
        restyle(self.plot, theme)
        self.title.setPen(None)
        self.title.setHeight(3.2 * points)
        self.image.setLookupTable(lookup)
        self._row.setPen(pg.mkPen(theme.accent, width=2 * theme.line_width))
        for line in self._neuron.lines:
            line.setPen(pg.mkPen(theme.accent, width=theme.line_width))
        self._write_title()

    def mark(self, row: int | None, neuron: int | None) -> None:
        """Mark the row of the selected sample and the selected neuron."""
        self._row.setVisible(row is not None)
        self._neuron.setVisible(neuron is not None)
        if row is not None:
            self._row.setPos(row + 0.5)
        if neuron is not None:
            self._neuron.setRegion((neuron, neuron + 1))

    def cell_at(self, where: QPointF) -> tuple[int, int] | None:
        """Return (row, neuron) at a scene position, or None outside the heatmap."""
        if not self.plot.vb.sceneBoundingRect().contains(where):
            return None
        point = self.plot.vb.mapSceneToView(where)
        row, neuron = math.floor(point.y()), math.floor(point.x())
        inside = 0 <= row < len(self.values) and 0 <= neuron < self.width
        return (row, neuron) if inside else None


def neuron_ticks(width: int) -> list[tuple[float, str]]:
    """Return (x, number) of about three neurons of a layer; the pointer shows the numbers of all others."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if width <= 3 * step or step == 500)
    return [(number + 0.5, str(number)) for number in range(0, width, step)]
