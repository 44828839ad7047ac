"""The quantities of one sample as heatmaps: a row for each layer, a column for each quantity."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.core.arrays import Array, rms
from bpviz.language import N_, _, ngettext
from bpviz.session.walkthrough.operations import BACKWARD, FORWARD, GRADIENTS, Operation, quantity_name
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, LIGHT, Theme
from bpviz.ui.view_model.selection import Selection

QUANTITIES = (*FORWARD, *BACKWARD, *GRADIENTS)
_PER_LAYER = ("z", "a", "error", "slope", "delta", "db")
_LEAST_STRIP = 10
_TIP = N_("Below each strip: the RMS of the layer, or the value of the selected neuron")


def value_in(update: TracedUpdate, row: int, operation: Operation) -> Array:
    """Return the result of an operation for one row of an update: one value per neuron, or a matrix for dW."""
    value = update.value(operation)
    return value[row] if operation.quantity in (*FORWARD, *BACKWARD) else value


class SampleGrid(QWidget):
    """Paints the values of one sample up to the current operation.

    Signals
    -------
    picked : int, int
        A layer, from 1, and a neuron, from 0.
    """

    picked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Quantities of the sample, layer by layer"))
        self.setMouseTracking(True)
        self.setToolTip(_(_TIP))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._update_of: TracedUpdate | None = None
        self._row = 0
        self._selection = Selection()
        self._theme: Theme = LIGHT
        self._scales: dict[str, Scale] = {}

    def sizeHint(self) -> QSize:
        """Return a size with room for all layers."""
        layers = len(self._update_of.trace.layers) if self._update_of else 4
        line = self.fontMetrics().height()
        return QSize(420, line + layers * (2 * line + GAP))

    def show_update(self, update: TracedUpdate, row: int) -> None:
        """Show one row of a trace, which is one sample of its batch."""
        self._update_of, self._row = update, row
        # One scale for all layers of a quantity, so that layers can be compared.
        self._scales = {quantity: cells.scale_of(quantity, self._over_layers(quantity)) for quantity in QUANTITIES}
        self.setToolTip(_(_TIP))  # the value under the pointer is not the same any more
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._update_of = None
        self.setToolTip(_(_TIP))
        self.update()

    def set_selection(self, selection: Selection) -> None:
        """Show the values of the selected neuron instead of the RMS of its layer."""
        self._selection = selection
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self.update()

    def value(self, operation: Operation) -> Array:
        """Return the result of an operation for the displayed sample: one value per neuron, or a matrix for dW."""
        assert self._update_of is not None
        return value_in(self._update_of, self._row, operation)

    def _over_layers(self, quantity: str) -> list[Array]:
        assert self._update_of is not None
        layers = range(1, len(self._update_of.layers) + 1)
        return [self.value(Operation(quantity, layer)) for layer in layers]

    # Geometry

    def _cell(self, layer: int, column: int) -> QRect:
        assert self._update_of is not None
        line, left = self.fontMetrics().height(), self._label_width()
        layers = len(self._update_of.trace.layers)
        width = (self.width() - left) / len(QUANTITIES)
        height = (self.height() - 2 * line) / layers
        x, y = left + round(column * width), 2 * line + round((layer - 1) * height)
        return QRect(x, y, round(width) - GAP, round(height))

    def _strip(self, cell: QRect) -> QRect:
        text = self.fontMetrics().height()
        return QRect(cell.left(), cell.top(), cell.width(), max(cell.height() - text - 4, _LEAST_STRIP))

    def _label_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(_("Layer {number}").format(number=8)) + GAP

    def _found(self, at: QPoint) -> tuple[Operation, int] | None:
        """Return the operation and the neuron at a point, or None."""
        if self._update_of is None:
            return None
        for operation in self._done():
            strip = self._strip(self._cell(operation.layer, QUANTITIES.index(operation.quantity)))
            if strip.contains(at):
                neurons = self.value(operation).shape[-1]
                return operation, min((at.x() - strip.left()) * neurons // strip.width(), neurons - 1)
        return None

    def _done(self) -> list[Operation]:
        assert self._update_of is not None
        done = self._update_of.operations[: self._update_of.index]
        return [operation for operation in done if operation.quantity in QUANTITIES]

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the headers and the completed operations."""
        if self._update_of is None:
            return
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.muted))
        self._paint_headers(painter)
        for operation in self._done():
            self._paint_cell(painter, operation)
        painter.end()

    def _paint_headers(self, painter: QPainter) -> None:
        assert self._update_of is not None
        line = self.fontMetrics().height()
        for column, quantity in enumerate(QUANTITIES):
            cell = self._cell(1, column)
            painter.setPen(QColor(self._theme.ink))
            painter.drawText(
                QRect(cell.left(), 0, cell.width(), line), Qt.AlignmentFlag.AlignLeft, quantity_name(quantity)
            )
            painter.setPen(QColor(self._theme.muted))
            scale = self._scales[quantity].text
            painter.drawText(QRect(cell.left(), line - 2, cell.width(), line), Qt.AlignmentFlag.AlignLeft, scale)
        for layer in range(1, len(self._update_of.trace.layers) + 1):
            cell = self._strip(self._cell(layer, 0))
            box = QRect(0, cell.top(), self._label_width(), cell.height())
            name = _("Layer {number}").format(number=layer)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_cell(self, painter: QPainter, operation: Operation) -> None:
        assert self._update_of is not None
        cell = self._cell(operation.layer, QUANTITIES.index(operation.quantity))
        strip, value = self._strip(cell), self.value(operation)
        pixels = cells.shades(np.atleast_2d(value), self._scales[operation.quantity], self._theme)
        painter.drawImage(strip, cells.picture(pixels))
        is_current = operation == self._update_of.operation
        painter.setPen(QPen(QColor(self._theme.accent if is_current else self._theme.hairline), 2 if is_current else 1))
        painter.drawRect(strip.adjusted(0, 0, -1, -1))
        painter.setPen(QColor(self._theme.ink if self._has_chosen(operation.layer) else self._theme.muted))
        below = QRect(cell.left(), strip.bottom() + 1, cell.width(), cell.bottom() - strip.bottom())
        text = self._number(operation, value, cell.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)
        self._mark_neuron(painter, operation, strip, value.shape[-1])

    def _has_chosen(self, layer: int) -> bool:
        return self._selection.layer == layer and self._selection.neuron is not None

    def _number(self, operation: Operation, value: Array, width: int) -> str:
        """Format the selected neuron's value, or else the RMS of the layer, with as many digits as fit."""
        is_one = self._has_chosen(operation.layer) and operation.quantity in _PER_LAYER
        number = float(value[self._selection.neuron or 0]) if is_one else rms(value)
        metrics = QFontMetrics(self.font())
        texts = [formats.number(number, digits) for digits in ((3, 2, 1) if is_one else (2, 1))]
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= width)
        return next(fitting, metrics.elidedText(texts[-1], Qt.TextElideMode.ElideRight, width))

    def _mark_neuron(self, painter: QPainter, operation: Operation, strip: QRect, neurons: int) -> None:
        if not self._has_chosen(operation.layer):
            return
        neuron = self._selection.neuron or 0
        left, right = strip.width() * neuron // neurons, strip.width() * (neuron + 1) // neurons
        painter.setPen(QPen(QColor(self._theme.accent), 2))
        painter.drawRect(QRect(strip.left() + left, strip.top(), max(right - left, 3), strip.height() - 1))

    # The pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the neuron under the pointer."""
        if found := self._found(event.position().toPoint()):
            self.picked.emit(found[0].layer, found[1])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Set the tooltip to the value under the pointer, or else to what is told of the whole picture."""
        found = self._found(event.position().toPoint())
        self.setToolTip(self._describe(*found) if found else _(_TIP))

    def _describe(self, operation: Operation, neuron: int) -> str:
        value = self.value(operation)
        text = formats.number(float(value[neuron]), 6)
        if value.ndim > 1:
            text = ngettext("{count} weight", "{count} weights", len(value)).format(count=len(value))
        return _("{operation}, neuron {neuron}: {value}").format(operation=operation.name, neuron=neuron, value=text)
