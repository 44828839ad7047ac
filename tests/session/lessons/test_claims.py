"""What texts of lessons state in numbers, measured here, and the right answers to all questions."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.find_bug.answers import Verdict, judge
from bpviz.session.lessons.lesson import LessonStep
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.lessons.laboratory import answer_of, record, step_of, update_at, value

Measured = Callable[[LessonStep], str]


def words_of(step: LessonStep) -> str:
    question, task = step.question, step.task
    more = (question.ask, question.why) if question else ()
    return "\n".join((step.text, task.text if task else "", *more))


def digits(number: float, count: int = 4) -> str:
    return f"{number:.{count}g}".replace("-", "−")


def of(metric: Metric, count: int = 4) -> Measured:
    """Return a measurement of the update at the position of a step."""
    return lambda step: digits(value(step.scene.experiment, step.scene.position, metric), count)


def at_start(metric: Metric) -> Measured:
    """Return a measurement of the first update."""
    return lambda step: digits(value(step.scene.experiment, Position(), metric))


def mse(epoch: int, count: int = 4, **changes: object) -> Measured:
    """Return a measurement of the training MSE, of the step's experiment with changes."""
    return lambda step: digits(record(changed(step, **changes), epoch).mse_train, count)


def changed(step: LessonStep, **changes: object) -> Experiment:
    return dataclasses.replace(step.scene.experiment, **changes)  # type: ignore[arg-type]


def an_input(number: int) -> Measured:
    return lambda step: digits(float(update_at(step.scene.experiment, step.scene.position).trace.x[0, number]))


def an_output(number: int) -> Measured:
    return of(Metric("a", 4, neuron=number))


def loss_after(step: LessonStep) -> str:
    return digits(float(update_at(step.scene.experiment, step.scene.position).losses_after[0]))


def ratio_of_lr(step: LessonStep) -> str:
    falls = [
        record(changed(step, learning_rate=rate), 1).mse_train - record(changed(step, learning_rate=rate), 5).mse_train
        for rate in (0.1, 0.001)
    ]
    return {7: "seven times"}[round(falls[0] / falls[1])]


def vanished(step: LessonStep) -> str:
    last, first = (value(step.scene.experiment, Position(), Metric("delta", layer, "rms")) for layer in (7, 1))
    return f"1/{last / first:,.0f}"


def right_delta(step: LessonStep) -> str:
    without = dataclasses.replace(step.scene.experiment, mistakes=())
    return digits(value(without, step.scene.position, Metric("delta", 1, neuron=0)))


def mse_of_update(step: LessonStep, *, after: bool) -> str:
    update = update_at(step.scene.experiment, step.scene.position)
    found = update.mse_after if after else update.mse_before
    assert found is not None
    return digits(found, 5)


CLAIMS: list[tuple[str, str, Measured, str]] = [
    ("one-neuron", "A sample and its targets", an_input(0), "0.766"),
    ("one-neuron", "A sample and its targets", an_input(1), "0.2328"),
    ("one-neuron", "The net input", of(Metric("W", 1, neuron=1, source=0)), "0.2152"),
    ("one-neuron", "The net input", of(Metric("W", 1, neuron=1, source=1), 3), "0.0449"),
    ("one-neuron", "The error", of(Metric("a", 1, neuron=1)), "0.5796"),
    ("one-neuron", "One step downhill", of(Metric("loss")), "0.2115"),
    ("one-neuron", "One step downhill", loss_after, "0.2073"),
    ("one-neuron", "Fifty epochs later", of(Metric("slope", 1, "rms")), "0.001645"),
    ("one-neuron", "Fifty epochs later", of(Metric("W", 1, "rms")), "6.225"),
    ("chain-rule", "The activation of a neuron", of(Metric("z", 1, neuron=0)), "0.3775"),
    ("chain-rule", "The loss", of(Metric("loss")), "0.2984"),
    ("chain-rule", "The slope of an output", of(Metric("a", 2, neuron=0)), "0.7514"),
    ("chain-rule", "Which hidden delta is larger?", of(Metric("delta", 2, neuron=0)), "0.1385"),
    ("chain-rule", "Which hidden delta is larger?", of(Metric("delta", 2, neuron=1), 3), "−0.0381"),
    ("chain-rule", "The gradient of a weight", of(Metric("dW", 2, neuron=0, source=0), 8), "0.082167041"),
    ("chain-rule", "The update", loss_after, "0.291"),
    ("xor", "What the line answers", mse(5), "0.2493"),
    ("xor", "What the line answers", mse(100), "0.2493"),
    ("plateau", "The plateau", lambda step: f"{record(step.scene.experiment, 20).accuracy_train:.1%}"[:-1], "85.5"),
    ("one-neuron", "Fifty epochs later", at_start(Metric("slope", 1, "rms")), "0.2468"),
    ("one-neuron", "Fifty epochs later", at_start(Metric("W", 1, "rms")), "0.1238"),
    ("vanishing", "The first layer stays as it was", at_start(Metric("W", 1, "rms")), "0.4069"),
    (
        "epoch",
        "Right and wrong",
        lambda step: f"{1400 * record(step.scene.experiment, 10).accuracy_train:,.0f}",
        "1,132",
    ),
    ("vanishing", "Layer by layer", of(Metric("delta", 7, "rms")), "0.1382"),
    ("vanishing", "Layer by layer", of(Metric("delta", 6, "rms")), "0.01626"),
    ("vanishing", "Layer by layer", vanished, "1/16,527"),
    ("vanishing", "The first layer stays as it was", of(Metric("W", 1, "rms")), "0.4068"),
    ("learning-rate", "Larger steps", ratio_of_lr, "seven times"),
    ("learning-rate", "Larger still", mse(1), "0.1127"),
    ("learning-rate", "Larger still", mse(2), "0.1138"),
    ("learning-rate", "Larger still", mse(5), "0.1121"),
    ("learning-rate", "Larger still", mse(1, learning_rate=0.1), "0.1958"),
    ("learning-rate", "Larger still", mse(5, learning_rate=0.1), "0.1055"),
    ("learning-rate", "One step with a rate of 10", of(Metric("loss")), "0.05663"),
    ("learning-rate", "Batches", mse(10), "0.2332"),
    ("learning-rate", "Batches", mse(10, batch_size=1), "0.1036"),
    ("learning-rate", "Batches with a larger rate", mse(10, learning_rate=0.1), "0.2332"),
    ("find-the-bug", "The last layer", of(Metric("error", 2, neuron=0)), "0.3884"),
    ("find-the-bug", "The last layer", of(Metric("slope", 2, neuron=0)), "0.2376"),
    ("find-the-bug", "Check by hand", of(Metric("delta", 1, neuron=0)), "0.119"),
    ("find-the-bug", "Check by hand", right_delta, "0.1173"),
    ("find-the-bug", "The right program", mse(20), "0.08293"),
    ("find-the-bug", "The right program", mse(20, mistakes=("slope_left_out@1",)), "0.2492"),
    ("epoch", "The loss of one sample", mse(6), "0.2268"),
    ("epoch", "The loss of one sample", an_output(0), "0.4974"),
    ("epoch", "The loss of one sample", an_output(1), "0.498"),
    ("epoch", "The others", lambda step: mse_of_update(step, after=False), "0.22644"),
    ("epoch", "The others", lambda step: mse_of_update(step, after=True), "0.22656"),
]
# In the order of the steps. Whoever changes a lesson or the program sees here what it changes for the audience.
ANSWERS: dict[str, list[str]] = {
    "one-neuron": [
        *("0.3212", "0.25", "z = 0", "−0.4204", "Negative", "The one from 0.766", "It falls", "It falls"),
    ],
    "chain-rule": ["0.5933", "0.1868", "Positive", "Neuron 1", "Layer 1", "0.08217", "It falls"],
    "xor": ["0.5911", "About 1/2", "0.6946", "It falls", "Yes", "Epoch 5 to 10", "Layer 2", "0.5857"],
    "plateau": [
        *("Epoch 5 to 10", "Epoch 20 to 30", "No", "Layer 2", "Layer 4", "Epoch 300 to 400", "It falls"),
    ],
    "vanishing": ["A quarter", "Layer 1", "About 1/16,000", "0.5021", "Layer 1", "Yes", "0.8045"],
    "learning-rate": [
        *("It falls", "It falls", "0.1", "It falls", "0.4979", "Layer 4", "Single samples", "It falls", "0.4979"),
    ],
    "find-the-bug": ["None of them", "0.09227", "delta of layer 1", "No", "It falls", "The right one"],
    "epoch": ["7,000", "The test MSE", "0.2503", "It falls", "It rises", "No", "Epoch 5 to 10"],
}


@pytest.mark.parametrize(("lesson", "heading", "measured", "stated"), CLAIMS)
def test_a_number_in_a_text_is_what_the_program_gives(
    lesson: str, heading: str, measured: Measured, stated: str
) -> None:
    step = step_of(lesson, heading)
    assert stated in words_of(step)
    assert measured(step) == stated


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_the_right_answer(name: str) -> None:
    found = [answer_of(step) for step in load_lesson(name).steps if step.question]
    assert [each and each.text for each in found] == ANSWERS[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_takes_about_ten_minutes_and_asks_and_lets_do(name: str) -> None:
    steps = load_lesson(name).steps
    assert 8 <= len(steps) <= 12
    assert sum(step.question is not None for step in steps) >= 5
    assert any(step.task for step in steps)
    assert all(step.question.why for step in steps if step.question)


def test_the_planted_mistake_is_the_only_operation_that_is_wrong() -> None:
    step = step_of("find-the-bug", "Check by hand")
    update = update_at(step.scene.experiment, step.scene.position)
    found = {each: judge(update, step.scene.experiment.mistakes, each).verdict for each in update.operations}
    (wrong,) = [each for each, verdict in found.items() if verdict is Verdict.WRONG]
    assert (wrong.quantity, wrong.layer) == ("delta", 1)
    follows = {each.quantity for each, verdict in found.items() if verdict is Verdict.WRONG_BEFORE}
    assert follows == {"dW", "db", "update"}


def test_a_rate_of_10_ends_with_one_sure_answer_for_every_sample() -> None:
    training = Training(step_of("learning-rate", "Too large").scene.experiment)
    for _ in range(5):
        training.run_epoch()
    outputs = training.network.feed_forward(training.split.X_train)
    assert len({tuple(np.round(row, 3)) for row in outputs}) == 1
    assert set(np.round(outputs[0], 3)) == {0.0, 1.0}


def test_texts_of_lessons_have_no_number_left_to_fill_in() -> None:
    for name in NAMES:
        for step in load_lesson(name).steps:
            assert "{" not in step.text + (step.task.text if step.task else ""), (name, step.heading)
