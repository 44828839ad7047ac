"""Animation of the current operation in the network diagram: a band that moves forward or backward."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QObject, QRectF, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from bpviz.language import N_, _
from bpviz.session.walkthrough.operations import Operation
from bpviz.ui.network.edges import Edges, paint_plain
from bpviz.ui.network.layout import NetworkLayout
from bpviz.ui.network.nodes import column_of
from bpviz.ui.style.theme import Theme

_MILLISECONDS = 220
_ARROWS = {"z": "a × W →", "error": N_("← W × delta")}
_TINT, _FLASH = 26, 90


class Flow(QObject):
    """Animates `progress` from 0 to 1 at each new operation; without animation it is 1 at once.

    Signals
    -------
    moved
        `progress` has changed.
    """

    moved = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent
        self.operation: Operation | None = None
        self.progress = 1.0
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._animation.valueChanged.connect(self._move)

    def show_operation(self, operation: Operation | None) -> None:
        """Set the current operation and start its animation."""
        if operation == self.operation:
            return
        self.operation = operation
        # A new operation interrupts the animation of the one before, so that fast stepping is never delayed.
        self._animation.stop()
        self.progress = 1.0
        duration = _animation_duration(self._widget)
        if operation is not None and duration:
            self.progress = 0.0
            self._animation.setDuration(duration)
            self._animation.start()
        self.moved.emit()

    @Slot(object)
    def _move(self, value: float) -> None:
        self.progress = float(value)
        self.moved.emit()


def _animation_duration(widget: QWidget) -> int:
    """Return the duration in milliseconds, 0 where nobody watches, and if the desktop has animations turned off."""
    if widget.window().testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen):
        return 0
    style = QApplication.style()
    return _MILLISECONDS if style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0 else 0


@dataclass(frozen=True)
class Highlight:
    """The part of the diagram that is highlighted for an operation.

    Attributes
    ----------
    edges_into : int or None
        The layer whose incoming weights are highlighted.
    nodes_of : int or None
        The layer whose neurons are highlighted.
    is_backward : bool
    """

    edges_into: int | None
    nodes_of: int | None
    is_backward: bool = False


def highlight_of(operation: Operation, n_layers: int) -> Highlight:
    """Return the part of the diagram that an operation works on."""
    quantity, layer = operation.quantity, operation.layer
    if quantity == "z":
        return Highlight(layer, layer)
    if quantity == "error" and layer < n_layers:
        return Highlight(layer + 1, layer, is_backward=True)
    if quantity == "dW":
        return Highlight(layer, None)
    return Highlight(layer, layer) if quantity == "update" else Highlight(None, layer)


def paint_flow(painter: QPainter, layout: NetworkLayout, flow: Flow, edges: Edges, theme: Theme, height: float) -> None:
    """Paint the highlight of the current operation: a moving band, and a tint after the animation has ended."""
    if flow.operation is None:
        return
    shown = highlight_of(flow.operation, len(layout.centres) - 1)
    if shown.edges_into is not None:
        _paint_gap(painter, layout, shown, flow, edges.into(shown.edges_into), theme, height)
    if shown.nodes_of is not None:
        _paint_column(painter, layout, shown.nodes_of, flow, theme)
    where = layout.middle(shown.nodes_of or 0) if shown.edges_into is None else sum(layout.gap(shown.edges_into)) / 2
    quantity = flow.operation.quantity
    _paint_label(painter, where, _(quantity) if shown.edges_into is None else _(_ARROWS.get(quantity, quantity)), theme)


def _paint_label(painter: QPainter, middle: float, text: str, theme: Theme) -> None:
    """Write the name of the operation above the part that it works on."""
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(text)
    painter.fillRect(QRectF(middle - width / 2 - 4, 0, width + 8, metrics.height()), QColor(theme.paper))
    painter.setPen(QColor(theme.accent))
    painter.drawText(round(middle - width / 2), metrics.ascent(), text)


def _paint_gap(
    painter: QPainter, layout: NetworkLayout, shown: Highlight, flow: Flow, edges: Edges, theme: Theme, height: float
) -> None:
    assert shown.edges_into is not None
    left, right = layout.gap(shown.edges_into)
    reach = flow.progress * (right - left)
    band = QRectF(right - reach if shown.is_backward else left, 0, reach, height)
    painter.fillRect(band, _accent(theme, _TINT))
    if flow.progress < 1:
        painter.save()
        # All edges are drawn each time and clipped to the band, which is simpler than cutting each line.
        painter.setClipRect(band)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        paint_plain(painter, layout, edges, QPen(_accent(theme, 170), 1.2 * theme.line_width))
        painter.restore()


def _paint_column(painter: QPainter, layout: NetworkLayout, layer: int, flow: Flow, theme: Theme) -> None:
    column = column_of(layout, layer).adjusted(-3, -3, 3, 3)
    flash = round(_FLASH * (1 - flow.progress))
    painter.setBrush(_accent(theme, flash))
    painter.setPen(QPen(QColor(theme.accent), 1.5 * theme.line_width))
    painter.drawRoundedRect(column, 4, 4)


def _accent(theme: Theme, alpha: int) -> QColor:
    colour = QColor(theme.accent)
    colour.setAlpha(alpha)
    return colour
