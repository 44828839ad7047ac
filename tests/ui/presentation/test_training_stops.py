"""The stops of a training, and the notes about them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from bpviz.session.conventions.conventions import Conventions
from bpviz.session.engine.commands import GoTo, Step
from bpviz.session.engine.events import State, Status
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import Position
from bpviz.ui.presentation.presentation import Presentation
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage
from tests.ui.user_input import press

Key = Qt.Key


# Stops without a lesson


@pytest.mark.slow
def test_without_bookmarks_a_stop_is_a_step_of_the_chosen_level(
    shown: Presentation, window: MainWindow, stage: Stage
) -> None:
    window.step_bar.level.setCurrentText("layer")
    press(window, Key.Key_PageDown)
    stage.become(State.PAUSED)
    press(window, Key.Key_PageUp)
    assert stage.commands.of(Step) == [("layer", 1), ("layer", -1)]


def test_bookmarks_are_stops(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    stage.tell_timeline()
    marks = (Bookmark(Position(0), "Before"), Bookmark(Position(1), "The plateau"), Bookmark(Position(2), "The end"))
    stage.model.time.set_bookmarks(marks)
    stage.tell(Status(State.PAUSED, Position(1), is_live=False, furthest=Position(2)))
    assert shown.screen.caption is not None
    assert shown.screen.caption.heading.text() == "The plateau  ·  2 of 3"
    press(window, Key.Key_PageDown)
    stage.tell(Status(State.PAUSED, Position(2), furthest=Position(2)))
    press(window, Key.Key_PageUp)
    assert stage.commands.of(GoTo) == [Position(2), Position(1)]
    assert stage.commands.of(Step) == []


@pytest.mark.slow
def test_the_last_bookmark_says_that_it_is_the_last(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    stage.tell_timeline()
    stage.model.time.set_bookmarks((Bookmark(Position(2), "The end"),))
    press(window, Key.Key_PageDown)
    assert shown.over.banner.text() == "PgDown   This is the last stop"
    press(window, Key.Key_PageUp)
    assert shown.over.banner.text() == "PgUp   This is the first stop"


@pytest.mark.slow
def test_the_caption_says_what_the_current_operation_does(shown: Presentation, stage: Stage) -> None:
    update = stage.show_update(3)
    stage.tell(Status(State.PAUSED, update.position, furthest=update.position))
    assert shown.screen.caption is not None
    assert "operation 3 of" in shown.screen.caption.heading.text()
    assert "adds up" in shown.screen.caption.sentence.text()


@pytest.mark.slow
def test_the_caption_is_in_the_conventions_that_were_chosen(shown: Presentation, stage: Stage) -> None:
    update = stage.show_update(10)  # delta of the last of three layers
    stage.model.conventions.choose(Conventions(signal=True))
    stage.tell(Status(State.PAUSED, update.position, furthest=update.position))
    assert shown.screen.caption is not None
    assert "is the error signal of layer 3" in shown.screen.caption.sentence.text()


# Notes


@pytest.mark.slow
def test_the_notes_show_the_next_operation_and_the_time(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    update = stage.show_update(3)
    stage.tell(Status(State.PAUSED, update.position, furthest=update.position))
    press(window, Key.Key_W)
    notes = shown.notes
    assert notes.now.heading.text() == "z of layer 2"
    assert notes.coming.heading.text() == "a of layer 2"
    assert len(notes.clock.text()) == 5
    assert notes.spent.text().startswith("0:0")
    press(window, Key.Key_Escape)
    assert not notes.isVisible()


@pytest.mark.slow
def test_keys_work_in_the_notes_window(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_W)
    shown.notes.activateWindow()
    press(shown.notes, Key.Key_PageDown)
    assert stage.commands.of(Step) == [("operation", 1)]
    press(shown.notes, Key.Key_Escape)
    assert not shown.is_on
