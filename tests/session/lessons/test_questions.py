"""Right answers, computed from a real update, and tasks that are done or not."""

import dataclasses

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.measures import EpochMeasure, Measure, UpdateMeasure, measure_value
from bpviz.session.lessons.questions import Question, is_right, right_answer
from bpviz.session.lessons.situation import Situation
from bpviz.session.lessons.tasks import (
    ColumnBelow,
    Condition,
    NeuronSelected,
    OperationDone,
    PositionReached,
    SampleSelected,
)
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import UpdateKind
from bpviz.session.walkthrough.tracing import trace_update

DELTA_0, DELTA_1 = (UpdateMeasure(Metric("delta", 2, neuron=neuron)) for neuron in (0, 1))
SMALL_DELTA = UpdateMeasure(Metric("delta", 1, neuron=0))


@pytest.fixture
def situation() -> Situation:
    """Mazur's sample with eight operations done, after an epoch is recorded."""
    training, epochs = Training(load_preset("mazur").experiment), EpochTable()
    update = trace_update(training, np.array([0]), UpdateKind.IN_TURN, index=8)
    epochs.extend(training.run_epoch() for _ in range(2))
    return Situation(Position(0, 0, 8), update, epochs, layer=2, neuron=0)


@pytest.mark.parametrize(
    ("rule", "measures", "right"),
    [
        ("sign", (DELTA_0,), 0),
        ("sign", (DELTA_1,), 1),
        ("above", (DELTA_0, DELTA_1), 0),
        ("above", (DELTA_1, DELTA_0), 1),
        ("largest", (DELTA_1, DELTA_0, SMALL_DELTA), 1),
        ("smallest", (DELTA_0, DELTA_1, SMALL_DELTA), 1),
        ("stated", (), 1),
    ],
)
def test_the_right_choice_follows_from_the_numbers(
    situation: Situation, rule: str, measures: tuple[Measure, ...], right: int
) -> None:
    answer = right_answer(Question("?", ("x", "y", "z"), rule, measures, stated=1), situation)
    assert answer is not None
    assert (answer.choice, answer.text) == (right, "xyz"[right])
    assert [is_right(answer, choice) for choice in range(3)] == [choice == right for choice in range(3)]


def test_a_number_is_right_within_five_percent(situation: Situation) -> None:
    answer = right_answer(Question("?", (), "number", (DELTA_1,), why="It is {0}."), situation)
    assert answer is not None
    assert (answer.text, answer.why) == ("−0.0381", "It is −0.0381.")
    assert [is_right(answer, guess) for guess in (-0.037, -0.039, 0.0381, -0.03)] == [True, True, False, False]


def test_a_ratio_and_a_difference_of_epochs_are_measures(situation: Situation) -> None:
    ratio = measure_value(UpdateMeasure(Metric("delta", 1, neuron=0), Metric("delta", 2, neuron=0)), situation)
    assert ratio == pytest.approx(0.00877135 / 0.13849856, rel=1e-5)
    mse = situation.epochs.column("mse_train")
    assert measure_value(EpochMeasure("mse_train", 2, 1), situation) == mse[1] - mse[0] < 0


def test_what_the_session_does_not_have_has_no_answer(situation: Situation) -> None:
    early = dataclasses.replace(situation, update=None)
    for measure in (EpochMeasure("mse_train", 3), UpdateMeasure(Metric("delta", 3, neuron=0))):
        assert right_answer(Question("?", (), "number", (measure,)), situation) is None
    assert right_answer(Question("?", ("x", "y"), "sign", (DELTA_0,)), early) is None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (OperationDone(Operation("slope", 2)), True),
        (OperationDone(Operation("slope", 2), just=True), False),
        (OperationDone(Operation("delta", 2), just=True), True),
        (OperationDone(Operation("delta", 1)), False),
        (OperationDone(Operation("delta", 5)), False),
        (PositionReached(Position(0, 0, 8)), True),
        (PositionReached(Position(1)), False),
        (NeuronSelected(2), True),
        (NeuronSelected(2, 1), False),
        (SampleSelected(0), False),
        (ColumnBelow("mse_train", 0.3), True),
        (ColumnBelow("mse_train", 0.1), False),
    ],
)
def test_a_condition_is_read_off_the_session(situation: Situation, condition: Condition, holds: bool) -> None:
    assert condition.holds(situation) is holds


def test_without_a_network_no_condition_holds() -> None:
    nothing = Situation(None, None, EpochTable())
    conditions = (OperationDone(Operation("z", 1)), PositionReached(Position()), ColumnBelow("mse_train", 1.0))
    assert [each.holds(nothing) for each in conditions] == [False, False, False]
