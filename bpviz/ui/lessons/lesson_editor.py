"""The page on which a lesson is recorded: its steps, with title and notes of the chosen one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bpviz.language import N_, _
from bpviz.session.lessons import editing
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene
from bpviz.session.lessons.lesson_json import MOST_STEPS, notes_problem, title_problem
from bpviz.session.training.position import position_text
from bpviz.ui.lessons.save_menu import SaveMenu
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.flow_layout import FlowLayout

_MOST_UNDONE = 100
_LIST_LINES, _NOTES_LINES = 4, 4
# The parts of a step that have a form of their own: name on the button, and its tooltip.
_PARTS = {
    "marks": (N_("Marks"), N_("Choose the panels in front, and the selected sample and neuron")),
    "task": (N_("Task"), N_("Add a task to the step, change it, or remove it")),
    "question": (N_("Question"), N_("Add a question to the step, change it, or remove it")),
}
_KEPT = N_("Kept as a draft, also when bpviz is closed. Save writes a file of your own.")


class LessonEditor(QWidget):
    """Edits the draft of a lesson; every change is told at once, so that none is lost.

    Signals
    -------
    changed : Lesson
    add_wanted
        What is on screen should become a step.
    again_wanted
        What is on screen should replace the scene of the chosen step.
    present_wanted : int
        The lesson should be shown from this step on.
    list_wanted
        The page should be left for the list of lessons.
    part_wanted : str
        A part of the chosen step should be edited: "marks", "task" or "question".
    """

    changed, present_wanted, part_wanted = Signal(object), Signal(int), Signal(str)
    add_wanted, again_wanted, list_wanted = Signal(), Signal(), Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lesson = _named(editing.EMPTY)
        self._before: list[Lesson] = []
        self.title, self.heading = QLineEdit(), QLineEdit()
        self.notes, self.steps, self.said = QPlainTextEdit(), QListWidget(), QLabel(_(_KEPT), wordWrap=True)
        tip = _("Experiment, position, panels and selection become the next step")
        self.add = _button(_("Add this moment"), tip, is_main=True)
        self.again = _button(_("Take again"), _("Replace the scene of the chosen step by what is on screen now"))
        self.up, self.down = _button(_("Up"), _("Move the step up")), _button(_("Down"), _("Move the step down"))
        self.delete = _button(_("Delete"), _("Delete the chosen step; Undo brings it back"))
        self.undo = _button(_("Undo"), _("Undo the last change to the steps"))
        self.parts = {name: _button(_(text), _(tip)) for name, (text, tip) in _PARTS.items()}
        self.present = _button(_("Present"), _("Show the lesson from the chosen step on, as its audience sees it"))
        self.save = _button(_("Save"), _("Save the lesson in the session's file, or as a file of its own"))
        self.save_menu = SaveMenu(self.save)
        self.new = _button(_("New lesson"), _("Begin another lesson; Undo brings this one back"))
        self.list = _button(_("All lessons"), _("Leave this page; the draft is kept"))
        self._describe()
        self._lay_out()
        self._connect()
        self._show()

    def _describe(self) -> None:
        self.said.setProperty("role", "caption")
        self.title.setPlaceholderText(_("Title of the lesson"))
        self.heading.setPlaceholderText(_("Title of the step"))
        self.notes.setPlaceholderText(_("What you say at this step"))
        for widget in (self.title, self.heading, self.notes):
            widget.setAccessibleName(widget.placeholderText())
            widget.setToolTip(widget.placeholderText())
        self.steps.setAccessibleName(_("Steps of the lesson"))
        self.steps.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.notes.setTabChangesFocus(True)
        line = self.fontMetrics().lineSpacing()
        for area, lines in ((self.steps, _LIST_LINES), (self.notes, _NOTES_LINES)):
            area.setMinimumHeight(lines * line)
            # The page scrolls only if there is less room than this, not for what the areas would like to have.
            area.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for widget in (
            *(self.title, _row(self.add, self.again), self.steps, _row(self.up, self.down, self.delete, self.undo)),
            *(self.heading, self.notes, _row(*self.parts.values())),
        ):
            column.addWidget(widget, 1 if widget in (self.steps, self.notes) else 0)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        layout.addWidget(area, 1)
        layout.addWidget(self.said)
        layout.addWidget(_row(self.present, self.save, self.new, self.list))

    def _connect(self) -> None:
        self.add.clicked.connect(self.add_wanted)
        self.again.clicked.connect(self.again_wanted)
        self.up.clicked.connect(self._move_up)
        self.down.clicked.connect(self._move_down)
        self.delete.clicked.connect(self._delete)
        self.undo.clicked.connect(self._undo)
        self.new.clicked.connect(self._begin_new)
        self.present.clicked.connect(self._present)
        self.list.clicked.connect(self.list_wanted)
        for name, button in self.parts.items():
            button.clicked.connect(partial(self.part_wanted.emit, name))
        self.title.textEdited.connect(self._take_title)
        self.heading.textEdited.connect(self._take_heading)
        self.notes.textChanged.connect(self._take_notes)
        self.steps.currentRowChanged.connect(self._show_step)

    # The draft

    @property
    def index(self) -> int:
        """The index of the chosen step; -1 if there is none."""
        return self.steps.currentRow()

    @property
    def step(self) -> LessonStep | None:
        """The chosen step."""
        return self.lesson.steps[self.index] if 0 <= self.index < len(self.lesson.steps) else None

    def show_draft(self, lesson: Lesson) -> None:
        """Show a draft that was kept."""
        self.lesson = _named(lesson)
        self._show()

    def go_on(self, lesson: Lesson, index: int, before: tuple[Lesson, ...]) -> None:
        """Show the draft of another window, with its chosen step and what Undo brings back."""
        self.lesson, self._before = _named(lesson), list(before)
        self._show(index)

    @property
    def before(self) -> tuple[Lesson, ...]:
        """What Undo brings back, the latest last."""
        return tuple(self._before)

    def edit(self, lesson: Lesson, index: int = 0) -> None:
        """Edit another lesson in place of the draft, which Undo brings back."""
        if lesson != self.lesson:
            self._change(lesson, index)
        else:
            self.steps.setCurrentRow(index)

    def add_step(self, scene: Scene) -> bool:
        """Add a step after the chosen one; return whether there was room for it."""
        if len(self.lesson.steps) >= MOST_STEPS:
            self.say(_("A lesson has at most {most} steps: save it, and begin another.").format(most=MOST_STEPS))
            return False
        at = self.index + 1
        self._change(editing.with_step(self.lesson, at, editing.new_step(scene, len(self.lesson.steps) + 1)), at)
        self.heading.setFocus()
        self.heading.selectAll()
        return True

    def put_step(self, index: int, step: LessonStep) -> None:
        """Put another step in place of one, which becomes the chosen one."""
        if step != self.lesson.steps[index]:
            self._change(editing.with_changed(self.lesson, index, step), index)

    def say(self, sentence: str) -> None:
        """Say what is wrong; "" to say that all is kept."""
        self.said.setText(sentence or _(_KEPT))

    def _change(self, lesson: Lesson, index: int) -> None:
        self._before = [*self._before[-_MOST_UNDONE:], self.lesson]
        self.lesson = lesson
        self._show(index)
        self.changed.emit(lesson)

    @Slot()
    def _undo(self) -> None:
        if self._before:
            self.lesson = self._before.pop()
            self._show(min(self.index, len(self.lesson.steps) - 1))
            self.changed.emit(self.lesson)

    @Slot()
    def _begin_new(self) -> None:
        self._change(_named(editing.EMPTY), -1)

    @Slot()
    def _delete(self) -> None:
        after = editing.without_step(self.lesson, self.index)
        self._change(after, min(self.index, len(after.steps) - 1))

    @Slot()
    def _move_up(self) -> None:
        self._change(editing.moved(self.lesson, self.index, self.index - 1), self.index - 1)

    @Slot()
    def _move_down(self) -> None:
        self._change(editing.moved(self.lesson, self.index, self.index + 1), self.index + 1)

    @Slot()
    def _present(self) -> None:
        self.present_wanted.emit(max(self.index, 0))

    # Texts

    def _keep(self, lesson: Lesson) -> None:
        """Take a change of a text, which the text field can undo itself."""
        self.lesson = lesson
        self.say("")
        self.changed.emit(lesson)

    @Slot(str)
    def _take_title(self, title: str) -> None:
        if problem := title_problem(title):
            said = _("The title {problem}: until then it stays “{title}”.")
            self.say(said.format(problem=problem, title=self.lesson.title))
        else:
            self._keep(replace(self.lesson, title=title))

    @Slot(str)
    def _take_heading(self, heading: str) -> None:
        step = self.step
        if step is None:
            return
        if problem := title_problem(heading):
            said = _("The title of a step {problem}: until then it stays “{heading}”.")
            self.say(said.format(problem=problem, heading=step.heading))
            return
        self._keep(editing.with_changed(self.lesson, self.index, replace(step, heading=heading)))
        self._name_step(self.index)

    @Slot()
    def _take_notes(self) -> None:
        step, text = self.step, self.notes.toPlainText()
        if step is None or text == step.text:
            return
        if problem := notes_problem(text):
            # What was written before is not lost, and what was pasted is still in the clipboard.
            with QSignalBlocker(self.notes):
                self.notes.setPlainText(step.text)
                self.notes.moveCursor(QTextCursor.MoveOperation.End)
            text = _("The notes of a step {problem}: the last change was taken back.")
            self.say(text.format(problem=problem))
            return
        self._keep(editing.with_changed(self.lesson, self.index, replace(step, text=text)))

    # Showing

    def _show(self, index: int = 0) -> None:
        with QSignalBlocker(self.steps):
            self.steps.clear()
            for number in range(len(self.lesson.steps)):
                self.steps.addItem("")
                self._name_step(number)
            self.steps.setCurrentRow(index if self.lesson.steps else -1)
        if self.title.text() != self.lesson.title:
            self.title.setText(self.lesson.title)
        self.say("")
        self._show_step()

    def _name_step(self, index: int) -> None:
        step = self.lesson.steps[index]
        item = self.steps.item(index)
        item.setText(f"{index + 1}. {step.heading}")
        item.setToolTip(position_text(step.scene.position))

    @Slot()
    def _show_step(self) -> None:
        step, last = self.step, len(self.lesson.steps) - 1
        with QSignalBlocker(self.notes):
            self.heading.setText(step.heading if step else "")
            if self.notes.toPlainText() != (text := step.text if step else ""):
                self.notes.setPlainText(text)
        of_step = (self.heading, self.notes, self.again, self.delete, self.present, *self.parts.values())
        for widget in of_step:
            widget.setEnabled(step is not None)
        for name, has_part in (("task", step and step.task), ("question", step and step.question)):
            text = _(_PARTS[name][0])
            self.parts[name].setText(_("{part} ✓").format(part=text) if has_part else text)
        self.save_menu.set_has_steps(step is not None)
        self.up.setEnabled(self.index > 0)
        self.down.setEnabled(0 <= self.index < last)
        self.undo.setEnabled(bool(self._before))


def _named(lesson: Lesson) -> Lesson:
    """Return a draft; one that is only begun has its title in the user's language."""
    return replace(lesson, title=_(lesson.title)) if lesson == editing.EMPTY else lesson


def _button(text: str, tip: str, *, is_main: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setDefault(is_main)
    return button


def _row(*buttons: QPushButton) -> QWidget:
    row = QWidget()
    flow = FlowLayout(row, GAP // 2)
    for button in buttons:
        flow.addWidget(button)
    return row
