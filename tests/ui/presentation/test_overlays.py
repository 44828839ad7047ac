"""What lies over the panels of a presentation: black screen, ring, pen and the last command."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from bpviz.session.engine.commands import Undo
from bpviz.session.engine.events import State
from bpviz.ui.presentation.presentation import Presentation
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage
from tests.ui.user_input import drag_to, press

Key = Qt.Key


# What lies over the panels


@pytest.mark.parametrize("key", [Key.Key_B, Key.Key_Period])
@pytest.mark.slow
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


@pytest.mark.slow
def test_escape_and_the_next_stop_lift_the_black_screen(shown: Presentation, window: MainWindow) -> None:
    for key in (Key.Key_Escape, Key.Key_PageDown):
        press(window, Key.Key_B)
        press(window, key)
        assert not shown.over.curtain.isVisible()
        assert shown.is_on


@pytest.mark.slow
def test_a_command_is_told_with_its_key(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_F10)
    assert shown.over.banner.text() == "F10   Step one sample"
    assert shown.over.banner.isVisible()


@pytest.mark.slow
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


@pytest.mark.slow
def test_escape_puts_the_pen_away_before_it_leaves(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_P)
    draw(shown)
    press(window, Key.Key_Escape)
    assert shown.is_on
    assert not shown.over.pen.is_in_hand
    assert len(shown.over.pen.strokes) == 1
    press(window, Key.Key_E)
    assert shown.over.pen.strokes == []


@pytest.mark.slow
def test_without_the_pen_the_mouse_reaches_the_panel(shown: Presentation, window: MainWindow) -> None:
    middle = window.docks.surface.panel.plot.mapTo(window, window.docks.surface.panel.plot.rect().center())
    under = window.childAt(middle)
    assert under is not None
    assert window.docks.surface.isAncestorOf(under)
    press(window, Key.Key_P)
    assert window.childAt(middle) is shown.over.pen


@pytest.mark.slow
def test_the_drawing_goes_with_the_next_step(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_P)
    draw(shown)
    stage.become(State.PAUSED)
    assert shown.over.pen.strokes
    stage.training.trainer.step()
    stage.become(State.PAUSED)
    assert shown.over.pen.strokes == []


@pytest.mark.slow
def test_the_drawing_stays_while_training_runs_on_and_pauses(
    shown: Presentation, window: MainWindow, stage: Stage
) -> None:
    stage.become(State.RUNNING)
    press(window, Key.Key_P)
    draw(shown)
    stage.train(2)
    assert len(shown.over.pen.strokes) == 1
