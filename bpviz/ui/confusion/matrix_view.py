"""View of a confusion matrix as coloured cells, which fill the room that there is."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QPolygon,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from bpviz.language import _
from bpviz.ui.confusion import confusion_words as words
from bpviz.ui.confusion.class_header import ClassHeader
from bpviz.ui.confusion.matrix_table import MatrixTable
from bpviz.ui.style import formats
from bpviz.ui.style.theme import BASE_POINTS, GAP, LIGHT, SMALLER_POINTS, Theme
from bpviz.ui.widgets.cell_table import BOLD

_WIDEST_SHARE = words.share(0.999)
_Index = QModelIndex | QPersistentModelIndex
# Names take at most this share of the width, or height, of the view.
_MOST_NAMES = 0.35
# Cells are at most so many lines of text wide, or as their names are, and high.
_WIDEST, _HIGHEST = 7, 3
# The mark of the cell with the selected sample, in pixels: it leaves the number of a small cell free.
_CORNER = 8


class Numbers(IntEnum):
    """Which numbers cells have room for. From the last to the first they are left out as cells get narrower."""

    NONE = 0
    COUNTS = 1
    COUNTS_AND_PRECISION = 2


class MatrixView(QTableView):
    """Shows a `MatrixTable`; arrow keys move from cell to cell, a click or Enter chooses one, Ctrl+C copies as CSV.

    Cells are narrower the more classes there are. When numbers have no room in them, digits get smaller, then the
    precision is left out, then the counts; the colours stay. Cells that would be narrower than a line of text is high
    are scrolled.

    Signals
    -------
    chosen : QModelIndex
        A cell was clicked, or Enter was pressed on it.
    moved
        Another cell is the current one, or the focus has come or gone.
    """

    chosen = Signal(QModelIndex)
    moved = Signal()

    def __init__(self, table: MatrixTable) -> None:
        super().__init__()
        self.table, self.numbers = table, Numbers.COUNTS_AND_PRECISION
        self.number_font = self.font()
        self.theme: Theme = LIGHT
        self.across = ClassHeader(Qt.Orientation.Horizontal, self)
        self.down = ClassHeader(Qt.Orientation.Vertical, self)
        self.setHorizontalHeader(self.across)
        self.setVerticalHeader(self.down)
        self.setModel(table)
        self.setItemDelegate(_CellPainter(self))
        self.setAccessibleName(_("Confusion matrix: rows are true classes, columns are predicted classes"))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.copy_action = QAction(_("Copy as CSV"), self)
        self.copy_action.triggered.connect(self.copy)
        self.addAction(self.copy_action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.clicked.connect(self.chosen)
        table.modelReset.connect(self.fit)
        table.dataChanged.connect(self._fit_numbers)

    @Slot()
    def copy(self) -> None:
        """Copy the matrix with precision and recall to the clipboard, as CSV."""
        if self.table.matrix is not None:
            QGuiApplication.clipboard().setText(words.as_csv(self.table.matrix, self.table.names))

    # Sizes

    @Slot()
    def fit(self) -> None:
        """Fit names and cells to the size of the view; the names of the shares are short if numbers need the room."""
        if not self.table.names:
            return
        for is_short in (False, True):
            self.across.is_short = self.down.is_short = is_short
            self._fit_cells()
            if self.numbers is Numbers.COUNTS_AND_PRECISION:
                break
        self.scrollTo(self.currentIndex())

    def _fit_cells(self) -> None:
        line, n_classes = self.fontMetrics().height(), len(self.table.names)
        side = min(self.down.names_width(), int(_MOST_NAMES * self.width()))
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        room = self.width() - side - self._recall_width()
        width = min(max(room // n_classes, line), max(_WIDEST * line, self._widest_name() + GAP))
        lowest = self.fontMetrics().ascent() + 2  # digits have nothing below the line that they stand on
        if (n_classes + 1) * lowest > self.height() - self._names_height(width) and width * n_classes + bar > room:
            width = max((room - bar) // n_classes, line)
        height = (self.height() - self._names_height(width)) // (n_classes + 1)
        self._resize(side, width, min(max(height, lowest), _HIGHEST * line))
        self._fit_numbers()

    def _resize(self, side: int, width: int, height: int) -> None:
        self.across.is_upright = self._is_upright(width)
        self.down.setFixedWidth(side)
        self.across.setFixedHeight(self._names_height(width))
        self.across.setDefaultSectionSize(width)
        self.down.setDefaultSectionSize(height)
        for column in range(len(self.table.names)):
            self.setColumnWidth(column, width)
        self.setColumnWidth(len(self.table.names), self._recall_width())

    def _is_upright(self, width: int) -> bool:
        return self._widest_name() > width - 2

    def _widest_name(self) -> int:
        return max(map(self.fontMetrics().horizontalAdvance, self.table.names))

    def _names_height(self, width: int) -> int:
        """Return the height of the names above columns of some width."""
        line = self.fontMetrics().height() + GAP // 2
        if not self._is_upright(width):
            return line
        return max(min(self.across.names_width(), int(_MOST_NAMES * self.height())), line)

    def _recall_width(self) -> int:
        return (
            max(map(self.fontMetrics().horizontalAdvance, (self.across.name(len(self.table.names)), _WIDEST_SHARE)))
            + GAP
        )

    @Slot()
    def _fit_numbers(self) -> None:
        """Choose the numbers that cells have room for, and the size of their digits."""
        if self.table.matrix is None:
            return
        largest = formats.count(int(self.table.matrix.counts.max(initial=0)))
        small = self.font()
        small.setPointSizeF(small.pointSizeF() * (BASE_POINTS - SMALLER_POINTS) / BASE_POINTS)
        both, counts = Numbers.COUNTS_AND_PRECISION, Numbers.COUNTS
        for font, numbers in ((self.font(), both), (small, both), (small, counts)):
            self.numbers, self.number_font = numbers, font
            widths = [_width(font, largest, is_bold=True)]
            widths += [_width(font, _WIDEST_SHARE)] if numbers is both else []
            if max(widths) <= self.across.defaultSectionSize() - 2:
                return
        self.numbers = Numbers.NONE

    def has_room_for(self, index: _Index) -> bool:
        """Return whether there is room for the number of a cell; recall has a column that is wide enough."""
        cell = self.table.cell(index.row(), index.column())
        if cell.predicted is None:
            return True
        return self.numbers >= (Numbers.COUNTS if cell.is_count else Numbers.COUNTS_AND_PRECISION)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cells to a new size."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the cells to a new size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit()

    # Keyboard

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Tell of another current cell."""
        super().currentChanged(current, previous)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the current cell on Enter, copy on Ctrl+C; leave other keys to the table view."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


def _width(font: QFont, text: str, *, is_bold: bool = False) -> int:
    made = QFont(font)
    if is_bold:
        made.setWeight(BOLD.weight())
    return QFontMetrics(made).horizontalAdvance(text)


class _CellPainter(QStyledItemDelegate):
    """Paints a cell: its colour, its number if there is room, and its marks."""

    def __init__(self, view: MatrixView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell."""
        painter.save()
        table, theme = self._view.table, self._view.theme
        row, column = index.row(), index.column()
        box: QRect = option.rect.adjusted(1, 1, 0, 0)
        if (colour := table.light(row, column)) is not None:
            painter.fillRect(box, colour)
            painter.setPen(QColor(theme.hairline))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        if self._view.has_room_for(index):
            painter.setFont(self._font(index))
            painter.setPen(table.ink(row, column))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, table.text(row, column))
        self._paint_marks(painter, box, index, has_focus=bool(option.state & QStyle.StateFlag.State_HasFocus))
        painter.restore()

    def _font(self, index: _Index) -> QFont:
        """Return the font of a number; recall has room for usual digits."""
        font = QFont(self._view.font() if index.column() == len(self._view.table.names) else self._view.number_font)
        if self._view.table.font(index.row(), index.column()):
            font.setWeight(BOLD.weight())
        return font

    def _paint_marks(self, painter: QPainter, box: QRect, index: _Index, *, has_focus: bool) -> None:
        table, theme = self._view.table, self._view.theme
        cell = table.cell(index.row(), index.column())
        if cell == table.listed:
            painter.setPen(QPen(QColor(theme.ink), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        if has_focus:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        if cell == table.of_selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            corner = box.topRight() + QPoint(1, 0)
            painter.drawPolygon(QPolygon([corner, corner - QPoint(_CORNER, 0), corner + QPoint(0, _CORNER)]))
