"""What the models of all tables share: a cell is asked for its text, tooltip and look by row and column."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from bpviz.ui.style.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
BOLD = QFont()
BOLD.setWeight(QFont.Weight.DemiBold)
_LIT_ALPHA = 60


class CellTable(QAbstractTableModel):
    """A table whose subclass says how many rows and columns there are, and what each cell shows."""

    def n_rows(self) -> int:
        """Return the number of rows."""
        raise NotImplementedError

    def n_columns(self) -> int:
        """Return the number of columns."""
        raise NotImplementedError

    def text(self, row: int, column: int) -> str | None:
        """Return the text of a cell."""
        return None

    def said(self, row: int, column: int) -> str | None:
        """Return what a screen reader says of a cell: its text, unless a subclass knows better."""
        return self.text(row, column)

    def tip(self, row: int, column: int) -> str | None:
        """Return the tooltip of a cell."""
        return None

    def alignment(self, column: int) -> Qt.AlignmentFlag | None:
        """Return where the texts of a column stand."""
        return None

    def check(self, row: int, column: int) -> Qt.CheckState | None:
        """Return whether the box of a cell is ticked, None where there is no box."""
        return None

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the colour of the text of a cell, None for the usual one."""
        return None

    def light(self, row: int, column: int) -> QColor | None:
        """Return the background of a cell, None for the usual one."""
        return None

    def font(self, row: int, column: int) -> QFont | None:
        """Return the font of a cell, None for the usual one."""
        return None

    def refresh(self) -> None:
        """Read anew which rows there are."""
        self.beginResetModel()
        self.endResetModel()

    def touch(self) -> None:
        """Read anew what the same rows show."""
        self.touch_from(0)

    def touch_from(self, first: int) -> None:
        """Read anew what the same rows show from a column on: an editor left of it stays open."""
        if rows := self.rowCount():
            self.dataChanged.emit(self.index(0, first), self.index(rows - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Return the number of rows; cells have none."""
        return 0 if parent.isValid() else self.n_rows()

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Return the number of columns; cells have none."""
        return 0 if parent.isValid() else self.n_columns()

    def data(self, index: Index, kind: int = Role.DisplayRole) -> object:
        """Return what Qt asks of a cell."""
        row, column = index.row(), index.column()
        match kind:
            case Role.DisplayRole | Role.EditRole:
                return self.text(row, column)
            case Role.AccessibleTextRole:
                return self.said(row, column)
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
        What its header explains.
    is_number : bool
        Numbers stand at the right.
    """

    title: str
    tip: str = ""
    is_number: bool = False


class RecordTable(CellTable):
    """A row for each record, under columns with titles.

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
        """Return the left, or for numbers the right."""
        is_number = self._columns[column].is_number
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Role.DisplayRole) -> object:
        """Name and explain the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match kind:
            case Role.DisplayRole:
                return self._columns[section].title
            case Role.ToolTipRole:
                return self._columns[section].tip or None
            case Role.TextAlignmentRole:
                return self.alignment(section)
        return None


def lit(theme: Theme) -> QColor:
    """Return the background of a row that stands out."""
    colour = QColor(theme.accent)
    colour.setAlpha(_LIT_ALPHA)
    return colour


def check_state(on: bool) -> Qt.CheckState:
    """Return the state of a box that is ticked or not."""
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked


def is_ticked(value: object) -> bool:
    """Whether a value that Qt hands over for a box stands for a tick."""
    return value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value)
