"""The breakpoints panel: the list, an editor for new ones, and the log of hits."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpviz.core.metrics.metric import OF_CLASSES
from bpviz.language import N_, _, ngettext
from bpviz.session.debugging.breakpoints import MOST_BREAKPOINTS, READY_MADE, Breakpoint, Condition
from bpviz.session.engine.events import Failed, NetworkReady
from bpviz.session.files.csv_export import write_hits
from bpviz.session.files.safe_write import ExportError
from bpviz.ui.debugging.breakpoint_table import CONDITION, HITS, LOG_ONLY, ON, REMOVE, BreakpointTable
from bpviz.ui.debugging.condition_editor import ConditionEditor
from bpviz.ui.debugging.hit_table import EPOCH, OPERATION, SAMPLE, VALUE, WHAT, HitTable
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_where
from bpviz.ui.widgets.form_fields import sentence
from bpviz.ui.widgets.keyboard_table import KeyboardTable
from bpviz.ui.widgets.panel import Panel

_NONE_YET = N_("No breakpoints yet. Set a condition below and press Return, or choose a ready-made one.")
_NO_HITS = N_("No hits yet. Press F5 to train until a breakpoint is hit.")
_COLUMNS = {ON: N_("On"), HITS: "1,000", LOG_ONLY: N_("only"), REMOVE: "×"}
_LOG_COLUMNS = {EPOCH: "10,000", SAMPLE: "10,000", OPERATION: N_("slope, layer 1"), VALUE: "−1.2345e-9"}


class BreakpointsPanel(Panel):
    """Shows the breakpoints with an editor below them; the log of hits is a second page."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("breakpoints", _("Breakpoints"), model)
        self.ready_made = self.add_button(N_("Ready-made"), _("Add a common breakpoint"))
        self.log = self.add_toggle(N_("Log"), _("Show all hits, newest first"))
        self.stopped = QLabel(wordWrap=True)
        self.stopped.setProperty("role", "title")
        self.pages = QStackedWidget()
        self.layout_.addWidget(self.stopped)
        self.layout_.addWidget(self.pages, 1)
        self._add_menu()
        self._add_list()
        self._add_log()
        self._connect_model()
        self._refresh()
        self._show_hits()

    # Building

    def _add_menu(self) -> None:
        menu = QMenu(self.ready_made)
        for words in READY_MADE:
            menu.addAction(sentence(_(words))).setData(words)
        menu.triggered.connect(self._add_ready_made)
        self.ready_made.setMenu(menu)
        self.ready_made.setText(_("Ready-made ▾"))
        self.ready_made.setStyleSheet("QToolButton::menu-indicator { image: none }")
        # Opens on a click, instead of a click on the small arrow or a long press.
        self.ready_made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _add_list(self) -> None:
        self.table = BreakpointTable(self.model, self)
        self.view = KeyboardTable(_("Breakpoints"), _(_NONE_YET), self.table)
        self.view.set_columns(_COLUMNS, CONDITION)
        self.view.wrap_texts()
        self.view.setMinimumHeight(64)
        self.editor = ConditionEditor(self.model.experiment.sizes)
        self._add_page(self.view, self.editor)
        self.view.removed.connect(self._remove)
        self.view.chosen.connect(self._edit_copy)
        self.view.doubleClicked.connect(self._double_clicked)
        self.view.clicked.connect(self._clicked)
        self.editor.made.connect(self._add)

    def _add_log(self) -> None:
        self.hits = HitTable(self.model, self)
        self.hits_view = KeyboardTable(_("Log of hits"), _(_NO_HITS), self.hits)
        self.hits_view.set_columns(_LOG_COLUMNS, WHAT)
        self.save, self.clear = QPushButton(_("Save CSV…")), QPushButton(_("Clear"))
        self.save.setToolTip(_("Save the log to a CSV file"))
        self.clear.setToolTip(_("Clear the log; the counts are kept"))
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(self.save)
        row.addWidget(self.clear)
        self._add_page(self.hits_view, buttons)
        self.hits_view.clicked.connect(self._seek_to_clicked)
        self.hits_view.chosen.connect(self._seek_to)
        self.save.clicked.connect(self._ask_where)
        self.clear.clicked.connect(self.model.debugger.clear_hits)

    def _add_page(self, view: KeyboardTable, below: QWidget) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addWidget(view, 1)
        column.addWidget(below)
        self.pages.addWidget(page)

    def _connect_model(self) -> None:
        self.log.toggled.connect(self._choose_page)
        self.model.debugger.breakpoints_changed.connect(self._refresh)
        self.model.debugger.hits_changed.connect(self._show_hits)
        self.model.theme_changed.connect(self.table.touch)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self.editor.set_sizes(self.model.experiment.sizes)
        is_classification = prepared.split.is_classification
        self.editor.set_task(is_classification=is_classification)
        for action in self.ready_made.menu().actions():
            of_classes = any(each.metric.quantity in OF_CLASSES for each in READY_MADE[action.data()].conditions)
            action.setVisible(is_classification or not of_classes)
        self.table.touch()

    @Slot(object)
    def take_samples(self, prepared: NetworkReady) -> None:
        """Keep what is being edited: the network is the same."""

    @Slot()
    def _refresh(self) -> None:
        current = self.view.currentIndex()
        row, column = current.row(), current.column()
        self.table.refresh()
        if row >= 0 and self.table.rowCount():
            # A model reset clears the current index; the same row stays current for the keyboard.
            self.view.setCurrentIndex(self.table.index(min(row, self.table.rowCount() - 1), column))
        self._update_caption()

    @Slot()
    def _show_hits(self) -> None:
        debugger = self.model.debugger
        self.stopped.setText(
            _("Stopped: {stopped}").format(stopped=debugger.stopped.describe()) if debugger.stopped else ""
        )
        self.stopped.setVisible(debugger.stopped is not None)
        self.table.touch()
        self.hits.refresh()
        for button in (self.save, self.clear):
            button.setEnabled(bool(debugger.hits))
        self.log.setText(_("Log ({count})").format(count=formats.count(len(debugger.hits))))
        self._update_caption()

    def _update_caption(self) -> None:
        debugger, sizes = self.model.debugger, self.model.experiment.sizes
        on = sum(each.enabled and each.problem(sizes) is None for each in debugger.breakpoints)
        hits = sum(debugger.counts)
        words = ngettext("{on} on, {count} hit", "{on} on, {count} hits", hits)
        words = words.format(on=on, count=formats.count(hits))
        self.set_caption(words if debugger.breakpoints else "")

    # User actions

    @Slot()
    def begin_editing(self) -> None:
        """Show the panel and focus the editor of conditions."""
        self.needed_in_front.emit()
        self.log.setChecked(False)
        self.editor.begin()

    @Slot(bool)
    def _choose_page(self, log: bool) -> None:
        self.pages.setCurrentIndex(int(log))

    @Slot(object)
    def _add(self, conditions: tuple[Condition, ...]) -> None:
        present = self.model.debugger.breakpoints
        if any(each.conditions == conditions for each in present):
            self.editor.complain(_("this breakpoint exists already"))
        elif len(present) >= MOST_BREAKPOINTS:
            self.editor.complain(
                _("the limit is {most_breakpoints} breakpoints: remove one first").format(
                    most_breakpoints=MOST_BREAKPOINTS
                )
            )
        else:
            self.model.debugger.set_breakpoints((*present, Breakpoint(conditions)))
            self.view.setCurrentIndex(self.table.index(len(present), CONDITION))

    @Slot(QAction)
    def _add_ready_made(self, action: QAction) -> None:
        conditions = READY_MADE[action.data()].conditions
        self.log.setChecked(False)
        self.editor.show_conditions(conditions)
        self._add(conditions)

    @Slot(int)
    def _remove(self, row: int) -> None:
        kept = list(self.model.debugger.breakpoints)
        del kept[row]
        self.model.debugger.set_breakpoints(tuple(kept))

    @Slot(int)
    def _edit_copy(self, row: int) -> None:
        self.editor.show_conditions(self.model.debugger.breakpoints[row].conditions)
        self.editor.begin()

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == REMOVE:
            self._remove(index.row())

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() == CONDITION:
            self._edit_copy(index.row())

    @Slot(QModelIndex)
    def _seek_to_clicked(self, index: QModelIndex) -> None:
        self._seek_to(index.row())

    @Slot(int)
    def _seek_to(self, row: int) -> None:
        self.model.go_to(self.hits.hit(row).position)

    @Slot()
    def _ask_where(self) -> None:
        ask_where(self, _("Save log of hits"), "bpviz-hits.csv", _("CSV files (*.csv)"), self.save_hits)

    def save_hits(self, path: str) -> None:
        """Save the log to a CSV file; an error is shown in the message bar."""
        try:
            write_hits(Path(path), self.model.debugger.hits, n_planted=len(self.model.experiment.mistakes))
        except ExportError as fault:
            self.model.failed.emit(Failed(str(fault)))
