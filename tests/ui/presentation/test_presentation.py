"""Presentation: beginning, end, panels, keys and what lies over the panels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolBar

from bpviz.session.engine.commands import GoTo, Run, Step, Undo
from bpviz.session.engine.events import Failed, State, Status
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import Position
from bpviz.ui.presentation.panel_chooser import NUMBERED
from bpviz.ui.presentation.presentation import Presentation
from bpviz.ui.window.main_window import MainWindow
from tests.ui.layout_faults import layout_faults
from tests.ui.stage import Stage
from tests.ui.user_input import click, drag_to, lay_out_and_paint, press

Key = Qt.Key


@pytest.fixture
def window(main_window: MainWindow, stage: Stage) -> Iterator[MainWindow]:
    """The window with a small network, before the presentation."""
    stage.prepare()
    stage.train(2)
    main_window.activateWindow()
    QCoreApplication.processEvents()  # keys reach the window that is active
    yield main_window
    main_window.presentation.leave()


@pytest.fixture
def shown(window: MainWindow) -> Presentation:
    """The presentation of the surface, with the window in front."""
    press(window, Key.Key_F12)
    settle(window)
    return window.presentation


def settle(window: MainWindow) -> None:
    for _ in range(3):
        window.model.paint_queue.finish()
        QCoreApplication.processEvents()
    lay_out_and_paint(window)


def panels_seen(window: MainWindow) -> list[str]:
    settle(window)
    return [dock.objectName() for dock in window.docks.all if dock.is_seen]


def layout(window: MainWindow) -> dict[str, object]:
    """Return what the lecturer sees of the arrangement: every dock and bar, with its place."""
    settle(window)
    docks = {dock.objectName(): (dock.isVisible(), dock.isFloating()) for dock in window.docks.all}
    # Qt parks docks that are behind another tab anywhere.
    places = {dock.objectName(): dock.geometry() for dock in window.docks.all if dock.is_seen}
    bars = {bar.objectName(): (bar.isVisible(), bar.size()) for bar in window.findChildren(QToolBar)}
    lines = window.menuBar().isVisible(), window.statusBar().isVisible()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return {
        "docks": docks,
        "places": places,
        "bars": bars,
        "lines": lines,
        "window": (window.size(), window.windowState()),
        "font": app.font().pointSizeF(),
        "fronts": panels_seen(window),
    }


# Beginning and end


@pytest.mark.parametrize("workspace", ["train", "step", "lecture", "compare"])
@pytest.mark.parametrize("is_full", [False, True])
def test_after_the_presentation_everything_is_as_it_was(window: MainWindow, workspace: str, is_full: bool) -> None:
    if is_full:
        window.actions_["full_screen"].trigger()
        settle(window)
    window.actions_[f"{workspace}_layout"].trigger()
    before, theme = layout(window), window.model.theme
    press(window, Key.Key_F12)
    settle(window)
    press(window, Key.Key_2)
    press(window, Key.Key_S)
    window.actions_["larger"].trigger()
    press(window, Key.Key_Escape)
    assert layout(window) == before
    assert window.model.theme == theme


def test_a_panel_that_filled_the_window_fills_it_again(window: MainWindow) -> None:
    window.actions_["fill"].trigger()
    before = layout(window)
    press(window, Key.Key_F12)
    press(window, Key.Key_Escape)
    assert layout(window) == before
    window.actions_["fill"].trigger()
    assert len(panels_seen(window)) > 1


def test_a_floating_panel_floats_again(window: MainWindow) -> None:
    window.docks.curves.setFloating(True)
    press(window, Key.Key_F12)
    assert not window.docks.curves.isVisible()
    press(window, Key.Key_Escape)
    assert window.docks.curves.isFloating()


def test_controls_are_away(shown: Presentation, window: MainWindow) -> None:
    bars = [bar for bar in window.findChildren(QToolBar) if bar.isVisible()]
    assert bars == [shown.screen.caption]
    assert not window.menuBar().isVisible()
    assert not window.statusBar().isVisible()
    assert not window.docks.surface.panel.title_line.help.isVisible()
    assert window.isFullScreen()


def test_a_bar_with_news_stays_away_and_a_failure_is_told(shown: Presentation, window: MainWindow) -> None:
    window.offer.show()
    assert not window.offer.isVisible()
    window.model.failed.emit(Failed("The file cannot be written."))
    assert shown.over.banner.text() == "The file cannot be written."
    assert window.notice.isVisible()


def test_closing_the_window_in_a_presentation_keeps_the_layout_before(window: MainWindow) -> None:
    before = {dock.objectName() for dock in window.docks.all if not dock.isHidden()}
    press(window, Key.Key_F12)
    window.close()
    assert {dock.objectName() for dock in window.docks.all if not dock.isHidden()} == before
    assert not window.isFullScreen()


@pytest.mark.parametrize("key", [Key.Key_Escape, Key.Key_F5, Key.Key_F12])
def test_keys_that_leave(shown: Presentation, window: MainWindow, stage: Stage, key: Qt.Key) -> None:
    press(window, key)
    assert not shown.is_on
    assert stage.commands.of(Run) == []


def test_f5_trains_outside_of_the_presentation(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_Escape)
    press(window, Key.Key_F5)
    assert len(stage.commands.of(Run)) == 1


def test_keys_of_the_presentation_do_nothing_outside_of_it(window: MainWindow, stage: Stage) -> None:
    stage.commands.given.clear()
    for key in (Key.Key_PageDown, Key.Key_PageUp, Key.Key_B, Key.Key_Period, Key.Key_P, Key.Key_3):
        press(window, key)
    assert not window.presentation.is_on
    assert not window.presentation.over.curtain.isVisible()
    assert stage.commands.of(Step) == []


# Panels


def test_the_panel_with_the_focus_is_shown(window: MainWindow) -> None:
    window.docks.network.panel.view.setFocus()
    press(window, Key.Key_F12)
    assert panels_seen(window) == ["network"]


def test_number_keys_change_the_panel(shown: Presentation, window: MainWindow) -> None:
    for number, key in enumerate(NUMBERED, start=1):
        press(window, Qt.Key(Key.Key_0 + number))
        assert panels_seen(window) == [key]
        assert shown.over.banner.text() == f"{number}   {shown.panels.title(key)}"


def test_two_panels_stand_side_by_side_and_a_number_changes_the_right_one(
    shown: Presentation, window: MainWindow
) -> None:
    press(window, Key.Key_2)
    press(window, Key.Key_S)
    assert shown.panels.keys == ("network", "surface")
    press(window, Key.Key_3)
    assert shown.panels.keys == ("network", "curves")
    assert sorted(panels_seen(window)) == ["curves", "network"]
    left, right = window.docks.network.geometry(), window.docks.curves.geometry()
    assert left.right() < right.left()
    assert left.top() == right.top()
    press(window, Key.Key_S)
    assert panels_seen(window) == ["network"]


def test_a_panel_that_a_command_shows_takes_the_place_of_the_present_one(
    shown: Presentation, window: MainWindow
) -> None:
    press(window, Key.Key_F4)
    assert panels_seen(window) == ["explain"]
    assert shown.panels.keys == ("explain",)


def test_a_panel_that_is_hidden_leaves_the_other(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_S)
    window.docks.surface.toggleViewAction().trigger()
    assert panels_seen(window) == ["network"]
    window.docks.network.toggleViewAction().trigger()
    assert panels_seen(window) == ["network"]


def test_the_chooser_shows_a_panel(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_C)
    assert shown.panels.chooser.buttons["surface"].isChecked()
    click(shown.panels.chooser.buttons["deltas"])
    assert panels_seen(window) == ["deltas"]
    assert not shown.panels.chooser.isVisible()
    press(window, Key.Key_C)
    press(window, Key.Key_Escape)
    assert not shown.panels.chooser.isVisible()
    assert shown.is_on


def test_workspaces_wait_for_the_end(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert panels_seen(window) == ["surface"]
    assert not window.actions_["train_layout"].isEnabled()
    press(window, Key.Key_Escape)
    assert window.actions_["train_layout"].isEnabled()


# Training


def test_space_trains_and_pauses(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_Space)
    assert len(stage.commands.of(Run)) == 1
    assert shown.over.banner.text() == "Space   Run or pause"
    stage.become(State.RUNNING)
    assert shown.screen.caption is not None
    assert shown.screen.caption.heading.text() == "Training"


def test_the_epoch_is_a_ninth_of_the_height(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    assert shown.screen.caption is not None
    epoch = shown.screen.caption.epoch
    assert epoch.text() == "2"
    stage.train(3)
    assert epoch.text() == "5"
    assert epoch.font().pixelSize() == pytest.approx(window.height() / 9, abs=1)


# What lies over the panels


@pytest.mark.parametrize("key", [Key.Key_B, Key.Key_Period])
def test_the_screen_is_black_until_the_next_press(shown: Presentation, window: MainWindow, key: Qt.Key) -> None:
    press(window, key)
    assert shown.over.curtain.geometry() == window.rect()
    picture = window.grab().toImage()
    places = [(10, 10), (picture.width() // 2, picture.height() // 2), (picture.width() - 5, picture.height() - 5)]
    assert {picture.pixelColor(*place).name() for place in places} == {"#000000"}
    cursor = QApplication.overrideCursor()
    assert cursor is not None
    assert cursor.shape() is Qt.CursorShape.BlankCursor
    press(window, key)
    assert not shown.over.curtain.isVisible()
    assert QApplication.overrideCursor() is None


def test_escape_and_the_next_stop_lift_the_black_screen(shown: Presentation, window: MainWindow) -> None:
    for key in (Key.Key_Escape, Key.Key_PageDown):
        press(window, Key.Key_B)
        press(window, key)
        assert not shown.over.curtain.isVisible()
        assert shown.is_on


def test_a_command_is_told_with_its_key(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_F10)
    assert shown.over.banner.text() == "F10   Step one sample"
    assert shown.over.banner.isVisible()


def test_a_ring_is_around_the_pointer_while_it_is_wanted(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_R)
    cursor = QApplication.overrideCursor()
    assert cursor is not None
    assert cursor.pixmap().height() == pytest.approx(window.height() / 10, abs=2)
    press(window, Key.Key_Escape)
    assert QApplication.overrideCursor() is None
    press(window, Key.Key_F12)  # the ring is still wanted
    assert QApplication.overrideCursor() is not None
    press(window, Key.Key_R)
    assert QApplication.overrideCursor() is None


def draw(shown: Presentation) -> None:
    middle = shown.over.pen.rect().center()
    drag_to(shown.over.pen, middle, middle + QPoint(80, 40), press=True, release=True)


def test_the_pen_draws_and_undo_removes_the_last_stroke(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_P)
    before = window.grab().toImage()
    draw(shown)
    draw(shown)
    assert window.grab().toImage() != before
    stage.commands.given.clear()
    for left in (1, 0):
        press(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert len(shown.over.pen.strokes) == left
    assert stage.commands.of(Undo) == []


def test_escape_puts_the_pen_away_before_it_leaves(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_P)
    draw(shown)
    press(window, Key.Key_Escape)
    assert shown.is_on
    assert not shown.over.pen.is_in_hand
    assert len(shown.over.pen.strokes) == 1
    press(window, Key.Key_E)
    assert shown.over.pen.strokes == []


def test_without_the_pen_the_mouse_reaches_the_panel(shown: Presentation, window: MainWindow) -> None:
    middle = window.docks.surface.panel.plot.mapTo(window, window.docks.surface.panel.plot.rect().center())
    under = window.childAt(middle)
    assert under is not None
    assert window.docks.surface.isAncestorOf(under)
    press(window, Key.Key_P)
    assert window.childAt(middle) is shown.over.pen


def test_the_drawing_goes_with_the_next_step(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_P)
    draw(shown)
    stage.become(State.PAUSED)
    assert shown.over.pen.strokes
    stage.training.trainer.step()
    stage.become(State.PAUSED)
    assert shown.over.pen.strokes == []


def test_the_drawing_stays_while_training_runs_on_and_pauses(
    shown: Presentation, window: MainWindow, stage: Stage
) -> None:
    stage.become(State.RUNNING)
    press(window, Key.Key_P)
    draw(shown)
    stage.train(2)
    assert len(shown.over.pen.strokes) == 1


# Stops without a lesson


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


def test_the_last_bookmark_says_that_it_is_the_last(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    stage.tell_timeline()
    stage.model.time.set_bookmarks((Bookmark(Position(2), "The end"),))
    press(window, Key.Key_PageDown)
    assert shown.over.banner.text() == "PgDown   This is the last stop"
    press(window, Key.Key_PageUp)
    assert shown.over.banner.text() == "PgUp   This is the first stop"


def test_the_caption_says_what_the_current_operation_does(shown: Presentation, stage: Stage) -> None:
    update = stage.show_update(3)
    stage.tell(Status(State.PAUSED, update.position, furthest=update.position))
    assert shown.screen.caption is not None
    assert "operation 3 of" in shown.screen.caption.heading.text()
    assert "adds up" in shown.screen.caption.sentence.text()


# Notes


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


def test_keys_work_in_the_notes_window(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_W)
    shown.notes.activateWindow()
    press(shown.notes, Key.Key_PageDown)
    assert stage.commands.of(Step) == [("operation", 1)]
    press(shown.notes, Key.Key_Escape)
    assert not shown.is_on


# Sizes


@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1920, 1080), marks=pytest.mark.slow)])
def test_text_is_a_fortieth_of_the_height_and_nothing_is_cut_off(
    shown: Presentation, window: MainWindow, stage: Stage, size: tuple[int, int]
) -> None:
    window.resize(*size)
    stage.step()
    for panels in (("surface",), ("network", "formula"), ("surface", "curves"), ("deltas", "network")):
        shown.panels.show(panels)
        settle(window)
        stage.frame()
        lay_out_and_paint(window)
        assert (window.width(), window.height()) == size
        assert layout_faults(window) == [], panels
        labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
        small = [label.text() for label in labels if label.fontInfo().pixelSize() < size[1] / 40]
        assert small == [], panels
