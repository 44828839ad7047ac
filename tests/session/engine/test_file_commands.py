"""Sessions that are saved and opened while they are at work."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine.commands import (
    ChangeHyperparameters,
    ExportFigure,
    ExportWeights,
    GoTo,
    OpenSession,
    RequestFrame,
    SaveSession,
    SetAutosave,
    SetBookmarks,
    SetBreakpoints,
    SetLesson,
    SetWatches,
    Step,
)
from bpviz.session.engine.events import EpochTablesReplaced, Failed, SessionOpened, SessionSaved, State, Status
from bpviz.session.frames.frame import Frame
from bpviz.session.lessons.shipped import load_lesson
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.timeline import Timeline
from bpviz.session.training.first_network import first_network
from bpviz.session.training.position import Position
from tests.session.engine.test_branch_commands import FASTER, GRID, OTHER, column, fork_at, mse
from tests.session.helpers import SMALL, Driver


def test_a_saved_session_opens_to_the_same_state_bit_for_bit(tmp_path: Path) -> None:
    path = tmp_path / "run.bpviz"
    bookmarks = (Bookmark(Position(1), "plateau"),)
    breakpoints, watches = (
        tuple(READY_MADE.values())[:2],
        (Watch(READY_MADE["saturated layer 1"].conditions[0].metric),),
    )
    with Driver(SMALL) as driver:
        driver.runner.post(SetBookmarks(bookmarks))
        driver.runner.post(SetBreakpoints(tuple(dataclasses.replace(each, enabled=False) for each in breakpoints)))
        driver.runner.post(SetWatches(watches))
        fork_at(driver, 2)
        driver.runner.post(ChangeHyperparameters(FASTER))
        driver.runner.post(Step("sample", 45))
        driver.runner.post(Step("operation", 7))
        before = driver.expect(Status, lambda each: each.position == Position(3, 17, 7))
        driver.runner.post(RequestFrame(GRID))
        frame = driver.expect(Frame)
        driver.runner.post(SaveSession(path))
        assert driver.expect(SessionSaved).path == path
        timeline = [event for event in driver.events if isinstance(event, Timeline)][-1]
    with Driver(OTHER) as driver:
        driver.runner.post(OpenSession(path))
        opened = driver.expect(SessionOpened)
        taken = driver.expect(EpochTablesReplaced)
        after = driver.expect_state(State.PAUSED)
        driver.runner.post(RequestFrame(GRID))
        again = driver.expect(Frame)
        told = [event for event in driver.events if isinstance(event, Timeline)][-1]
    assert opened.bookmarks == bookmarks
    assert (len(opened.breakpoints), opened.watches) == (2, watches)
    assert (after.position, after.furthest, after.is_live) == (before.position, before.furthest, before.is_live)
    assert np.array_equal(again.outputs, frame.outputs)
    assert all(np.array_equal(a, b) for a, b in zip(again.deltas, frame.deltas, strict=True))
    assert column(taken) == pytest.approx(mse(3, change_at=2), rel=1e-12)
    assert told.branches == timeline.branches
    assert (told.active, told.compared, told.undo) == (timeline.active, timeline.compared, timeline.undo)


def test_a_file_that_cannot_be_opened_leaves_the_session_untouched(tmp_path: Path) -> None:
    path = tmp_path / "run.bpviz"
    path.write_bytes(b"no session")
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(OpenSession(path))
        failed = driver.expect(Failed)
        driver.runner.post(Step("epoch", 1))
        assert driver.expect_state(State.PAUSED).position == Position(3)
    assert str(path) in failed.sentence


def test_a_session_that_cannot_be_saved_is_a_sentence(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SaveSession(tmp_path / "nowhere" / "run.bpviz"))
        assert "make that folder first" in driver.expect(Failed).sentence


def test_weights_and_figure_are_those_of_the_position_on_screen(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(GoTo(Position(0)))
        driver.runner.post(ExportWeights(tmp_path / "a.npz"))
        driver.runner.post(ExportFigure(tmp_path / "a.svg"))
        driver.runner.post(ExportWeights(tmp_path / "nowhere" / "a.npz"))
        assert "make that folder first" in driver.expect(Failed).sentence
    start = first_network(SMALL)
    with np.load(tmp_path / "a.npz") as arrays:
        assert np.array_equal(arrays["W1"], start.layers[0].weights)
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")


def test_a_copy_is_kept_on_disk_after_a_change_and_gone_after_a_clean_end(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetAutosave(tmp_path))
        driver.runner.post(Step("epoch", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(ChangeHyperparameters(FASTER))
        driver.expect(Timeline, lambda each: bool(each.undo))
    assert not list(tmp_path.rglob("*.bpviz"))


def test_a_lesson_is_kept_in_the_file_and_told_when_it_is_opened(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetLesson(load_lesson("xor")))
        driver.runner.post(SaveSession(tmp_path / "run.bpviz"))
        driver.expect(SessionSaved)
    with Driver(OTHER) as driver:
        driver.runner.post(OpenSession(tmp_path / "run.bpviz"))
        assert driver.expect(SessionOpened).lesson == load_lesson("xor")


def test_a_damaged_lesson_is_left_out_of_an_opened_session_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "run.bpviz"
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 1))
        driver.expect(Status, lambda each: each.position == Position(1))
        driver.runner.post(SetLesson(load_lesson("xor")))
        driver.runner.post(SaveSession(path))
        driver.expect(SessionSaved)
    path.write_bytes(path.read_bytes().replace(b'"title": ', b'"tatle": '))
    with Driver(OTHER) as driver:
        driver.runner.post(OpenSession(path))
        assert driver.expect(SessionOpened).lesson is None
        assert driver.expect(Status, lambda each: each.position is not None).position == Position(1)
        assert driver.expect(Failed).sentence == f"{path} was opened, but its lesson was left out: it is damaged."
