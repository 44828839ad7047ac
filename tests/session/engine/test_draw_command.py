"""Drawing through the runner: what is told of it, undo and redo, and what Reset and Load keep."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from bpviz.core.surface import Grid
from bpviz.session.engine.commands import (
    Draw,
    GoTo,
    KeepSessions,
    Load,
    LoadBeside,
    LoadWithPoints,
    MeasureEpoch,
    OpenSession,
    Pause,
    Redo,
    RequestFrame,
    Reset,
    Run,
    SaveSession,
    ShowBranch,
    Step,
    Undo,
)
from bpviz.session.engine.events import EpochsDone, Failed, NetworkReady, PointsDrawn, SessionSaved, State, Status
from bpviz.session.files.session_file import read_session
from bpviz.session.frames.frame import Frame
from bpviz.session.time_travel.timeline import Timeline
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import Sketch, Stroke
from tests.session.helpers import LONG, SMALL, Driver

ONE = Draw(Sketch(((0.5, 0.25, 1.0),)))
CLEAR = Draw(Sketch(erases_all=True))
GRID = Grid(-1.5, 2.5, -1, 1.5, 8, 5)
N_TRAIN = 28


def n_training(event: NetworkReady | PointsDrawn) -> int:
    return len(event.split.X_train)


def test_points_drawn_before_the_first_update_of_an_epoch_hold_at_once() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(ONE)
        ready = driver.expect(NetworkReady, lambda event: event.is_redrawn)
        assert n_training(ready) == N_TRAIN + 1
        assert driver.expect(PointsDrawn).holds_from is None
        assert driver.expect(Timeline).undo == "1 point drawn"


def test_points_drawn_within_an_epoch_are_told_at_once_and_hold_from_the_next_one() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("sample", 3))
        driver.expect_state(State.PAUSED)
        driver.runner.post(ONE)
        drawn = driver.expect(PointsDrawn)
        assert (n_training(drawn), drawn.holds_from) == (N_TRAIN + 1, 1)
        driver.runner.post(Step("epoch"))
        assert n_training(driver.expect(NetworkReady, lambda event: event.is_redrawn)) == N_TRAIN + 1
        assert driver.expect(PointsDrawn).holds_from is None
        assert driver.expect_state(State.PAUSED).position == Position(1)


def test_each_stroke_is_one_undo_and_one_redo() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(ONE)
        driver.runner.post(ONE)
        driver.expect(NetworkReady, lambda event: n_training(event) == N_TRAIN + 2)
        driver.runner.post(Undo())
        driver.expect(NetworkReady, lambda event: n_training(event) == N_TRAIN + 1)
        driver.runner.post(Undo())
        driver.expect(NetworkReady, lambda event: n_training(event) == N_TRAIN)
        driver.runner.post(Redo())
        driver.runner.post(Redo())
        driver.expect(NetworkReady, lambda event: n_training(event) == N_TRAIN + 2)


def test_training_goes_on_while_points_are_drawn() -> None:
    with Driver(dataclasses.replace(SMALL, epochs=1_000_000)) as driver:
        driver.runner.post(Run())
        driver.expect_state(State.RUNNING)
        driver.runner.post(ONE)
        driver.expect(NetworkReady, lambda event: event.is_redrawn)
        assert driver.expect_state(State.RUNNING).is_live
        driver.runner.post(Pause())
        driver.expect_state(State.PAUSED)
        assert not driver.failures()


def test_while_everything_is_erased_training_goes_on_with_the_points_before() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(CLEAR)
        cleared = driver.expect(PointsDrawn)
        assert (n_training(cleared), cleared.holds_from) == (0, 1)
        driver.runner.post(Step("epoch", 2))
        driver.expect(Status, lambda status: status.position == Position(2))
        driver.runner.post(ONE)
        ready = driver.expect(NetworkReady, lambda event: event.is_redrawn)
        assert (n_training(ready), len(ready.split.X_test)) == (1, 0)
        driver.runner.post(Step("epoch"))
        record = driver.expect(EpochsDone, lambda event: event.records[-1].epoch == 2).records[-1]
    assert np.isnan(record.mse_test)
    assert np.isfinite(record.mse_train)


def test_a_frame_is_of_the_samples_that_were_told_before_it() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(ONE)
        ready = driver.expect(NetworkReady, lambda event: event.is_redrawn)
        driver.runner.post(RequestFrame(GRID))
        frame = driver.expect(Frame)
        assert len(frame.wrong_train) == len(ready.shown.train) == N_TRAIN + 1


def test_going_back_before_a_stroke_shows_the_samples_before_it() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(ONE)
        driver.expect(NetworkReady, lambda event: n_training(event) == N_TRAIN + 1)
        driver.runner.post(GoTo(Position(1)))
        driver.expect(NetworkReady, lambda event: n_training(event) == N_TRAIN)


def test_reset_keeps_the_points_and_so_does_another_network_on_the_same_samples() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(CLEAR)
        driver.runner.post(ONE)
        driver.runner.post(Reset())
        reset = driver.expect(NetworkReady, lambda event: not event.is_redrawn)
        wider = dataclasses.replace(SMALL, hidden=(7, 3))
        driver.runner.post(LoadWithPoints(wider))
        loaded = driver.expect(NetworkReady, lambda event: event.experiment.hidden == (7, 3))
        driver.runner.post(Load(wider))
        plain = driver.expect(NetworkReady)
    assert [n_training(each) for each in (reset, loaded, plain)] == [1, 1, N_TRAIN]


def test_undo_after_a_reset_brings_the_run_back_and_not_the_points_away(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(KeepSessions(tmp_path))
        driver.runner.post(ONE)
        driver.runner.post(Step("epoch", 2))
        driver.expect(Status, lambda status: status.position == Position(2))
        driver.runner.post(Reset())
        assert n_training(driver.expect(NetworkReady, lambda event: not event.is_redrawn)) == N_TRAIN + 1
        driver.runner.post(Undo())
        driver.expect(Status, lambda status: status.position == Position(2))
        driver.runner.post(SaveSession(tmp_path / "back.bpviz"))
        driver.expect(SessionSaved)
        assert not driver.failures()
    (branch,) = read_session(tmp_path / "back.bpviz").branches
    assert [change.stroke for change in branch.interventions] == [Stroke(((0.5, 0.25, 1.0),))]


def test_other_samples_do_not_keep_the_points() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(ONE)
        driver.runner.post(LoadWithPoints(dataclasses.replace(SMALL, samples=60)))
        assert n_training(driver.expect(NetworkReady, lambda event: event.experiment.samples == 60)) == 42


def test_a_point_that_cannot_be_drawn_changes_nothing() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Draw(Sketch(((0.0, 0.0, 5.0),))))
        assert "class from 0 to 1" in driver.expect(Failed).sentence
        driver.runner.post(Step())
        driver.expect_state(State.PAUSED)
        assert not any(isinstance(event, PointsDrawn) for event in driver.events)


def test_an_eraser_that_meets_nothing_is_no_change() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Draw(Sketch(path=((50.0, 50.0),), radii=(1.0, 1.0))))
        driver.runner.post(Undo())
        assert "nothing to undo" in driver.expect(Failed).sentence


def test_an_epoch_of_other_samples_is_not_measured() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(ONE)
        driver.runner.post(MeasureEpoch(1))
        assert "drawn or erased since epoch 1" in driver.expect(Failed).sentence


def test_drawn_points_are_saved_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "drawn.bpviz"
    with Driver(SMALL) as driver:
        driver.runner.post(Step("sample", 5))
        driver.runner.post(ONE)
        driver.runner.post(Step("epoch", 2))
        driver.runner.post(SaveSession(path))
        driver.expect(SessionSaved)
        before = driver.events[-1]
    with Driver(LONG) as other:
        other.runner.post(OpenSession(path))
        ready = other.expect(NetworkReady, lambda event: event.experiment.samples == SMALL.samples)
        last = other.expect(PointsDrawn, lambda event: event.holds_from is None)
    assert before is not None
    assert n_training(ready) in (N_TRAIN, N_TRAIN + 1)
    assert last.split.X_train[-1].tolist() == [0.5, 0.25]


def test_an_experiment_loaded_beside_is_trained_on_the_drawn_points_too() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(CLEAR)
        driver.runner.post(ONE)
        driver.expect(NetworkReady, lambda event: n_training(event) == 1)
        driver.runner.post(LoadBeside(dataclasses.replace(SMALL, learning_rate=0.5), "faster"))
        timeline = driver.expect(Timeline, lambda event: len(event.branches) == 2)
        driver.runner.post(ShowBranch(timeline.branches[1].number))
        shown = driver.expect(Timeline, lambda event: event.active == timeline.branches[1].number)
        assert [words for _, words in shown.branches[1].interventions] == ["1 point drawn, 40 points erased"]
        assert not driver.failures()
