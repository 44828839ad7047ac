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
from tests.ui.hands import click, press, retype
from tests.ui.stage import Stage


@pytest.fixture
def window(main_window: MainWindow, stage: Stage) -> MainWindow:
    """A window on epoch 2 of 5."""
    stage.prepare()
    stage.train(5)
    stage.tell_timeline()
    go_to(stage, Position(2))
    main_window.activateWindow()
    return main_window


def go_to(stage: Stage, position: Position) -> None:
    stage.tell(Status(State.PAUSED, position, is_live=False, furthest=Position(5)))


def begin(window: MainWindow) -> BookmarkEditor:
    window.actions_["bookmark"].trigger()
    editor = window.bookmarking.editor
    assert editor.isVisible()
    return editor


def test_a_moment_gets_a_name(window: MainWindow, stage: Stage) -> None:
    editor = begin(window)
    assert window.rect().contains(editor.geometry())
    assert not editor.remove.isVisible()
    retype(editor.line, "  plateau ")
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "plateau"),)
    assert not editor.isVisible()


def test_without_a_name_it_is_called_by_its_epoch(window: MainWindow, stage: Stage) -> None:
    go_to(stage, Position(2, 3))
    press(begin(window).line, Qt.Key.Key_Return)
    assert stage.model.time.bookmarks == (Bookmark(Position(2, 3), "epoch 2, sample 3"),)


def test_the_moment_is_that_at_which_it_was_begun(window: MainWindow, stage: Stage) -> None:
    editor = begin(window)
    go_to(stage, Position(4))
    retype(editor.line, "plateau")
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "plateau"),)


def test_escape_makes_nothing_and_takes_no_choice_back(window: MainWindow, stage: Stage) -> None:
    stage.model.select(sample=3)
    editor = begin(window)
    QTest.keyClicks(editor.line, "plateau")
    press(editor.line, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert stage.model.time.bookmarks == ()
    assert stage.model.selection.sample == 3


def test_to_go_elsewhere_accepts_what_is_written(window: MainWindow, stage: Stage) -> None:
    editor = begin(window)
    QTest.keyClicks(editor.line, "plateau")
    window.timeline.track.setFocus()
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "plateau"),)


def test_a_named_moment_is_named_anew(window: MainWindow, stage: Stage) -> None:
    stage.model.time.add_bookmark(Position(2), "plateau")
    editor = begin(window)
    assert editor.line.text() == "plateau"
    retype(editor.line, "breakthrough")
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "breakthrough"),)


def test_a_bookmark_of_the_branch_before_the_fork_stays_there_when_it_is_renamed(
    window: MainWindow, stage: Stage
) -> None:
    told = stage.tell_timeline()
    main = told.branches[0]
    child = type(main)(1, "fork", main.experiment, 0, Position(4), (), Position(5), None)
    stage.model.time.set_bookmarks((Bookmark(Position(2), "plateau", 0),))
    stage.tell_timeline(main, child, active=1)
    retype(begin(window).line, "breakthrough")
    assert stage.model.time.bookmarks == (Bookmark(Position(2), "breakthrough", 0),)


def test_a_bookmark_can_be_removed_where_it_is_named(window: MainWindow, stage: Stage) -> None:
    stage.model.time.add_bookmark(Position(2), "plateau")
    click(begin(window).remove)
    assert stage.model.time.bookmarks == ()
    assert not window.bookmarking.editor.isVisible()


def test_one_too_many_is_refused_in_a_sentence(window: MainWindow, stage: Stage) -> None:
    many = tuple(Bookmark(Position(epoch), "plateau", 9) for epoch in range(MOST_BOOKMARKS))
    stage.model.time.set_bookmarks(many)
    window.actions_["bookmark"].trigger()
    assert not window.bookmarking.editor.isVisible()
    assert "Remove one" in window.notice.sentence.text()


def test_a_new_network_takes_the_editor_away(window: MainWindow, stage: Stage) -> None:
    editor = begin(window)
    stage.prepare()
    assert not editor.isVisible()
    assert stage.model.time.bookmarks == ()


def test_next_and_previous_go_from_bookmark_to_bookmark(window: MainWindow, stage: Stage) -> None:
    names = [Position(0), Position(1, 2), Position(2), Position(2, 1), Position(5)]
    stage.model.time.set_bookmarks(tuple(Bookmark(position, "plateau") for position in names))
    window.actions_["next_bookmark"].trigger()
    go_to(stage, Position(2, 1))
    go_to(stage, Position(2))
    window.actions_["previous_bookmark"].trigger()
    assert stage.commands.of(GoTo) == [Position(2, 1), Position(1, 2)]


def test_there_is_no_next_bookmark_on_another_branch(window: MainWindow, stage: Stage) -> None:
    stage.model.time.set_bookmarks((Bookmark(Position(1), "plateau"), Bookmark(Position(4), "elsewhere", 9)))
    assert not window.actions_["next_bookmark"].isEnabled()
    assert window.actions_["previous_bookmark"].isEnabled()


# Qt's offscreen platform says so of menus; no other platform does.
@pytest.mark.qt_log_ignore(r"^This plugin does not support (propagateSizeHints\(\)|raise\(\)|grabbing the keyboard)$")
@pytest.mark.parametrize(
    ("entry", "happens"),
    [
        ("&Go there", lambda window, stage: stage.commands.of(GoTo) == [Position(4)]),
        ("&Rename…", lambda window, stage: window.bookmarking.editor.line.text() == "plateau"),
        ("Re&move", lambda window, stage: stage.model.time.bookmarks == ()),
    ],
)
def test_a_flag_has_a_menu(window: MainWindow, stage: Stage, entry: str, happens: object) -> None:
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


def test_beside_the_flags_there_is_no_menu(window: MainWindow, stage: Stage) -> None:
    track, at = window.timeline.track, QPoint(100, 30)
    QApplication.sendEvent(track, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, track.mapToGlobal(at)))
    assert window.findChildren(QMenu, "bookmark") == []
