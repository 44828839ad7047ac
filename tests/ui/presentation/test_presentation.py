"""Presentation: beginning, end, panels, keys and what lies over the panels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QToolBar

from bpviz.session.engine.commands import Run, Step
from bpviz.session.engine.events import Failed, State
from bpviz.ui.help.help_window import HelpWindow
from bpviz.ui.help.welcome_bar import WelcomeBar
from bpviz.ui.presentation.panel_chooser import NUMBERED
from bpviz.ui.presentation.presentation import Presentation
from bpviz.ui.window.main_window import MainWindow
from tests.ui.layout_faults import layout_faults
from tests.ui.presentation.settling import settle
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

Key = Qt.Key


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


@pytest.mark.parametrize(
    ("workspace", "is_full"), [("train", False), ("step", True), ("lecture", False), ("compare", True)]
)
@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_bar_with_news_stays_away_and_a_failure_is_told(shown: Presentation, window: MainWindow) -> None:
    window.offer.show()
    assert not window.offer.isVisible()
    window.model.failed.emit(Failed("The file cannot be written."))
    assert shown.over.banner.text() == "The file cannot be written."
    assert window.notice.isVisible()


@pytest.mark.slow
def test_closing_the_window_in_a_presentation_keeps_the_layout_before(window: MainWindow) -> None:
    before = {dock.objectName() for dock in window.docks.all if not dock.isHidden()}
    press(window, Key.Key_F12)
    window.close()
    assert {dock.objectName() for dock in window.docks.all if not dock.isHidden()} == before
    assert not window.isFullScreen()


def test_keys_that_leave(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    for key in (Key.Key_Escape, Key.Key_F5, Key.Key_F12):
        assert shown.is_on
        press(window, key)
        assert not shown.is_on, key
        assert stage.commands.of(Run) == []
        window.actions_["present"].trigger()


@pytest.mark.slow
def test_f5_trains_outside_of_the_presentation(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_Escape)
    press(window, Key.Key_F5)
    assert len(stage.commands.of(Run)) == 1


@pytest.mark.slow
def test_keys_of_the_presentation_do_nothing_outside_of_it(window: MainWindow, stage: Stage) -> None:
    stage.commands.given.clear()
    for key in (Key.Key_PageDown, Key.Key_PageUp, Key.Key_B, Key.Key_Period, Key.Key_P, Key.Key_3):
        press(window, key)
    assert not window.presentation.is_on
    assert not window.presentation.over.curtain.isVisible()
    assert stage.commands.of(Step) == []


# Panels


@pytest.mark.slow
def test_the_panel_with_the_focus_is_shown(window: MainWindow) -> None:
    window.docks.network.panel.view.setFocus()
    press(window, Key.Key_F12)
    assert panels_seen(window) == ["network"]


def test_number_keys_change_the_panel(shown: Presentation, window: MainWindow) -> None:
    for number, key in enumerate(NUMBERED, start=1):
        press(window, Qt.Key(Key.Key_0 + number))
        assert panels_seen(window) == [key]
        assert shown.over.banner.text() == f"{number}   {shown.panels.title(key)}"


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_panel_that_a_command_shows_takes_the_place_of_the_present_one(
    shown: Presentation, window: MainWindow
) -> None:
    press(window, Key.Key_F4)
    assert panels_seen(window) == ["explain"]
    assert shown.panels.keys == ("explain",)


@pytest.mark.slow
def test_a_panel_that_is_hidden_leaves_the_other(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_S)
    window.docks.surface.toggleViewAction().trigger()
    assert panels_seen(window) == ["network"]
    window.docks.network.toggleViewAction().trigger()
    assert panels_seen(window) == ["network"]


@pytest.mark.slow
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


@pytest.mark.slow
def test_workspaces_wait_for_the_end(shown: Presentation, window: MainWindow) -> None:
    press(window, Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert panels_seen(window) == ["surface"]
    assert not window.actions_["train_layout"].isEnabled()
    press(window, Key.Key_Escape)
    assert window.actions_["train_layout"].isEnabled()


# Training


@pytest.mark.slow
def test_space_trains_and_pauses(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    press(window, Key.Key_Space)
    assert len(stage.commands.of(Run)) == 1
    assert shown.over.banner.text() == "Space   Run or pause"
    stage.become(State.RUNNING)
    assert shown.screen.caption is not None
    assert shown.screen.caption.heading.text() == "Training"


@pytest.mark.slow
def test_the_epoch_is_a_ninth_of_the_height(shown: Presentation, window: MainWindow, stage: Stage) -> None:
    assert shown.screen.caption is not None
    epoch = shown.screen.caption.epoch
    assert epoch.text() == "2"
    stage.train(3)
    assert epoch.text() == "5"
    assert epoch.font().pixelSize() == pytest.approx(window.height() / 9, abs=1)


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


@pytest.mark.slow
def test_marks_lines_and_greys_are_those_of_a_stage(shown: Presentation, window: MainWindow) -> None:
    on_stage = window.model.theme
    points = window.docks.surface.panel.points.train
    size = points.opts["size"]
    press(window, Key.Key_Escape)
    usual = window.model.theme
    assert on_stage.line_width >= 2 * usual.line_width
    assert on_stage.mark_size > usual.mark_size
    assert size > points.opts["size"]
    for name in ("muted", "hairline"):
        lighter = QColor(getattr(usual, name)).lightness() - QColor(getattr(on_stage, name)).lightness()
        assert lighter > 10


def test_pages_of_the_help_name_the_keys_that_the_presentation_has_taken(
    shown: Presentation, window: MainWindow
) -> None:
    for name in ("help", "shortcuts"):
        window.actions_[name].trigger()
        (help_window,) = window.findChildren(HelpWindow)
        assert help_window.isVisible()
        help_window.close()
    window.actions_["welcome"].trigger()
    (bar,) = window.findChildren(WelcomeBar)
    assert "F5" in bar.sentence.text()
