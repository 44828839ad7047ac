"""Files of lessons: what is read, and the sentence for what is wrong."""

import copy
import json
import re
from typing import Any

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.lesson_json import LessonError, lesson_text, read_lesson
from bpviz.session.lessons.measures import EpochMeasure, UpdateMeasure
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.session.lessons.tasks import ColumnBelow, NeuronSelected, OperationDone, PositionReached, SampleSelected
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import Operation

QUESTION: dict[str, Any] = {
    "ask": "Which sign?",
    "choices": ["plus", "minus"],
    "rule": "sign",
    "measures": [{"metric": {"quantity": "delta", "layer": 2, "neuron": 0}}],
    "why": "It is {0}.",
    "hide": ["operands"],
    "reveal_at": [0, 0, 8],
}
STEP: dict[str, Any] = {
    "heading": "First",
    "text": "A text.",
    "scene": {"preset": "mazur", "position": [0, 0, 5], "workspace": "step", "front": ["formula"], "sample": 0},
    "task": {"text": "Step.", "until": {"operation": "delta", "layer": 1}},
    "question": QUESTION,
}
LESSON: dict[str, Any] = {"title": "A lesson", "about": "Of one step.", "steps": [STEP]}


def changed(*path: Any, to: Any) -> str:
    """Return the lesson's text with another value at a path of members."""
    values: Any = copy.deepcopy(LESSON)
    at = values
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = to
    return json.dumps(values)


def test_a_step_has_a_scene_a_task_and_a_question() -> None:
    (step,) = read_lesson(json.dumps(LESSON)).steps
    assert step.scene.experiment == load_preset("mazur").experiment
    assert (step.scene.position, step.scene.workspace, step.scene.front) == (Position(0, 0, 5), "step", ("formula",))
    assert step.task is not None
    assert step.task.until == OperationDone(Operation("delta", 1))
    assert step.question is not None
    assert step.question.measures == (UpdateMeasure(Metric("delta", 2, neuron=0)),)
    assert step.question.reveal_at == Position(0, 0, 8)


@pytest.mark.parametrize(
    ("values", "condition"),
    [
        ({"operation": "a", "layer": 2, "just": True}, OperationDone(Operation("a", 2), just=True)),
        ({"position": [3, 4]}, PositionReached(Position(3, 4))),
        ({"neuron_of_layer": 2}, NeuronSelected(2)),
        ({"neuron_of_layer": 2, "neuron": 1}, NeuronSelected(2, 1)),
        ({"sample": 7}, SampleSelected(7)),
        ({"column": "mse_test", "below": 0.1}, ColumnBelow("mse_test", 0.1)),
    ],
)
def test_a_task_ends_with_a_condition_of_any_kind(values: object, condition: object) -> None:
    step = {"heading": "h", "text": "t", "scene": {"preset": "moons"}, "task": {"text": "Do it.", "until": values}}
    lesson = read_lesson(json.dumps(LESSON | {"steps": [step]}))
    assert lesson.steps[0].task is not None
    assert lesson.steps[0].task.until == condition
    assert read_lesson(lesson_text(lesson)) == lesson


def test_a_measure_can_be_of_epochs_or_a_ratio() -> None:
    measures = [{"column": "mse_train", "epoch": 9, "since": 3}]
    lesson = read_lesson(changed("steps", 0, "question", "measures", to=measures))
    assert lesson.steps[0].question is not None
    assert lesson.steps[0].question.measures == (EpochMeasure("mse_train", 9, 3),)
    metric = {"quantity": "delta", "layer": 1, "measure": "rms"}
    ratio = [{"metric": metric, "over": metric | {"layer": 2}}]
    lesson = read_lesson(changed("steps", 0, "question", "measures", to=ratio))
    assert read_lesson(lesson_text(lesson)) == lesson


def test_a_preset_can_be_changed_and_an_experiment_given_in_full() -> None:
    text = changed("steps", 0, "scene", to={"preset": "moons", "changes": {"learning_rate": 0.5, "hidden": [3, 3, 3]}})
    scene = read_lesson(text).steps[0].scene
    assert (scene.experiment.learning_rate, scene.experiment.hidden) == (0.5, (3, 3, 3))
    assert '"changes": {' in lesson_text(read_lesson(text))
    full = {"experiment": load_preset("xor").experiment.to_values()}
    lesson = read_lesson(changed("steps", 0, "scene", to=full))
    assert lesson.steps[0].scene.experiment == load_preset("xor").experiment
    assert read_lesson(lesson_text(lesson)) == lesson


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "this is not JSON"),
        ("[" * 100_000, "more than bpviz would ever write"),
        ("[]", "the lesson: it must be a JSON object"),
        (json.dumps({"title": "x", "steps": []}), "the lesson has no steps"),
        (changed("colour", to=1), "the lesson: it has no member called colour"),
        (changed("steps", 0, "heading", to=""), "step 1: heading must be one line"),
        (changed("steps", to=[STEP, {"heading": "x", "text": "y"}]), "step 2: its member scene is missing"),
        (changed("steps", 0, "scene", "preset", to="moon"), "step 1, scene: no preset is called moon"),
        (changed("steps", 0, "scene", "experiment", to={}), "step 1, scene: it needs either a preset or an experiment"),
        (
            changed("steps", 0, "scene", "changes", to={"hiden": 1}),
            "step 1, scene: an experiment has no field called hiden",
        ),
        (changed("steps", 0, "scene", "changes", to=[]), "step 1, scene: changes must be a JSON object"),
        (
            changed("steps", 0, "scene", "position", to=[0, -1]),
            "step 1, scene: position entry 2: must be a whole number",
        ),
        (changed("steps", 0, "scene", "layer", to=1), "step 1, scene: layer and neuron belong together"),
        (
            changed("steps", 0, "scene", to={"preset": "mazur", "layer": 3, "neuron": 0}),
            "step 1, scene: there is no layer 3: choose one from 1 to 2",
        ),
        (
            changed("steps", 0, "scene", to={"preset": "mazur", "layer": 1, "neuron": 2}),
            "step 1, scene: layer 1 has no neuron 2",
        ),
        (changed("steps", 0, "scene", "workspace", to="desk"), "step 1, scene: workspace must be one of"),
        (changed("steps", 0, "task", "until", to={}), "step 1, task, until: it needs one of the members operation"),
        (changed("steps", 0, "question", "choices", to=["x"]), "step 1, question: at least two choices are needed"),
        (changed("steps", 0, "question", "rule", to="largest"), "largest needs 2 measures, not 1"),
        (changed("steps", 0, "question", "rule", to="above"), "above needs 2 measures, not 1"),
        (changed("steps", 0, "question", "rule", to="number"), "a number needs a measure and no choices"),
        (changed("steps", 0, "question", "rule", to="stated"), "stated must be the number of a choice"),
        (changed("steps", 0, "question", "why", to="{1}"), "why names a measure that there is not"),
        (
            changed("steps", 0, "question", "measures", to=[{"metric": {"quantity": "delta"}}]),
            "step 1, question, measure 1: delta needs the number of a layer",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(LessonError, match=re.escape(sentence)):
        read_lesson(text)


def of_moons(**scene: Any) -> dict[str, Any]:
    """Return a step on the moons with batches of 20: 1,400 training samples, 1,000 epochs, 33 operations."""
    changes = {"batch_size": 20, "hidden": [4], "activations": ["tanh", "sigmoid"], "epochs": 50}
    return {"heading": "h", "text": "t", "scene": {"preset": "moons", "changes": changes} | scene}


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (of_moons(position=[51]), "step 2, scene: there is no epoch 51: the experiment trains up to epoch 50"),
        (of_moons(position=[0, 1400]), "step 2, scene: there is no sample 1,400: an epoch has the samples 0 to 1,399"),
        (of_moons(position=[0, 30]), "no update begins at sample 30: with batches of 20"),
        (of_moons(position=[0, 0, 17]), "there is no operation 17: an update of this network has 17"),
        (of_moons(sample=1400), "step 2, scene: there is no training sample 1,400: choose one from 0 to 1,399"),
    ],
)
def test_a_place_that_training_never_reaches_is_refused(step: dict[str, Any], sentence: str) -> None:
    with pytest.raises(LessonError, match=re.escape(sentence)):
        read_lesson(json.dumps(LESSON | {"steps": [STEP, step]}))


@pytest.mark.parametrize("scene", [{"position": [50]}, {"position": [0, 1380]}, {"position": [0, 0, 16]}])
def test_the_last_epoch_sample_and_operation_are_places_of_a_lesson(scene: dict[str, Any]) -> None:
    assert read_lesson(json.dumps(LESSON | {"steps": [of_moons(**scene)]})).steps


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ({"operation": "delta", "layer": 3}, "task: an update of this network has no operation delta of layer 3"),
        ({"operation": "clip", "layer": 1}, "task: an update of this network has no operation clip of layer 1"),
        ({"position": [51]}, "task: there is no epoch 51"),
        ({"neuron_of_layer": 3}, "task: there is no layer 3: choose one from 1 to 2"),
        ({"neuron_of_layer": 1, "neuron": 4}, "task: layer 1 has no neuron 4"),
        ({"sample": 1400}, "task: there is no training sample 1,400"),
    ],
)
def test_a_task_that_can_never_be_done_is_refused(until: dict[str, Any], sentence: str) -> None:
    step = of_moons() | {"task": {"text": "Do it.", "until": until}}
    with pytest.raises(LessonError, match=re.escape(f"step 1, {sentence}")):
        read_lesson(json.dumps(LESSON | {"steps": [step]}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reveal_at": [0, 0, 17]}, "question: reveal_at: there is no operation 17"),
        ({"measures": [{"column": "mse_test", "epoch": 51}]}, "question: measure 1: there is no epoch 51"),
        ({"measures": [{"metric": {"quantity": "z", "layer": 5}}]}, "question: measure 1: there is no layer 5"),
    ],
)
def test_a_question_about_what_is_not_there_is_refused(changes: dict[str, Any], sentence: str) -> None:
    question = QUESTION | {"reveal_at": [1]} | changes
    with pytest.raises(LessonError, match=re.escape(f"step 1, {sentence}")):
        read_lesson(json.dumps(LESSON | {"steps": [of_moons() | {"question": question}]}))


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_lesson_is_written_as_it_is_read(name: str) -> None:
    assert read_lesson(lesson_text(load_lesson(name))) == load_lesson(name)
