from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QToolButton

from bpviz.session.engine.commands import SetTrainOn, ShowBranch
from bpviz.session.engine.events import EpochsDone, State, Status
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.position import Position
from bpviz.ui.timeline.timeline_bar import TimelineBar
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.helpers import epoch_record
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press


@pytest.fixture
def bar(bare_window: MainWindow, stage: Stage) -> TimelineBar:
    stage.prepare()
    stage.train(5)
    stage.tell_timeline()
    return bare_window.timeline


def look_back(stage: Stage, epoch: int = 2, *, trains_on: bool = False, live: int = 5) -> None:
    end = Position(live)
    stage.tell(Status(State.PAUSED, Position(epoch), is_live=False, furthest=end, trains_on=trains_on))


def branches(stage: Stage, count: int = 3) -> tuple[BranchInfo, ...]:
    main = BranchInfo(0, "main", stage.training.experiment, None, Position(), (), Position(5), None)
    change = ((Position(2), "learning rate 1"),)
    others = [
        dataclasses.replace(main, number=number, name=name, parent=0, forked_at=Position(2), interventions=change)
        for number, name in ((4, "ten times the rate & more"), (7, "relu"), (8, "fourth"))
    ]
    return (main, *others)[:count]


def test_it_is_at_the_bottom_and_cannot_be_moved(bare_window: MainWindow, bar: TimelineBar) -> None:
    assert bare_window.toolBarArea(bar) is Qt.ToolBarArea.BottomToolBarArea
    assert not bar.isMovable()
    assert bar.objectName() == "timeline"
    assert bar.height() <= 62


def test_the_badge_says_live_or_past(bar: TimelineBar, stage: Stage) -> None:
    assert bar.badge.text() == "live: epoch 5, latest"
    look_back(stage)
    assert bar.badge.text() == "past: epoch 2 of 5, training paused"
    look_back(stage, trains_on=True, live=612)
    assert bar.badge.text() == "past: epoch 2, training continues at epoch 612"
    stage.tell(EpochsDone((epoch_record(5),), 30.0))
    assert bar.badge.accessibleName() == bar.badge.text()


def test_the_badge_says_when_training_is_on_the_way_through_the_past(bar: TimelineBar, stage: Stage) -> None:
    stage.tell(Status(State.RUNNING, Position(2), is_live=False, furthest=Position(5)))
    assert bar.badge.text() == "past: epoch 2 of 5, on the way"


def test_the_badge_is_empty_without_a_network(bare_window: MainWindow) -> None:
    assert bare_window.timeline.badge.text() == ""
    bare_window.timeline.badge.grab()


def test_the_badge_never_changes_the_layout(bar: TimelineBar, stage: Stage) -> None:
    before = bar.badge.sizeHint(), bar.badge.minimumSizeHint()
    look_back(stage, trains_on=True, live=10_000)
    assert (bar.badge.sizeHint(), bar.badge.minimumSizeHint()) == before


def test_the_badge_looks_different_in_the_past(bar: TimelineBar, stage: Stage) -> None:
    live = bar.badge.grab().toImage()
    look_back(stage)
    past = bar.badge.grab().toImage()
    assert live.pixelColor(4, 12) != past.pixelColor(4, 12)


def test_train_on_is_sent_and_saved(bare_window: MainWindow, bar: TimelineBar, stage: Stage) -> None:
    click(bar.train_on)
    assert stage.commands.of(SetTrainOn) == [True]
    settings = Settings(QSettings())
    settings.save_choices(bare_window)
    bar.train_on.setChecked(False)
    settings.restore_choices(bare_window)
    assert bar.train_on.isChecked()


def test_a_single_branch_has_no_button(bar: TimelineBar) -> None:
    assert bar.chips.chips == []


def test_each_branch_has_a_button_and_the_active_one_is_checked(bar: TimelineBar, stage: Stage) -> None:
    stage.tell_timeline(*branches(stage), active=4, compared=7)
    assert [chip.isChecked() for chip in bar.chips.chips] == [False, True, False]
    tip = bar.chips.chips[1].toolTip()
    assert "ten times the rate & more" in tip
    assert "forked from main at epoch 2" in tip
    assert "learning rate 1" in tip
    assert "compared" in bar.chips.chips[2].toolTip()


def test_a_click_on_a_branch_requests_it_and_waits_for_it(bar: TimelineBar, stage: Stage) -> None:
    stage.tell_timeline(*branches(stage))
    click(bar.chips.chips[2])
    assert stage.commands.of(ShowBranch) == [7]
    assert [chip.isChecked() for chip in bar.chips.chips] == [True, False, False]
    stage.tell_timeline(*branches(stage), active=7)
    assert [chip.isChecked() for chip in bar.chips.chips] == [False, False, True]


def test_the_button_of_a_deleted_branch_is_removed(bar: TimelineBar, stage: Stage) -> None:
    stage.tell_timeline(*branches(stage))
    stage.tell_timeline(*branches(stage, 2))
    assert [chip.number for chip in bar.chips.chips] == [0, 4]
    stage.tell_timeline(*branches(stage, 1))
    assert bar.chips.chips == []


def test_buttons_of_four_branches_fit(bare_window: MainWindow, bar: TimelineBar, stage: Stage) -> None:
    bare_window.resize(1280, 720)
    stage.tell_timeline(*branches(stage, 4))
    for _ in range(2):
        lay_out_and_paint(bare_window)
    assert all(chip.width() >= chip.sizeHint().width() for chip in bar.chips.chips)
    assert bar.track.width() > 400
    hidden = [button for button in bar.findChildren(QToolButton) if button.objectName() == "qt_toolbar_ext_button"]
    assert not any(button.isVisible() for button in hidden)


def test_the_speed_is_that_of_the_player(bare_window: MainWindow, bar: TimelineBar) -> None:
    bar.speed.setCurrentText("480 epochs/s")
    assert bare_window.player._rate == 480


def test_a_drag_of_the_handle_stops_playback(bare_window: MainWindow, bar: TimelineBar, stage: Stage) -> None:
    look_back(stage)
    bare_window.actions_["play_past"].trigger()
    assert bare_window.player.direction == 1
    press(bar.track, Qt.Key.Key_Home)
    assert bare_window.player.direction == 0
    assert not bare_window.actions_["play_past"].isChecked()


def test_a_step_stops_playback(bare_window: MainWindow, bar: TimelineBar, stage: Stage) -> None:
    look_back(stage)
    bare_window.actions_["play_past_back"].trigger()
    bare_window.actions_["step_into"].trigger()
    assert bare_window.player.direction == 0


def test_undo_and_redo_name_the_change(bare_window: MainWindow, bar: TimelineBar, stage: Stage) -> None:
    undo, redo = bare_window.actions_["undo"], bare_window.actions_["redo"]
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)
    stage.tell(dataclasses.replace(stage.tell_timeline(), undo="learning rate 0.1"))
    assert undo.text() == "&Undo learning rate 0.1"
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    stage.tell_timeline()
    assert undo.text() == "&Undo"


def test_time_travel_actions_are_enabled_only_where_they_have_an_effect(
    bare_window: MainWindow, bar: TimelineBar, stage: Stage
) -> None:
    def given() -> list[str]:
        names = ("fork", "to_start", "play_past_back", "play_past", "go_live")
        return [name for name in names if bare_window.actions_[name].isEnabled()]

    assert given() == ["fork", "to_start", "play_past_back", "play_past"]
    look_back(stage, 0)
    assert given() == ["fork", "play_past", "go_live"]
    stage.tell_timeline(*branches(stage, 4))
    assert given() == ["play_past", "go_live"]
    stage.become(State.RUNNING)
    assert given() == ["to_start"]
    stage.prepare()
    assert given() == []
