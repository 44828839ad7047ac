"""Steps and watches as commands to a session that is at work."""

import dataclasses

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.commands import (
    GoToOperation,
    InspectSample,
    Pause,
    Run,
    SetWatches,
    Step,
)
from bpviz.session.engine.events import (
    EpochsDone,
    Event,
    Failed,
    State,
)
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from tests.session.helpers import LONG, SMALL, Driver

N_TRAIN, N_OPERATIONS = 28, 25


def of_kind(events: list[Event], *kinds: type) -> list[Event]:
    return [event for event in events if isinstance(event, kinds)]


# Steps


@pytest.mark.parametrize(("level", "samples"), [("operation", 400), ("sample", 10_000)])
def test_ten_thousand_steps_are_one_command_with_one_answer(level: str, samples: int) -> None:
    with Driver(dataclasses.replace(SMALL, epochs=400)) as driver:
        driver.runner.post(Step(level, 10_000))
        update, paused = driver.expect(TracedUpdate), driver.expect_state(State.PAUSED)
        assert (update.position, update.index) == (Position(*divmod(samples, N_TRAIN)), N_OPERATIONS)
        assert paused.position == update.position
        assert len(of_kind(driver.events, TracedUpdate)) == 1
        assert [record.epoch for record in driver.run_to_the_end()] == list(range(400))


@pytest.mark.parametrize("level", ["operation", "sample", "epoch"])
def test_a_long_step_can_be_paused(level: str) -> None:
    with Driver(LONG) as driver:
        driver.runner.post(
            Step(level, 3 if level == "epoch" else 10_000 * (N_OPERATIONS if level == "operation" else 6))
        )
        driver.expect_state(State.RUNNING)
        driver.runner.post(Pause())
        update, paused = driver.expect(TracedUpdate), driver.expect_state(State.PAUSED)
        assert paused.position is not None
        assert paused.position.epoch == 0
        assert paused.position.sample < 60_000
        assert (update.index, update.position) == (0, paused.position)


def test_going_to_an_operation_and_back_stays_at_the_sample() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("operation", 3))
        driver.expect_state(State.PAUSED)
        for index in (12, 4, N_OPERATIONS, 0, 24):
            driver.runner.post(GoToOperation(index))
            update = driver.expect(TracedUpdate)
            assert (update.samples.tolist(), update.index) == ([0], index)
        assert update.position == Position(0, 0, 24)


def test_going_to_an_operation_needs_a_sample_on_the_table() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(GoToOperation(4))
        assert "take a step first (F11)" in driver.expect(Failed).sentence


def test_inspecting_pauses_what_runs_and_trains_nothing() -> None:
    with Driver(dataclasses.replace(SMALL, epochs=1_000_000)) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(InspectSample(SampleChoice.WORST))
        update, paused = driver.expect(TracedUpdate), driver.expect_state(State.PAUSED)
        assert update.kind is UpdateKind.INSPECTED
        assert update.position == paused.position
        driver.runner.post(InspectSample(int(update.samples[0])))
        again = driver.expect(TracedUpdate)
        assert again.position == paused.position
        np.testing.assert_array_equal(again.trace.layers[0].dW, update.trace.layers[0].dW)


def test_misclassified_samples_are_inspected_one_after_the_other() -> None:
    training = Training(SMALL)
    wrong = np.flatnonzero(training.network.predict(training.split.X_train) != training.split.labels_train).tolist()
    with Driver(SMALL) as driver:
        for expected in [*wrong, wrong[0]]:
            driver.runner.post(InspectSample(SampleChoice.MISCLASSIFIED))
            assert driver.expect(TracedUpdate).samples.tolist() == [expected]


# Watches


def test_watches_are_told_at_every_step_and_at_every_end_of_an_epoch() -> None:
    watches = (Watch(Metric("loss")), Watch(Metric("W", 1, neuron=2, source=1), 5))
    with Driver(SMALL) as driver:
        driver.runner.post(SetWatches(watches))
        for _ in range(3):
            driver.runner.post(Step("operation", 30))
            update, watched = driver.expect(TracedUpdate), driver.expect(Watched)
            assert watched.position == update.position
            assert watched.values == pytest.approx((update.trace.loss, update.layers[0].W[1, 2]), rel=1e-12)
        driver.run_to_the_end()
        done = [event for event in driver.events if isinstance(event, EpochsDone)]
    told = [watched for event in done for watched in event.watched]
    assert all(len(event.watched) == len(event.records) for event in done)
    assert [watched.position for watched in told] == [Position(epoch + 1) for epoch in range(SMALL.epochs)]
    training = Training(SMALL)
    for watched in told:
        training.run_epoch()
        assert watched.values[1] == training.network.layers[0].weights[1, 2]
        assert watched.values[0] == training.losses(np.array([0]), training.network.parameters)[0]


def test_other_watches_are_told_of_what_lies_on_the_table() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step())
        update = driver.expect(TracedUpdate)
        driver.runner.post(SetWatches((Watch(Metric("sample")),)))
        assert driver.expect(Watched) == Watched(update.position, (0.0,))
