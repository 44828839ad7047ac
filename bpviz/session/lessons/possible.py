"""Whether what a lesson asks for exists: its positions, samples, operations, neurons and epochs."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.core.datasets import count_training_samples
from bpviz.core.metrics.metric import OF_CLASSES, Metric
from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.lessons.lesson import LessonStep, Scene
from bpviz.session.lessons.measures import EpochMeasure, Measure
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.tasks import (
    ColumnBelow,
    Condition,
    NeuronSelected,
    OperationDone,
    PositionReached,
    SampleSelected,
)
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations


def problem_of_step(step: LessonStep) -> str | None:
    """Return the first thing that a step asks for and that cannot exist, as a sentence with its part; None if none."""
    return next(_problems(step), None)


def _problems(step: LessonStep) -> Iterator[str]:
    experiment = step.scene.experiment
    parts = [(_("scene: {problem}"), _of_scene(step.scene))]
    if step.task:
        parts.append((_("task: {problem}"), _of_condition(step.task.until, experiment)))
    if step.question:
        parts.append((_("question: {problem}"), _of_question(step.question, experiment)))
    for text, problem in parts:
        if problem:
            yield text.format(problem=problem)


def _of_scene(scene: Scene) -> str | None:
    experiment = scene.experiment
    found = position_problem(scene.position, experiment) or _sample_problem(scene.sample, experiment)
    if found is None and (scene.layer is None) != (scene.neuron is None):
        found = _("layer and neuron belong together")
    return found or _neuron_problem(scene.layer, scene.neuron, experiment)


def position_problem(position: Position, experiment: Experiment) -> str | None:
    """Return why training by an experiment never has a position, as a sentence, or None."""
    n_samples, n_operations = _n_samples(experiment), len(_operations(experiment))
    if position.epoch > experiment.epochs:
        return _no_epoch(position.epoch, experiment)
    if position.sample >= n_samples:
        text = _("there is no sample {sample:,}: an epoch has the samples 0 to {last:,}")
        return text.format(sample=position.sample, last=n_samples - 1)
    if position.sample % experiment.batch_size:
        text = _("no update begins at sample {sample:,}: with batches of {batch:,} it must be a multiple of that")
        return text.format(sample=position.sample, batch=experiment.batch_size)
    if position.operation >= n_operations:
        text = _("there is no operation {operation:,}: an update of this network has {count}, so choose 0 to {last}")
        return text.format(operation=position.operation, count=n_operations, last=n_operations - 1)
    return None


def _no_epoch(epoch: int, experiment: Experiment) -> str:
    text = _("there is no epoch {epoch:,}: the experiment trains up to epoch {last:,}")
    return text.format(epoch=epoch, last=experiment.epochs)


def _n_samples(experiment: Experiment) -> int:
    return count_training_samples(experiment.data, experiment.samples, experiment.test_share)


def _operations(experiment: Experiment) -> tuple[object, ...]:
    return operations(len(experiment.sizes) - 1, experiment.rule.extra_operations)


def _sample_problem(sample: int | None, experiment: Experiment) -> str | None:
    n_samples = _n_samples(experiment)
    if sample is None or sample < n_samples:
        return None
    text = _("there is no training sample {sample:,}: choose one from 0 to {last:,}")
    return text.format(sample=sample, last=n_samples - 1)


def _neuron_problem(layer: int | None, neuron: int | None, experiment: Experiment) -> str | None:
    sizes = experiment.sizes
    if layer is None:
        return None
    if not 1 <= layer < len(sizes):
        return _("there is no layer {layer}: choose one from 1 to {last}").format(layer=layer, last=len(sizes) - 1)
    if neuron is not None and neuron >= sizes[layer]:
        text = _("layer {layer} has no neuron {neuron}: choose one from 0 to {last}")
        return text.format(layer=layer, neuron=neuron, last=sizes[layer] - 1)
    return None


def _of_condition(until: Condition, experiment: Experiment) -> str | None:
    match until:
        case OperationDone(operation):
            if operation in _operations(experiment):
                return None
            text = _("an update of this network has no operation {quantity} of layer {layer}")
            return text.format(quantity=operation.quantity, layer=operation.layer)
        case PositionReached(position):
            return position_problem(position, experiment)
        case NeuronSelected(layer, neuron):
            return _neuron_problem(layer, neuron, experiment)
        case SampleSelected(sample):
            return _sample_problem(sample, experiment)
        case ColumnBelow(column):
            return _column_problem(column, experiment)


def _column_problem(column: str, experiment: Experiment) -> str | None:
    if column.startswith("accuracy") and not experiment.is_classification:
        return _only_of_classes(column, experiment)
    return None


def _only_of_classes(what: str, experiment: Experiment) -> str:
    text = _("{dataset} has numbers as targets, and so no {what}")
    return text.format(dataset=experiment.dataset, what=what)


def _of_question(question: Question, experiment: Experiment) -> str | None:
    if question.reveal_at and (problem := position_problem(question.reveal_at, experiment)):
        return f"reveal_at: {problem}"
    text = _("measure {number}: {problem}")
    problems = ((number, _of_measure(each, experiment)) for number, each in enumerate(question.measures, start=1))
    return next((text.format(number=number, problem=problem) for number, problem in problems if problem), None)


def _of_measure(measure: Measure, experiment: Experiment) -> str | None:
    if not isinstance(measure, EpochMeasure):
        metrics = (measure.metric, measure.over)
        return next((found for each in metrics if each and (found := _metric_problem(each, experiment))), None)
    latest = max(measure.epoch, measure.since or 0)
    if latest > experiment.epochs:
        return _no_epoch(latest, experiment)
    return _column_problem(measure.column, experiment)


def _metric_problem(metric: Metric, experiment: Experiment) -> str | None:
    if metric.quantity in OF_CLASSES and not experiment.is_classification:
        return _only_of_classes(metric.quantity, experiment)
    return metric.problem(experiment.sizes)
