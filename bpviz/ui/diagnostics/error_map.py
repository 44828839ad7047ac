"""Heatmap of the relative errors of one layer in a gradient check, on a fixed log scale."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication

from bpviz.core.gradcheck import LayerCheck
from bpviz.core.gradcheck_allowance import Doubt
from bpviz.language import N_, _
from bpviz.session.frames.class_colours import rgb
from bpviz.ui.plotting.heat_column import neuron_ticks
from bpviz.ui.plotting.log_scale import LogScale
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import remove_plot_controls, restyle
from bpviz.ui.style.theme import Theme

#: The scale of relative errors in all plots of a gradient check.
ERROR_SCALE = LogScale(-12, 0)
_DIM = 0.35
_LEFT = 16
#: Opacity of the grey over cells whose difference cannot tell.
_DOUBT_STRENGTH = 0.75
_DOUBTS = {
    Doubt.NONE: "",
    Doubt.STEP: N_(" · cannot tell: the loss bends too much within the step"),
    Doubt.KINK: N_(" · cannot tell: relu or mae has a kink within the step"),
    Doubt.ROUNDING: N_(" · cannot tell: the difference drowns in rounding"),
    Doubt.L1: N_(" · cannot tell: the penalty of L1 has a kink within the step"),
}


def error_map(theme: Theme) -> pg.ColorMap:
    """Return the colour map from no error to the largest error."""
    return pg.ColorMap([0.0, 1.0], 255 * np.array([rgb(theme.paper), rgb(theme.danger)]))


class ErrorMap:
    """The heatmap of one layer: rows of W from the top, b as the last row, neurons from left to right.

    Attributes
    ----------
    layer : int
        Number of the layer, from 1.
    found : LayerCheck or None
        The displayed check.
    """

    def __init__(self, layer: int, n_input: int, n_neurons: int) -> None:
        self.layer, self.n_input, self.n_neurons = layer, n_input, n_neurons
        self.found: LayerCheck | None = None
        self.plot = pg.PlotItem(enableMenu=False)
        remove_plot_controls(self.plot)
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
        self.image, self.doubts = pg.ImageItem(), pg.ImageItem()
        self._above_biases = pg.InfiniteLine(angle=0, movable=False, pos=self.n_input)
        self._neuron = pg.LinearRegionItem(movable=False, brush=(0, 0, 0, 0))
        for item in (self.image, self.doubts, self._above_biases, self._neuron):
            self.plot.addItem(item, ignoreBounds=True)
        self._neuron.hide()

    def draw(self, found: LayerCheck) -> None:
        """Show the check of this layer."""
        self.found = found
        # NaN is shown as the worst value.
        places = ERROR_SCALE.places(np.nan_to_num(found.errors, nan=np.inf)).astype(np.float32)
        self.image.setImage(places, levels=(0.0, 1.0), autoLevels=False)
        self.doubts.setImage((found.doubts > 0).astype(float), levels=(0.0, 1.0), autoLevels=False)
        for item in (self.image, self.doubts):
            item.setRect(QRectF(0, 0, self.n_neurons, self.n_input + 1))
        self._write_title()

    def dim(self, on: bool) -> None:
        """Dim the image if its check belongs to another update, or show it normally."""
        for item in (self.image, self.doubts):
            item.setOpacity(_DIM if on else 1.0)

    def mark(self, neuron: int | None) -> None:
        """Mark the selected neuron."""
        self._neuron.setVisible(neuron is not None)
        if neuron is not None:
            self._neuron.setRegion((neuron, neuron + 1))

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        points = QApplication.font().pointSizeF()
        self._points, self._ink = f"{points - 1.5}pt", theme.ink
        restyle(self.plot, theme)
        self.title.setPen(None)
        self.title.setHeight(3.2 * points)
        self.image.setLookupTable(colours.lookup(error_map(theme)))
        grey = (255 * np.array([*rgb(theme.muted), _DOUBT_STRENGTH])).astype(np.uint8)
        self.doubts.setLookupTable(np.array([[0, 0, 0, 0], grey], dtype=np.uint8))
        self._above_biases.setPen(pg.mkPen(theme.hairline, width=1))
        for line in self._neuron.lines:
            line.setPen(pg.mkPen(theme.accent, width=theme.line_width))
        self._write_title()

    def _write_title(self) -> None:
        largest = formats.number(self.found.largest, 1) if self.found else ""
        text = f"<b>{self.layer}</b><br>{largest}"
        self.title.setLabel(text, **{"font-size": self._points, "color": self._ink})
        self.title.resizeEvent()  # centres the label again after its text has changed

    def cell_at(self, where: QPointF) -> tuple[int, int] | None:
        """Return row and neuron at a scene position, or None outside the heatmap."""
        if self.found is None or not self.plot.vb.sceneBoundingRect().contains(where):
            return None
        point = self.plot.vb.mapSceneToView(where)
        row, neuron = math.floor(point.y()), math.floor(point.x())
        return (row, neuron) if 0 <= row <= self.n_input and 0 <= neuron < self.n_neurons else None

    def describe(self, row: int, neuron: int) -> str:
        """Return a description of a cell: both gradients and their relative error."""
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
        doubt = _(_DOUBTS[Doubt(int(self.found.doubts[row, neuron]))])
        return _(
            "{name} · backpropagation {analytic} · central difference {numerical} · relative error {error}{doubt}"
        ).format(name=name, analytic=analytic, numerical=numerical, error=error, doubt=doubt)
