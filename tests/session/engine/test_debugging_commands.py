"""Breakpoints and backward searches as commands to a session that is at work."""

import dataclasses

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import READY_MADE, Breakpoint, Condition, Hit, Hits
from bpviz.session.engine.commands import (
    ChangeHyperparameters,
    GoTo,
    InspectSample,
    Load,
    Pause,
    Reset,
    Run,
    RunBack,
    SetBreakpoints,
    Step,
)
from bpviz.session.engine.events import (
    EpochsDone,
    EpochTablesReplaced,
    Event,
    ExperimentChanged,
    Failed,
    NetworkReady,
    State,
    Status,
)
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.backward_search import run_back_to
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate
from tests.session.helpers import EXPLOSIVE, GROWING, LONG, SMALL, Driver, train_to_the_fault

SHUFFLED = dataclasses.replace(SMALL, shuffle=True)
N_TRAIN, N_OPERATIONS = 28, 25


def stop_at(quantity: str, comparison: str, value: float, layer: int = 0, *, log_only: bool = False) -> Breakpoint:
    return Breakpoint((Condition(Metric(quantity, layer), comparison, value),), log_only=log_only)


ALWAYS_LOGGED, NEVER = stop_at("epoch", "≥", 0, log_only=True), stop_at("epoch", "<", 0)
LARGE_DELTA = stop_at("abs_delta", ">", 0.12, 3)


def step_hits(experiment: Experiment, *breakpoints: Breakpoint) -> list[Hit]:
    """Return every hit of a whole training that is walked through by hand."""
    stepper, found = Stepper(Training(experiment)), []
    while hit := stepper.run_to(breakpoints, experiment.epochs):
        found.append(hit)
    return found


def of_kind(events: list[Event], *kinds: type) -> list[Event]:
    return [event for event in events if isinstance(event, kinds)]


def expect_hit(driver: Driver) -> Hit:
    hit = driver.expect(Hits, lambda hits: hits.stopped is not None).stopped
    assert hit is not None
    return hit


def latest_counts(driver: Driver) -> tuple[int, ...]:
    return [event for event in driver.events if isinstance(event, Hits)][-1].counts


# Breakpoints


@pytest.mark.parametrize("experiment", [SMALL, SHUFFLED])
def test_a_run_stops_at_every_hit_and_goes_on_behind_it(experiment: Experiment) -> None:
    expected, found = step_hits(experiment, LARGE_DELTA), []
    assert len(expected) > 3
    with Driver(experiment) as driver:
        driver.runner.post(SetBreakpoints((LARGE_DELTA,)))
        for _ in expected:
            driver.runner.post(Run())
            hit, update, paused = expect_hit(driver), driver.expect(TracedUpdate), driver.expect_state(State.PAUSED)
            assert hit.position == update.position == paused.position
            assert hit.sample == update.samples[0]
            found.append(hit)
        told = [record.mse_train for record in driver.run_to_the_end()]
        logged = [hit for hits in of_kind(driver.events, Hits) for hit in hits.new]  # type: ignore[union-attr]
    assert found == expected
    assert [(hit.position, hit.sample) for hit in logged] == [(hit.position, hit.sample) for hit in expected]
    training = Training(experiment)
    assert told == pytest.approx([training.run_epoch().mse_train for _ in told], rel=1e-12)


def test_a_stop_tells_the_hit_then_the_table_then_the_pause() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetBreakpoints((stop_at("sample", "=", 12),)))
        driver.runner.post(Run())
        expect_hit(driver)
        driver.expect_state(State.PAUSED)
        kinds = [type(event) for event in of_kind(driver.events, Hits, TracedUpdate, Status)]
    assert kinds[-3:] == [Hits, TracedUpdate, Status]


def test_a_run_from_the_middle_of_an_update_stops_at_a_hit_later_in_it() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetBreakpoints((stop_at("loss", ">", 0.0),)))
        driver.runner.post(Step("operation", 2))
        driver.expect_state(State.PAUSED)
        driver.runner.post(Run())
        assert expect_hit(driver).position == Position(0, 0, 7)
        driver.expect_state(State.PAUSED)
        driver.runner.post(Run())
        assert expect_hit(driver).position == Position(0, 1, 7)


def test_a_hit_at_the_first_sample_of_an_epoch_comes_after_the_record_of_the_one_before() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetBreakpoints((stop_at("epoch", "=", 2),)))
        driver.runner.post(Run())
        assert expect_hit(driver).position == Position(2)
        driver.expect_state(State.PAUSED)
        driver.runner.post(SetBreakpoints(()))
        assert [record.epoch for record in driver.run_to_the_end()] == list(range(SMALL.epochs))


def test_what_is_logged_only_counts_every_update_and_does_not_stop() -> None:
    with Driver(SHUFFLED) as driver:
        driver.runner.post(SetBreakpoints((NEVER, ALWAYS_LOGGED)))
        driver.run_to_the_end()
        assert latest_counts(driver) == (0, SMALL.epochs * N_TRAIN)
        assert all(event.stopped is None for event in driver.events if isinstance(event, Hits))


def test_breakpoints_for_layers_that_the_network_does_not_have_are_ignored() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetBreakpoints((stop_at("abs_delta", ">", 0, 7), ALWAYS_LOGGED)))
        assert len(driver.run_to_the_end()) == SMALL.epochs
        deeper = dataclasses.replace(SMALL, hidden=(2,) * 6, activations=("tanh",) * 7)
        driver.runner.post(Load(deeper))
        driver.expect(NetworkReady)
        driver.runner.post(Run())
        assert expect_hit(driver).position.sample == 0


def test_counts_begin_anew_with_another_network_and_go_on_with_other_breakpoints() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetBreakpoints((ALWAYS_LOGGED,)))
        driver.run_to_the_end()
        driver.runner.post(ChangeHyperparameters(dataclasses.replace(SMALL, epochs=6)))
        driver.runner.post(SetBreakpoints((NEVER, ALWAYS_LOGGED)))
        driver.run_to_the_end()
        assert latest_counts(driver) == (0, 6 * N_TRAIN)
        driver.runner.post(Reset())
        driver.expect(NetworkReady)
        driver.run_to_the_end()
        assert latest_counts(driver) == (0, 6 * N_TRAIN)


# Back


def test_running_back_finds_the_last_hit_and_then_says_that_there_is_none() -> None:
    stepper = Stepper(Training(SMALL))
    stepper.step("epoch", 3)
    expected = []
    while hit := run_back_to(stepper, (LARGE_DELTA,)):
        expected.append(hit)
    with Driver(SMALL) as driver:
        driver.runner.post(Step("epoch", 3))
        driver.expect_state(State.PAUSED)
        driver.runner.post(SetBreakpoints((LARGE_DELTA, ALWAYS_LOGGED)))
        for hit in expected:
            driver.runner.post(RunBack())
            assert expect_hit(driver) == hit
            update, paused = driver.expect(TracedUpdate), driver.expect_state(State.PAUSED)
            assert hit.position == update.position == paused.position
        driver.runner.post(RunBack())
        assert "No enabled breakpoint holds anywhere before" in driver.expect(Failed).sentence
        assert driver.expect_state(State.PAUSED).position == expected[-1].position
    assert len(expected) > 2


def test_running_back_needs_a_breakpoint_that_stops() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetBreakpoints((ALWAYS_LOGGED, dataclasses.replace(LARGE_DELTA, enabled=False))))
        driver.runner.post(RunBack())
        assert "There is no breakpoint to go back to" in driver.expect(Failed).sentence


def test_a_search_back_that_is_paused_ends_where_it_began() -> None:
    with Driver(dataclasses.replace(LONG, hidden=(100,), activations=("tanh",) * 2)) as driver:
        driver.runner.post(Step("sample", 50_000))
        began = driver.expect_state(State.PAUSED).position
        driver.runner.post(SetBreakpoints((NEVER,)))
        driver.runner.post(RunBack())
        driver.expect_state(State.RUNNING)
        driver.runner.post(Pause())
        assert driver.expect_state(State.PAUSED).position == began
        assert not driver.failures()


def test_travelling_leads_to_a_hit_that_was_logged() -> None:
    with Driver(SHUFFLED) as driver:
        driver.runner.post(SetBreakpoints((dataclasses.replace(LARGE_DELTA, log_only=True),)))
        driver.run_to_the_end()
        logged = [hit for hits in of_kind(driver.events, Hits) for hit in hits.new]  # type: ignore[union-attr]
        for hit in (logged[0], logged[-1], logged[2]):
            driver.runner.post(GoTo(hit.position))
            update, paused = driver.expect(TracedUpdate), driver.expect_state(State.PAUSED)
            assert update.position == paused.position == hit.position
            assert update.samples[0] == hit.sample
            assert np.abs(update.trace.layers[2].delta).max() == pytest.approx(hit.values[0], rel=1e-12)


def test_after_a_change_in_the_past_each_epoch_of_the_new_branch_is_told_once() -> None:
    faster = dataclasses.replace(SMALL, learning_rate=0.5)
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        driver.runner.post(GoTo(Position(2, 3)))
        driver.expect_state(State.PAUSED)
        driver.runner.post(ChangeHyperparameters(faster))
        assert len(driver.expect(EpochTablesReplaced).epochs) == 2
        driver.run_to_the_end()
        after = driver.events[
            next(i for i, event in enumerate(driver.events) if isinstance(event, EpochTablesReplaced)) :
        ]
    again = [record for done in of_kind(after, EpochsDone) for record in done.records]  # type: ignore[union-attr]
    training = Training(SMALL)
    training.run_epoch()
    training.run_epoch()
    training.trainer.advance(3)
    training.change_hyperparameters(faster)
    expected = [training.run_epoch() for _ in range(3)]
    assert [record.epoch for record in again] == [2, 3, 4]
    assert [record.mse_train for record in again] == pytest.approx([each.mse_train for each in expected], rel=1e-12)


def test_epochs_that_are_only_walked_again_are_not_told_again() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        driver.runner.post(GoTo(Position(1, 3)))
        driver.expect_state(State.PAUSED)
        assert [record.epoch for record in driver.run_to_the_end()] == list(range(SMALL.epochs))


def test_the_training_options_of_another_time_are_told_there() -> None:
    faster = dataclasses.replace(SMALL, learning_rate=0.5)
    with Driver(SMALL) as driver:
        driver.runner.post(Step("sample", 40))
        driver.runner.post(ChangeHyperparameters(faster))
        driver.runner.post(Step("sample", 9))
        driver.runner.post(GoTo(Position(0, 7)))
        assert driver.expect(ExperimentChanged).experiment == SMALL
        driver.runner.post(GoTo(Position(1, 20)))
        assert driver.expect(ExperimentChanged).experiment == faster
        driver.expect_state(State.PAUSED)
        assert len(of_kind(driver.events, ExperimentChanged)) == 2


# Numbers that are not finite


def test_a_step_into_numbers_that_leave_their_range_leaves_everything_usable() -> None:
    training = Training(GROWING)
    fault = train_to_the_fault(training)
    with Driver(GROWING) as driver:
        driver.runner.post(Step("epoch", 10_000))
        assert str(fault) in driver.expect(Failed).sentence
        assert driver.expect_state(State.STOPPED).position == training.position
        driver.runner.post(InspectSample(3))
        assert driver.expect(TracedUpdate).position == training.position
        driver.runner.post(Step("sample", -1))
        driver.expect_state(State.PAUSED)
        driver.runner.post(ChangeHyperparameters(dataclasses.replace(GROWING, learning_rate=0.001)))
        driver.runner.post(Step("sample", 3))
        assert driver.expect(TracedUpdate, lambda update: update.learning_rate == 0.001).index == 0
        driver.expect(TracedUpdate, lambda update: update.index == N_OPERATIONS)
        driver.runner.post(Reset())
        driver.expect(NetworkReady)
        assert len(driver.failures()) == 1


def test_everything_up_to_such_a_fault_is_logged_and_nothing_behind_it() -> None:
    training = Training(GROWING)
    fault = train_to_the_fault(training)
    made = training.position.epoch * N_TRAIN + training.position.sample
    with Driver(GROWING) as driver:
        driver.runner.post(SetBreakpoints((ALWAYS_LOGGED, dataclasses.replace(NEVER, log_only=True))))
        driver.runner.post(Run())
        driver.expect_state(State.STOPPED)
        counts = latest_counts(driver)
    assert fault.epoch == training.position.epoch
    assert counts == (made, 0)


def test_a_run_stops_before_the_first_number_that_is_not_finite() -> None:
    with Driver(EXPLOSIVE) as driver:
        driver.runner.post(SetBreakpoints((READY_MADE["first number that is not finite"],)))
        driver.runner.post(Run())
        hit, update = expect_hit(driver), driver.expect(TracedUpdate)
        assert driver.expect_state(State.PAUSED).position == hit.position
        assert not driver.failures()
    assert update.operation is not None
    assert not np.isfinite(update.value(update.operation)).all()
