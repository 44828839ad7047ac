"""Lesson: steps that each set up a place in a training and say something about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.tasks import Task
from bpviz.session.training.position import Position

WORKSPACES = ("train", "step", "lecture", "compare")


@dataclass(frozen=True)
class Scene:
    """What a step shows.

    Attributes
    ----------
    experiment : Experiment
    preset : str
        The preset that the experiment is one of, or a change of; "" for none.
    position : Position
    workspace : str
        One of `WORKSPACES`, or "" to leave the panels as they are.
    front : tuple of str
        Panels to be shown in front.
    sample, layer, neuron : int or None
        The selection; layer and neuron only together.
    """

    experiment: Experiment
    preset: str = ""
    position: Position = field(default_factory=Position)
    workspace: str = ""
    front: tuple[str, ...] = ()
    sample: int | None = None
    layer: int | None = None
    neuron: int | None = None

    def trains(self, other: Experiment) -> bool:
        """Return whether another experiment is this one, apart from the epoch at which it stops."""
        return replace(other, epochs=self.experiment.epochs) == self.experiment


@dataclass(frozen=True)
class LessonStep:
    """One step: a scene with a heading and a text, and sometimes a task or a question."""

    heading: str
    text: str
    scene: Scene
    task: Task | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Lesson:
    """A title, a sentence about it, and the steps."""

    title: str
    about: str
    steps: tuple[LessonStep, ...]


def workspace_at(lesson: Lesson, index: int) -> str:
    """Return the workspace of a step: its own, or the one that a step before it has set."""
    named = (step.scene.workspace for step in reversed(lesson.steps[: index + 1]) if step.scene.workspace)
    return next(named, "")
