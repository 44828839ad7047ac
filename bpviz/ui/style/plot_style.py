"""Plots in the look of the house."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath

from bpviz.ui.style.theme import Theme

# What stands beside a plot of inputs at the most, its label included.
_WIDEST_TICK = "x₂ −10.5 "

pg.setConfigOptions(imageAxisOrder="row-major", antialias=True, background=None, foreground="#808080")


def make_plot(name: str, *, x: str, y: str) -> pg.PlotWidget:
    """Return a plot without menus and buttons; `name` is what a screen reader says."""
    widget = pg.PlotWidget(enableMenu=False)  # a menu that is never shown takes as long to make as all the rest
    widget.setAccessibleName(name)
    widget.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
    widget.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    quiet(widget.getPlotItem())
    widget.setLabel("bottom", x)
    widget.setLabel("left", y)
    return widget


def quiet(item: pg.PlotItem) -> None:
    """Take the menu, the corner button and the powers of ten on axes from a plot item, which must be empty yet."""
    item.setMenuEnabled(False)
    item.hideButtons()
    for name in ("left", "right", "top", "bottom"):
        item.getAxis(name).enableAutoSIPrefix(False)
        # An axis is a dozen of calls to draw and seldom changes: it is kept as a picture.
        item.getAxis(name).setCacheMode(pg.QtWidgets.QGraphicsItem.CacheMode.DeviceCoordinateCache)


def restyle_axis(axis: pg.AxisItem, theme: Theme, text: str | None = None) -> None:
    """Give an axis the theme's colours, since plots ignore the palette."""
    axis.setPen(theme.hairline)
    axis.setTextPen(text or theme.muted)
    axis.setStyle(tickLength=-4, tickFont=pg.QtWidgets.QApplication.font())
    axis.label.setFont(pg.QtWidgets.QApplication.font())


def restyle(item: pg.PlotItem, theme: Theme) -> None:
    """Give all axes of a plot the theme's colours."""
    for name in ("left", "bottom"):
        restyle_axis(item.getAxis(name), theme)


def hold_left_axis(plot: pg.PlotWidget) -> None:
    """Give the left axis a width of its own, whatever its numbers are.

    Left to itself it fits its width to them: a view of locked aspect then changes its shape, with it the numbers, and
    so on for ever.
    """
    plot.getAxis("left").setWidth(plot.fontMetrics().horizontalAdvance(_WIDEST_TICK))


def cross() -> QPainterPath:
    """Return two thin strokes: the library's own cross is a filled shape that hides what it marks."""
    path = QPainterPath(QPointF(-0.5, -0.5))
    path.lineTo(0.5, 0.5)
    path.moveTo(-0.5, 0.5)
    path.lineTo(0.5, -0.5)
    return path
