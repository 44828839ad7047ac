"""One array as a table of numbers that can be copied in full."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView

from bpviz.core.arrays import Array
from bpviz.ui.style import formats
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.widgets.cell_table import CellTable, Role

_DIGITS = 6
_WIDEST = "−1.23456e-123"


class ArrayTable(CellTable):
    """A two-dimensional array; what is not finite stands out.

    Parameters
    ----------
    parent : QObject, optional
    digits : int
        How many significant digits numbers have.
    """

    def __init__(self, parent: QObject | None = None, digits: int = _DIGITS) -> None:
        super().__init__(parent)
        self._digits = digits
        self.values: Array = np.zeros((0, 0))
        self._names: tuple[list[str], list[str]] = [], []
        self._theme: Theme = LIGHT

    def show_array(self, values: Array, row_names: list[str], column_names: list[str]) -> None:
        """Take an array of shape (n_rows, n_columns) with a name for each row and column."""
        self.beginResetModel()
        self.values, self._names = values, (row_names, column_names)
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
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
        """Return the right, for numbers."""
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the colour of danger where a number is not finite."""
        return None if np.isfinite(self.values[row, column]) else QColor(self._theme.danger)

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Role.DisplayRole) -> object:
        """Name rows and columns."""
        if kind != Role.DisplayRole:
            return None
        return self._names[orientation == Qt.Orientation.Horizontal][section]


def as_text(values: Array, separator: str) -> str:
    """Write an array so that reading it gives the very same numbers: a line for each row."""
    return "\n".join(separator.join(map(repr, row)) for row in values.tolist())


class ArrayView(QTableView):
    """Shows an `ArrayTable`; Ctrl+C copies the chosen cells, or all of them, separated by tabs."""

    def __init__(self, table: ArrayTable) -> None:
        super().__init__()
        self.table = table
        self.setModel(table)
        # Measuring each of a million numbers would take minutes: all columns hold the widest there is.
        self.horizontalHeader().setDefaultSectionSize(self.fontMetrics().horizontalAdvance(_WIDEST) + 12)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, or move as tables do."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy("\t")
        else:
            super().keyPressEvent(event)

    def copy(self, separator: str) -> None:
        """Put the chosen cells on the clipboard, all of them if none are."""
        QGuiApplication.clipboard().setText(as_text(self.chosen(), separator))

    def chosen(self) -> Array:
        """Return the part of the array that the chosen cells span; all of it if none are."""
        parts, values = self.selectionModel().selection().toList(), self.table.values
        if not parts:
            return values
        rows = slice(min(part.top() for part in parts), max(part.bottom() for part in parts) + 1)
        columns = slice(min(part.left() for part in parts), max(part.right() for part in parts) + 1)
        return values[rows, columns]
