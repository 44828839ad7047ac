"""A sample of the user's own, walked through without training on it."""

from pathlib import Path

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.session.effects.effect import Effect
from bpviz.session.engine.commands import (
    Fork,
    GoTo,
    GoToOperation,
    InspectOwn,
    InspectSample,
    MeasureUpdate,
    Run,
    SaveSession,
    Step,
)
from bpviz.session.engine.events import Failed, SessionSaved, State
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.operands import operands
from bpviz.session.walkthrough.traced_update import OWN_SAMPLE, TracedUpdate, UpdateKind, network_of
from tests.session.helpers import SMALL, Driver

OWN = InspectOwn((0.3, -1.2), (0.0, 1.0))
N_OPERATIONS, N_LAYERS = 25, 3


def expect_own(driver: Driver) -> TracedUpdate:
    return driver.expect(TracedUpdate, lambda update: update.is_own)


def parameters(driver: Driver) -> bytes:
    return driver.runner._engine.view.stepper.training.network.parameters.tobytes()


def test_an_own_sample_passes_through_the_network_as_the_textbook_computes_it() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("sample", 3))
        driver.runner.post(OWN)
        update = expect_own(driver)
    assert (update.kind, update.index, update.samples.tolist()) == (UpdateKind.INSPECTED, 0, [OWN_SAMPLE])
    expected = backprop.trace(network_of(update), [OWN.inputs], [OWN.targets])
    for found, layer in zip(update.trace.layers, expected.layers, strict=True):
        np.testing.assert_array_equal(found.delta, layer.delta)
        np.testing.assert_array_equal(found.dW, layer.dW)
    assert update.losses_before[0] == pytest.approx(expected.loss)
    assert update.losses_after[0] < update.losses_before[0]
    assert caption(update, 0) == "Own sample (class 1) is at the input."
    assert operands(update, 0)


def test_nothing_is_trained_on_an_own_sample_however_far_it_is_walked() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("sample", 3))
        driver.expect_state(State.PAUSED)
        before = parameters(driver)
        driver.runner.post(OWN)
        assert expect_own(driver).index == 0
        driver.runner.post(Step("operation", 4))
        assert expect_own(driver).index == 4
        driver.runner.post(GoToOperation(9))
        assert expect_own(driver).index == 9
        driver.runner.post(Step("operation", 100))
        assert expect_own(driver).index == N_OPERATIONS - N_LAYERS
        driver.runner.post(Step("operation", -100))
        assert expect_own(driver).index == 0
        assert driver.expect_state(State.PAUSED).position == Position(0, 3)
        assert parameters(driver) == before


def test_another_own_sample_in_its_place_stands_at_the_same_operation() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(OWN)
        expect_own(driver)
        driver.runner.post(Step("operation", 4))
        expect_own(driver)
        driver.runner.post(InspectOwn((0.5, 0.5), (1.0, 0.0)))
        update = expect_own(driver)
    assert update.index == 4
    np.testing.assert_array_equal(update.trace.x, [[0.5, 0.5]])


def test_going_to_the_position_on_screen_returns_to_the_sample_in_turn() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("operation", 5))
        driver.expect(TracedUpdate)
        driver.runner.post(OWN)
        expect_own(driver)
        driver.runner.post(GoTo(Position(0, 0, 5)))
        update = driver.expect(TracedUpdate)
    assert (update.kind, update.index, update.is_own) == (UpdateKind.IN_TURN, 5, False)


def test_a_run_after_an_own_sample_is_the_run_without_it() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("operation", 5))
        driver.runner.post(OWN)
        expect_own(driver)
        found = driver.run_to_the_end()
    with Driver(SMALL) as other:
        expected = other.run_to_the_end()
    assert [record.mse_train for record in found] == [record.mse_train for record in expected]


def test_it_works_in_the_past_and_on_a_fork() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        driver.runner.post(GoTo(Position(2, 5)))
        driver.expect_state(State.PAUSED)
        driver.runner.post(OWN)
        assert expect_own(driver).position == Position(2, 5)
        driver.runner.post(Fork())
        driver.expect_state(State.PAUSED)
        driver.runner.post(OWN)
        expect_own(driver)
        driver.runner.post(Run())
        driver.expect_state(State.FINISHED)
        assert not driver.failures()


def test_a_session_with_an_own_sample_on_screen_is_saved_without_it(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(OWN)
        expect_own(driver)
        driver.runner.post(SaveSession(tmp_path / "run.bpviz"))
        driver.expect(SessionSaved)
        assert not driver.failures()


def test_the_other_ways_to_choose_a_sample_work_from_there() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(OWN)
        expect_own(driver)
        driver.runner.post(InspectSample(SampleChoice.MISCLASSIFIED))
        assert not driver.expect(TracedUpdate).is_own
        driver.runner.post(OWN)
        expect_own(driver)
        driver.runner.post(MeasureUpdate())
        effect = driver.expect(Effect)
        assert effect.update is not None
        assert effect.update.is_own
        assert np.any(effect.before != effect.after)


@pytest.mark.parametrize(
    "wrong",
    [
        InspectOwn((0.3,), (0.0, 1.0)),
        InspectOwn((0.3, 0.1), (1.0,)),
        InspectOwn((float("nan"), 0.1), (0.0, 1.0)),
        InspectOwn((0.3, 0.1), (float("inf"), 1.0)),
    ],
)
def test_a_sample_that_does_not_fit_is_refused_with_a_sentence(wrong: InspectOwn) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(wrong)
        failed = driver.expect(Failed)
        assert failed.sentence == ("This sample does not fit the network: it needs 2 inputs and 2 targets, all finite.")
        driver.run_to_the_end()


def test_on_either_path_the_step_is_that_of_training_on_the_same_sample(kernel_path: str) -> None:
    stepper = Stepper(Training(SMALL))
    split = stepper.training.split
    stepper.inspect(4)
    expected = stepper.current_update
    stepper.inspect_own(split.X_train[4], split.y_train[4])
    found = stepper.current_update
    assert found is not None
    assert expected is not None
    for own, trained in zip(found.layers, expected.layers, strict=True):
        np.testing.assert_array_equal(own.W_after, trained.W_after)
        np.testing.assert_array_equal(own.b_after, trained.b_after)
