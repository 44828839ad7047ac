import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.engine.commands import (
    ChangeHyperparameters,
    CompareBranch,
    GoTo,
    Load,
    LoadBeside,
    RenameBranch,
    SetSpeed,
)
from bpviz.session.engine.events import EpochTablesReplaced, Failed
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.tool_bar import DEFAULT_SPEED, SPEEDS, ToolBar
from bpviz.ui.window.workspaces import STEP, STEP_SMALL, workspace_to_step
from tests.session.helpers import SMALL
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint, press


@pytest.fixture
def bar(main_window: MainWindow) -> ToolBar:
    return main_window.tool_bar


def choose(bar: ToolBar, name: str) -> None:
    """Choose a preset from the list."""
    bar.preset.setCurrentIndex(bar.preset.findData(name))
    bar.preset.activated.emit(bar.preset.currentIndex())


def test_the_session_gets_the_speed_at_the_start(bar: ToolBar, stage: Stage) -> None:
    assert bar.speed.currentText() == DEFAULT_SPEED
    assert stage.commands.of(SetSpeed) == [30.0]


def test_every_speed_can_be_chosen(bar: ToolBar, stage: Stage) -> None:
    stage.commands.given.clear()
    for text in SPEEDS:
        bar.speed.setCurrentText(text)
    assert stage.commands.of(SetSpeed) == list(SPEEDS.values())


def test_speeds_go_from_one_epoch_a_second_to_unlimited() -> None:
    assert (next(iter(SPEEDS.values())), SPEEDS["unlimited"]) == (1, None)


def test_every_preset_is_listed_once_with_a_tooltip(bar: ToolBar) -> None:
    items = [
        (bar.preset.itemData(n), bar.preset.itemData(n, Qt.ItemDataRole.ToolTipRole)) for n in range(bar.preset.count())
    ]
    tips = {name: tip for name, tip in items if name}
    assert sum(name is not None for name, _tip in items) == len(tips)
    assert tips == {name: load_preset(name).about for name in preset_names()}


def test_a_chosen_preset_is_loaded(bar: ToolBar, stage: Stage) -> None:
    stage.prepare(load_preset("moons").experiment)
    bar.preset.setFocus()
    press(bar.preset, Qt.Key.Key_Down)
    chosen = bar.preset.currentData()
    assert chosen != "moons"
    assert stage.commands.of(Load) == [load_preset(chosen).experiment]


def test_the_current_preset_is_shown_whatever_its_last_epoch(bar: ToolBar, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(load_preset("xor").experiment, epochs=7))
    assert bar.preset.currentData() == "xor"


def test_an_experiment_without_a_preset_is_custom(bar: ToolBar, stage: Stage) -> None:
    moons = load_preset("moons").experiment
    stage.prepare(moons)
    stage.model.change_hyperparameters(dataclasses.replace(moons, learning_rate=0.5))
    assert (bar.preset.currentIndex(), bar.preset.placeholderText()) == (-1, "custom")
    stage.model.change_hyperparameters(moons)
    assert bar.preset.currentData() == "moons"


def test_a_preset_that_cannot_be_loaded_is_deselected(bar: ToolBar, stage: Stage) -> None:
    stage.prepare(load_preset("moons").experiment)
    choose(bar, "xor")
    stage.tell(Failed("There is no room for it."))
    assert bar.preset.currentData() == "moons"


# Presets with two networks


def test_a_preset_with_two_networks_loads_both_and_names_them(bar: ToolBar, stage: Stage) -> None:
    stage.commands.given.clear()
    choose(bar, "sigmoid-relu")
    preset = load_preset("sigmoid-relu")
    assert preset.against
    assert stage.commands.given == [
        Load(preset.experiment),
        LoadBeside(preset.against[1], "relu"),
        RenameBranch(0, "sigmoid"),
    ]


def test_a_preset_with_two_networks_switches_to_the_compare_workspace(bar: ToolBar, main_window: MainWindow) -> None:
    choose(bar, "learning-rates")
    main_window.model.paint_queue.finish()
    assert {panel.objectName() for panel in main_window.docks.all if panel.is_seen} == {
        *("comparison", "curves", "deltas", "branches")
    }


def test_the_compare_workspace_compares_with_the_branch_that_was_forked(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    main = stage.tell_timeline().branches[0]
    stage.tell_timeline(main, dataclasses.replace(main, number=3, parent=0), active=3)
    main_window.actions_["compare_layout"].trigger()
    assert stage.commands.of(CompareBranch) == [0]


def test_a_preset_with_one_network_after_one_with_two_goes_back_to_the_train_workspace(
    bar: ToolBar, main_window: MainWindow, stage: Stage
) -> None:
    choose(bar, "learning-rates")
    stage.tell(EpochTablesReplaced(EpochTable(), EpochTable()))
    choose(bar, "moons")
    main_window.model.paint_queue.finish()
    assert main_window.docks.network.is_seen
    assert not main_window.docks.comparison.is_seen


def test_a_preset_with_two_networks_disables_breakpoints_even_if_the_first_is_the_present_one(
    bar: ToolBar, stage: Stage
) -> None:
    stage.prepare(load_preset("moons").experiment)
    stage.model.debugger.set_breakpoints((READY_MADE["misclassified sample"],))
    choose(bar, "sigmoid-relu")
    assert [each.enabled for each in stage.model.debugger.breakpoints] == [False]


def test_mazurs_example_opens_before_its_first_operation_with_all_numbers_in_the_network(
    bar: ToolBar, main_window: MainWindow, stage: Stage
) -> None:
    choose(bar, "mazur")
    experiment = load_preset("mazur").experiment
    assert stage.commands.given[-2:] == [Load(experiment), GoTo(Position())]
    stage.prepare(experiment)
    stage.show_update(0)
    main_window.model.paint_queue.finish()
    assert main_window.step_bar.isVisible()
    lay_out_and_paint(main_window)
    network = main_window.docks.network.panel
    stage.frame()
    lay_out_and_paint(main_window)
    assert network.width() > main_window.width() / 2
    labels = network.view.labels.labels
    assert labels is not None
    assert len(labels.places) == 8
    stage.prepare(SMALL)
    bar.preset.setCurrentIndex(-1)
    main_window.actions_["train_layout"].trigger()
    stage.prepare(experiment)
    assert not main_window.step_bar.isVisible()


@pytest.mark.parametrize(("sizes", "is_small"), [((2, 2, 2), True), ((2, 4, 2), True), ((2, 25, 50, 25, 2), False)])
def test_the_step_workspace_gives_the_room_to_a_network_with_numbers(sizes: tuple[int, ...], is_small: bool) -> None:
    assert workspace_to_step(sizes) is (STEP_SMALL if is_small else STEP)


def test_a_preset_with_two_networks_stays_selected_for_both_branches(bar: ToolBar, stage: Stage) -> None:
    choose(bar, "sigmoid-relu")
    preset = load_preset("sigmoid-relu")
    assert preset.against
    for experiment in (preset.experiment, preset.against[1], preset.experiment):
        stage.prepare(experiment)
        assert bar.preset.currentData() == "sigmoid-relu"
    stage.prepare(SMALL)
    assert bar.preset.currentIndex() == -1


def test_stop_after_sets_the_last_epoch(bar: ToolBar, stage: Stage) -> None:
    stage.prepare()
    bar.stop_after.selectAll()
    QTest.keyClicks(bar.stop_after, "250")
    assert stage.commands.of(ChangeHyperparameters) == []  # not during typing of 2 and 25
    press(bar.stop_after, Qt.Key.Key_Return)
    assert stage.commands.of(ChangeHyperparameters) == [dataclasses.replace(SMALL, epochs=250)]


def test_stop_after_follows_the_experiment_without_a_command(bar: ToolBar, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, epochs=10_000_000))
    assert bar.stop_after.value() == 10_000_000
    assert stage.commands.of(ChangeHyperparameters) == []


def test_the_epoch_is_shown_in_large_digits(bar: ToolBar, stage: Stage) -> None:
    stage.prepare()
    assert bar.epoch.text() == "0"
    stage.train(1200)
    assert bar.epoch.text() == "1,200"
    stage.prepare()
    assert bar.epoch.text() == "0"


@pytest.mark.parametrize(("width", "has_text"), [(1280, False), (2400, True)])
def test_the_step_bar_names_its_buttons_where_there_is_room(
    main_window: MainWindow, width: int, has_text: bool
) -> None:
    main_window.actions_["step_layout"].trigger()
    main_window.resize(width, 800)
    lay_out_and_paint(main_window)
    buttons = [button for button in main_window.step_bar.findChildren(QToolButton) if button.isVisible()]
    finish = main_window.step_bar.widgetForAction(main_window.actions_["finish_sample"])
    assert isinstance(finish, QToolButton)
    assert (finish.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon) is has_text
    names = [button.text() for button in buttons if button.text()]
    assert len(names) == len(set(names))
