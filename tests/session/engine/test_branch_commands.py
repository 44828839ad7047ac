"""Time and branches as commands to a session that is at work."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bpviz.core.surface import Grid
from bpviz.session.engine.commands import (
    ChangeHyperparameters,
    DeleteBranch,
    EditParameter,
    Fork,
    GoLive,
    GoTo,
    LoadBeside,
    Pause,
    Redo,
    RenameBranch,
    RequestFrame,
    Run,
    SetTrainOn,
    ShowBranch,
    Step,
    Undo,
)
from bpviz.session.engine.events import (
    EpochsDone,
    EpochTablesReplaced,
    ExperimentChanged,
    Failed,
    NetworkReady,
    State,
    Status,
)
from bpviz.session.frames.frame import Frame
from bpviz.session.time_travel.timeline import Timeline
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.helpers import GROWING, LONG, SMALL, Driver

FASTER = dataclasses.replace(SMALL, learning_rate=0.5)
OTHER = dataclasses.replace(SMALL, hidden=(5,), activations=("relu", "sigmoid"))
GRID = Grid(-1.5, 2.5, -1.0, 1.5, 8, 5)


def mse(epochs: int, *, change_at: int | None = None) -> list[float]:
    training = Training(SMALL)
    found = []
    for epoch in range(epochs):
        if epoch == change_at:
            training.change_hyperparameters(FASTER)
        found.append(training.run_epoch().mse_train)
    return found


def column(taken: EpochTablesReplaced) -> list[float]:
    return [float(value) for value in taken.epochs.column("mse_train")]


def go(driver: Driver, position: Position) -> Status:
    driver.runner.post(GoTo(position))
    return driver.expect(Status, lambda status: status.state is State.PAUSED and status.position == position)


def fork_at(driver: Driver, epoch: int) -> None:
    driver.run_to_the_end()
    go(driver, Position(epoch))
    driver.runner.post(Fork())
    driver.expect(EpochTablesReplaced)


# To and fro


def test_a_moment_of_the_past_says_how_far_training_has_come() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        status = go(driver, Position(2, 5))
    assert (status.is_live, status.furthest, status.trains_on) == (False, Position(5), False)


def test_nobody_travels_beyond_the_live_end() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(GoTo(Position(400)))
        assert driver.expect_state(State.PAUSED).position == Position(2)


def test_the_live_end_is_one_command_away() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        go(driver, Position(1))
        driver.runner.post(GoLive())
        status = driver.expect_state(State.PAUSED)
    assert (status.position, status.is_live) == (Position(5), True)


ENDLESS = dataclasses.replace(SMALL, epochs=1_000_000)


def test_the_live_end_trains_on_while_one_looks_at_the_past() -> None:
    with Driver(ENDLESS) as driver:
        driver.runner.post(SetTrainOn(True))
        driver.runner.post(Run())
        driver.expect(EpochsDone, lambda done: done.records[-1].epoch > 20)
        driver.runner.post(GoTo(Position(3, 4)))
        looked = driver.expect(Status, lambda status: status.position == Position(3, 4))
        assert looked.furthest is not None
        far = looked.furthest.epoch + 20
        later = driver.expect(EpochsDone, lambda done: done.records[-1].epoch > far)
        driver.runner.post(Step("sample", 1))
        stepped = driver.expect(Status, lambda status: status.position == Position(3, 5))
        driver.runner.post(GoLive())
        back = driver.expect(Status, lambda status: status.is_live)
        driver.runner.post(Pause())
        driver.expect_state(State.PAUSED)
        records = [record for event in driver.events if isinstance(event, EpochsDone) for record in event.records]
    assert (looked.state, looked.is_live, looked.trains_on) == (State.PAUSED, False, True)
    assert (stepped.is_live, stepped.trains_on) == (False, True)
    assert back.state is State.RUNNING
    assert back.position is not None
    assert back.position.epoch > later.records[-1].epoch - 1
    assert [record.epoch for record in records] == list(range(len(records)))
    assert [record.mse_train for record in records[:30]] == pytest.approx(mse(30), rel=1e-12)


def test_without_that_the_live_end_waits() -> None:
    with Driver(ENDLESS) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone, lambda done: done.records[-1].epoch > 20)
        status = go(driver, Position(3, 4))
    assert (status.is_live, status.trains_on) == (False, False)


def test_pausing_lets_the_live_end_wait_and_stays_in_the_past() -> None:
    with Driver(ENDLESS) as driver:
        driver.runner.post(SetTrainOn(True))
        driver.runner.post(Run())
        driver.expect(EpochsDone, lambda done: done.records[-1].epoch > 20)
        driver.runner.post(GoTo(Position(3)))
        driver.expect(Status, lambda status: status.trains_on)
        driver.runner.post(Pause())
        status = driver.expect(Status, lambda status: not status.trains_on)
        assert (status.position, status.is_live) == (Position(3), False)
        driver.runner.post(GoLive())
        assert driver.expect(Status, lambda each: each.is_live).position == status.furthest


def test_a_change_while_looking_back_makes_a_branch_and_the_live_end_waits() -> None:
    with Driver(ENDLESS) as driver:
        driver.runner.post(SetTrainOn(True))
        driver.runner.post(Run())
        driver.expect(EpochsDone, lambda done: done.records[-1].epoch > 20)
        driver.runner.post(GoTo(Position(3)))
        driver.expect(Status, lambda status: status.trains_on)
        driver.runner.post(ChangeHyperparameters(FASTER))
        taken = driver.expect(EpochTablesReplaced)
        timeline = driver.expect(Timeline, lambda each: each.active == 1)
        status = driver.expect(Status, lambda each: not each.trains_on)
        assert (status.position, status.is_live, status.furthest) == (Position(3), True, Position(3))
        driver.runner.post(ShowBranch(0))
        kept = driver.expect(EpochTablesReplaced)
    assert len(taken.epochs) == 3
    assert timeline.branches[0].furthest.epoch > 20
    assert len(kept.epochs) == timeline.branches[0].furthest.epoch


# Changes


def test_what_came_after_a_change_in_the_past_is_one_click_away() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        go(driver, Position(2))
        driver.runner.post(ChangeHyperparameters(FASTER))
        assert column(driver.expect(EpochTablesReplaced)) == pytest.approx(mse(2), rel=1e-12)
        driver.run_to_the_end()
        driver.runner.post(ShowBranch(0))
        back = driver.expect(EpochTablesReplaced)
        assert driver.expect_state(State.PAUSED).position == Position(5)
        driver.runner.post(ShowBranch(1))
        other = driver.expect(EpochTablesReplaced)
    assert column(back) == pytest.approx(mse(5), rel=1e-12)
    assert column(other) == pytest.approx(mse(5, change_at=2), rel=1e-12)


def test_undo_and_redo_are_told_with_their_records() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(ChangeHyperparameters(FASTER))
        driver.run_to_the_end()
        driver.runner.post(Undo())
        assert column(driver.expect(EpochTablesReplaced)) == pytest.approx(mse(2), rel=1e-12)
        timeline = driver.expect(Timeline, lambda each: bool(each.redo))
        assert (timeline.undo, timeline.redo) == ("", "learning rate 0.5")
        assert driver.expect_state(State.PAUSED).position == Position(2)
        driver.runner.post(Redo())
        assert column(driver.expect(EpochTablesReplaced)) == pytest.approx(mse(5, change_at=2), rel=1e-12)
        assert driver.expect_state(State.PAUSED).position == Position(5)


def test_there_is_a_sentence_where_there_is_nothing_to_undo_or_redo() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Undo())
        assert "nothing to undo" in driver.expect(Failed).sentence
        driver.runner.post(Redo())
        assert "nothing to redo" in driver.expect(Failed).sentence


def test_a_weight_typed_in_is_on_the_table_at_once() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("operation", 3))
        driver.expect_state(State.PAUSED)
        driver.runner.post(EditParameter(Edit(1, 0, 2, 0.625)))
        timeline = driver.expect(Timeline, lambda each: bool(each.undo))
        moments = [event for event in driver.events if hasattr(event, "trace")]
    assert timeline.undo == "W1[0, 2] = 0.625"
    assert moments[-1].layers[0].W[0, 2] == 0.625  # type: ignore[union-attr]
    assert moments[-1].index == 3  # type: ignore[union-attr]


def test_a_weight_that_cannot_be_is_a_sentence() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(EditParameter(Edit(7, 0, 2, 0.625)))
        assert driver.expect(Failed).sentence.startswith("W7[0, 2] cannot be set")


# Side by side


def test_a_fork_and_its_origin_run_in_lock_step() -> None:
    with Driver(SMALL) as driver:
        fork_at(driver, 2)
        driver.runner.post(ChangeHyperparameters(FASTER))
        driver.runner.post(RequestFrame(GRID))
        driver.expect(Frame)
        driver.runner.post(Run())
        driver.expect_state(State.FINISHED)
        driver.runner.post(RequestFrame(GRID))
        frame = driver.expect(Frame, lambda each: each.position == Position(5))
    assert frame.beside is not None
    assert frame.beside.position == Position(5)
    plain = Training(SMALL)
    for _ in range(5):
        plain.run_epoch()
    assert np.array_equal(frame.beside.deltas[0].shape, frame.deltas[0].shape)
    assert not np.array_equal(frame.beside.outputs, frame.outputs)


def test_a_branch_that_has_not_come_so_far_trains_until_it_has() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        driver.runner.post(LoadBeside(OTHER, "relu"))
        driver.expect(Timeline, lambda each: each.compared == 1)
        done = driver.expect(EpochsDone, lambda each: each.of_compared and each.records[-1].epoch == 4)
        driver.runner.post(ShowBranch(1))
        taken = driver.expect(EpochTablesReplaced)
    assert done.records[-1].epoch == 4
    plain = Training(OTHER)
    expected = [plain.run_epoch().mse_train for _ in range(5)]
    assert column(taken) == pytest.approx(expected, rel=1e-12)
    assert taken.compared is not None
    assert len(taken.compared) == 5


def test_a_branch_with_another_network_is_prepared_for_the_screen() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(LoadBeside(OTHER, "relu"))
        driver.expect(Timeline, lambda each: each.compared == 1)
        driver.runner.post(ShowBranch(1))
        prepared = driver.expect(NetworkReady)
    assert (prepared.experiment, prepared.goes_on) == (OTHER, True)


def test_only_experiments_on_the_same_samples_are_compared() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(LoadBeside(dataclasses.replace(OTHER, noise=0.3), "noisy"))
        assert "noise must be the same" in driver.expect(Failed).sentence


def test_a_compared_branch_that_cannot_go_on_says_so_and_the_other_does() -> None:
    calm = dataclasses.replace(GROWING, learning_rate=0.01, epochs=30)
    with Driver(calm) as driver:
        driver.runner.post(LoadBeside(GROWING, "growing"))
        driver.runner.post(Run())
        failed = driver.expect(Failed)
        driver.expect_state(State.FINISHED)
    assert failed.sentence.startswith("Branch “growing”: Training stopped")


def test_going_back_takes_the_compared_branch_along() -> None:
    with Driver(SMALL) as driver:
        fork_at(driver, 2)
        driver.run_to_the_end()
        go(driver, Position(3))
        driver.runner.post(RequestFrame(GRID))
        frame = driver.expect(Frame, lambda each: each.beside is not None and each.beside.position == Position(3))
    assert frame.position == Position(3)


def test_branches_are_renamed_and_deleted() -> None:
    with Driver(SMALL) as driver:
        fork_at(driver, 2)
        driver.runner.post(RenameBranch(1, "  breakthrough "))
        timeline = driver.expect(Timeline, lambda each: each.branches[-1].name == "breakthrough")
        assert [branch.number for branch in timeline.branches] == [0, 1]
        driver.runner.post(DeleteBranch(1))
        timeline = driver.expect(Timeline, lambda each: len(each.branches) == 1)
        assert (timeline.active, timeline.compared) == (0, None)
        driver.runner.post(Undo())
        timeline = driver.expect(Timeline, lambda each: len(each.branches) == 2)
    assert [branch.name for branch in timeline.branches] == ["main", "breakthrough"]
    assert timeline.deleted is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\0b"])
def test_a_name_that_cannot_be_read_is_refused(name: str) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(RenameBranch(0, name))
        assert "type another name" in driver.expect(Failed).sentence


def test_branches_in_lock_step_are_at_the_same_place_in_the_middle_of_an_epoch_too() -> None:
    with Driver(LONG) as driver:
        driver.runner.post(Step("sample", 500))
        driver.expect_state(State.PAUSED)
        driver.runner.post(Fork())
        driver.expect(EpochTablesReplaced)
        driver.runner.post(Run())
        driver.expect_state(State.RUNNING)
        driver.runner.post(ShowBranch(0))
        status = driver.expect_state(State.PAUSED)
    assert status.position == status.furthest
    assert status.position is not None
    assert status.position.sample > 500


def test_epochs_that_are_stepped_through_at_once_have_their_own_records() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 5))
        driver.expect(EpochsDone, lambda done: done.records[-1].epoch == 4)
        records = driver.records()
    assert [record.mse_train for record in records] == pytest.approx(mse(5), rel=1e-12)


def test_options_that_are_refused_are_told_as_they_still_are() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        for _ in range(3):
            driver.runner.post(Fork())
        go(driver, Position(2))
        driver.runner.post(ChangeHyperparameters(FASTER))
        assert "delete one first" in driver.expect(Failed).sentence
        assert driver.expect(ExperimentChanged).experiment == SMALL
