"""Takes the session to the steps of lessons, without a window."""

from __future__ import annotations

import dataclasses
from functools import cache

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.evaluation import read_update
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.lessons.lesson import LessonStep
from bpviz.session.lessons.questions import Answer, right_answer
from bpviz.session.lessons.shipped import load_lesson
from bpviz.session.lessons.situation import Situation
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.epochs import EpochRecord, EpochTable
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate


@cache
def _records(experiment: Experiment, epochs: int) -> tuple[EpochRecord, ...]:
    training = Training(experiment)
    return tuple(training.run_epoch() for _ in range(epochs))


def record(experiment: Experiment, epoch: int) -> EpochRecord:
    """Return the record that is made when so many epochs are complete."""
    return _records(experiment, epoch)[-1]


@cache
def update_at(experiment: Experiment, position: Position) -> TracedUpdate:
    """Return the update at a position."""
    stepper = Stepper(Training(experiment))
    stepper.go_to(Position(position.epoch, position.sample))
    stepper.step("operation", max(position.operation, 1))
    assert stepper.current_update is not None
    return dataclasses.replace(stepper.current_update, index=position.operation)


def value(experiment: Experiment, position: Position, metric: Metric) -> float:
    """Return a number of the update at a position."""
    return float(read_update(update_at(experiment, position)).value(metric))


def step_of(lesson: str, heading: str) -> LessonStep:
    """Return a step of a lesson by its heading."""
    (step,) = [step for step in load_lesson(lesson).steps if step.heading == heading]
    return step


def answer_of(step: LessonStep) -> Answer | None:
    """Return the right answer to the question of a step, as the window would show it; None without a question."""
    question, scene = step.question, step.scene
    if question is None:
        return None
    epochs = max(scene.position.epoch, question.reveal_at.epoch if question.reveal_at else 0)
    table = EpochTable()
    table.extend(_records(scene.experiment, epochs))
    update = update_at(scene.experiment, scene.position)
    return right_answer(question, Situation(scene.position, update, table))
