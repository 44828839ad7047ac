"""Lessons as JSON: reading and checking a file, and writing one."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment, ExperimentError
from bpviz.session.experiment.json_fields import AnyValue, Nullable, check_amount, read_list, read_members
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.session.experiment.validation import Integer, ListOf, OneOf, Rule, Text, TextLine
from bpviz.session.lessons.lesson import WORKSPACES, Lesson, LessonStep, Scene
from bpviz.session.lessons.possible import problem_of_step
from bpviz.session.lessons.question_json import question_values, read_question
from bpviz.session.lessons.task_json import read_position, read_task, task_values

#: At most so many bytes has the file of a lesson.
MOST_BYTES = 1_000_000
MOST_STEPS = 100
#: At most so many panels does a step bring to the front.
MOST_FRONT = 20
_MOST_CONTAINERS = 20_000
_TITLE, _TEXT = TextLine(120), Text(4000)
_COUNT = Nullable(Integer(0, 1_000_000))
_LESSON: dict[str, Rule] = {"title": _TITLE, "about": _TEXT, "steps": AnyValue()}
_STEP: dict[str, Rule] = {
    "heading": _TITLE,
    "text": _TEXT,
    "scene": AnyValue(),
    "task": AnyValue(),
    "question": AnyValue(),
}
_SCENE: dict[str, Rule] = {
    "preset": Text(60),
    "changes": AnyValue(),
    "experiment": AnyValue(),
    "position": AnyValue(),
    "workspace": OneOf(("", *WORKSPACES)),
    "front": ListOf(TextLine(40), MOST_FRONT),
    "sample": _COUNT,
    "layer": _COUNT,
    "neuron": _COUNT,
}


class LessonError(ValueError):
    """A text is not a lesson. The message says where and why."""


def read_lesson(text: str) -> Lesson:
    """Return the lesson of a JSON text.

    Raises
    ------
    LessonError
        If the text is no lesson: the message names the step and what is wrong with it.
    """
    lesson = read_draft(text)
    if not lesson.steps:
        raise LessonError(_("the lesson has no steps"))
    return lesson


def read_draft(text: str) -> Lesson:
    """Return the lesson of a JSON text, which may have no steps yet; raises as `read_lesson`."""
    try:
        check_amount(text.encode(), _("this lesson"), _MOST_CONTAINERS)
        values = json.loads(text)
        members = read_members(values, _("the lesson"), _LESSON, ("title", "steps"))
        steps = read_list(members["steps"], _("steps"), MOST_STEPS, _read_step)
    except json.JSONDecodeError as fault:
        raise LessonError(_("this is not JSON: {fault}").format(fault=fault)) from fault
    except RecursionError as fault:
        raise LessonError(_("this is not a lesson: the JSON is nested too deeply")) from fault
    except ValueError as fault:
        raise LessonError(str(fault)) from fault
    return Lesson(members["title"], members.get("about", ""), steps)


def step_problem(step: LessonStep) -> str | None:
    """Return why a lesson could not hold a step, as a sentence that says which of its parts is wrong, or None."""
    if step.task and not step.task.text.strip():
        return _("the task has no text: write what is to be done")
    if step.question and not step.question.ask.strip():
        return _("the question has no text: write what you ask")
    try:
        _read_step_called(_step_values(step), _("the step"))
    except ValueError as fault:
        return str(fault)
    return None


def _read_step(values: Any, number: int) -> LessonStep:
    return _read_step_called(values, _("step {number}").format(number=number))


def _read_step_called(values: Any, what: str) -> LessonStep:
    members = read_members(values, what, _STEP, ("heading", "text", "scene"))
    scene = _read_scene(members["scene"], _("{what}, scene").format(what=what))
    task, question = members.get("task"), members.get("question")
    step = LessonStep(
        members["heading"],
        members["text"],
        scene,
        read_task(task, _("{what}, task").format(what=what)) if task is not None else None,
        read_question(question, _("{what}, question").format(what=what)) if question is not None else None,
    )
    if problem := problem_of_step(step):
        raise LessonError(_("{what}, {problem}").format(what=what, problem=problem))
    return step


def _read_scene(values: Any, what: str) -> Scene:
    members = read_members(values, what, _SCENE, ())
    return Scene(
        _read_experiment(members, what),
        members.get("preset", ""),
        read_position(members.get("position", [0]), what),
        members.get("workspace", ""),
        tuple(members.get("front", ())),
        *(members.get(name) for name in ("sample", "layer", "neuron")),
    )


def _read_experiment(members: dict[str, Any], what: str) -> Experiment:
    preset, changes = members.get("preset", ""), members.get("changes", {})
    if bool(preset) == ("experiment" in members):
        raise LessonError(_("{what}: it needs either a preset or an experiment").format(what=what))
    if not isinstance(changes, dict):
        text = _("{what}: changes must be a JSON object with the fields that differ from the preset")
        raise LessonError(text.format(what=what))
    if preset and preset not in preset_names():
        text = _("{what}: no preset is called {preset}; choose one of {names}")
        raise LessonError(text.format(what=what, preset=preset, names=", ".join(preset_names())))
    base = load_preset(preset).experiment.to_values() if preset else members["experiment"]
    try:
        return Experiment.from_values(base | changes if preset else base)
    except ExperimentError as fault:
        raise LessonError(_("{what}: {problem}").format(what=what, problem=fault)) from fault


def title_problem(title: str) -> str | None:
    """Return why a text can be neither the title of a lesson nor the heading of a step, or None."""
    return _TITLE.problem(title)


def notes_problem(notes: str) -> str | None:
    """Return why a text cannot be what a lesson or a step says, or None."""
    return _TEXT.problem(notes)


def lesson_text(lesson: Lesson) -> str:
    """Return the JSON text of a lesson, as `read_lesson` reads it."""
    steps = [_step_values(step) for step in lesson.steps]
    values = {"title": lesson.title, "about": lesson.about, "steps": steps}
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _step_values(step: LessonStep) -> dict[str, Any]:
    values: dict[str, Any] = {"heading": step.heading, "text": step.text, "scene": _scene_values(step.scene)}
    if step.task:
        values["task"] = task_values(step.task)
    if step.question:
        values["question"] = question_values(step.question)
    return values


def _scene_values(scene: Scene) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if scene.preset:
        base, own = load_preset(scene.preset).experiment.to_values(), scene.experiment.to_values()
        changes = {name: value for name, value in own.items() if base.get(name) != value}
        values |= {"preset": scene.preset, "changes": changes} if changes else {"preset": scene.preset}
    else:
        values["experiment"] = scene.experiment.to_values()
    values["position"] = list(dataclasses.astuple(scene.position))
    if scene.workspace:
        values["workspace"] = scene.workspace
    if scene.front:
        values["front"] = list(scene.front)
    chosen = {name: getattr(scene, name) for name in ("sample", "layer", "neuron")}
    return values | {name: value for name, value in chosen.items() if value is not None}
