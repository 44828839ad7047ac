"""The branches panel: a list of all branches, to switch between, rename, compare and delete them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLabel

from bpviz.language import N_, _
from bpviz.session.engine.commands import CompareBranch, DeleteBranch, Fork, ShowBranch
from bpviz.session.time_travel.timeline import MOST_BRANCHES
from bpviz.ui.branches.branch_table import BESIDE, CHANGED, END, FORKED, MSE, NAME, REMOVE, BranchTable, NameDelegate
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.keyboard_table import KeyboardTable
from bpviz.ui.widgets.panel import Panel

_HINT = N_("Go back in time and change something, or fork (Ctrl+K): training continues on a new branch.")
_FORK = N_("Create a branch at the current position and compare both  (Ctrl+K)")
_ENOUGH = N_("The limit is {count} branches: delete one first")
_NO_NETWORK = N_("There is no network yet")
_COLUMNS = {FORKED: N_("main, epoch 400"), END: "10,000", MSE: "0.123456", BESIDE: N_("Compare"), REMOVE: "×"}


class BranchesPanel(Panel):
    """Lists the branches; a click on one switches to it."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("branches", _("Branches"), model)
        self.stop = self.add_button(N_("Stop comparing"), _("Continue with the active branch alone"))
        self.fork = self.add_button(N_("Fork"), _(_FORK))
        self.table = BranchTable(model, self)
        self.view = KeyboardTable(_("Branches"), _(_HINT), self.table)
        self.view.set_columns(_COLUMNS, NAME, CHANGED)
        # For all columns: an editor of a column's own delegate would hand over its text to a table that was reset.
        self.view.setItemDelegate(NameDelegate(self.view))
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.hint = QLabel(_(_HINT), wordWrap=True)
        self.hint.setProperty("role", "caption")
        self.layout_.addWidget(self.view, 1)
        self.layout_.addWidget(self.hint)
        self._rename = QShortcut(QKeySequence(Qt.Key.Key_F2), self.view)
        # F2 must not rename a branch while another panel has the focus.
        self._rename.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        self.stop.clicked.connect(self._stop_comparing)
        self.fork.clicked.connect(self._fork)
        self.view.clicked.connect(self._clicked)
        self.view.chosen.connect(self._switch_to)
        self.view.removed.connect(self._remove)
        self._rename.activated.connect(self._begin_renaming)
        self.model.time.timeline_changed.connect(self._refresh)
        self.model.epochs_added.connect(self._follow_epochs)
        self.model.theme_changed.connect(self.table.touch)

    # Model signals

    @Slot()
    def _refresh(self) -> None:
        timeline = self.model.time.timeline
        self.table.refresh()
        n_branches = self.table.rowCount()
        self.hint.setVisible(n_branches == 1)
        self.stop.setVisible(timeline is not None and timeline.compared is not None)
        self.fork.setEnabled(0 < n_branches < MOST_BRANCHES)
        self.fork.setToolTip(
            _(_FORK)
            if self.fork.isEnabled()
            else _(_ENOUGH).format(count=MOST_BRANCHES)
            if n_branches
            else _(_NO_NETWORK)
        )
        self.set_caption(
            _("{n_branches} of {most_branches}").format(n_branches=n_branches, most_branches=MOST_BRANCHES)
            if n_branches
            else ""
        )

    @Slot()
    def _follow_epochs(self) -> None:
        """Show how far the active branch is, which the timeline says only now and then while training runs."""
        self.draw_in_turn(self.table.refresh)

    # User actions

    @Slot()
    def _fork(self) -> None:
        self.model.post(Fork())

    @Slot()
    def _stop_comparing(self) -> None:
        self.model.post(CompareBranch(None))

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == REMOVE:
            self._remove(index.row())
        elif index.column() != BESIDE:
            self._switch_to(index.row())

    @Slot(int)
    def _switch_to(self, row: int) -> None:
        if not self.table.is_active(row):
            self.model.post(ShowBranch(self.table.branch(row).number))

    @Slot(int)
    def _remove(self, row: int) -> None:
        if self.table.rowCount() > 1:
            self.model.post(DeleteBranch(self.table.branch(row).number))

    @Slot()
    def _begin_renaming(self) -> None:
        row = self.view.currentIndex().row()
        if row >= 0:
            self.view.setCurrentIndex(self.table.index(row, NAME))
            self.view.edit(self.table.index(row, NAME))
