"""Table model of the branches: a row for each, with its origin, changes and progress."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bpviz.language import N_, _
from bpviz.session.engine.commands import CompareBranch, RenameBranch
from bpviz.session.experiment.difference import differences
from bpviz.session.time_travel.timeline import MAX_NAME_LENGTH, BranchInfo, Timeline
from bpviz.session.training.position import position_text
from bpviz.ui.style import formats
from bpviz.ui.view_model.playhead import live_epoch
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.cell_table import BOLD, NO_PARENT, Column, Index, RecordTable, Role, check_state, is_checked, lit

NAME, FORKED, CHANGED, END, MSE, BESIDE, REMOVE = range(7)
_COLUMNS = (
    Column(N_("Branch"), N_("Click to show this branch, F2 to rename it")),
    Column(N_("Forked from"), N_("Parent branch and position of the fork")),
    Column(N_("Changed"), N_("Interventions on this branch")),
    Column(N_("Epoch"), N_("Number of trained epochs"), is_number=True),
    Column(N_("MSE"), N_("Mean squared error on the training set at the end of the branch"), is_number=True),
    Column(N_("Compare"), N_("Compare with the active branch")),
    Column("", N_("Delete this branch  (Delete)")),
)
_ON_SCREEN, _ONLY_ONE = N_("This is the active branch"), N_("The only branch cannot be deleted")


class BranchTable(RecordTable):
    """Shows the branches of the timeline; editing renames a branch, and a check box selects it for comparison."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent)
        self._model = model
        self._branches: tuple[BranchInfo, ...] = ()
        self._active: int | None = None

    def refresh(self) -> None:
        """Update the rows; if only numbers have changed, an open editor of a name stays open."""
        timeline, before = self._model.time.timeline, self._looks()
        news, self._active = (timeline.branches, timeline.active) if timeline else ((), None)
        if timeline is None:  # without one no cell of a row that is still there could be told
            self.beginResetModel()
            self._branches = ()
            self.endResetModel()
            return
        self._take_out({each.number for each in news})
        self._put_in(news)
        self._branches = news
        self.touch_from(FORKED)
        for row, (number, look) in enumerate(self._looks().items()):
            if before.get(number, look) != look:  # the editor of a name that is the same keeps what is typed
                self.dataChanged.emit(self.index(row, NAME), self.index(row, NAME))

    def _take_out(self, kept: set[int]) -> None:
        """Remove the rows of branches that are gone, one by one: a reset would close an editor in another row."""
        for row in reversed(range(len(self._branches))):
            if self._branches[row].number not in kept:
                self.beginRemoveRows(NO_PARENT, row, row)
                self._branches = self._branches[:row] + self._branches[row + 1 :]
                self.endRemoveRows()

    def _put_in(self, news: tuple[BranchInfo, ...]) -> None:
        """Insert the rows of branches that are new; they keep their order."""
        for row, each in enumerate(news):
            if row >= len(self._branches) or self._branches[row].number != each.number:
                self.beginInsertRows(NO_PARENT, row, row)
                self._branches = (*self._branches[:row], each, *self._branches[row:])
                self.endInsertRows()

    def _looks(self) -> dict[int, tuple[str, bool]]:
        """Return number -> name, and whether the branch is active."""
        return {each.number: (each.name, each.number == self._active) for each in self._branches}

    def branch(self, row: int) -> BranchInfo:
        """Return the branch of a row."""
        return self._branches[row]

    def is_active(self, row: int) -> bool:
        """Return whether the branch of a row is the active one."""
        return self._active == self._branches[row].number

    def n_rows(self) -> int:
        """Return the number of branches."""
        return len(self._branches)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Make names editable, and the boxes of all branches but the active one checkable."""
        flags = super().flags(index)
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        if index.column() == BESIDE and not self.is_active(index.row()):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: object, kind: int = Role.EditRole) -> bool:
        """Rename a branch, or select it for comparison."""
        number = self._branches[index.row()].number
        if index.column() == NAME and kind == Role.EditRole:
            return self._rename(index.row(), one_line(str(value)))
        if index.column() == BESIDE and kind == Role.CheckStateRole:
            self._model.post(CompareBranch(number if is_checked(value) else None))
            return True
        return False

    def _rename(self, row: int, name: str) -> bool:
        branch = self._branches[row]
        is_gone = self._timeline().branch(branch.number) is None  # Qt commits an editor whose row is being removed
        if not name or name == branch.name or is_gone:
            return False
        self._model.post(RenameBranch(branch.number, name))
        return True

    def text(self, row: int, column: int) -> str | None:
        """Return the text of a cell."""
        branch, several = self._branches[row], len(self._branches) > 1
        return {
            NAME: branch.name,
            FORKED: self._origin(branch),
            CHANGED: ", ".join(self.changes(row)),
            END: formats.count(self._n_epochs(row)),
            MSE: self._mse(row),
            REMOVE: "×" if several else None,
        }.get(column)

    def _n_epochs(self, row: int) -> int:
        """Return the number of trained epochs; of the active branch records come more often than timelines."""
        told = self._branches[row].furthest.epoch
        return max(told, live_epoch(self._model)) if self.is_active(row) else told

    def _mse(self, row: int) -> str:
        mses = self._model.epochs.column("mse_train")
        mse = float(mses[-1]) if self.is_active(row) and len(mses) else self._branches[row].mse
        return "–" if mse is None else formats.mse(mse)

    def accessible_text(self, row: int, column: int) -> str | None:
        """Return the text for screen readers; unlike `text`, it names every cell."""
        name = self._branches[row].name
        if column == REMOVE:
            return _("Delete {name}").format(name=name) if len(self._branches) > 1 else _(_ONLY_ONE)
        if column == BESIDE:
            return _(_ON_SCREEN) if self.is_active(row) else _("Compare with {name}").format(name=name)
        if column == NAME:
            return _("{name}, active").format(name=name) if self.is_active(row) else name
        return self.text(row, column)

    def _origin(self, branch: BranchInfo) -> str:
        if branch.parent is None:
            return _("the start")
        parent = self._timeline().branch(branch.parent)
        return f"{parent.name if parent else _('a deleted branch')}, {position_text(branch.forked_at)}"

    def changes(self, row: int) -> list[str]:
        """Return the interventions on a branch; for a branch without a parent, its differences from the first one."""
        branch, first = self._branches[row], self._branches[0]
        own = [words for at, words in branch.interventions if at >= branch.forked_at]
        if not own and branch.parent is None:
            return [each.change() for each in differences(first.experiment, branch.experiment)]
        return own

    def check(self, row: int, column: int) -> Qt.CheckState | None:
        """Return the state of the box "Compare": checked for the compared branch, None for the active one."""
        if column != BESIDE or self.is_active(row):
            return None
        return check_state(self._timeline().compared == self._branches[row].number)

    def tip(self, row: int, column: int) -> str:
        """Return an explanation of a cell, or its full text."""
        branch = self._branches[row]
        if column == BESIDE and self.is_active(row):
            return _(_ON_SCREEN)
        if column == REMOVE and len(self._branches) == 1:
            return _(_ONLY_ONE)
        if column == NAME:
            return f"{branch.name}\n{_(_COLUMNS[NAME].tip)}"
        if column == CHANGED and (own := self._changes_in_time(branch)):
            return own
        return self._origin(branch) if column == FORKED else _(_COLUMNS[column].tip)

    @staticmethod
    def _changes_in_time(branch: BranchInfo) -> str:
        own = ((at, words) for at, words in branch.interventions if at >= branch.forked_at)
        return "\n".join(f"{position_text(at)}: {words}" for at, words in own)

    def _timeline(self) -> Timeline:
        timeline = self._model.time.timeline
        assert timeline is not None
        return timeline

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the muted colour for minor columns."""
        return QColor(self._model.theme.muted) if column in (FORKED, REMOVE) else None

    def light(self, row: int, column: int) -> QColor | None:
        """Highlight the row of the active branch."""
        return lit(self._model.theme) if self.is_active(row) else None

    def font(self, row: int, column: int) -> QFont | None:
        """Return a bold font for the name of the active branch."""
        return BOLD if column == NAME and self.is_active(row) else None


class NameDelegate(QStyledItemDelegate):
    """Item delegate with a line edit that limits the length of a name."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the line edit."""
        editor = _NameEditor(parent)
        editor.setMaxLength(MAX_NAME_LENGTH)
        editor.setAccessibleName(_("Name of the branch"))
        return editor


class _NameEditor(QLineEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Consume all keys: Return would also activate the row and show its branch."""
        super().keyPressEvent(event)
        event.accept()


def one_line(text: str) -> str:
    """Return a name in one line: without unprintable characters, and cut to the maximum length."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:MAX_NAME_LENGTH].rstrip()
