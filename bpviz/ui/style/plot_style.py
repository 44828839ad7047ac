"""Shared settings and colours of all pyqtgraph plots."""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QResizeEvent

from bpviz.ui.style.theme import Theme

# The widest tick label of an input axis, together with the label of the axis.
_WIDEST_TICK = "x₂ −10.5 "

# A plot that is lower than this many lines has none to spare for the label of an axis; an axis takes so many lines.
_LABEL_LINES, _AXIS_LINES = 7, 2.5

# row-major is numpy's order; without a background the window's colour shows through.
pg.setConfigOptions(imageAxisOrder="row-major", antialias=True, background=None, foreground="#808080")


class Plot(pg.PlotWidget):  # type: ignore[misc]
    """A plot widget that reports keys, focus changes and the pointer leaving it.

    The handlers of these events are overridden, not `event` and not an event filter: those run for every event, also
    for those of a widget that is being destroyed.

    Attributes
    ----------
    take_key : callable
        Takes a pressed key, and returns whether it has acted on it.
    take_pointer : callable
        Takes an event of the mouse, and returns whether it has acted on it.

    Signals
    -------
    focus_changed
    left
        The pointer has left the plot.
    """

    focus_changed = Signal()
    left = Signal()

    def __init__(self, axes: dict[str, pg.AxisItem] | None = None) -> None:
        super().__init__(enableMenu=False, axisItems=axes)  # creating a menu takes as long as all the rest of a plot
        _paint_background_each_time(self)
        self.take_key: Callable[[int], bool] = lambda key: False
        self.take_pointer: Callable[[QMouseEvent], bool] = lambda event: False

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Show the labels that have room at the new size."""
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it once before there are axes
            self.fit_labels()

    def changeEvent(self, event: QEvent) -> None:
        """Show the labels that have room with the new font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit_labels()

    def fit_labels(self) -> None:
        """Show the label of each axis only where it fits: a plot that is too small for it has none, not half of it."""
        line = self.fontMetrics().height()
        # Half of the highest tick label stands above the axis.
        self.getPlotItem().layout.setContentsMargins(1, line // 2, 1, 1)
        # The size of the widget, not of the view, which changes with the labels.
        room = {"bottom": self.width() - _AXIS_LINES * line}
        room["left"] = room["right"] = self.height() - _AXIS_LINES * line
        for name, length in room.items():
            axis = self.getAxis(name)
            fits = self.height() > _LABEL_LINES * line and self.fontMetrics().horizontalAdvance(axis.labelText) < length
            if axis.labelText and axis.isVisible() and axis.label.isVisible() != fits:
                axis.showLabel(fits)
            axis.resizeEvent()  # centres the label again after its text has changed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass the key to `take_key`, or else handle it as pyqtgraph does."""
        if self.take_key(event.key()):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pass the event to `take_pointer`, or else handle it as pyqtgraph does."""
        if not self.take_pointer(event):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Handle the event as `mousePressEvent` does."""
        if not self.take_pointer(event):
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Handle the event as `mousePressEvent` does."""
        if not self.take_pointer(event):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Handle the event as `mousePressEvent` does."""
        if not self.take_pointer(event):
            super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Emit `focus_changed`."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Emit `focus_changed`."""
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Emit `left`."""
        super().leaveEvent(event)
        self.left.emit()


class Canvas(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """A canvas for several plots; `name` is its accessible name.

    Signals
    -------
    left
        The pointer has left the canvas.
    """

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        _paint_background_each_time(self)

    def leaveEvent(self, event: QEvent) -> None:
        """Emit `left`."""
        super().leaveEvent(event)
        self.left.emit()


def _paint_background_each_time(view: pg.GraphicsView) -> None:
    """Keep no pixmap of the background: it would have the colours of the old theme until the view is resized."""
    view.setCacheMode(pg.QtWidgets.QGraphicsView.CacheModeFlag.CacheNone)


def make_plot(name: str, *, x: str, y: str, axes: dict[str, pg.AxisItem] | None = None) -> Plot:
    """Return a plot widget without a context menu and buttons; `name` is its accessible name."""
    widget = Plot(axes)
    widget.setAccessibleName(name)
    widget.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
    widget.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    remove_plot_controls(widget.getPlotItem())
    widget.setLabel("bottom", x)
    widget.setLabel("left", y)
    return widget


def end_drags(scene: pg.GraphicsScene) -> None:
    """End what the pointer is doing in a scene, before plots are removed from it.

    pyqtgraph keeps the item that is being dragged, and would go on dragging it after its deletion.
    """
    scene.dragItem = scene.lastDrag = scene.lastHoverEvent = None
    scene.dragButtons.clear()
    scene.clickEvents.clear()
    scene.hoverItems.clear()


def remove_plot_controls(item: pg.PlotItem) -> None:
    """Remove the menu, the corner button and the SI prefixes of the axes; the plot item must still be empty."""
    item.setMenuEnabled(False)
    item.hideButtons()
    for name in ("left", "right", "top", "bottom"):
        # An SI prefix would rescale the tick labels and change the axis label while the data grow.
        item.getAxis(name).enableAutoSIPrefix(False)
        # An axis takes a dozen paint calls and seldom changes, so Qt keeps it as a pixmap.
        item.getAxis(name).setCacheMode(pg.QtWidgets.QGraphicsItem.CacheMode.DeviceCoordinateCache)


def restyle_axis(axis: pg.AxisItem, theme: Theme, text: str | None = None) -> None:
    """Set the colours and fonts of an axis from the theme, since plots ignore QPalette."""
    axis.setPen(theme.hairline)
    axis.setTextPen(text or theme.muted)
    axis.setStyle(tickLength=-4, tickFont=pg.QtWidgets.QApplication.font())
    axis.label.setFont(pg.QtWidgets.QApplication.font())


def restyle(item: pg.PlotItem, theme: Theme) -> None:
    """Set the colours of the left and bottom axes from the theme."""
    for name in ("left", "bottom"):
        restyle_axis(item.getAxis(name), theme)


def hold_left_axis(plot: pg.PlotWidget) -> None:
    """Give the left axis a fixed width.

    By default the axis fits its width to its tick labels. In a view with a locked aspect ratio that changes the visible
    range, then the tick labels, then the width again, without end.
    """
    plot.getAxis("left").setWidth(plot.fontMetrics().horizontalAdvance(_WIDEST_TICK))


def cross() -> QPainterPath:
    """Return a cross of two thin lines; pyqtgraph's own cross is a filled shape that hides the point under it."""
    path = QPainterPath(QPointF(-0.5, -0.5))
    path.lineTo(0.5, 0.5)
    path.moveTo(-0.5, 0.5)
    path.lineTo(0.5, -0.5)
    return path
