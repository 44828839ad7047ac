"""The page that lists the lessons, with what each is about and how far the user has come."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.ui.style.theme import GAP

_LEAST_LETTERS = 32


class LessonList(QScrollArea):
    """Lists the lessons that come with bpviz.

    Signals
    -------
    chosen : str
        The name of a lesson.
    """

    chosen = Signal(str)

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
        for name in NAMES:
            self._add(column, name, load_lesson(name))
        column.addStretch(1)
        self.setWidget(inner)
        self.show_progress({})

    def _add(self, column: QVBoxLayout, name: str, lesson: Lesson) -> None:
        title, about, state, button = QLabel(lesson.title), QLabel(lesson.about), QLabel(), QPushButton()
        title.setProperty("role", "title")
        state.setProperty("role", "caption")
        for text in (title, about, state):
            text.setWordWrap(True)
        button.setAccessibleName(f"Begin {lesson.title}, or go on with it")
        button.setToolTip(f"Begin “{lesson.title}”, or go on with it")
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
            text = f"Step {step} of {n_steps}" if step < n_steps else f"All {n_steps} steps"
            label.setText(text if step else f"{n_steps} steps, not begun")
            self.buttons[name].setText("Go on" if 0 < step < n_steps else "Again" if step else "Begin")
