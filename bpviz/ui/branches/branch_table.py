"""The branches of a session as a table: a row for each, with what was done on it and how far it has come."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bpviz.session.experiment.difference import differences
from bpviz.session.time_travel.timeline import BranchInfo, Timeline
from bpviz.session.training.position import position_text
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel

NAME, FORKED, CHANGED, END, MSE, BESIDE, REMOVE = range(7)
MOST_NAME = 60
_HEADERS = ("Branch", "Forked from", "Changed", "Epoch", "Train MSE", "Beside", "")
_TIPS = {
    NAME: "Click brings it to the screen, F2 renames it",
    FORKED: "Where it parted from another branch",
    CHANGED: "What was changed by hand on it alone",
    END: "How far it has been trained",
    MSE: "Mean squared error over the training samples at its end",
    BESIDE: "Show it beside the one on screen",
    REMOVE: "Forget this branch  (Delete)",
}
_ON_SCREEN, _ONLY_ONE = "This is the one on screen", "The only branch stays"
_LIT_ALPHA = 60
_BOLD = QFont()
_BOLD.setWeight(QFont.Weight.DemiBold)
_NO_PARENT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class BranchTable(QAbstractTableModel):
    """Reads the timeline's branches, renames them, and compares the one whose box is ticked."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._branches: tuple[BranchInfo, ...] = ()
        self._active: int | None = None

    def refresh(self) -> None:
        """Read the timeline; a name that is being typed stays in work as long as only numbers have changed."""
        timeline, before = self._model.time.timeline, (self._identity(), self._active)
        news, self._active = (timeline.branches, timeline.active) if timeline else ((), None)
        if [each.number for each in news] != [each.number for each in self._branches]:
            self.beginResetModel()
            self._branches = news
            self.endResetModel()
            return
        self._branches = news
        self._touch(NAME if (self._identity(), self._active) != before else FORKED)

    def touch(self) -> None:
        """Have every cell drawn again."""
        self._touch(NAME)

    def _touch(self, first: int) -> None:
        if rows := self.rowCount():
            self.dataChanged.emit(self.index(0, first), self.index(rows - 1, REMOVE))

    def _identity(self) -> list[tuple[int, str]]:
        return [(each.number, each.name) for each in self._branches]

    def branch(self, row: int) -> BranchInfo:
        """Return the branch of a row."""
        return self._branches[row]

    def is_active(self, row: int) -> bool:
        """Whether a row's branch is the one on screen."""
        return self._active == self._branches[row].number

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of branches."""
        return 0 if parent.isValid() else len(self._branches)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = _Role.DisplayRole) -> object:
        """Name the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if kind == _Role.ToolTipRole:
            return _TIPS[section]
        if kind == _Role.TextAlignmentRole:
            return _alignment(section)
        return _HEADERS[section] if kind == _Role.DisplayRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let names be edited, and the boxes of all branches but the one on screen be ticked."""
        flags = super().flags(index)
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        if index.column() == BESIDE and not self.is_active(index.row()):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, kind: int = _Role.DisplayRole) -> object:
        """Return what a cell shows."""
        row, column = index.row(), index.column()
        match kind:
            case _Role.DisplayRole | _Role.EditRole:
                return self._text(row, column)
            case _Role.AccessibleTextRole:
                return self._said(row, column)
            case _Role.CheckStateRole:
                return self._check(row) if column == BESIDE and not self.is_active(row) else None
            case _Role.ToolTipRole:
                return self._tip(row, column)
            case _Role.TextAlignmentRole:
                return _alignment(column)
            case _Role.ForegroundRole:
                return QColor(self._model.theme.muted) if column in (FORKED, REMOVE) else None
            case _Role.BackgroundRole:
                return self._light() if self.is_active(row) else None
            case _Role.FontRole:
                return _BOLD if column == NAME and self.is_active(row) else None
        return None

    def setData(self, index: _Index, value: object, kind: int = _Role.EditRole) -> bool:
        """Rename a branch, or tick a box."""
        number = self._branches[index.row()].number
        if index.column() == NAME and kind == _Role.EditRole:
            return self._rename(index.row(), one_line(str(value)))
        if index.column() == BESIDE and kind == _Role.CheckStateRole:
            ticked = value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value)
            self._model.time.compare(number if ticked else None)
            return True
        return False

    def _rename(self, row: int, name: str) -> bool:
        branch = self._branches[row]
        if not name or name == branch.name:
            return False
        self._model.time.rename_branch(branch.number, name)
        return True

    def _text(self, row: int, column: int) -> str | None:
        branch, several = self._branches[row], len(self._branches) > 1
        return {
            NAME: branch.name,
            FORKED: self._origin(branch),
            CHANGED: ", ".join(self.changes(row)),
            END: formats.count(branch.furthest.epoch),
            MSE: "–" if branch.mse is None else formats.mse(branch.mse),
            REMOVE: "×" if several else None,
        }.get(column)

    def _said(self, row: int, column: int) -> str | None:
        name = self._branches[row].name
        if column == REMOVE:
            return f"Forget {name}" if len(self._branches) > 1 else _ONLY_ONE
        if column == BESIDE:
            return _ON_SCREEN if self.is_active(row) else f"Show {name} beside"
        if column == NAME:
            return f"{name}, on screen" if self.is_active(row) else name
        return self._text(row, column)

    def _origin(self, branch: BranchInfo) -> str:
        if branch.parent is None:
            return "the start"
        parent = self._timeline().branch(branch.parent)
        return f"{parent.name if parent else 'a branch that is gone'}, {position_text(branch.forked_at)}"

    def changes(self, row: int) -> list[str]:
        """Return what was changed on a branch alone; for one that began on its own, what it began with."""
        branch, first = self._branches[row], self._branches[0]
        own = [words for at, words in branch.interventions if at >= branch.forked_at]
        if not own and branch.parent is None:
            return [each.change() for each in differences(first.experiment, branch.experiment)]
        return own

    def _check(self, row: int) -> Qt.CheckState:
        is_beside = self._timeline().compared == self._branches[row].number
        return Qt.CheckState.Checked if is_beside else Qt.CheckState.Unchecked

    def _tip(self, row: int, column: int) -> str:
        branch = self._branches[row]
        if column == BESIDE and self.is_active(row):
            return _ON_SCREEN
        if column == REMOVE and len(self._branches) == 1:
            return _ONLY_ONE
        if column == NAME:
            return f"{branch.name}\n{_TIPS[NAME]}"
        if column == CHANGED and (own := self._changes_in_time(branch)):
            return own
        return self._origin(branch) if column == FORKED else _TIPS[column]

    @staticmethod
    def _changes_in_time(branch: BranchInfo) -> str:
        own = ((at, words) for at, words in branch.interventions if at >= branch.forked_at)
        return "\n".join(f"{position_text(at)}: {words}" for at, words in own)

    def _timeline(self) -> Timeline:
        timeline = self._model.time.timeline
        assert timeline is not None
        return timeline

    def _light(self) -> QColor:
        colour = QColor(self._model.theme.accent)
        colour.setAlpha(_LIT_ALPHA)
        return colour


class NameDelegate(QStyledItemDelegate):
    """Edits a name in one line that takes no more than a name may have."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return the line."""
        editor = _NameEditor(parent)
        editor.setMaxLength(MOST_NAME)
        editor.setAccessibleName("Name of the branch")
        return editor


class _NameEditor(QLineEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the keys: Return would bring the branch to the screen as well."""
        super().keyPressEvent(event)
        event.accept()


def one_line(text: str) -> str:
    """Return a name that fits a line: what cannot be read is left out, and what is too long is cut."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:MOST_NAME].rstrip()


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in (END, MSE) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
