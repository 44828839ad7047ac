from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from bpviz.session.engine.commands import GoTo
from bpviz.session.engine.events import State, Status
from bpviz.session.time_travel.bookmarks import MOST_BOOKMARKS, Bookmark
from bpviz.session.training.position import Position
from bpviz.ui.timeline.bookmark_editor import BookmarkEditor
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage
from tests.ui.user_input import click, press, retype


@pytest.fixture
def window(bare_window: MainWindow, stage: Stage) -> MainWindow:
    """A window at epoch 2 of 5."""
    stage.prepare()
    stage.train(5)
    stage.tell_timeline()
    go_to(stage, Position(2))
    bare_window.activateWindow()
    return bare_window


def go_to(stage: Stage, position: Position) -> None:
    stage.tell(Status(State.PAUSED, position, is_live=False, furthest=Position(5)))


def begin(window: MainWindow) -> BookmarkEditor:
    window.actions_["bookmark"].trigger()
    editor = window.bookmarking.editor
    assert editor.isVisible()
    return editor


def test_a_position_gets_a_name(window: MainWindow, stage: Stage) -> None:
    editor = begin(window)
    assert window.rect().contains(editor.geometry())
    assert not editor.remove.isVisible()
    retype(editor.line, "  plateau ")
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "plateau"),)
    assert not editor.isVisible()


def test_a_bookmark_without_a_name_is_named_after_its_epoch(window: MainWindow, stage: Stage) -> None:
    go_to(stage, Position(2, 3))
    press(begin(window).line, Qt.Key.Key_Return)
    assert stage.model.time.bookmarks == (Bookmark(Position(2, 3), "epoch 2, sample 3"),)


def test_the_bookmark_is_at_the_position_where_the_editor_was_opened(window: MainWindow, stage: Stage) -> None:
    editor = begin(window)
    go_to(stage, Position(4))
    retype(editor.line, "plateau")
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "plateau"),)


def test_escape_cancels_and_keeps_the_selection(window: MainWindow, stage: Stage) -> None:
    stage.model.select(sample=3)
    editor = begin(window)
    QTest.keyClicks(editor.line, "plateau")
    press(editor.line, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert stage.model.time.bookmarks == ()
    assert stage.model.selection.sample == 3


def test_losing_the_focus_accepts_the_name(window: MainWindow, stage: Stage) -> None:
    editor = begin(window)
    QTest.keyClicks(editor.line, "plateau")
    window.timeline.track.setFocus()
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "plateau"),)


def test_a_bookmarked_position_is_renamed(window: MainWindow, stage: Stage) -> None:
    stage.model.time.add_bookmark(Position(2), "plateau")
    editor = begin(window)
    assert editor.line.text() == "plateau"
    retype(editor.line, "breakthrough")
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "breakthrough"),)


def test_a_renamed_bookmark_stays_on_its_branch(window: MainWindow, stage: Stage) -> None:
    timeline = stage.tell_timeline()
    main = timeline.branches[0]
    child = type(main)(1, "fork", main.experiment, 0, Position(4), (), Position(5), None)
    stage.model.time.set_bookmarks((Bookmark(Position(2), "plateau", 0),))
    stage.tell_timeline(main, child, active=1)
    retype(begin(window).line, "breakthrough")
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "breakthrough", 0),)


def test_a_bookmark_can_be_removed_in_the_editor(window: MainWindow, stage: Stage) -> None:
    stage.model.time.add_bookmark(Position(2), "plateau")
    click(begin(window).remove)
    assert stage.model.time.bookmarks == ()
    assert not window.bookmarking.editor.isVisible()


def test_too_many_bookmarks_show_an_error(window: MainWindow, stage: Stage) -> None:
    many = tuple(Bookmark(Position(epoch), "plateau", 9) for epoch in range(MOST_BOOKMARKS))
    stage.model.time.set_bookmarks(many)
    window.actions_["bookmark"].trigger()
    assert not window.bookmarking.editor.isVisible()
    assert "Remove one" in window.notice.sentence.text()


def test_a_new_network_closes_the_editor(window: MainWindow, stage: Stage) -> None:
    editor = begin(window)
    stage.prepare()
    assert not editor.isVisible()
    assert stage.model.time.bookmarks == ()


def test_next_and_previous_seek_to_bookmarks(window: MainWindow, stage: Stage) -> None:
    names = [Position(0), Position(1, 2), Position(2), Position(2, 1), Position(5)]
    stage.model.time.set_bookmarks(tuple(Bookmark(position, "plateau") for position in names))
    window.actions_["next_bookmark"].trigger()
    go_to(stage, Position(2, 1))
    go_to(stage, Position(2))
    window.actions_["previous_bookmark"].trigger()
    assert stage.commands.of(GoTo) == [Position(2, 1), Position(1, 2)]


def test_bookmarks_of_another_branch_are_skipped(window: MainWindow, stage: Stage) -> None:
    stage.model.time.set_bookmarks((Bookmark(Position(1), "plateau"), Bookmark(Position(4), "elsewhere", 9)))
    assert not window.actions_["next_bookmark"].isEnabled()
    assert window.actions_["previous_bookmark"].isEnabled()


@pytest.mark.parametrize(
    ("entry", "happens"),
    [
        ("&Go there", lambda window, stage: stage.commands.of(GoTo) == [Position(4)]),
        ("&Rename…", lambda window, stage: window.bookmarking.editor.line.text() == "plateau"),
        ("Re&move", lambda window, stage: stage.model.time.bookmarks == ()),
    ],
)
def test_a_flag_has_a_context_menu(window: MainWindow, stage: Stage, entry: str, happens: object) -> None:
    stage.model.time.add_bookmark(Position(4), "plateau")
    track = window.timeline.track
    track.grab()
    at = QPoint(round(track.flags[0].x) + 3, 6)
    QApplication.sendEvent(track, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, track.mapToGlobal(at)))
    (menu,) = window.findChildren(QMenu, "bookmark")
    (action,) = [action for action in menu.actions() if action.text() == entry]
    menu.close()
    action.trigger()
    assert callable(happens)
    assert happens(window, stage)


def test_there_is_no_context_menu_outside_the_flags(window: MainWindow, stage: Stage) -> None:
    track, at = window.timeline.track, QPoint(100, 30)
    QApplication.sendEvent(track, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, track.mapToGlobal(at)))
    assert window.findChildren(QMenu, "bookmark") == []
