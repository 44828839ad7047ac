"""The operations of an update as a table: a row for each layer, a column for each quantity."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from bpviz.language import N_, _, without_gaps
from bpviz.session.walkthrough.operations import BACKWARD, FORWARD, GRADIENTS, Operation, quantity_name
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.widgets.cell_table import CellTable, Index, Role

_BEFORE_RULE = (*FORWARD, "loss", *BACKWARD, *GRADIENTS)
DONE, CURRENT, TO_COME = N_("done"), N_("current"), N_("to do")
STATE, STARTS_PHASE = Role.UserRole, Role.UserRole + 1

_MARK, _DOT, _ROW, _NARROWEST, _MARKED = 9.0, 6.0, 26, 12, 14
_PHASES = {
    "forward": N_("forward"),
    "loss": N_("loss"),
    "backward": N_("backward"),
    "gradients": N_("gradients"),
    "update": N_("update"),
}
_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class OperationTable(CellTable):
    """Table model with the state of each operation."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layers, self._done = 0, 0
        self.columns: tuple[str, ...] = (*_BEFORE_RULE, "update")
        self._numbers: dict[Operation, int] = {}

    def show_update(self, update: TracedUpdate) -> None:
        """Show an update and its number of completed operations."""
        columns = (*_BEFORE_RULE, *update.rule.extra_operations, "update")
        if (len(update.layers), columns) != (self._layers, self.columns):
            self.beginResetModel()
            self._layers, self.columns = len(update.layers), columns
            self._numbers = {operation: number for number, operation in enumerate(update.operations, start=1)}
            self.endResetModel()
        # Only the cells that change are repainted: repainting all takes longer than everything else in a step.
        low, high = sorted((self._done, update.index))
        self._done = update.index
        for operation in update.operations[max(low - 1, 0) : high]:
            cell = self.index(operation.layer - 1, self.columns.index(operation.quantity))
            self.dataChanged.emit(cell, cell)

    def operation(self, index: Index) -> Operation:
        """Return the operation of a cell; the update may not contain it."""
        return Operation(self.columns[index.column()], index.row() + 1)

    def number(self, index: Index) -> int | None:
        """Return the index, from 1, of a cell's operation in the update, or None."""
        return self._numbers.get(self.operation(index)) if index.isValid() else None

    def state(self, index: Index) -> str | None:
        """Return the state of a cell's operation, or None if there is no operation."""
        number = self.number(index)
        if number is None:
            return None
        return CURRENT if number == self._done else DONE if number < self._done else TO_COME

    def n_rows(self) -> int:
        """Return the number of layers."""
        return self._layers

    def n_columns(self) -> int:
        """Return the number of quantities."""
        return len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Allow only operations to be selected."""
        return super().flags(index) if self.number(index) is not None else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, kind: int = Role.DisplayRole) -> object:
        """Return the state, tooltip or accessible text of a cell."""
        if kind == STATE:
            return self.state(index)
        if kind == STARTS_PHASE:
            column = index.column()
            return column > 0 and Operation(self.columns[column - 1], 1).phase != self.operation(index).phase
        return super().data(index, kind)

    def accessible_text(self, row: int, column: int) -> str | None:
        """Return the operation of a cell and its state."""
        operation, state = self.operation(cell := self.index(row, column)), self.state(cell)
        if state is None:
            return None
        text = _("{quantity} of layer {layer}, {state}")
        quantity = quantity_name(operation.quantity)
        return without_gaps(text.format(quantity=quantity, layer=operation.layer, state=_(state)))

    def tip(self, row: int, column: int) -> str | None:
        """Return the same with the number and phase of the operation."""
        cell, text = self.index(row, column), self.accessible_text(row, column)
        if text is None:
            return None
        phase = _(_PHASES[self.operation(cell).phase])
        return _("Operation {number} of {count}, {phase}: {text}").format(
            number=self.number(cell), count=len(self._numbers), phase=phase, text=text
        )

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Role.DisplayRole) -> object:
        """Return the quantity, or the layer."""
        if orientation == Qt.Orientation.Vertical:
            return _("Layer {number}").format(number=section + 1) if kind == Role.DisplayRole else None
        quantity = quantity_name(self.columns[section])
        phase = _(_PHASES[Operation(self.columns[section], 1).phase])
        tip = _("{quantity}: {phase} phase").format(quantity=quantity, phase=phase)
        return {Role.DisplayRole: quantity, Role.ToolTipRole: tip}.get(Role(kind))


class _Marks(QStyledItemDelegate):
    """Paints a tick for a completed operation, a highlighted tick for the current one, and a dot for the others."""

    theme: Theme = LIGHT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        area, state = QRectF(option.rect), index.data(STATE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(STARTS_PHASE):
            painter.fillRect(QRectF(area.topLeft(), area.bottomLeft() + QPointF(1, 0)), QColor(self.theme.hairline))
        if state is not None:
            self._paint_mark(painter, area.adjusted(3, 3, -3, -3), state)
            if option.state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(QColor(self.theme.accent), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.restore()

    def _paint_mark(self, painter: QPainter, area: QRectF, state: str) -> None:
        if state == TO_COME:
            painter.setPen(QPen(QColor(self.theme.muted), 1.2 * self.theme.line_width))
            painter.drawEllipse(area.center(), _DOT / 2, _DOT / 2)
            return
        if state == CURRENT:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.accent))
            painter.drawRoundedRect(area, 3, 3)
        colour = self.theme.on_accent if state == CURRENT else self.theme.ink
        painter.setPen(
            QPen(QColor(colour), 1.8 * self.theme.line_width, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPolyline(_tick(area.center()))


class OperationGrid(QTableView):
    """Shows the operations; a click, Enter or Space on an operation requests to go to it.

    Signals
    -------
    picked : int
        Number of operations that should be completed.
    """

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.table, self._marks = OperationTable(self), _Marks(self)
        self.setModel(self.table)
        self.setItemDelegate(self._marks)
        self.setAccessibleName(_("Operations of this update, by layer"))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Less padding than elsewhere: all columns must fit into a narrow panel.
        self.setStyleSheet("QHeaderView::section { padding: 2px 1px; }")
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            # A click on a header would look like a selection, which the table does not have.
            header.setSectionsClickable(False)
            header.setHighlightSections(False)
            header.setMinimumSectionSize(_NARROWEST)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.verticalHeader().setMinimumWidth(
            self.fontMetrics().horizontalAdvance(_("Layer {number}").format(number=88))
        )
        self.clicked.connect(self._pick)

    def show_update(self, update: TracedUpdate) -> None:
        """Show an update and scroll to its current operation."""
        before = self.table.rowCount(), self.table.columns
        self.table.show_update(update)
        if before != (self.table.rowCount(), self.table.columns):
            self._share_width()
        operation = update.operation
        if operation is not None:
            current = self.table.index(operation.layer - 1, self.table.columns.index(operation.quantity))
            # The current index moves along, so that arrow keys start at the current operation.
            self.setCurrentIndex(current)
            self.scrollTo(current)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._marks.theme = theme
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the focused operation on Enter or Space."""
        if event.key() in _KEYS:
            self._pick(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Distribute the new width over the columns."""
        super().resizeEvent(event)
        self._share_width()

    def sizeHint(self) -> QSize:
        """Return a size with room for four layers."""
        return QSize(360, self.horizontalHeader().height() + 4 * _ROW)

    def _share_width(self) -> None:
        """Fit each column to its name, and distribute the remaining or missing width evenly."""
        header = self.horizontalHeader()
        names = [
            max(self.fontMetrics().horizontalAdvance(quantity_name(name)), _MARKED) + 6 for name in self.table.columns
        ]
        more = (self.viewport().width() - sum(names)) // len(names)
        if len(names) > len(_BEFORE_RULE) + 1:
            more = max(more, 0)  # with those of an optimiser there may not be room for all: the table scrolls
        for column, width in enumerate(names):
            header.resizeSection(column, max(width + more, _NARROWEST))

    def _pick(self, index: QModelIndex) -> None:
        number = self.table.number(index)
        if number is not None:
            self.picked.emit(number)


def _tick(centre: QPointF) -> QPolygonF:
    corners = ((-0.45, 0.05), (-0.12, 0.35), (0.45, -0.35))
    return QPolygonF([centre + QPointF(x * _MARK, y * _MARK) for x, y in corners])
