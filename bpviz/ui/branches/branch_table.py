"""The branches of a session as a table: a row for each, with what was done on it and how far it has come."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bpviz.session.experiment.difference import differences
from bpviz.session.time_travel.timeline import BranchInfo, Timeline
from bpviz.session.training.position import position_text
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.cell_table import BOLD, Column, Index, RecordTable, Role, check_state, is_ticked, lit

NAME, FORKED, CHANGED, END, MSE, BESIDE, REMOVE = range(7)
MOST_NAME = 60
_COLUMNS = (
    Column("Branch", "Click brings it to the screen, F2 renames it"),
    Column("Forked from", "Where it parted from another branch"),
    Column("Changed", "What was changed by hand on it alone"),
    Column("Epoch", "How far it has been trained", is_number=True),
    Column("Train MSE", "Mean squared error over the training samples at its end", is_number=True),
    Column("Beside", "Show it beside the one on screen"),
    Column("", "Forget this branch  (Delete)"),
)
_ON_SCREEN, _ONLY_ONE = "This is the one on screen", "The only branch stays"


class BranchTable(RecordTable):
    """Reads the timeline's branches, renames them, and compares the one whose box is ticked."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent)
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
        self.touch_from(NAME if (self._identity(), self._active) != before else FORKED)

    def _identity(self) -> list[tuple[int, str]]:
        return [(each.number, each.name) for each in self._branches]

    def branch(self, row: int) -> BranchInfo:
        """Return the branch of a row."""
        return self._branches[row]

    def is_active(self, row: int) -> bool:
        """Whether a row's branch is the one on screen."""
        return self._active == self._branches[row].number

    def n_rows(self) -> int:
        """Return the number of branches."""
        return len(self._branches)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let names be edited, and the boxes of all branches but the one on screen be ticked."""
        flags = super().flags(index)
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        if index.column() == BESIDE and not self.is_active(index.row()):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: object, kind: int = Role.EditRole) -> bool:
        """Rename a branch, or tick a box."""
        number = self._branches[index.row()].number
        if index.column() == NAME and kind == Role.EditRole:
            return self._rename(index.row(), one_line(str(value)))
        if index.column() == BESIDE and kind == Role.CheckStateRole:
            self._model.time.compare(number if is_ticked(value) else None)
            return True
        return False

    def _rename(self, row: int, name: str) -> bool:
        branch = self._branches[row]
        if not name or name == branch.name:
            return False
        self._model.time.rename_branch(branch.number, name)
        return True

    def text(self, row: int, column: int) -> str | None:
        """Return what a cell says of its branch."""
        branch, several = self._branches[row], len(self._branches) > 1
        return {
            NAME: branch.name,
            FORKED: self._origin(branch),
            CHANGED: ", ".join(self.changes(row)),
            END: formats.count(branch.furthest.epoch),
            MSE: "–" if branch.mse is None else formats.mse(branch.mse),
            REMOVE: "×" if several else None,
        }.get(column)

    def said(self, row: int, column: int) -> str | None:
        """Return what a screen reader says, also of a cell without text."""
        name = self._branches[row].name
        if column == REMOVE:
            return f"Forget {name}" if len(self._branches) > 1 else _ONLY_ONE
        if column == BESIDE:
            return _ON_SCREEN if self.is_active(row) else f"Show {name} beside"
        if column == NAME:
            return f"{name}, on screen" if self.is_active(row) else name
        return self.text(row, column)

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

    def check(self, row: int, column: int) -> Qt.CheckState | None:
        """Tick the one that is beside the one on screen."""
        if column != BESIDE or self.is_active(row):
            return None
        return check_state(self._timeline().compared == self._branches[row].number)

    def tip(self, row: int, column: int) -> str:
        """Explain a cell, or show in full what has no room in it."""
        branch = self._branches[row]
        if column == BESIDE and self.is_active(row):
            return _ON_SCREEN
        if column == REMOVE and len(self._branches) == 1:
            return _ONLY_ONE
        if column == NAME:
            return f"{branch.name}\n{_COLUMNS[NAME].tip}"
        if column == CHANGED and (own := self._changes_in_time(branch)):
            return own
        return self._origin(branch) if column == FORKED else _COLUMNS[column].tip

    @staticmethod
    def _changes_in_time(branch: BranchInfo) -> str:
        own = ((at, words) for at, words in branch.interventions if at >= branch.forked_at)
        return "\n".join(f"{position_text(at)}: {words}" for at, words in own)

    def _timeline(self) -> Timeline:
        timeline = self._model.time.timeline
        assert timeline is not None
        return timeline

    def ink(self, row: int, column: int) -> QColor | None:
        """Mute what is said in passing."""
        return QColor(self._model.theme.muted) if column in (FORKED, REMOVE) else None

    def light(self, row: int, column: int) -> QColor | None:
        """Light up the row of the branch on screen."""
        return lit(self._model.theme) if self.is_active(row) else None

    def font(self, row: int, column: int) -> QFont | None:
        """Write the name of the branch on screen bold."""
        return BOLD if column == NAME and self.is_active(row) else None


class NameDelegate(QStyledItemDelegate):
    """Edits a name in one line that takes no more than a name may have."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
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
