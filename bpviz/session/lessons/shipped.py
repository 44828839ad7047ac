"""The lessons that come with bpviz, one JSON file each in resources/lessons."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from bpviz.assets import resource
from bpviz.language import _, chosen
from bpviz.session.lessons.lesson import Lesson, LessonStep
from bpviz.session.lessons.lesson_json import read_lesson

#: In the order in which they are listed, which is the order to take them in.
NAMES = (
    *("one-neuron", "chain-rule", "xor", "plateau"),
    *("vanishing", "learning-rate", "find-the-bug", "epoch"),
)


def load_lesson(name: str) -> Lesson:
    """Read one of the lessons, in the chosen language."""
    return _load(name, chosen())


@cache
def _load(name: str, language: str) -> Lesson:
    return _translated(read_lesson(resource("lessons", f"{name}.json").read_text(encoding="utf-8")))


def _translated(lesson: Lesson) -> Lesson:
    steps = tuple(_translated_step(step) for step in lesson.steps)
    return Lesson(_(lesson.title), _(lesson.about), steps)


def _translated_step(step: LessonStep) -> LessonStep:
    task, question = step.task, step.question
    if task:
        task = replace(task, text=_(task.text))
    if question:
        choices = tuple(map(_, question.choices))
        question = replace(question, ask=_(question.ask), choices=choices, why=_(question.why))
    return replace(step, heading=_(step.heading), text=_(step.text), task=task, question=question)
