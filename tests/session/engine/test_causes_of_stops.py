"""Why a session stopped, as its status says."""

import dataclasses

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition, Hits
from bpviz.session.engine.commands import (
    ChangeHyperparameters,
    GoTo,
    Load,
    Pause,
    Reset,
    Run,
    RunBack,
    SetBreakpoints,
    SetTrainOn,
    Step,
)
from bpviz.session.engine.events import Cause, EpochsDone, Failed, State, Status
from bpviz.session.training.position import Position
from tests.session.helpers import EXPLOSIVE, LONG, SMALL, Driver

IN_EPOCH_2 = Breakpoint((Condition(Metric("epoch"), "=", 2), Condition(Metric("abs_delta", 1), ">", 0)))


def stopped(driver: Driver) -> Status:
    return driver.expect(Status, lambda status: status.state is not State.RUNNING)


def test_a_breakpoint_is_the_cause_and_its_neuron_is_told() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetBreakpoints((IN_EPOCH_2,)))
        driver.runner.post(Run())
        hit = driver.expect(Hits, lambda hits: hits.stopped is not None).stopped
        assert stopped(driver).cause is Cause.BREAKPOINT
    assert hit is not None
    assert hit.neuron is not None
    assert hit.neuron[0] == 1
    assert hit.describe_fully(3).endswith("of epoch 2, after delta of layer 1")


def test_going_back_to_a_hit_is_stopped_by_the_breakpoint() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 4))
        driver.expect_state(State.PAUSED)
        driver.runner.post(SetBreakpoints((IN_EPOCH_2,)))
        driver.runner.post(RunBack())
        found = driver.expect(Status, lambda status: status.cause is Cause.BREAKPOINT)
    assert found.position is not None
    assert found.position.epoch == 2


def test_the_last_epoch_is_the_cause_until_there_are_more() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Run())
        finished = driver.expect_state(State.FINISHED)
        driver.runner.post(ChangeHyperparameters(dataclasses.replace(SMALL, epochs=9)))
        paused = driver.expect_state(State.PAUSED)
    assert (finished.cause, paused.cause) == (Cause.LIMIT, Cause.NONE)


@pytest.mark.parametrize("level", ["operation", "sample", "epoch"])
def test_a_step_that_is_done_is_the_cause(level: str) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step(level, 1))
        assert stopped(driver).cause is Cause.STEP


def test_the_user_is_the_cause_of_a_pause() -> None:
    with Driver(LONG) as driver:
        driver.runner.post(Run())
        driver.expect_state(State.RUNNING)
        driver.runner.post(Pause())
        assert stopped(driver).cause is Cause.PAUSE


def test_a_number_that_is_not_finite_is_a_fault() -> None:
    with Driver(EXPLOSIVE) as driver:
        driver.runner.post(Run())
        neuron = driver.expect(Failed).neuron
        assert driver.expect_state(State.STOPPED).cause is Cause.FAULT
    assert neuron is not None
    sample, layer, number = neuron
    assert 0 <= sample < 28
    assert 0 <= number < EXPLOSIVE.sizes[layer]


@pytest.mark.parametrize("command", [GoTo(Position(1)), Reset(), Load(SMALL)])
def test_what_the_user_went_to_has_no_cause(command: GoTo | Reset | Load) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Run())
        driver.expect_state(State.FINISHED)
        driver.runner.post(command)
        assert driver.expect_state(State.PAUSED).cause is Cause.NONE


def test_the_end_of_training_behind_a_past_on_screen_says_itself() -> None:
    with Driver(dataclasses.replace(SMALL, epochs=2000)) as driver:
        driver.runner.post(SetTrainOn(True))
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(GoTo(Position(1)))
        assert "epoch 2,000, where training stops" in driver.expect(Failed).sentence
