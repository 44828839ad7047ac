from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bpviz.session.engine.commands import GoLive, GoTo
from bpviz.session.engine.events import State, Status
from bpviz.session.training.position import Position
from bpviz.ui.timeline.epoch_entry import EpochEntry
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage
from tests.ui.user_input import press, retype


@pytest.fixture
def window(bare_window: MainWindow, stage: Stage) -> MainWindow:
    """A window at epoch 2 of 5."""
    stage.prepare()
    stage.train(5)
    stage.tell_timeline()
    stage.tell(Status(State.PAUSED, Position(2), is_live=False, furthest=Position(5)))
    bare_window.activateWindow()
    return bare_window


def begin(window: MainWindow) -> EpochEntry:
    window.actions_["enter_epoch"].trigger()
    assert window.epoch_entry.isVisible()
    assert window.rect().contains(window.epoch_entry.geometry())
    return window.epoch_entry


def test_it_begins_with_the_current_epoch_and_goes_to_the_one_that_is_typed(window: MainWindow, stage: Stage) -> None:
    entry = begin(window)
    assert entry.line.selectedText() == "2"
    QTest.keyClicks(entry.line, "4")
    press(entry.line, Qt.Key.Key_Return)
    assert stage.commands.of(GoTo) == [Position(4)]
    assert not entry.isVisible()


def test_the_last_epoch_is_the_live_end(window: MainWindow, stage: Stage) -> None:
    retype(begin(window).line, "5")
    assert stage.commands.of(GoLive) == [None]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("6", "There is no epoch 6 yet: training has reached epoch 5."),
        ("12,000", "There is no epoch 12,000 yet: training has reached epoch 5."),
        ("-1", "Type a whole number from 0 to 5."),
        ("", "Type a whole number from 0 to 5."),
        ("²", "Type a whole number from 0 to 5."),
    ],
)
def test_an_epoch_that_does_not_exist_is_refused_with_a_sentence(
    window: MainWindow, stage: Stage, text: str, sentence: str
) -> None:
    entry = begin(window)
    retype(entry.line, text)
    assert entry.problem.text() == sentence
    assert entry.isVisible()
    assert window.rect().contains(entry.geometry())
    assert stage.commands.of(GoTo) == []
    retype(entry.line, "1")
    assert stage.commands.of(GoTo) == [Position(1)]


def test_escape_and_losing_the_focus_go_nowhere(window: MainWindow, stage: Stage) -> None:
    stage.model.select(sample=3)
    QTest.keyClicks(begin(window).line, "4")
    press(window.epoch_entry.line, Qt.Key.Key_Escape)
    assert not window.epoch_entry.isVisible()
    QTest.keyClicks(begin(window).line, "4")
    window.timeline.track.setFocus()
    assert not window.epoch_entry.isVisible()
    assert stage.commands.of(GoTo) == []
    assert stage.model.selection.sample == 3


def test_entering_an_epoch_stops_the_player(window: MainWindow) -> None:
    window.actions_["play_past"].trigger()
    assert window.actions_["play_past"].isChecked()
    retype(begin(window).line, "1")
    assert not window.actions_["play_past"].isChecked()
