"""The page of one step of a lesson: heading, text, task, question, and the way on."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.tasks import Task
from bpviz.ui.lessons.question_box import QuestionBox
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.flow_layout import FlowLayout


class StepPage(QWidget):
    """Shows one step; the panel connects its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.progress, self.heading = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.text, self.task = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.progress.setProperty("role", "caption")
        self.heading.setProperty("role", "title")
        self.question = QuestionBox()
        self.back = _button(_("Back"), _("The step before"))
        self.next = _button(_("Next"), _("The next step"))
        self.return_ = _button(_("Return to this step"), _("Show this step again as it was set up  (F7)"))
        self.edit = _button(_("Edit"), _("Change the steps of this lesson in a draft of your own"))
        self.list = _button(_("All lessons"), _("Leave this lesson; it goes on where it was left"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self._scrolled(), 1)
        layout.addWidget(self._buttons())

    def _scrolled(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for widget in (self.progress, self.heading, self.text, self.task, self.question):
            column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        return area

    def _buttons(self) -> QWidget:
        row = QWidget()
        flow = FlowLayout(row, GAP // 2)
        for button in (self.back, self.next, self.return_, self.edit, self.list):
            flow.addWidget(button)
        return row

    def show_step(self, lesson: Lesson, index: int) -> None:
        """Show a step of a lesson, with its question not yet answered."""
        step, text = lesson.steps[index], _("{title}: step {step} of {count}")
        self.progress.setText(text.format(title=lesson.title, step=index + 1, count=len(lesson.steps)))
        self.heading.setText(step.heading)
        self.text.setText(step.text)
        self.show_task(step.task, is_done=False)
        self.question.setVisible(step.question is not None)
        if step.question:
            self.question.show_question(step.question)
        self.back.setEnabled(index > 0)
        self.next.setEnabled(index + 1 < len(lesson.steps))

    def show_task(self, task: Task | None, *, is_done: bool) -> None:
        """Show a task with its state."""
        self.task.setVisible(task is not None)
        if task:
            text = _("<b>Done ✓</b> {task}") if is_done else _("<b>To do:</b> {task}")
            self.task.setText(text.format(task=escape(task.text)))


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
