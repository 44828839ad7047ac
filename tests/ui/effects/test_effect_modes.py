"""The panel *Effect of a step*: a step that is not made, and the past updates of one sample."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt

from bpviz.core.arrays import Array
from bpviz.session.effects.effect import Movers
from bpviz.session.engine.commands import FindMovers, GoTo, SetFrameOptions
from bpviz.session.engine.events import Failed, State, Status
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from bpviz.ui.effects import effect_hints as hints
from bpviz.ui.effects.effect_panel import EffectPanel, Mode
from tests.session.effects.by_hand import change_by
from tests.ui.conftest import Show
from tests.ui.effects.measured import (
    READY,
    answer_movers,
    choose,
    largest,
    listed,
    open_panel,
    place_of,
    shown_samples,
)
from tests.ui.stage import Stage
from tests.ui.user_input import click_at, hover, leave, press


@pytest.fixture
def panel(stage: Stage, show: Show) -> EffectPanel:
    return open_panel(stage, show)


def test_what_cannot_be_measured_is_said_in_its_place(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.EPOCH)
    assert not panel.is_complete
    stage.tell(Failed("Points were drawn.", is_beside=True))
    assert panel.readout.text() == "Points were drawn."
    assert panel.is_complete


# A step


def exact_step(stage: Stage, sample: int) -> Array:
    """Return the true changes of all losses by a small step on a sample, scaled to the learning rate."""
    training, small = stage.training, 1e-6
    training.trainer.learning_rate = small
    update = trace_update(training, np.array([sample]), UpdateKind.INSPECTED)
    training.trainer.learning_rate = training.experiment.learning_rate
    return np.asarray(change_by(update, training) * training.experiment.learning_rate / small)


def test_it_predicts_a_step_on_the_selected_sample_and_then_on_the_one_under_the_pointer(
    panel: EffectPanel, stage: Stage
) -> None:
    stage.model.select(sample=5)
    choose(panel, Mode.STEP)
    assert panel.readout.text() == hints.NO_DELTAS
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions(activations=True)
    stage.frame()
    for sample in (5, 17):
        if sample == 17:
            hover(panel.plot.plot, place_of(panel, sample))
        expected = exact_step(stage, sample)[shown_samples(panel)]
        np.testing.assert_allclose(panel.shown.changes, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())
        assert panel.readout.text().startswith(f"A step on sample {sample}, to first order: ")
        assert listed(panel) == largest(panel.shown.changes, shown_samples(panel))
    leave(panel.plot.plot)
    assert panel.readout.text().startswith("A step on sample 5, to first order: ")


def test_it_follows_the_learning_rate_and_whether_biases_are_trained(panel: EffectPanel, stage: Stage) -> None:
    stage.model.select(sample=5)
    choose(panel, Mode.STEP)
    stage.frame()
    before = panel.shown.changes
    stage.model.change_hyperparameters(dataclasses.replace(stage.model.experiment, learning_rate=0.2))
    np.testing.assert_allclose(panel.shown.changes, 2 * before, rtol=1e-6)
    stage.model.change_hyperparameters(dataclasses.replace(stage.model.experiment, train_biases=False))
    assert np.abs(panel.shown.changes - 2 * before).max() > 1e-3 * np.abs(before).max()


def test_without_a_sample_it_asks_for_one(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.STEP)
    stage.frame()
    assert panel.readout.text() == hints.NO_SAMPLE


def test_activations_are_requested_only_while_a_step_is_predicted(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.STEP)
    choose(panel, Mode.UPDATE)
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions()
    choose(panel, Mode.STEP)
    panel.hide()
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions()


# Past updates


def test_it_shows_what_each_update_of_the_epoch_did_to_the_selected_sample(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.MOVERS)
    assert panel.readout.text() == hints.NO_SUBJECT
    stage.model.select(sample=8)
    assert stage.commands.of(FindMovers) == [(2, 8)]
    movers = answer_movers(stage, 2, 8)
    by_sample = {int(trained[0]): change for trained, change in zip(movers.trained, movers.change, strict=True)}
    assert panel.shown.changes.tolist() == [by_sample[sample] for sample in shown_samples(panel)]
    assert listed(panel) == largest(movers.change, [int(each[0]) for each in movers.trained])
    assert panel.readout.text().startswith("Sample 8, epoch 2 to 3: ")
    hover(panel.plot.plot, place_of(panel, 9))
    label = stage.training.split.labels_train[9]
    assert panel.readout.text().startswith(
        f"The update with sample 9 of class {label} changed the loss of sample 8 by "
    )


def test_a_row_goes_to_its_update_and_the_sample_stays_the_same(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.MOVERS)
    stage.model.select(sample=8)
    movers = answer_movers(stage, 2, 8)
    press(panel.helped_view, Qt.Key.Key_Down)
    press(panel.helped_view, Qt.Key.Key_Return)
    row = int(np.argsort(movers.change)[panel.helped_view.currentIndex().row()])
    there = Position(2, int(movers.starts[row]), READY)
    assert stage.commands.of(GoTo) == [there]
    arrive(stage, there, int(movers.trained[row][0]))
    assert stage.model.selection.sample == movers.trained[row][0] != 8
    assert panel.readout.text().startswith("Sample 8, epoch 2 to 3: ")
    assert stage.commands.of(FindMovers) == [(2, 8)]
    click_at(panel.plot.plot, place_of(panel, int(movers.trained[row][0])))
    assert stage.commands.of(FindMovers)[-1] == (2, movers.trained[row][0])


def arrive(stage: Stage, there: Position, sample: int) -> TracedUpdate:
    """Tell what a session tells when it has gone to an update."""
    traced = trace_update(stage.training, np.array([sample]), UpdateKind.IN_TURN, index=there.operation)
    update = dataclasses.replace(traced, position=there)
    stage.tell(update)
    stage.tell(Status(State.PAUSED, there, is_live=False, furthest=Position(3)))
    return update


def test_updates_that_are_made_since_are_measured_too(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.MOVERS)
    stage.model.select(sample=8)
    stage.tell(Status(State.PAUSED, Position(3, 4), furthest=Position(3, 4)))
    answer_movers(stage, 2, 8)
    assert stage.commands.of(FindMovers)[-1] == (3, 8)
    stage.tell(movers_of_three := Movers(8, 3, np.arange(4), (np.array([0]),) * 4, np.zeros(4), 4))
    assert movers_of_three.n_updates == 4
    count = len(stage.commands.of(FindMovers))
    stage.tell(Status(State.PAUSED, Position(3, 5), furthest=Position(3, 5)))
    assert len(stage.commands.of(FindMovers)) == count + 1
