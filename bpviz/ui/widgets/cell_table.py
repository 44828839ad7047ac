"""Base classes of the table models: subclasses return text, tooltip and style of a cell by row and column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from bpviz.core.arrays import Indices
from bpviz.language import _
from bpviz.ui.style.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
BOLD = QFont()
BOLD.setWeight(QFont.Weight.DemiBold)
_LIT_ALPHA = 60


class CellTable(QAbstractTableModel):
    """Table model whose subclasses define the number of rows and columns and the data of each cell."""

    def n_rows(self) -> int:
        """Return the number of rows."""
        raise NotImplementedError

    def n_columns(self) -> int:
        """Return the number of columns."""
        raise NotImplementedError

    def text(self, row: int, column: int) -> str | None:
        """Return the text of a cell."""
        return None

    def accessible_text(self, row: int, column: int) -> str | None:
        """Return the text of a cell for screen readers; by default its text."""
        return self.text(row, column)

    def tip(self, row: int, column: int) -> str | None:
        """Return the tooltip of a cell, None if it has none."""
        return None

    def alignment(self, column: int) -> Qt.AlignmentFlag | None:
        """Return the alignment of a column, None for the default."""
        return None

    def check(self, row: int, column: int) -> Qt.CheckState | None:
        """Return the state of the check box of a cell, None where there is none."""
        return None

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the text colour of a cell, None for the default."""
        return None

    def light(self, row: int, column: int) -> QColor | None:
        """Return the background of a cell, None for the default."""
        return None

    def font(self, row: int, column: int) -> QFont | None:
        """Return the font of a cell, None for the default."""
        return None

    def refresh(self) -> None:
        """Reset the model after rows were added or removed."""
        self.beginResetModel()
        self.endResetModel()

    def touch(self) -> None:
        """Refresh all cells of the same rows."""
        self.touch_from(0)

    def touch_from(self, first: int) -> None:
        """Refresh the cells from a column on; an editor to the left of it stays open."""
        if rows := self.rowCount():
            self.dataChanged.emit(self.index(0, first), self.index(rows - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Return the number of rows, 0 below a cell."""
        return 0 if parent.isValid() else self.n_rows()

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Return the number of columns, 0 below a cell."""
        return 0 if parent.isValid() else self.n_columns()

    def data(self, index: Index, kind: int = Role.DisplayRole) -> object:
        """Return the data of a cell for a role."""
        row, column = index.row(), index.column()
        match kind:
            case Role.DisplayRole | Role.EditRole:
                return self.text(row, column)
            case Role.AccessibleTextRole:
                return self.accessible_text(row, column)
            case Role.ToolTipRole | Role.AccessibleDescriptionRole:
                return self.tip(row, column)
            case Role.TextAlignmentRole:
                return self.alignment(column)
            case Role.CheckStateRole:
                return self.check(row, column)
            case Role.ForegroundRole:
                return self.ink(row, column)
            case Role.BackgroundRole:
                return self.light(row, column)
            case Role.FontRole:
                return self.font(row, column)
        return None


@dataclass(frozen=True)
class Column:
    """A column of a `RecordTable`.

    Attributes
    ----------
    title : str
    tip : str
        Tooltip of the header.
    is_number : bool
        Whether the column is aligned to the right.
    """

    title: str
    tip: str = ""
    is_number: bool = False


class RecordTable(CellTable):
    """Table model with a row for each record and titled columns.

    Parameters
    ----------
    columns : sequence of Column
    parent : QObject, optional
    """

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns

    def n_columns(self) -> int:
        """Return the number of columns."""
        return len(self._columns)

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return the alignment of a column: numbers to the right, texts to the left."""
        is_number = self._columns[column].is_number
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Role.DisplayRole) -> object:
        """Return the title, tooltip or alignment of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match kind:
            case Role.DisplayRole:
                return _(self._columns[section].title)
            case Role.ToolTipRole:
                return _(self._columns[section].tip) or None
            case Role.TextAlignmentRole:
                return self.alignment(section)
        return None


@dataclass(frozen=True)
class SortedColumn:
    """A column of a `SortedTable`.

    Attributes
    ----------
    title, tip : str
        As they are shown.
    values : ndarray of shape (n_rows,)
        What the rows are sorted by.
    text : callable
        ``text(row)`` -> the text of a cell.
    widest : str
        The widest text.
    is_signed : bool
        Whether numbers have the colour of their sign.
    """

    title: str
    tip: str
    values: npt.NDArray[np.floating] | Indices
    text: Callable[[int], str]
    widest: str = "−1.234e−88"
    is_signed: bool = False


class SortedTable(CellTable):
    """Table model with rows of numbers in the order of one of the columns.

    Attributes
    ----------
    columns : tuple of SortedColumn
    rows : ndarray of int
        The rows of the columns that are shown, in their order.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[SortedColumn, ...] = ()
        self.rows: Indices = np.empty(0, dtype=np.intp)
        self.sorted_by, self.descends = 0, False

    def listed(self) -> Indices:
        """Return which rows of the columns are to be shown, in the order of those with equal values."""
        raise NotImplementedError

    def choose_rows(self) -> None:
        """Choose the rows anew, between the beginning and the end of a reset of the model."""
        self.rows = self.in_order(self.columns, self.listed()) if self.columns else np.empty(0, dtype=np.intp)

    def in_order(self, columns: tuple[SortedColumn, ...], rows: Indices) -> Indices:
        """Return rows of columns in their order."""
        values = columns[self.sorted_by].values[rows]
        return rows[np.argsort(-values if self.descends else values, kind="stable")]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the rows by a column; rows with equal values stay in the order of `listed`."""
        self.beginResetModel()
        self.sorted_by, self.descends = max(column, 0), order is Qt.SortOrder.DescendingOrder
        self.choose_rows()
        self.endResetModel()

    def n_rows(self) -> int:
        """Return the number of rows that are shown."""
        return len(self.rows)

    def n_columns(self) -> int:
        """Return the number of columns."""
        return len(self.columns)

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        return self.columns[column].text(int(self.rows[row]))

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return the alignment of numbers, to the right."""
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Role.DisplayRole) -> object:
        """Return the title, tooltip or alignment of a column."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        match kind:
            case Role.DisplayRole:
                arrow = (" ▾" if self.descends else " ▴") if section == self.sorted_by else ""
                return f"{self.columns[section].title}{arrow}"
            case Role.ToolTipRole:
                return _("{tip}\nClick to sort").format(tip=self.columns[section].tip)
            case Role.TextAlignmentRole:
                return self.alignment(section)
        return None


def lit(theme: Theme) -> QColor:
    """Return the background of a highlighted row."""
    colour = QColor(theme.accent)
    colour.setAlpha(_LIT_ALPHA)
    return colour


def check_state(on: bool) -> Qt.CheckState:
    """Return the Qt state of a check box."""
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked


def is_checked(value: object) -> bool:
    """Return whether a value that Qt passes to `setData` means checked."""
    return value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value)
