"""Whatever replaces a session, undo brings it back bit for bit, and a file of it is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine.commands import (
    ChangeHyperparameters,
    Command,
    Fork,
    GoTo,
    KeepSessions,
    Load,
    OpenSession,
    Redo,
    RequestFrame,
    Reset,
    SaveSession,
    SetBookmarks,
    SetBreakpoints,
    SetWatches,
    Step,
    Undo,
)
from bpviz.session.engine.events import Failed, NetworkReady, SessionKept, SessionOpened, SessionSaved, State, Status
from bpviz.session.frames.frame import Frame
from bpviz.session.recovery.recent import list_recent
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.timeline import Timeline
from bpviz.session.training.position import Position
from tests.session.engine.test_branch_commands import FASTER, GRID, OTHER
from tests.session.helpers import SMALL, Driver

BREAKPOINT = Breakpoint((Condition(Metric("epoch"), "=", 90),))
WATCH, BOOKMARK = Watch(Metric("loss")), Bookmark(Position(1), "plateau")


def open_other(folder: Path) -> Command:
    with Driver(OTHER) as driver:
        driver.runner.post(SaveSession(folder / "other.bpviz"))
        driver.expect(SessionSaved)
    return OpenSession(folder / "other.bpviz")


WAYS: dict[str, Callable[[Path], Command]] = {
    "reset": lambda folder: Reset(),
    "new network": lambda folder: Load(dataclasses.replace(SMALL, hidden=(5,), activations=("relu", "sigmoid"))),
    "same network": lambda folder: Load(SMALL),
    "file": open_other,
}


def make_run(driver: Driver) -> Status:
    """Train with a branch, a change, a bookmark, a breakpoint and a watch, to the middle of an update."""
    post = driver.runner.post
    for command in (SetBookmarks((BOOKMARK,)), SetBreakpoints((BREAKPOINT,)), SetWatches((WATCH,)), Step("epoch", 3)):
        post(command)
    driver.expect_state(State.PAUSED)
    post(GoTo(Position(2)))
    post(Fork())
    post(ChangeHyperparameters(FASTER))
    post(Step("sample", 45))
    post(Step("operation", 7))
    return driver.expect(Status, lambda each: each.position == Position(3, 17, 7))


def branches_of(timeline: Timeline) -> list[tuple[object, ...]]:
    """Return what is fixed of each branch; the compared one may still be following the active one."""
    return [(each.number, each.name, each.forked_at, each.interventions) for each in timeline.branches]


def frame(driver: Driver) -> Frame:
    driver.runner.post(RequestFrame(GRID))
    return driver.expect(Frame)


def latest_timeline(driver: Driver) -> Timeline:
    return [event for event in driver.events if isinstance(event, Timeline)][-1]


@pytest.mark.parametrize("way", WAYS)
def test_undo_brings_back_what_was_replaced_bit_for_bit(tmp_path: Path, way: str) -> None:
    replacing = WAYS[way](tmp_path)
    with Driver(SMALL) as driver:
        before = make_run(driver)
        drawn, timeline = frame(driver), latest_timeline(driver)
        driver.runner.post(replacing)
        driver.expect(NetworkReady)
        assert driver.expect(SessionKept).epochs == 3
        driver.runner.post(Undo())
        opened = driver.expect(SessionOpened)
        after = driver.expect(Status, lambda each: each.position == before.position and each.state is State.PAUSED)
        again, told = frame(driver), latest_timeline(driver)
        assert driver.failures() == []
    assert (opened.bookmarks, opened.breakpoints, opened.watches) == ((BOOKMARK,), (BREAKPOINT,), (WATCH,))
    assert (after.furthest, after.is_live) == (before.furthest, before.is_live)
    assert np.array_equal(again.outputs, drawn.outputs)
    assert all(np.array_equal(a, b) for a, b in zip(again.deltas, drawn.deltas, strict=True))
    assert branches_of(told) == branches_of(timeline)
    assert (told.active, told.compared, told.undo) == (timeline.active, timeline.compared, timeline.undo)
    assert told.redo.startswith("(back to ")


@pytest.mark.parametrize("way", WAYS)
def test_what_was_replaced_is_kept_on_disk(tmp_path: Path, way: str) -> None:
    replacing = WAYS[way](tmp_path)
    with Driver(SMALL) as driver:
        driver.runner.post(KeepSessions(tmp_path / "recent"))
        before = make_run(driver)
        drawn = frame(driver)
        driver.runner.post(replacing)
        driver.expect(SessionKept)
    (kept,) = list_recent(tmp_path / "recent")
    with Driver(OTHER) as driver:
        driver.runner.post(OpenSession(kept.path))
        driver.expect(SessionOpened)
        driver.expect(Status, lambda each: each.position == before.position and each.state is State.PAUSED)
        assert np.array_equal(frame(driver).outputs, drawn.outputs)


def test_the_end_of_the_program_keeps_the_run_too(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(KeepSessions(tmp_path / "recent"))
        make_run(driver)
    assert [each.description.split(", ", 1)[1] for each in list_recent(tmp_path / "recent")] == [
        "moons 2-4-3-2, epoch 3"
    ]


def test_what_was_saved_or_never_trained_is_not_kept_twice(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(KeepSessions(tmp_path / "recent"))
        driver.runner.post(Reset())
        driver.expect(NetworkReady)
        driver.runner.post(Step("epoch", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(SaveSession(tmp_path / "mine.bpviz"))
        driver.expect(SessionSaved)
    assert list_recent(tmp_path / "recent") == []
    assert not [event for event in driver.events if isinstance(event, SessionKept)]


def test_redo_returns_to_the_new_network(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        make_run(driver)
        driver.runner.post(Reset())
        driver.expect(SessionKept)
        driver.runner.post(Undo())
        driver.expect(Status, lambda each: each.position == Position(3, 17, 7))
        driver.runner.post(Redo())
        driver.expect(NetworkReady)
        driver.expect(Status, lambda each: each.position == Position())
        driver.runner.post(Undo())
        driver.expect(Status, lambda each: each.position == Position(3, 17, 7))


def test_changes_of_the_new_run_are_undone_before_the_reset() -> None:
    with Driver(SMALL) as driver:
        make_run(driver)
        driver.runner.post(Reset())
        driver.expect(SessionKept)
        driver.runner.post(Step("epoch", 1))
        driver.expect_state(State.PAUSED)
        driver.runner.post(ChangeHyperparameters(dataclasses.replace(SMALL, learning_rate=0.7)))
        driver.expect(Timeline, lambda each: "0.7" in each.undo)
        driver.runner.post(Undo())
        told = driver.expect(Timeline, lambda each: "0.7" not in each.undo)
        assert told.undo == "(back to the run of 3 epochs)"
        driver.runner.post(Undo())
        driver.expect(Status, lambda each: each.position == Position(3, 17, 7))


def test_without_anything_replaced_there_is_nothing_to_undo() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Undo())
        assert "nothing to undo" in driver.expect(Failed).sentence
