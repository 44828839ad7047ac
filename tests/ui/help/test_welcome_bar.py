"""The welcome: its steps, and when it is shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from bpviz.session.engine.commands import Run
from bpviz.session.engine.events import State
from bpviz.ui.help.welcome_bar import WelcomeBar
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.helpers import SMALL
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press


@pytest.fixture
def bar(main_window: MainWindow, stage: Stage) -> WelcomeBar:
    """The welcome of a window that stands ready, as Help shows it again."""
    stage.prepare()
    main_window.actions_["welcome"].trigger()
    return welcome_of(main_window)


def welcome_of(window: MainWindow) -> WelcomeBar:
    (found,) = window.findChildren(WelcomeBar)
    return found


def buttons(bar: WelcomeBar) -> list[QToolButton]:
    QCoreApplication.sendPostedEvents()
    seen = [each for each in bar.findChildren(QToolButton) if each.isVisible()]
    named = [each for each in seen if not each.objectName().startswith("qt_")]
    return sorted(named, key=lambda each: each.x())


def offered(bar: WelcomeBar) -> list[str]:
    return [each.text().replace("&", "") for each in buttons(bar)]


def close_button(bar: WelcomeBar) -> QToolButton:
    return buttons(bar)[-1]


# Steps


def test_the_steps_are_gone_through_by_keyboard(bar: WelcomeBar) -> None:
    assert bar.next.hasFocus()
    steps = [bar.sentence.text()]
    for _ in range(5):
        press(bar.next, Qt.Key.Key_Space)
        steps.append(bar.sentence.text())
    assert len(dict.fromkeys(steps)) == 3
    assert not bar.next.isEnabled()
    for _ in range(2):
        press(bar.back, Qt.Key.Key_Space)
    assert bar.sentence.text() == steps[0]
    assert not bar.back.isEnabled()


def test_each_step_offers_what_it_speaks_of(bar: WelcomeBar) -> None:
    assert offered(bar) == ["Run", "Back", "Next", "Close"]
    bar.next.click()
    assert offered(bar) == ["Step sample", "Operation", "Back", "Next", "Close"]
    bar.next.click()
    assert offered(bar) == ["Help", "Command palette…", "Back", "Next", "Close"]


def test_a_button_does_what_its_action_does(bar: WelcomeBar, stage: Stage) -> None:
    stage.commands.given.clear()
    click(buttons(bar)[0])
    assert Run() in stage.commands.given
    stage.become(State.RUNNING)
    assert offered(bar)[0] == "Pause"


def test_close_hides_the_bar_and_help_shows_it_again_from_its_first_step(
    bar: WelcomeBar, main_window: MainWindow
) -> None:
    first = bar.sentence.text()
    bar.next.click()
    click(close_button(bar))
    assert not bar.isVisible()
    main_window.actions_["welcome"].trigger()
    assert bar.isVisible()
    assert bar.sentence.text() == first


def test_it_gives_way_to_lessons(bar: WelcomeBar, main_window: MainWindow) -> None:
    main_window.actions_["lessons"].trigger()
    assert not bar.isVisible()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1024, 1440])
@pytest.mark.parametrize("times_larger", [0, 5])
def test_every_text_has_room_and_takes_no_more(
    bar: WelcomeBar, main_window: MainWindow, width: int, times_larger: int
) -> None:
    main_window.resize(width, 768)
    for _ in range(times_larger):
        main_window.actions_["larger"].trigger()
    for _ in range(3):
        for _ in range(3):
            lay_out_and_paint(main_window)
        needed = bar.sentence.heightForWidth(bar.sentence.width())
        assert needed <= bar.sentence.height() <= max(needed, bar.next.height()) + 2
        assert all(bar.rect().contains(each.geometry()) for each in buttons(bar))
        bar.next.click()


# When it is shown


def test_a_window_has_no_welcome_unless_asked(main_window: MainWindow) -> None:
    assert main_window.findChildren(WelcomeBar) == []


def test_a_user_is_welcomed_once(qtbot: QtBot) -> None:
    seen = []
    for _ in range(2):
        stage = Stage(SMALL)
        window = MainWindow(stage.model, Settings(QSettings()), preset="moons")
        stage.model.setParent(window)
        qtbot.addWidget(window)
        window.help.welcome_once(Settings(QSettings()))
        window.show()
        seen.append([bar.isVisible() for bar in window.findChildren(WelcomeBar)])
        focused = window.focusWidget()
        assert not any(bar.isAncestorOf(focused) for bar in window.findChildren(WelcomeBar) if focused)
        window.close()
    assert seen == [[True], []]


def test_a_layout_saved_with_the_welcome_is_restored_without_it(qtbot: QtBot) -> None:
    shown = []
    for layout in ("lecture_layout", None):
        stage = Stage(SMALL)
        window = MainWindow(stage.model, Settings(QSettings()), preset="moons")
        stage.model.setParent(window)
        qtbot.addWidget(window)
        if layout:
            window.actions_[layout].trigger()
            window.actions_["welcome"].trigger()
        window.show()
        shown.append([dock.objectName() for dock in window.docks.all if dock.isVisible()])
        window.close()
    assert shown[0] == shown[1]
    assert len(shown[1]) == 4
