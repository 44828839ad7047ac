import dataclasses

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition
from bpviz.session.engine.commands import Load, SetBreakpoints
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.stage import Stage
from tests.ui.user_input import click

LATE, LARGE = (
    Breakpoint((Condition(Metric("epoch"), "≥", 2),)),
    Breakpoint((Condition(Metric("abs_delta", 1), ">", 0.1),)),
)
OTHER = dataclasses.replace(SMALL, activations=("relu", "relu", "sigmoid"))


@pytest.fixture
def window(bare_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    stage.model.debugger.set_breakpoints((LATE, dataclasses.replace(LARGE, enabled=False)))
    return bare_window


def test_another_experiment_disables_the_breakpoints_and_says_so(window: MainWindow, stage: Stage) -> None:
    stage.model.load(OTHER)
    bar = window.notices.disabled
    assert bar.isVisible()
    assert bar.sentence.text() == "1 breakpoint of the earlier experiment is disabled"
    assert not any(each.enabled for each in stage.model.debugger.breakpoints)
    # In this order: an undo of the load brings them back as they were.
    of_the_load = [type(each) for each in stage.commands.given if isinstance(each, Load | SetBreakpoints)]
    assert of_the_load[-2:] == [Load, SetBreakpoints]


def test_they_can_be_enabled_again(window: MainWindow, stage: Stage) -> None:
    stage.model.debugger.set_breakpoints((LATE, LARGE))
    stage.model.load(OTHER)
    assert window.notices.disabled.sentence.text() == "2 breakpoints of the earlier experiment are disabled"
    click(window.notices.disabled.enable)
    assert stage.model.debugger.breakpoints == (LATE, LARGE)
    assert not window.notices.disabled.isVisible()


def test_what_was_disabled_before_stays_so(window: MainWindow, stage: Stage) -> None:
    stage.model.load(OTHER)
    click(window.notices.disabled.enable)
    assert [each.enabled for each in stage.model.debugger.breakpoints] == [True, False]


@pytest.mark.parametrize(
    "same",
    [SMALL, dataclasses.replace(SMALL, seed=7, data_seed=3), dataclasses.replace(SMALL, learning_rate=0.5, epochs=9)],
    ids=["itself", "other seeds", "other hyperparameters"],
)
def test_the_same_experiment_keeps_its_breakpoints(window: MainWindow, stage: Stage, same: Experiment) -> None:
    stage.model.load(same)
    assert stage.model.debugger.breakpoints[0] == LATE
    assert not window.notices.disabled.isVisible()


def test_the_line_goes_when_its_breakpoints_are_removed(window: MainWindow, stage: Stage) -> None:
    stage.model.load(OTHER)
    stage.model.debugger.set_breakpoints(())
    assert not window.notices.disabled.isVisible()


@pytest.mark.slow
def test_another_experiment_trains_to_its_end_in_spite_of_old_breakpoints(open_program: OpenProgram) -> None:
    driver = open_program()
    driver.wait_until_ready()
    driver.model.debugger.set_breakpoints((LATE,))
    before = driver.n_prepared
    driver.model.load(OTHER)
    driver.wait_until(lambda: driver.n_prepared > before)
    driver.wait_for_state(State.PAUSED)
    driver.run_to_end()
    assert driver.position.epoch == OTHER.epochs
    assert driver.window.notices.stop.sentence.text().startswith("Finished: epoch 5")
