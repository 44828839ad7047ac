"""A recording of the user's own training: all of its updates, and the numbers of one beside those of bpviz."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QSplitter, QToolButton, QVBoxLayout, QWidget

from bpviz.language import N_, _
from bpviz.session.own_numbers.operand_keys import name_of, right_numbers
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.recording.understanding import own_numbers, traced
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.own_numbers.number_table import OwnNumberView
from bpviz.ui.own_numbers.operand_choice import OperandChoice
from bpviz.ui.own_numbers.recorded_table import RecordedTable, Shown
from bpviz.ui.own_numbers.recording_words import status_sentence
from bpviz.ui.own_numbers.update_table import UpdateTable
from bpviz.ui.own_numbers.verdict import verdict
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import CompactComboBox, CompactSpinBox
from bpviz.ui.widgets.flow_layout import FlowLayout
from bpviz.ui.widgets.keyboard_table import KeyboardTable
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked
from bpviz.ui.widgets.scrolled_text import ScrolledText

_EMPTY = N_(
    "Record your own training loop:\nwith bpviz.record(my_network, “mine.bpviz”): …\n"
    "Then open mine.bpviz (Ctrl+O), to see your numbers beside these."
)
_TOLERANCES = {"": N_("± auto"), "1e-6": "± 1e-6", "1e-4": "± 1e-4", "1e-2": "± 1e-2"}
_TOLERANCE_TIP = N_(
    "Stop where yours differ by more than this, relative to the largest number of an array; auto: from the arithmetic"
)
_SHOWN = {Shown.THEIRS: N_("yours"), Shown.OURS: N_("right"), Shown.DIFFERENCE: N_("yours − right")}
_LINK = N_("Show this number ›")


class RecordingPanel(Panel):
    """Lists the updates of a recording, and compares the arrays of the chosen one."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("recording", _("Recording"), model)
        self.recording = model.own_numbers.recording
        self._update: TracedUpdate | None = None
        self._numbers = OwnNumbers()
        self._shows_first = False
        self._add_body()
        self._connect()
        self._restyle(model.theme)
        self._begin()

    # Building

    def _add_body(self) -> None:
        self.table, self.choice = UpdateTable(self), OperandChoice(self)
        self.list = KeyboardTable(_("Recorded updates"), "", self.table)
        self.list.scroll_sideways()
        self.numbers = RecordedTable()
        self.numbers.setParent(self)
        self.view = OwnNumberView(self.numbers)
        self.view.setAccessibleName(_("Numbers of one recorded array"))
        self.note, self.verdict, self.readout = ElidedLabel(), ScrolledText(), ElidedLabel()
        self.note.setProperty("role", "caption")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addWidget(self.note)
        column.addWidget(self._editors())
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        for widget in (self.list, self._comparison()):
            parts.addWidget(widget)
            parts.setStretchFactor(parts.count() - 1, parts.count() + 1)
        column.addWidget(parts, 1)
        self.empty = empty_page(_(_EMPTY))
        self.pages = stacked(self.empty, page)
        self.layout_.addWidget(self.pages, 1)

    def _comparison(self) -> QWidget:
        """Return the numbers of one array with what is known of them, beside the list, which needs the height."""
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(GAP // 2, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addWidget(self.view, 1)
        column.addWidget(self.readout)
        column.addWidget(self.verdict)
        return part

    def _editors(self) -> QWidget:
        self.back = _button("‹", _("The update before this one"))
        self.forward = _button("›", _("The next update"))
        self.number = CompactSpinBox(_("Update"), _("The number of an update; of those left out, the one before it"))
        self.number.setKeyboardTracking(False)
        self.run = _button(_("Next difference"), _("Run forward to the next update in which yours differ"))
        self.tolerance = CompactComboBox(_("Tolerance"), _(_TOLERANCE_TIP), _TOLERANCES)
        self.what = CompactComboBox(
            _("Shown"),
            _("Your numbers, the right ones, or the difference"),
            {each.value: title for each, title in _SHOWN.items()},
        )
        for combo in (self.tolerance, self.what):
            combo.setProperty("role", "flat")
        editors = QWidget()
        flow = FlowLayout(editors, GAP // 2)
        moves = (self.back, self.number, self.forward, self.run, self.tolerance)
        for widget in (*moves, self.choice.quantity, self.choice.layer, self.what):
            flow.addWidget(widget)
        return editors

    def _connect(self) -> None:
        self.back.clicked.connect(self._go_back)
        self.forward.clicked.connect(self._go_forward)
        self.number.edited.connect(self._go_to_number)
        self.run.clicked.connect(self._run_to_difference)
        self.tolerance.currentIndexChanged.connect(self._set_tolerance)
        self.what.currentIndexChanged.connect(self._show_what)
        self.choice.chosen.connect(self._draw)
        self.list.selectionModel().currentRowChanged.connect(self._choose_row)
        self.view.focused.connect(self._read_out)
        self.verdict.link_activated.connect(self._show_first)
        self.recording.opened.connect(self._begin)
        self.recording.surveyed.connect(self._show_rows)
        self.recording.chosen.connect(self._show_chosen)
        self.recording.stopped.connect(self._show_where_it_stopped)
        self.model.theme_changed.connect(self._restyle)

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._draw()

    # What the session tells

    @Slot()
    def _begin(self) -> None:
        """Show another recording."""
        understood = self.recording.understood
        with QSignalBlocker(self.list.selectionModel()):
            self.table.begin(understood)
        self.list.set_columns(self.table.widest())
        self.pages.setCurrentIndex(0 if understood is None else 1)
        if understood is not None:
            with QSignalBlocker(self.number):
                self.number.set_count(understood.number(len(understood) - 1) + 1)
                self.number.setMinimum(1)
            self._show_tolerance()
            self.choice.set_layers(len(understood.activations))
            self._shows_first = True
            self.choice.show_key(understood.keys[0] if understood.keys else ("z", 1))
        self._show_rows()
        self._show_chosen()

    def _show_tolerance(self) -> None:
        """Show the tolerance, which may be one that a report was made with."""
        tolerance = self.recording.tolerance
        word = (
            "" if tolerance is None else next((each for each in _TOLERANCES if each and float(each) == tolerance), None)
        )
        with QSignalBlocker(self.tolerance):
            if word is None:
                word = repr(tolerance)
                if self.tolerance.findData(word) < 0:
                    self.tolerance.addItem(f"± {tolerance:g}", word)
            self.tolerance.choose(word)
        self.tolerance.updateGeometry()

    @Slot()
    def _show_rows(self) -> None:
        self.table.show_rows(self.recording.rows, self.recording.first_wrong)
        self._say()

    @Slot()
    def _show_chosen(self) -> None:
        """Show the chosen update, or what is now known of it."""
        understood, index = self.recording.understood, self.recording.index
        if understood is None:
            return
        checked = self.recording.checked
        if checked is not None:
            self._update, self._numbers = checked.update, checked.numbers
        else:
            self._read(index)
        with QSignalBlocker(self.number), QSignalBlocker(self.list.selectionModel()):
            self.number.show_number(understood.number(index))
            self.list.setCurrentIndex(self.table.index(index, max(self.list.currentIndex().column(), 0)))
        self.list.viewport().update()
        if self._shows_first and checked is not None and not checked.is_searching:
            self._shows_first = False
            self._show_first()
        self._draw()

    def _read(self, index: int) -> None:
        """Show the numbers of an update before it is compared; of one that cannot be read there are none."""
        assert self.recording.understood is not None
        self._update, self._numbers = None, OwnNumbers()
        try:
            update = self.recording.understood.checked(index)
            self._update, self._numbers = traced(update), own_numbers(update)
        except ValueError:  # the list says why
            pass

    @Slot(bool)
    def _show_where_it_stopped(self, is_found: bool) -> None:
        self._shows_first = is_found
        self._show_chosen()
        self._say("" if is_found or self.recording.first_wrong is None else _("No later update differs."))

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.numbers.set_theme(theme)
        self.table.set_theme(theme)
        self.view.fit_to(theme)
        self.list.setMinimumHeight(self.view.minimumHeight())
        self._draw()

    # What the user does

    @Slot()
    def _go_back(self) -> None:
        self.recording.choose(self.recording.index - 1)

    @Slot()
    def _go_forward(self) -> None:
        self.recording.choose(self.recording.index + 1)

    @Slot()
    def _go_to_number(self) -> None:
        if self.recording.understood is not None:
            self.recording.choose(self.recording.understood.index_of(self.number.value()))

    @Slot(QModelIndex)
    def _choose_row(self, index: QModelIndex) -> None:
        if index.isValid() and index.row() != self.recording.index:
            self.recording.choose(index.row())

    @Slot()
    def _run_to_difference(self) -> None:
        self.recording.run_to_difference()
        self._say()

    @Slot()
    def _set_tolerance(self) -> None:
        self.recording.set_tolerance(float(word) if (word := self.tolerance.word()) else None)

    @Slot()
    def _show_what(self) -> None:
        self.numbers.show_what(Shown(self.what.word()))

    @Slot()
    def _show_first(self) -> None:
        """Show the first wrong number."""
        checked = self.recording.checked
        if checked is not None and checked.first is not None:
            key, cell = checked.first
            self.choice.show_key(key)
            self._draw()
            self.view.go_to(*cell)

    # Drawing

    @Slot()
    def _draw(self) -> None:
        understood = self.recording.understood
        if not self.is_seen or understood is None:
            return
        index, key = self.recording.index, self.choice.key()
        self.back.setEnabled(index > 0)
        self.forward.setEnabled(index < len(understood) - 1)
        self.run.setEnabled(index < len(understood) - 1)
        name = self.recording.path.name if self.recording.path else ""
        self.view.setVisible(self._update is not None)
        if self._update is None:
            self.set_caption(_("{name} · update {number:,}").format(name=name, number=understood.number(index)))
            self.verdict.setText(self._problem())
            return
        self.numbers.show_operand(self._update, key, self._numbers, self.recording.checked)
        rows, columns = right_numbers(self._update, key).shape
        self.set_caption(
            _("{name} · update {number:,} · {name_of} · {rows} × {columns}").format(
                name=name, number=understood.number(index), name_of=name_of(key), rows=rows, columns=columns
            )
        )
        self.verdict.setText(verdict(self.recording.checked, self.model.theme, _(_LINK)))
        self._read_out()

    def _problem(self) -> str:
        index, rows = self.recording.index, self.recording.rows
        return _("It cannot be compared: {problem}.").format(problem=rows[index].problem) if index < len(rows) else ""

    def _say(self, more: str = "") -> None:
        self.note.setText(" ".join(filter(None, (status_sentence(self.recording), more))))

    @Slot()
    def _read_out(self) -> None:
        cell = self.view.current_cell()
        self.readout.setText(self.numbers.read_out(*cell) if cell else "")
        self.readout.setVisible(cell is not None)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setProperty("role", "flat")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
