"""Recording a lesson: a moment of the session as a step, and the steps put in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene
from bpviz.session.lessons.tasks import (
    ColumnBelow,
    Condition,
    NeuronSelected,
    OperationDone,
    PositionReached,
    SampleSelected,
)
from bpviz.session.training.position import Position, position_text
from bpviz.session.walkthrough.operations import operations

#: A lesson that is only begun.
EMPTY = Lesson(N_("My lesson"), "", ())


def scene_here(
    experiment: Experiment,
    position: Position,
    workspace: str,
    front: Sequence[str],
    chosen: tuple[int | None, int | None, int | None],
) -> Scene:
    """Return the scene of what is on screen.

    Parameters
    ----------
    experiment : Experiment
    position : Position
    workspace : str
        The workspace that was laid out last, "" for none.
    front : sequence of str
        The keys of the panels that are seen.
    chosen : tuple of (int or None)
        The selected sample, layer and neuron.
    """
    # Training can be taken beyond the epoch at which it would have stopped.
    reached = replace(experiment, epochs=max(experiment.epochs, position.epoch))
    return Scene(reached, _preset_of(experiment), position, workspace, tuple(front), *chosen)


def _preset_of(experiment: Experiment) -> str:
    """Return the name of the preset that an experiment is, apart from its number of epochs; "" for none."""
    for name in preset_names():
        if replace(load_preset(name).experiment, epochs=experiment.epochs) == experiment:
            return name
    return ""


def moment_problem(experiment: Experiment, position: Position | None, changes: Sequence[Position]) -> str | None:
    """Return why a moment cannot be a step of a lesson, as a sentence, or None.

    Parameters
    ----------
    experiment : Experiment
    position : Position or None
        None while there is no network.
    changes : sequence of Position
        Where the user has changed the run.
    """
    if position is None:
        return _("There is no network yet: choose a preset first.")
    if experiment.table is not None:
        return _("A lesson holds no table: save the session as .bpviz to keep a run on data of your own.")
    if any(at <= position for at in changes):
        return _(
            "This run was changed by hand before this position, and a lesson starts its runs anew: "
            "reset, set the values in Experiment, and train again."
        )
    return None


def new_step(scene: Scene, number: int, heading: str = "") -> LessonStep:
    """Return a step for a scene; without a heading it is named after its number and its position."""
    named = _("Step {number}: {position}").format(number=number, position=position_text(scene.position))
    return LessonStep(heading or named, "", scene)


def is_done_at_start(until: Condition, scene: Scene) -> bool:
    """Return whether a condition holds already where a step begins, so that there would be nothing to do."""
    match until:
        case OperationDone(operation, just):
            known = operations(len(scene.experiment.sizes) - 1, scene.experiment.rule.extra_operations)
            done = known[: scene.position.operation]
            return operation in (done[-1:] if just else done)
        case PositionReached(position):
            return position <= scene.position
        case NeuronSelected(layer, neuron):
            return layer == scene.layer and neuron in (None, scene.neuron)
        case SampleSelected(sample):
            return sample == scene.sample
        case ColumnBelow():
            return False  # it is known only when the step is shown


def with_step(lesson: Lesson, at: int, step: LessonStep) -> Lesson:
    """Return a lesson with one step more, before the one that has this index."""
    return replace(lesson, steps=(*lesson.steps[:at], step, *lesson.steps[at:]))


def without_step(lesson: Lesson, index: int) -> Lesson:
    """Return a lesson with one step less."""
    return replace(lesson, steps=(*lesson.steps[:index], *lesson.steps[index + 1 :]))


def with_changed(lesson: Lesson, index: int, step: LessonStep) -> Lesson:
    """Return a lesson with another step in place of one."""
    return replace(lesson, steps=(*lesson.steps[:index], step, *lesson.steps[index + 1 :]))


def moved(lesson: Lesson, index: int, to: int) -> Lesson:
    """Return a lesson with a step at another index."""
    return with_step(without_step(lesson, index), to, lesson.steps[index])
