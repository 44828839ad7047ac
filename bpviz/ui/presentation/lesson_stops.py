"""The stops of a lesson: its steps, and after each covered question the answer."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance

from bpviz.language import _
from bpviz.session.lessons.lesson import Lesson, LessonStep
from bpviz.session.lessons.questions import Answer, Question
from bpviz.ui.presentation.stop import Stop

_LETTERS = "ABCDEFGHIJ"


class LessonView(Protocol):
    """What shows a lesson, step by step."""

    lesson: Lesson | None
    index: int
    answer: Answer | None
    step_changed: SignalInstance

    @property
    def is_asking(self) -> bool:
        """Whether the step has a question whose answer nobody has asked for."""

    def go_on(self) -> None:
        """Show the next step."""

    def go_back(self) -> None:
        """Show the step before."""

    def reveal(self) -> None:
        """Show the answer."""

    def return_to_step(self) -> None:
        """Show the step again as it was set up."""


class LessonStops:
    """Goes through the steps of the lesson that `view` shows."""

    def __init__(self, view: LessonView) -> None:
        self._view = view

    @property
    def is_open(self) -> bool:
        """Whether there is a lesson to go through."""
        return self._view.lesson is not None

    @property
    def _steps(self) -> tuple[LessonStep, ...]:
        return self._view.lesson.steps if self._view.lesson else ()

    @property
    def front(self) -> tuple[str, ...]:
        """The panels that the present step shows in front."""
        return self._steps[self._view.index].scene.front if self.is_open else ()

    def now(self) -> Stop:
        """Return the present stop."""
        steps, index = self._steps, self._view.index
        step, answer = steps[index], self._view.answer
        count = _("{number} of {all}").format(number=index + 1, all=len(steps))
        asked = _answered(answer) if answer else _asked(step.question)
        return Stop(step.heading, step.text, asked, count)

    def coming(self) -> Stop | None:
        """Return the next stop; None at the end of the lesson."""
        steps, index = self._steps, self._view.index
        if self._view.is_asking:
            question = steps[index].question
            return Stop(_("The answer"), question.ask if question else "")
        if index + 1 == len(steps):
            return None
        step = steps[index + 1]
        return Stop(step.heading, step.text, _asked(step.question))

    def forward(self) -> bool:
        """Go to the next stop; return whether there was one."""
        if self._view.is_asking:
            self._view.reveal()
        elif self._view.index + 1 < len(self._steps):
            self._view.go_on()
        else:
            return False
        return True

    def back(self) -> bool:
        """Go to the stop before: an answered question is asked again; return whether there was one."""
        step = self._steps[self._view.index]
        if step.question is not None and not self._view.is_asking:
            self._view.return_to_step()
        elif self._view.index > 0:
            self._view.go_back()
        else:
            return False
        return True


def _answered(answer: Answer) -> str:
    return _("Answer: {text}. {why}").format(text=answer.text, why=answer.why).rstrip()


def _asked(question: Question | None) -> str:
    if question is None:
        return ""
    choices = "   ".join(f"{letter}: {text}" for letter, text in zip(_LETTERS, question.choices, strict=False))
    return f"{question.ask}   {choices}".rstrip()
