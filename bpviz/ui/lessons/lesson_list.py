"""The page that lists the lessons, with what each is about and how far the user has come."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bpviz.language import _, ngettext
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.ui.style.theme import GAP

_LEAST_LETTERS = 32


def _own_text(n_steps: int) -> str:
    if not n_steps:
        return _("Made of moments of the program, not begun")
    return ngettext("A draft of {count} step", "A draft of {count} steps", n_steps).format(count=n_steps)


class LessonList(QScrollArea):
    """Lists the lessons that come with bpviz, below the one that the user records.

    Signals
    -------
    chosen : str
        The name of a lesson.
    record_wanted
        The user wants to record a lesson, or to go on with it.
    beside_wanted : str
        The lesson in the file at this path, beside that of the session, was chosen.
    kept_wanted
        The lesson in the session's file was chosen.
    """

    chosen, record_wanted, beside_wanted, kept_wanted = Signal(str), Signal(), Signal(str), Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GAP, 0)
        column.setSpacing(GAP // 2)
        self.buttons: dict[str, QPushButton] = {}
        self.states: dict[str, QLabel] = {}
        self._add_own(column)
        for name in NAMES:
            self._add(column, name, load_lesson(name))
        column.addStretch(1)
        self.setWidget(inner)
        self.show_progress({})
        self.show_own(0, None, None)

    def _add_own(self, column: QVBoxLayout) -> None:
        """Add the lesson that is recorded, and those that come with the session."""
        self._path = ""
        title, self.own_state = QLabel(_("Your own lesson")), QLabel(wordWrap=True)
        self.record, self.kept, self.beside = QPushButton(), QPushButton(), QPushButton()
        title.setProperty("role", "title")
        self.own_state.setProperty("role", "caption")
        self.record.setToolTip(_("Add what is on screen as steps, with a title and notes, and present them"))
        self.record.clicked.connect(self.record_wanted)
        self.kept.clicked.connect(self.kept_wanted)
        self.beside.clicked.connect(self._choose_beside)
        row = QHBoxLayout()
        row.addWidget(self.own_state, 1)
        row.addWidget(self.record)
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(self.kept)
        column.addWidget(self.beside)
        column.addSpacing(2 * GAP)

    @Slot()
    def _choose_beside(self) -> None:
        self.beside_wanted.emit(self._path)

    def show_own(self, n_steps: int, kept: Lesson | None, beside: Path | None) -> None:
        """Show how many steps the recorded lesson has, and the lessons in the session's file and beside it."""
        self.own_state.setText(_own_text(n_steps))
        self.record.setText(_("Go on") if n_steps else _("Record a lesson"))
        self.record.setAccessibleName(_("Go on recording your lesson") if n_steps else _("Record a lesson"))
        self.kept.setVisible(kept is not None)
        if kept:
            self.kept.setText(_("Open the lesson in this session"))
            self.kept.setToolTip(kept.title)
        self._path = str(beside or "")
        self.beside.setVisible(beside is not None)
        if beside:
            self.beside.setText(_("Open the lesson beside this session"))
            self.beside.setToolTip(str(beside))

    def _add(self, column: QVBoxLayout, name: str, lesson: Lesson) -> None:
        title, about, state, button = QLabel(lesson.title), QLabel(lesson.about), QLabel(), QPushButton()
        title.setProperty("role", "title")
        state.setProperty("role", "caption")
        for text in (title, about, state):
            text.setWordWrap(True)
        button.setAccessibleName(_("Begin {title}, or go on with it").format(title=lesson.title))
        button.setToolTip(_("Begin “{title}”, or go on with it").format(title=lesson.title))
        button.clicked.connect(lambda: self.chosen.emit(name))
        self.buttons[name], self.states[name] = button, state
        row = QHBoxLayout()
        row.addWidget(state, 1)
        row.addWidget(button)
        column.addWidget(title)
        column.addWidget(about)
        column.addLayout(row)
        column.addSpacing(2 * GAP)

    def minimumSizeHint(self) -> QSize:
        """Return a size in which lines of text have some words."""
        return QSize(_LEAST_LETTERS * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def show_progress(self, reached: Mapping[str, int]) -> None:
        """Show the number of the step that was reached in each lesson, from 1; missing where it was not begun."""
        for name, label in self.states.items():
            n_steps, step = len(load_lesson(name).steps), reached.get(name, 0)
            text = _("Step {step} of {count}") if step < n_steps else _("All {count} steps")
            if not step:
                text = _("{count} steps, not begun")
            label.setText(text.format(step=step, count=n_steps))
            self.buttons[name].setText(_("Go on") if 0 < step < n_steps else _("Again") if step else _("Begin"))
