"""A page with the fields of one part of a step: what it marks, its task or its question."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.session.lessons.lesson import LessonStep
from bpviz.session.lessons.lesson_json import step_problem
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.flow_layout import FlowLayout
from bpviz.ui.widgets.form_fields import sentence


class FormPage(QWidget):
    """Shows the fields of a part, and tells the changed step when they are put into it.

    Parameters
    ----------
    title : str
        With {number} for that of the step.

    Signals
    -------
    changed : LessonStep
        The step with its changed part.
    left
        The page is left without a change.
    """

    changed, left = Signal(object), Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._step: LessonStep | None = None
        self.title, self.said = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.title.setProperty("role", "title")
        self.said.setProperty("role", "problem")
        self.put = _button(_("Put into the step"), _("Take these values; Undo takes them back"))
        self.remove = _button(_("Remove"), _("Remove this part of the step; Undo brings it back"))
        self.cancel = _button(_("Cancel"), _("Leave the step as it was"))
        self.column = QVBoxLayout()
        self._lay_out()
        self.put.clicked.connect(self._put)
        self.remove.clicked.connect(self._remove)
        self.cancel.clicked.connect(self.left)

    def _lay_out(self) -> None:
        inner, row = QWidget(), QWidget()
        inner.setLayout(self.column)
        self.column.setContentsMargins(0, 0, GAP, 0)
        self.column.setSpacing(GAP // 2)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        flow = FlowLayout(row, GAP // 2)
        for button in (self.put, self.remove, self.cancel):
            flow.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.title)
        layout.addWidget(area, 1)
        layout.addWidget(self.said)
        layout.addWidget(row)

    def add_field(self, text: str, field: QWidget, tip: str = "") -> QWidget:
        """Add a field below its label; return both, to be hidden where they do not apply."""
        label, both = QLabel(text), QWidget()
        label.setProperty("role", "caption")
        label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(text)
        if tip:
            field.setToolTip(tip)
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, GAP // 2)
        column.setSpacing(2)
        column.addWidget(label)
        column.addWidget(field)
        self.column.addWidget(both)
        return both

    # What the kind of page says

    def fill(self, step: LessonStep, panels: Mapping[str, str]) -> None:
        """Show the values of a step.

        Parameters
        ----------
        step : LessonStep
        panels : mapping of str to str
            Key and title of each panel.
        """
        raise NotImplementedError

    def with_part(self, step: LessonStep) -> LessonStep:
        """Return a step with the values that are shown; raises ValueError with a sentence if one is none."""
        raise NotImplementedError

    def without_part(self, step: LessonStep) -> LessonStep:
        """Return a step without this part."""
        raise NotImplementedError

    # The page

    def show_step(self, step: LessonStep, number: int, panels: Mapping[str, str]) -> None:
        """Show the part of a step that has this number, from 1."""
        self._step = step
        self.title.setText(self._title.format(number=number))
        self.complain("")
        self.fill(step, panels)
        self.remove.setVisible(self.without_part(step) != step)

    def complain(self, problem: str) -> None:
        """Say what is wrong; "" for nothing."""
        self.said.setText(_("{clause}.").format(clause=sentence(problem)) if problem else "")
        self.said.setVisible(bool(problem))

    @Slot()
    def _put(self) -> None:
        if self._step is None:
            return
        try:
            step = self.with_part(self._step)
        except ValueError as fault:
            self.complain(str(fault))
            return
        problem = step_problem(step)
        self.complain(problem or "")
        if not problem:
            self.changed.emit(step)

    @Slot()
    def _remove(self) -> None:
        if self._step is not None:
            self.changed.emit(self.without_part(self._step))


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
