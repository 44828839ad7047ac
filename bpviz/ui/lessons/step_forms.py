"""StepForms: opens the form for a part of the chosen step, and puts what is entered there into the step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QStackedWidget

from bpviz.session.lessons.lesson import LessonStep
from bpviz.ui.lessons.forms.form_page import FormPage
from bpviz.ui.lessons.forms.marks_form import MarksForm
from bpviz.ui.lessons.forms.question_form import QuestionForm
from bpviz.ui.lessons.forms.task_form import TaskForm
from bpviz.ui.lessons.lesson_editor import LessonEditor


class StepForms(QObject):
    """Shows one form at a time in place of the editor.

    Parameters
    ----------
    editor : LessonEditor
    pages : QStackedWidget
        Shows the editor, and now also the forms.

    Attributes
    ----------
    titles : callable
        Returns key and title of each panel that a step can name.
    """

    def __init__(self, editor: LessonEditor, pages: QStackedWidget) -> None:
        super().__init__(pages)
        self._editor, self._pages, self._index = editor, pages, -1
        self.titles: Callable[[], Mapping[str, str]] = dict
        self.marks, self.task, self.question = MarksForm(), TaskForm(), QuestionForm()
        self._forms: dict[str, FormPage] = {"marks": self.marks, "task": self.task, "question": self.question}
        for form in self._forms.values():
            pages.addWidget(form)
            form.changed.connect(self._take)
            form.left.connect(self._leave)
        editor.part_wanted.connect(self.open)

    @property
    def is_open(self) -> bool:
        """Whether a form is shown."""
        return self._pages.currentWidget() in self._forms.values()

    def settle(self) -> None:
        """Put what is entered into the step, if it is complete, since another page is shown or the window closes."""
        for form in self._forms.values():
            if form is self._pages.currentWidget():
                form.put.click()

    @Slot(str)
    def open(self, part: str) -> None:
        """Open the form for a part of the chosen step."""
        if step := self._editor.step:
            self._index = self._editor.index
            self._forms[part].show_step(step, self._index + 1, self.titles())
            self._pages.setCurrentWidget(self._forms[part])

    @Slot(object)
    def _take(self, step: LessonStep) -> None:
        # A moment that was added meanwhile came after this step, which keeps its place.
        self._editor.put_step(self._index, step)
        self._leave()

    @Slot()
    def _leave(self) -> None:
        self._pages.setCurrentWidget(self._editor)
