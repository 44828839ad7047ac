"""A table model and view of one array, with full-precision copying."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView, QWidget

from bpviz.core.arrays import Array
from bpviz.session.sharing.numbers import Numbers
from bpviz.ui.style import formats
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.widgets.cell_table import CellTable, Role

_DIGITS = 6
_WIDEST = "−1.23456e-123"


class ArrayTable(CellTable):
    """Table model of a two-dimensional array; values that are not finite are highlighted.

    Parameters
    ----------
    parent : QObject, optional
    digits : int
        Number of significant digits.
    """

    def __init__(self, parent: QObject | None = None, digits: int = _DIGITS) -> None:
        super().__init__(parent)
        self._digits = digits
        self.values: Array = np.zeros((0, 0))
        self._names: tuple[list[str], list[str]] = [], []
        self._theme: Theme = LIGHT

    def show_array(self, values: Array, row_names: list[str], column_names: list[str]) -> None:
        """Set an array of shape (n_rows, n_columns) and the names of its rows and columns."""
        self.beginResetModel()
        self.values, self._names = values, (row_names, column_names)
        self.endResetModel()

    def shown(self) -> Array:
        """Return the numbers that the cells show."""
        return self.values

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme

    def n_rows(self) -> int:
        """Return the number of rows."""
        return len(self.values)

    def n_columns(self) -> int:
        """Return the number of columns."""
        return int(self.values.shape[1])

    def text(self, row: int, column: int) -> str:
        """Return the number."""
        return formats.number(float(self.values[row, column]), self._digits)

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return the alignment of numbers, to the right."""
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the danger colour for a number that is not finite."""
        return None if np.isfinite(self.values[row, column]) else QColor(self._theme.danger)

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Role.DisplayRole) -> object:
        """Return the name of a row or column."""
        if kind != Role.DisplayRole:
            return None
        return self._names[orientation == Qt.Orientation.Horizontal][section]


def as_text(values: Array, separator: str) -> str:
    """Return an array as text, one line for each row, that parses back to exactly the same numbers."""
    return "\n".join(separator.join(map(repr, row)) for row in values.tolist())


def numbers_in(widget: QWidget) -> Numbers | None:
    """Return the rows of the table in a widget, of several that with the focus, or else the largest; None without."""
    tables = [
        view
        for view in widget.findChildren(QTableView)
        if view.isVisibleTo(widget) and view.model() and view.model().rowCount()
    ]
    if not tables:
        return None
    return _numbers_of(max(tables, key=lambda view: (view.hasFocus(), view.model().rowCount())))


def _numbers_of(view: QTableView) -> Numbers:
    """Return the rows of a table, numbers as programs write them, and those of an `ArrayTable` in full precision."""
    model, has_names = view.model(), view.verticalHeader().isVisibleTo(view)
    shown = [column for column in range(model.columnCount()) if not view.isColumnHidden(column)]
    titles = [_title(model, column, Qt.Orientation.Horizontal) for column in shown]

    def row(number: int) -> tuple[object, ...]:
        names = (_title(model, number, Qt.Orientation.Vertical),) if has_names else ()
        if isinstance(model, ArrayTable):
            return *names, *model.shown()[number].tolist()
        return *names, *(_plain(model.index(number, column).data()) for column in shown)

    return Numbers((*(("",) if has_names else ()), *titles), map(row, range(model.rowCount())))


def _title(model: QAbstractItemModel, section: int, orientation: Qt.Orientation) -> str:
    return str(model.headerData(section, orientation) or "")


def _plain(text: object) -> str:
    """Return the text of a cell; a number without thousands separators and with an ASCII minus."""
    written = "" if text is None else str(text)
    number = written.replace("\N{MINUS SIGN}", "-").replace(",", "")
    try:
        float(number)
    except ValueError:
        return written
    return number


class ArrayView(QTableView):
    """View of an `ArrayTable`; Ctrl+C copies the selected cells, or all of them, separated by tabs."""

    def __init__(self, table: ArrayTable) -> None:
        super().__init__()
        self.table = table
        self.setModel(table)
        # Measuring each of a million numbers would take minutes, so all columns get the width of the widest number.
        self.horizontalHeader().setDefaultSectionSize(self.fontMetrics().horizontalAdvance(_WIDEST) + 12)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy on Ctrl+C; leave other keys to the table view."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy("\t")
        else:
            super().keyPressEvent(event)

    def copy(self, separator: str) -> None:
        """Copy the selected cells to the clipboard, or all cells if none are selected."""
        QGuiApplication.clipboard().setText(as_text(self.chosen(), separator))

    def chosen(self) -> Array:
        """Return the rectangle of the array that contains the selected cells, or the whole array."""
        parts, values = self.selectionModel().selection().toList(), self.table.shown()
        # Ranges, not selectedIndexes: a selection of a whole matrix would be a list of a million indexes.
        if not parts:
            return values
        rows = slice(min(part.top() for part in parts), max(part.bottom() for part in parts) + 1)
        columns = slice(min(part.left() for part in parts), max(part.right() for part in parts) + 1)
        return values[rows, columns]
