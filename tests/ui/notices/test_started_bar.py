"""The line that offers to train a new branch beside the one it came from."""

import dataclasses

import pytest

from bpviz.session.engine.commands import CompareBranch, Run
from bpviz.session.engine.events import State
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.position import Position
from bpviz.ui.notices.started_bar import StartedBar
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.stage import Stage
from tests.ui.user_input import click

AT = Position(3)
MAIN = BranchInfo(0, "main", SMALL, None, Position(), (), Position(9), None)
CHANGED = BranchInfo(1, "faster", SMALL, 0, AT, ((AT, "learning rate 1"),), AT, None)


@pytest.fixture
def bar(main_window: MainWindow, stage: Stage) -> StartedBar:
    stage.prepare()
    stage.tell_timeline(MAIN)
    return main_window.notices.started


def test_a_branch_that_a_change_in_the_past_starts_can_be_trained_beside_its_parent(
    bar: StartedBar, stage: Stage
) -> None:
    stage.tell_timeline(MAIN, CHANGED, active=1)
    assert bar.isVisible()
    assert "“main” stays as it was" in bar.sentence.text()
    stage.commands.given.clear()
    click(bar.both)
    assert stage.commands.of(CompareBranch) == [0]
    assert stage.commands.given[-1] == Run()
    stage.tell_timeline(MAIN, CHANGED, active=1, compared=0)
    assert not bar.isVisible()


@pytest.mark.parametrize(
    "branch",
    [
        dataclasses.replace(CHANGED, interventions=()),
        dataclasses.replace(CHANGED, furthest=Position(4)),
        dataclasses.replace(CHANGED, parent=None),
    ],
    ids=["a fork without a change", "one that was trained", "one without a parent"],
)
def test_other_branches_are_not_spoken_of(bar: StartedBar, stage: Stage, branch: BranchInfo) -> None:
    stage.tell_timeline(MAIN, branch, active=1)
    assert not bar.isVisible()


def test_a_line_that_was_closed_stays_closed(bar: StartedBar, stage: Stage) -> None:
    stage.tell_timeline(MAIN, CHANGED, active=1)
    bar.hide()
    stage.tell_timeline(MAIN, dataclasses.replace(CHANGED, name="much faster"), active=1)
    assert not bar.isVisible()


def test_three_actions_show_another_learning_rate_beside_the_unchanged_run(open_program: OpenProgram) -> None:
    driver = open_program()
    driver.wait_until_ready()
    driver.run_to_end()
    driver.model.go_to(Position(2))
    driver.wait_until(lambda: driver.position == Position(2))
    driver.model.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    bar = driver.window.notices.started
    driver.wait_until(bar.isVisible)
    click(bar.both)
    driver.wait_for_state(State.FINISHED)
    timeline = driver.model.time.timeline
    assert timeline is not None
    assert (timeline.active, timeline.compared) == (1, 0)
    assert driver.window.docks.comparison.isVisible()
    assert len(driver.model.epochs) == SMALL.epochs
