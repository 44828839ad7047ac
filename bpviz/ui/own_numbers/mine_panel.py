"""The numbers of the user's own program, pasted into any array of the current update, and what is wrong with them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bpviz.core.mistakes.program import Key
from bpviz.language import N_, _
from bpviz.session.engine.commands import GoToOperation
from bpviz.session.engine.events import NetworkReady
from bpviz.session.own_numbers.fitting import fitted
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.session.own_numbers.number_text import read_numbers
from bpviz.session.own_numbers.number_text_error import NumberTextError
from bpviz.session.own_numbers.operand_keys import PER_SAMPLE, key_of, name_of, operation_of, right_numbers
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.own_numbers.python_text import python_text
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.own_numbers.given_table import GivenTable
from bpviz.ui.own_numbers.number_table import OwnNumberTable, OwnNumberView
from bpviz.ui.own_numbers.operand_choice import OperandChoice
from bpviz.ui.own_numbers.verdict import verdict
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import CompactComboBox
from bpviz.ui.widgets.flow_layout import FlowLayout
from bpviz.ui.widgets.keyboard_table import KeyboardTable
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked
from bpviz.ui.widgets.scrolled_text import ScrolledText

_EMPTY = N_(
    "Press F11 to take one operation, F10 one sample.\nThen paste here what your own program computes\n"
    "from the same parameters and the same sample."
)
_HINT = N_(
    "Copy this array from your own program and paste it (Ctrl+V): numpy's print, a Python list, a spreadsheet, LaTeX. "
    "“Copy setup” gives what your program has to start from."
)
_CLEARED = N_("Another network was loaded, so your numbers were cleared; “Undo” brings them back.")
_TOLERANCES = {"": N_("± auto"), "1e-6": "± 1e-6", "1e-4": "± 1e-4", "1e-2": "± 1e-2"}
_TOLERANCE_TIP = N_(
    "Tolerance: the difference that does not count, relative to the largest number of an array; auto: from its digits"
)
_WIDEST_NAME = N_("▶ W after 9")


class MinePanel(Panel):
    """Shows the own numbers of one array, marks the wrong ones, and says which is first, and why."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("mine", _("Mine"), model)
        self.own = model.own_numbers
        self.undo = self.add_button(N_("Undo"), _("Take back the last change of your numbers"))
        self.clear = self.add_button(N_("Clear all"), _("Remove all your numbers"))
        self._operation: Operation | None = None
        # The comparison whose first wrong number was scrolled to.
        self._scrolled_for: NumbersChecked | None = None
        self._add_body()
        self._connect()
        self._restyle(model.theme)
        self._tell("")
        self._draw()

    # Building

    def _add_body(self) -> None:
        self.choice = OperandChoice(self)
        self.paste = _button(_("Paste"), _("Paste the numbers of this array  (Ctrl+V in the table)"))
        self.start = _button(_("Copy setup"), _("Copy x, y, W, b and the learning rate of this update as Python"))
        self.tolerance = CompactComboBox(_("Tolerance"), _(_TOLERANCE_TIP), _TOLERANCES)
        self.tolerance.setProperty("role", "flat")
        self.table = OwnNumberTable(self)
        self.view = OwnNumberView(self.table)
        self.given = GivenTable(self)
        self.given_view = KeyboardTable(_("Arrays with own numbers"), "", self.given)
        self.given_view.horizontalHeader().setStretchLastSection(True)
        self.note, self.verdict, self.readout = QLabel(wordWrap=True), ScrolledText(), ElidedLabel()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addWidget(self._editors())
        column.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.given_view)
        row.addWidget(self.view, 1)
        column.addLayout(row, 1)
        column.addWidget(self.readout)
        column.addWidget(self.verdict)
        self.empty = empty_page(_(_EMPTY))
        self.pages = stacked(self.empty, page)
        self.layout_.addWidget(self.pages, 1)

    def _editors(self) -> QWidget:
        editors = QWidget()
        flow = FlowLayout(editors, GAP // 2)
        for widget in (self.choice.quantity, self.choice.layer, self.paste, self.start, self.tolerance):
            flow.addWidget(widget)
        return editors

    def _connect(self) -> None:
        self.undo.clicked.connect(self._undo)
        self.clear.clicked.connect(self._clear)
        self.choice.chosen.connect(self._choose)
        self.paste.clicked.connect(self.paste_text)
        self.start.clicked.connect(self._copy_start)
        self.tolerance.currentIndexChanged.connect(self._set_tolerance)
        self.view.paste_wanted.connect(self.paste_text)
        self.view.delete_wanted.connect(self._delete_cells)
        self.view.opened.connect(self._open_cell)
        self.view.clicked.connect(self._pick)
        self.view.focused.connect(self._read_out)
        self.table.typed.connect(self._type)
        self.given_view.clicked.connect(self._choose_given)
        self.given_view.chosen.connect(self._choose_row)
        self.given_view.removed.connect(self._remove)
        self.verdict.link_activated.connect(self._open_first)
        self.own.changed.connect(self._draw)
        self.model.theme_changed.connect(self._restyle)

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._draw()

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self._operation = None
        self._tell(_(_CLEARED) if self.own.was_cleared else "")
        self._draw()

    @Slot(object)
    def take_samples(self, prepared: NetworkReady) -> None:
        """Keep the user's numbers: the network is the same."""

    @Slot(object)
    def show_update(self, update: TracedUpdate) -> None:
        """Follow the operation to the array that it computes."""
        self.choice.set_layers(len(update.layers))
        operation = update.operation
        if operation != self._operation and operation is not None:
            self._operation = operation
            if operation_of(self.choice.key(), len(update.layers)) != operation:
                self.choice.show_key(key_of(operation))
                self._tell(_(_CLEARED) if self.own.was_cleared else "")
        self._draw()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.table.set_theme(theme)
        self.given.set_theme(theme)
        self.view.fit_to(theme)
        self.given_view.setFixedWidth(self.given_view.fontMetrics().horizontalAdvance(_(_WIDEST_NAME)) + 5 * GAP)
        self._draw()

    # User actions

    @Slot()
    def paste_text(self) -> None:
        """Put the numbers on the clipboard into the chosen array, from the current cell on if they are fewer."""
        self._put(QGuiApplication.clipboard().text(), self.view.current_cell())

    @Slot(int, int, str)
    def _type(self, row: int, column: int, text: str) -> None:
        if text.strip():
            self._put(text, (row, column), is_typed=True)
        else:
            self._set_block((row, column), np.full((1, 1), np.nan))

    def _put(self, text: str, cell: tuple[int, int] | None, *, is_typed: bool = False) -> None:
        update, key = self.model.current_update, self.choice.key()
        if update is None:
            return
        try:
            readings = read_numbers(text)
            # A comma that is typed into one cell is a decimal comma.
            fit = fitted(readings[:1] if is_typed else readings, self._shape(update), name_of(key), cell)
        except NumberTextError as fault:
            self._tell(str(fault), is_problem=True)
            return
        self._set_block(fit.at, fit.values)
        self._tell(fit.note if fit.values.size > 1 else "")

    def _set_block(self, at: tuple[int, int], block: np.ndarray) -> None:
        if (update := self.model.current_update) is not None:
            self._tell("")
            self.own.set_numbers(self.own.numbers.with_block(self.choice.key(), self._shape(update), at, block))

    def _shape(self, update: TracedUpdate) -> tuple[int, int]:
        rows, columns = right_numbers(update, self.choice.key()).shape
        return rows, columns

    @Slot()
    def _delete_cells(self) -> None:
        """Remove the numbers of the selected cells."""
        parts = self.view.selectionModel().selection().toList()
        numbers, update = self.own.numbers, self.model.current_update
        if update is None:
            return
        for part in parts:
            nothing = np.full((part.height(), part.width()), np.nan)
            numbers = numbers.with_block(self.choice.key(), self._shape(update), (part.top(), part.left()), nothing)
        if parts and self.choice.key() in self.own.numbers.arrays:
            self._tell("")
            self.own.set_numbers(numbers)

    @Slot()
    def _undo(self) -> None:
        self._tell("")
        self.own.undo()

    @Slot()
    def _clear(self) -> None:
        self._tell("")
        self.own.set_numbers(OwnNumbers())

    @Slot()
    def _choose(self) -> None:
        self._tell("")
        self._draw()

    @Slot()
    def _copy_start(self) -> None:
        if (update := self.model.current_update) is not None:
            QGuiApplication.clipboard().setText(python_text(update))
            self._tell(_("x, y, W, b and the learning rate of this update were copied as Python."))

    @Slot()
    def _set_tolerance(self) -> None:
        self.own.set_tolerance(float(word) if (word := self.tolerance.word()) else None)

    # The list of what is given

    @Slot(QModelIndex)
    def _choose_given(self, index: QModelIndex) -> None:
        self._choose_row(index.row())

    @Slot(int)
    def _choose_row(self, row: int) -> None:
        key, update = self.given.keys[row], self.model.current_update
        if update is not None and key[1] <= len(update.layers):
            self.choice.show_key(key)
            self._tell("")
            self._draw()

    @Slot(int)
    def _remove(self, row: int) -> None:
        self.own.set_numbers(self.own.numbers.without(self.given.keys[row]))

    # To the operation

    @Slot()
    def _open_first(self) -> None:
        checked = self.own.checked
        if checked is not None and checked.first is not None:
            key, (row, column) = checked.first
            self.choice.show_key(key)
            self._draw()
            self.view.go_to(row, column)
            self._open(key, row, column)

    @Slot(int, int)
    def _open_cell(self, row: int, column: int) -> None:
        self._open(self.choice.key(), row, column)

    @Slot(QModelIndex)
    def _pick(self, index: QModelIndex) -> None:
        self._select(self.choice.key(), index.row(), index.column())

    def _select(self, key: Key, row: int, column: int) -> None:
        """Select the neuron and the sample of a cell."""
        update = self.model.current_update
        if update is not None and key[1]:
            sample = int(update.samples[row]) if key[0] in PER_SAMPLE else None
            self.model.select(sample=sample, layer=key[1], neuron=column)

    def _open(self, key: Key, row: int, column: int) -> None:
        """Go to the operation that computes a cell, and show its formula for the neuron."""
        update = self.model.current_update
        if update is None:
            return
        self._select(key, row, column)
        index = update.operations.index(operation_of(key, len(update.layers))) + 1
        if index != update.index:
            self.model.post(GoToOperation(index))
        self.other_wanted.emit("formula")

    # Drawing

    @Slot()
    def _draw(self) -> None:
        if not self.is_seen:
            return
        update, numbers, checked = self.model.current_update, self.own.numbers, self.own.checked
        self.undo.setEnabled(self.own.can_undo)
        self.clear.setEnabled(bool(numbers))
        self.pages.setCurrentIndex(0 if update is None else 1)
        if update is None:
            self.set_caption("")
            return
        self.choice.set_layers(len(update.layers))
        key = self.choice.key()
        self.table.show_operand(update, key, numbers, checked)
        self.given.show_numbers(update, numbers, checked)
        self.given_view.setVisible(bool(numbers))
        rows, columns = self._shape(update)
        self.set_caption(f"{name_of(key)} · {rows} × {columns}")
        self.verdict.setText(verdict(checked, self.model.theme) if numbers else _(_HINT))
        self._scroll_to_first(key)
        self._read_out()

    def _scroll_to_first(self, key: Key) -> None:
        """Scroll once to the first wrong number, if it is in the array that is shown."""
        checked = self.own.checked
        if checked is not None and checked.first is not None and self._scrolled_for is not checked:
            self._scrolled_for = checked
            if checked.first[0] == key and (page := self.pages.currentWidget().layout()):
                page.activate()  # a longer verdict leaves the table less height
                self.view.scrollTo(self.table.index(*checked.first[1]))

    @Slot()
    def _read_out(self) -> None:
        cell = self.view.current_cell()
        self.readout.setText(self.table.read_out(*cell) if cell else "")
        self.readout.setVisible(cell is not None)

    def _tell(self, sentence: str, *, is_problem: bool = False) -> None:
        """Show a sentence about the latest paste, or none."""
        role = "problem" if is_problem else "caption"
        if self.note.property("role") != role:
            self.note.setProperty("role", role)
            self.note.style().polish(self.note)
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setProperty("role", "flat")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
