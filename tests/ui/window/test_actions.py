"""All actions: shortcut, menu, texts and effect."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QTabBar,
    QWidget,
)

from bpviz.session.engine.commands import (
    ApplySample,
    Command,
    Fork,
    GoLive,
    GoTo,
    InspectSample,
    Load,
    Pause,
    Redo,
    RequestFrame,
    Reset,
    Run,
    RunBack,
    SetSpeed,
    Step,
    Undo,
)
from bpviz.session.engine.events import State, Status
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice
from bpviz.ui.files.recovery_dialog import RecoveryDialog
from bpviz.ui.help.command_palette import CommandPalette
from bpviz.ui.help.help_window import HelpWindow
from bpviz.ui.help.welcome_bar import WelcomeBar
from bpviz.ui.offscreen.making_dialog import MakingDialog as Making
from bpviz.ui.own_data.data_dialog import DataDialog
from bpviz.ui.style.theme import BASE_POINTS
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.window.about import About
from bpviz.ui.window.actions import ACTIONS, MENUS, PIXELS
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.workspaces import COMPARE, LECTURE, STEP, TRAIN, Workspace
from tests.session.leftovers import leave_over
from tests.ui.lessons.effects import LEARNED
from tests.ui.presentation.effects import PRESENTED
from tests.ui.stage import Stage


def panels_on_screen(window: MainWindow) -> set[str]:
    """Return the panels that are visible or behind a tab."""
    return {panel.objectName() for panel in window.docks.all if panel.toggleViewAction().isChecked()}


def panels_of(workspace: Workspace) -> set[str]:
    return {key for column in workspace.columns for cell in column for key in cell}


def stops_playing(window: MainWindow) -> bool:
    was_playing = window.slow_motion.is_playing
    window.slow_motion.stop()
    return was_playing and not window.actions_["slow_motion"].isChecked()


def plays(window: MainWindow) -> int:
    direction = window.player.direction
    checked = [window.actions_[name].isChecked() for name in ("play_past", "play_past_back")]
    assert checked == [direction > 0, direction < 0]
    window.player.stop()
    return direction


def commands_given(stage: Stage) -> list[Command]:
    return [command for command in stage.commands.given if not isinstance(command, RequestFrame | SetSpeed)]


def font_points() -> float:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app.font().pointSizeF()


def dialog_is_open(window: MainWindow, kind: type[QWidget]) -> bool:
    shown = [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
    for dialog in shown:
        dialog.close()
    return len(shown) == 1


def answers_a_paste(window: MainWindow) -> bool:
    """Return whether a dialog shows the table in the clipboard, or a notice says that there is none."""
    return dialog_is_open(window, DataDialog) or window.notice.isVisible()


def help_shows(window: MainWindow, page: str) -> bool:
    (shown,) = window.findChildren(HelpWindow)
    return shown.current_page() == page and dialog_is_open(window, HelpWindow)


def has_pixels(name: str, stage: Stage, window: MainWindow) -> bool:
    return [each for each in PIXELS if window.actions_[each].isChecked()] == [name]


def closes_palette(window: MainWindow) -> bool:
    (palette,) = window.findChildren(CommandPalette)
    was_open = palette.isVisible()
    palette.close()
    return was_open


EFFECTS: dict[str, Callable[[Stage, MainWindow], bool]] = {
    "run": lambda stage, window: commands_given(stage) == [Run()],
    "pause": lambda stage, window: commands_given(stage) == [Pause()],
    "run_back": lambda stage, window: commands_given(stage) == [RunBack()],
    "step": lambda stage, window: stage.commands.of(Step) == [("sample", 1)],
    "step_back": lambda stage, window: stage.commands.of(Step) == [("sample", -1)],
    "finish_sample": lambda stage, window: stage.commands.of(Step) == [("sample", 1)],
    "start_sample": lambda stage, window: stage.commands.of(Step) == [("sample", -1)],
    "step_into": lambda stage, window: stage.commands.of(Step) == [("operation", 1)],
    "back_out": lambda stage, window: stage.commands.of(Step) == [("operation", -1)],
    "step_by": lambda stage, window: stage.commands.of(Step) == [("phase", 7)],
    "back_by": lambda stage, window: stage.commands.of(Step) == [("phase", -7)],
    "slow_motion": lambda stage, window: stage.commands.of(Step) == [("operation", 1)] and stops_playing(window),
    "step_chosen": lambda stage, window: stage.commands.given[-1] == ApplySample(3),
    "inspect": lambda stage, window: stage.commands.given[-1] == InspectSample(3),
    "inspect_worst": lambda stage, window: stage.commands.given[-1] == InspectSample(SampleChoice.WORST),
    "inspect_random": lambda stage, window: stage.commands.given[-1] == InspectSample(SampleChoice.RANDOM),
    "inspect_wrong": lambda stage, window: stage.commands.given[-1] == InspectSample(SampleChoice.MISCLASSIFIED),
    "enter_sample": lambda stage, window: window.step_bar.sample.hasFocus(),
    "find_bug": lambda stage, window: "find_bug" in panels_on_screen(window),
    "lessons": lambda stage, window: "lesson" in panels_on_screen(window),
    "lesson_open": lambda stage, window: dialog_is_open(window, QFileDialog),
    "lesson_save": lambda stage, window: dialog_is_open(window, QFileDialog),
    "lesson_return": lambda stage, window: stage.commands.of(Load) != [],
    "explain": lambda stage, window: window.docks.explain.isAncestorOf(window.focusWidget()),
    "breakpoint": lambda stage, window: window.docks.breakpoints.isAncestorOf(window.focusWidget()),
    "undo": lambda stage, window: commands_given(stage) == [Undo()],
    "redo": lambda stage, window: commands_given(stage) == [Redo()],
    "fork": lambda stage, window: commands_given(stage) == [Fork()],
    "bookmark": lambda stage, window: window.bookmarking.editor.line.hasFocus(),
    "next_bookmark": lambda stage, window: stage.commands.of(GoTo) == [Position(2)],
    "previous_bookmark": lambda stage, window: stage.commands.of(GoTo) == [Position(0)],
    "to_start": lambda stage, window: stage.commands.of(GoTo) == [Position(0)],
    "go_live": lambda stage, window: commands_given(stage) == [GoLive()],
    "enter_epoch": lambda stage, window: window.epoch_entry.line.hasFocus(),
    "play_past": lambda stage, window: plays(window) == 1,
    "play_past_back": lambda stage, window: plays(window) == -1,
    "open": lambda stage, window: dialog_is_open(window, QFileDialog),
    "open_network": lambda stage, window: dialog_is_open(window, QFileDialog),
    "open_data": lambda stage, window: dialog_is_open(window, QFileDialog),
    "paste_data": lambda stage, window: answers_a_paste(window),
    "export_weights": lambda stage, window: dialog_is_open(window, QFileDialog),
    "export_figure": lambda stage, window: dialog_is_open(window, QFileDialog),
    "export_program": lambda stage, window: dialog_is_open(window, QFileDialog),
    "export_torch_program": lambda stage, window: dialog_is_open(window, QFileDialog),
    "recover": lambda stage, window: dialog_is_open(window, RecoveryDialog),
    "save_session": lambda stage, window: dialog_is_open(window, QFileDialog),
    "save_session_as": lambda stage, window: dialog_is_open(window, QFileDialog),
    "save_experiment": lambda stage, window: dialog_is_open(window, QFileDialog),
    "reset": lambda stage, window: commands_given(stage) == [Reset()],
    "export_history": lambda stage, window: dialog_is_open(window, QFileDialog),
    "export_panel": lambda stage, window: dialog_is_open(window, QFileDialog),
    "draw": lambda stage, window: window.docks.surface.panel.draw.isChecked(),
    "copy_picture": lambda stage, window: not QApplication.clipboard().image().isNull(),
    "copy_window_picture": lambda stage, window: not QApplication.clipboard().image().isNull(),
    "pictures_white": lambda stage, window: window.actions_["pictures_white"].isChecked(),
    **{name: partial(has_pixels, name) for name in PIXELS},
    "copy_numbers": lambda stage, window: "shows no numbers" in window.notice.sentence.text(),
    "copy_latex": lambda stage, window: window.notice.sentence.text().startswith("There is no operation"),
    "copy_update_latex": lambda stage, window: window.notice.sentence.text().startswith("There is no operation"),
    "copy_tikz": lambda stage, window: window.notice.sentence.text().startswith("There is no network to draw"),
    "save_tikz": lambda stage, window: window.notice.sentence.text().startswith("There is no network to draw"),
    "copy_command": lambda stage, window: QApplication.clipboard().text().startswith("bpviz --preset "),
    "copy_text": lambda stage, window: QApplication.clipboard().text().startswith("bpviz experiment\n"),
    "paste_experiment": lambda stage, window: len(stage.commands.of(Load)) == 1,
    **dict.fromkeys(("film", "handout"), lambda stage, window: dialog_is_open(window, Making)),
    "save_numbers": lambda stage, window: "shows no numbers" in window.notice.sentence.text(),
    "export_picture": lambda stage, window: dialog_is_open(window, QFileDialog),
    "quit": lambda stage, window: not window.isVisible(),
    "train_layout": lambda stage, window: panels_on_screen(window) == panels_of(TRAIN),
    "step_layout": lambda stage, window: panels_on_screen(window) == panels_of(STEP),
    "lecture_layout": lambda stage, window: panels_on_screen(window) == panels_of(LECTURE),
    "compare_layout": lambda stage, window: panels_on_screen(window) == panels_of(COMPARE),
    "theme": lambda stage, window: stage.model.theme.is_dark,
    "theme_system": lambda stage, window: not window.actions_["theme_system"].isChecked(),
    "larger": lambda stage, window: font_points() > BASE_POINTS,
    "smaller": lambda stage, window: font_points() < BASE_POINTS,
    "fill": lambda stage, window: sum(not dock.isHidden() for dock in window.docks.all) == 1,
    "full_screen": lambda stage, window: window.isFullScreen(),
    "select_nothing": lambda stage, window: stage.model.selection == Selection(),
    **PRESENTED,
    **LEARNED,
    "help": lambda stage, window: help_shows(window, "start"),
    "help_panel": lambda stage, window: help_shows(window, "start"),
    "shortcuts": lambda stage, window: help_shows(window, "shortcuts"),
    "conventions": lambda stage, window: help_shows(window, "conventions"),
    "palette": lambda stage, window: closes_palette(window),
    "welcome": lambda stage, window: [bar.isVisible() for bar in window.findChildren(WelcomeBar)] == [True],
    "about": lambda stage, window: dialog_is_open(window, About),
}


#: Actions that only give a command to the session, and leave the window unchanged.
ASKING = (
    *("run", "run_back", "step", "step_back", "finish_sample", "start_sample", "step_into", "back_out", "step_by"),
    *("back_by", "step_chosen", "inspect", "inspect_worst", "inspect_random", "inspect_wrong", "undo", "redo", "fork"),
    *("next_bookmark", "previous_bookmark", "to_start", "go_live", "reset", "pause"),
)


@pytest.fixture
def ready(main_window: MainWindow, stage: Stage, tmp_path: Path) -> MainWindow:
    """A window in which every action is enabled: in the past, with a selected sample and a leftover session."""
    leave_over(tmp_path / "autosave", "epoch 7", 1000.0)
    assert main_window.recovery_offer is not None
    main_window.recovery_offer.refresh()
    stage.prepare()
    stage.train(2)
    stage.tell(dataclasses.replace(stage.tell_timeline(), undo="learning rate 0.1", redo="learning rate 1"))
    stage.model.time.set_bookmarks((Bookmark(Position(0), "plateau"), Bookmark(Position(2), "breakthrough")))
    stage.tell(Status(State.PAUSED, Position(1), is_live=False, furthest=Position(2)))
    stage.model.select(sample=3)
    main_window.docks.lesson.panel.begin_shipped("chain-rule")
    return main_window


def triggers_its_action(window: MainWindow, stage: Stage, name: str) -> bool:
    """Press an action's shortcut, or trigger it if it has none, and return whether it has its effect."""
    window.step_bar.level.setCurrentText("phase")
    window.step_bar.count.setValue(7)
    stage.commands.given.clear()
    window.activateWindow()
    if ACTIONS[name].keys:
        QTest.keySequence(window, window.actions_[name].shortcut())
    else:
        window.actions_[name].trigger()
    return EFFECTS[name](stage, window)


def groups_of_actions() -> list[tuple[str, ...]]:
    """Return the actions of each menu, but those of View alone, since they change each other's effects."""
    menus = [tuple(name for name in names if name and name not in ASKING) for names in MENUS.values()]
    view = tuple(name for name in MENUS["&View"] if name)
    return [*((name,) for name in view), *(names for names in menus if names and names != view)]


@pytest.mark.slow
@pytest.mark.parametrize("names", groups_of_actions(), ids=lambda names: names[0])
def test_every_action_has_its_effect(ready: MainWindow, stage: Stage, names: tuple[str, ...]) -> None:
    here = stage.model.status
    for name in names:
        assert triggers_its_action(ready, stage, name), name
        stage.tell(here)


def test_every_action_is_in_a_menu() -> None:
    assert {name for menu in MENUS.values() for name in menu if name} == set(ACTIONS)


def test_every_shortcut_of_a_session_command_gives_it(ready: MainWindow, stage: Stage) -> None:
    here = stage.model.status
    for name in ASKING:
        if name == "pause":
            stage.become(State.RUNNING)
        assert triggers_its_action(ready, stage, name), name
        stage.tell(here)  # ends a move


def test_no_two_actions_share_a_shortcut(main_window: MainWindow) -> None:
    keys = Counter(key.toString() for action in main_window.findChildren(QAction) for key in action.shortcuts())
    assert [key for key, count in keys.items() if count > 1] == []
    assert set(keys) == {info.keys for info in ACTIONS.values() if info.keys}


def test_every_shortcut_can_be_typed() -> None:
    for command in ACTIONS.values():
        assert QKeySequence(command.keys).toString() == command.keys


def test_every_action_is_in_one_menu() -> None:
    listed = [name for names in MENUS.values() for name in names if name]
    assert sorted(listed) == sorted(ACTIONS)


def test_every_panel_can_be_hidden_and_shown_from_the_view_menu(main_window: MainWindow) -> None:
    view = main_window.findChild(QMenu, "panels")
    assert isinstance(view, QMenu)
    for panel in main_window.docks.all:
        toggle = panel.toggleViewAction()
        assert toggle in view.actions()
        was_shown = panel.isVisible()
        toggle.trigger()
        assert panel.isVisible() is not was_shown
        toggle.trigger()
        assert panel.isVisible() is was_shown


def test_a_panel_behind_a_tab_is_raised_from_the_menu(main_window: MainWindow) -> None:
    main_window.actions_["step_layout"].trigger()
    toggle = main_window.docks.watch.toggleViewAction()
    assert main_window.docks.watch.visibleRegion().isEmpty()
    for _ in range(2):
        toggle.trigger()
    QCoreApplication.sendPostedEvents()
    assert not main_window.docks.watch.visibleRegion().isEmpty()


@pytest.mark.parametrize("layout", ["step_layout", "lecture_layout"])
def test_a_panel_outside_the_workspace_can_be_shown(main_window: MainWindow, layout: str) -> None:
    main_window.actions_[layout].trigger()
    there = [panel for panel in main_window.docks.all if not panel.visibleRegion().isEmpty()]
    (hidden, *_) = [panel for panel in main_window.docks.all if not panel.isVisible()]
    hidden.toggleViewAction().trigger()
    QCoreApplication.sendPostedEvents()
    assert hidden.isVisible()
    assert not any(hidden.geometry().intersects(panel.geometry()) for panel in there)


def test_workspaces_can_follow_each_other_in_any_order(main_window: MainWindow) -> None:
    for name in ("step", "lecture", "train", "lecture", "step", "train"):
        main_window.actions_[f"{name}_layout"].trigger()
        QCoreApplication.sendPostedEvents()
        shown = [panel.geometry() for panel in main_window.docks.all if not panel.visibleRegion().isEmpty()]
        assert not any(one.intersects(other) for one, other in combinations(shown, 2))


def test_no_two_entries_of_a_menu_share_a_mnemonic(main_window: MainWindow) -> None:
    for menu in (*main_window.menuBar().findChildren(QMenu), main_window.menuBar()):
        letters = [QKeySequence.mnemonic(action.text()).toString() for action in menu.actions()]
        given = [letter for letter in letters if letter]
        assert len(given) == len(set(given)), f"{menu.objectName()}: {given}"


def test_every_action_has_a_tooltip_with_its_shortcut(main_window: MainWindow) -> None:
    for name, command in ACTIONS.items():
        tip = main_window.actions_[name].toolTip()
        assert command.tip in tip
        assert command.keys in tip
        assert len(command.tip.split()) >= 3


def test_every_control_of_the_window_has_a_tooltip(main_window: MainWindow) -> None:
    controls = [
        control
        for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
        for control in main_window.findChildren(kind)
        # Internal widgets of Qt's own controls.
        if not control.objectName().startswith("qt_") and not isinstance(control.parent(), QTabBar)
    ]
    assert len(controls) > 30
    assert [control for control in controls if not control.toolTip()] == []


def test_actions_that_need_a_network_are_disabled_without_one(main_window: MainWindow, stage: Stage) -> None:
    names = ("run", "step", "step_chosen", "reset")
    assert not any(main_window.actions_[name].isEnabled() for name in names)
    stage.prepare()
    assert [main_window.actions_[name].isEnabled() for name in names] == [True, True, False, True]
    stage.model.select(sample=0)
    assert main_window.actions_["step_chosen"].isEnabled()


def test_pause_replaces_run_during_training(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    for state, runs in ((State.RUNNING, True), (State.PAUSED, False), (State.FINISHED, False)):
        stage.become(state)
        assert main_window.actions_["pause"].isVisible() is runs
        assert main_window.actions_["run"].isVisible() is not runs


def test_icons_follow_the_theme(main_window: MainWindow) -> None:
    before = main_window.actions_["run"].icon().pixmap(24, 24).toImage()
    main_window.actions_["theme"].trigger()
    assert main_window.actions_["run"].icon().pixmap(24, 24).toImage() != before


def test_about_has_versions_and_licences(main_window: MainWindow) -> None:
    main_window.actions_["about"].trigger()
    (about,) = main_window.findChildren(About)
    text = " ".join(child.text() for child in about.findChildren(type(main_window.notice.sentence)))
    for word in ("bpviz", "Python", "Qt", "numpy", "pyqtgraph", "MIT", "Lucide", "Inter"):
        assert word in text
    assert about.windowModality() is Qt.WindowModality.NonModal
    about.close()
