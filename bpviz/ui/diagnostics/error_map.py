"""One layer of a gradient check: the relative error of every parameter on a logarithmic scale that never moves."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication

from bpviz.core.gradcheck import LayerCheck
from bpviz.session.frames.class_colours import rgb
from bpviz.ui.plotting.heat_column import neuron_ticks
from bpviz.ui.plotting.log_scale import LogScale
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import quiet, restyle
from bpviz.ui.style.theme import Theme

#: Of relative errors, in all pictures of a check.
ERROR_SCALE = LogScale(-12, 0)
_DIM = 0.35
_LEFT = 16


def error_map(theme: Theme) -> pg.ColorMap:
    """From nothing wrong to all wrong."""
    return pg.ColorMap([0.0, 1.0], 255 * np.array([rgb(theme.paper), rgb(theme.danger)]))


class ErrorMap:
    """The heatmap of one layer: W's rows downwards, b as the last row, neurons from left to right.

    Attributes
    ----------
    layer : int
        Counted from 1.
    found : LayerCheck or None
        What is drawn.
    """

    def __init__(self, layer: int, n_input: int, n_neurons: int) -> None:
        self.layer, self.n_input, self.n_neurons = layer, n_input, n_neurons
        self.found: LayerCheck | None = None
        self.plot = pg.PlotItem(enableMenu=False)
        quiet(self.plot)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.invertY(True)
        self.plot.setRange(xRange=(0, n_neurons), yRange=(0, n_input + 1), padding=0)
        self.plot.showAxis("top")
        self.title = self.plot.getAxis("top")
        self.title.setStyle(showValues=False, tickLength=0)
        self.title.setTicks([])
        self.plot.getAxis("left").setWidth(_LEFT)
        self.plot.getAxis("left").setTicks([[(n_input + 0.5, "b")]])
        self.plot.getAxis("bottom").setTicks([neuron_ticks(n_neurons)])
        self._add_items()

    def _add_items(self) -> None:
        self.image = pg.ImageItem()
        self._above_biases = pg.InfiniteLine(angle=0, movable=False, pos=self.n_input)
        self._neuron = pg.LinearRegionItem(movable=False, brush=(0, 0, 0, 0))
        for item in (self.image, self._above_biases, self._neuron):
            self.plot.addItem(item, ignoreBounds=True)
        self._neuron.hide()

    def draw(self, found: LayerCheck) -> None:
        """Show a check of this layer."""
        self.found = found
        # What is no number is as wrong as can be.
        places = ERROR_SCALE.places(np.nan_to_num(found.errors, nan=np.inf)).astype(np.float32)
        self.image.setImage(places, levels=(0.0, 1.0), autoLevels=False)
        self.image.setRect(QRectF(0, 0, self.n_neurons, self.n_input + 1))
        self._write_title()

    def dim(self, on: bool) -> None:
        """Show that what is drawn is of another moment, or that it is not."""
        self.image.setOpacity(_DIM if on else 1.0)

    def mark(self, neuron: int | None) -> None:
        """Mark the chosen neuron."""
        self._neuron.setVisible(neuron is not None)
        if neuron is not None:
            self._neuron.setRegion((neuron, neuron + 1))

    def restyle(self, theme: Theme) -> None:
        """Take the theme's colours."""
        points = QApplication.font().pointSizeF()
        self._points, self._ink = f"{points - 1.5}pt", theme.ink
        restyle(self.plot, theme)
        self.title.setPen(None)
        self.title.setHeight(3.2 * points)
        self.image.setLookupTable(colours.lookup(error_map(theme)))
        self._above_biases.setPen(pg.mkPen(theme.hairline, width=1))
        for line in self._neuron.lines:
            line.setPen(pg.mkPen(theme.accent, width=1))
        self._write_title()

    def _write_title(self) -> None:
        largest = formats.number(self.found.largest, 1) if self.found else ""
        text = f"<b>{self.layer}</b><br>{largest}"
        self.title.setLabel(text, **{"font-size": self._points, "color": self._ink})
        self.title.resizeEvent()  # else a longer text begins where the shorter one began

    def cell_at(self, where: QPointF) -> tuple[int, int] | None:
        """Return row and neuron at a place in the scene, None outside."""
        if self.found is None or not self.plot.vb.sceneBoundingRect().contains(where):
            return None
        point = self.plot.vb.mapSceneToView(where)
        row, neuron = math.floor(point.y()), math.floor(point.x())
        return (row, neuron) if 0 <= row <= self.n_input and 0 <= neuron < self.n_neurons else None

    def describe(self, row: int, neuron: int) -> str:
        """Say what is at a cell: the parameter's gradient by both ways, and their relative error."""
        if self.found is None:
            return ""
        shape = self.found.errors.shape
        analytic, numerical = (
            formats.number(float(found.reshape(shape)[row, neuron]), 5)
            for found in (self.found.analytic, self.found.numerical)
        )
        is_bias = row == self.n_input
        name = f"db[{self.layer}][{neuron}]" if is_bias else f"dW[{self.layer}][{row}, {neuron}]"
        error = formats.number(float(self.found.errors[row, neuron]), 2)
        return f"{name} · backpropagation {analytic} · central difference {numerical} · relative error {error}"
