"""What would give an answer away, for each kind of question."""

import dataclasses

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.measures import EpochMeasure, Measure, UpdateMeasure
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.situation import Situation
from bpviz.session.lessons.withheld import NOTHING, Withheld, withheld_for
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import UpdateKind
from bpviz.session.walkthrough.tracing import trace_update

DELTA = UpdateMeasure(Metric("delta", 1, neuron=0))
EVERY = (
    "formula",
    "network",
    "deltas",
    "watch",
    "explain",
    "step",
    "operands",
    "curves",
    "ledger",
    "check",
    "a new one",
)


@pytest.fixture
def situation() -> Situation:
    update = trace_update(Training(load_preset("mazur").experiment), np.array([0]), UpdateKind.IN_TURN, index=8)
    return Situation(Position(0, 0, 8), update, EpochTable())


def asked(situation: Situation, *measures: Measure, hide: tuple[str, ...] = ()) -> Withheld:
    return withheld_for(Question("?", (), "number", measures, hide=hide), situation)


def test_a_number_of_an_update_is_withheld_by_every_panel_that_knows_it_ahead(situation: Situation) -> None:
    hidden = {key for key in EVERY if asked(situation, DELTA).hides(key)}
    assert hidden == set(EVERY) - {"formula"}


def test_the_formula_is_covered_once_the_operation_is_done(situation: Situation) -> None:
    assert situation.update is not None
    later = dataclasses.replace(situation, update=dataclasses.replace(situation.update, index=11))
    assert not asked(situation, DELTA).hides("formula")
    assert asked(later, DELTA).hides("formula")
    assert asked(situation, UpdateMeasure(Metric("delta", 2, neuron=0))).hides("formula")  # done at operation 8
    assert asked(situation, UpdateMeasure(Metric("W", 1, neuron=0, source=0))).hides("formula")  # known before all


def test_what_belongs_to_the_sample_is_computed_with_the_last_update(situation: Situation) -> None:
    assert situation.update is not None
    rise = UpdateMeasure(Metric("loss_rise"))
    last = dataclasses.replace(situation.update, index=len(situation.update.operations))
    assert not asked(situation, rise).is_computed
    assert asked(dataclasses.replace(situation, update=last), rise).is_computed


def test_both_numbers_of_a_ratio_are_withheld(situation: Situation) -> None:
    ratio = UpdateMeasure(Metric("delta", 1, neuron=0), Metric("error", 2, neuron=0))
    assert asked(situation, ratio).is_computed


def test_records_of_epochs_are_withheld_by_every_panel_with_scores(situation: Situation) -> None:
    withheld = asked(situation, EpochMeasure("mse_train", 3))
    assert {key for key in EVERY if withheld.hides(key)} == {
        *("watch", "explain", "step", "curves", "ledger", "a new one"),
    }
    assert (withheld.epochs, withheld.update) == (True, False)


def test_a_lesson_names_more_panels_to_cover(situation: Situation) -> None:
    assert asked(situation, EpochMeasure("mse_train", 3), hide=("network",)).hides("network")
    stated = withheld_for(Question("?", ("a", "b"), "stated", stated=0, hide=("check",)), situation)
    assert [stated.hides(key) for key in ("check", "network")] == [True, False]


def test_nothing_is_withheld_while_nothing_is_asked() -> None:
    assert not any(NOTHING.hides(key) for key in EVERY)
    assert not NOTHING.has_numbers
