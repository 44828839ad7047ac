import dataclasses

import numpy as np
import pytest

from bpviz.core.surface import Grid
from bpviz.session.engine.commands import (
    ApplySample,
    ChangeHyperparameters,
    Command,
    InspectSample,
    Load,
    Pause,
    RequestFrame,
    Reset,
    Run,
    RunBack,
    SetSpeed,
    Step,
)
from bpviz.session.engine.events import EpochsDone, Failed, NetworkReady, State
from bpviz.session.frames.frame import Frame
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from tests.session.helpers import LONG, SMALL, Driver

GRID = Grid(-1.5, 2.5, -1, 1.5, 8, 5)
MANY_EPOCHS = dataclasses.replace(SMALL, epochs=1_000_000)
N_TRAIN = 28


def epochs_of(driver: Driver) -> list[int]:
    return [record.epoch for record in driver.records()]


def mses_of(training: Training, epochs: int) -> list[float]:
    return [training.run_epoch().mse_train for _ in range(epochs)]


def test_loading_prepares_the_experiment_and_stands_ready() -> None:
    with Driver() as driver:
        driver.runner.post(Load(SMALL))
        driver.expect_state(State.PREPARING)
        prepared = driver.expect(NetworkReady)
        assert driver.expect_state(State.PAUSED).position == Position()
    assert prepared.experiment == SMALL
    assert prepared.n_parameters == len(Training(SMALL).network.parameters)
    np.testing.assert_array_equal(prepared.split.X_train, Training(SMALL).split.X_train)


@pytest.mark.parametrize("pace", [None, 400.0])
def test_every_epoch_is_told_exactly_once_and_in_order(pace: float | None) -> None:
    with Driver(dataclasses.replace(SMALL, epochs=150)) as driver:
        driver.runner.post(SetSpeed(pace))
        driver.run_to_the_end()
        assert epochs_of(driver) == list(range(150))


def test_what_is_told_equals_training_without_a_runner() -> None:
    with Driver(SMALL) as driver:
        told = driver.run_to_the_end()
    training = Training(SMALL)
    for record in told:
        expected = training.run_epoch()
        np.testing.assert_allclose(record.delta_rms, expected.delta_rms, rtol=1e-5)
        assert record.mse_train == pytest.approx(expected.mse_train, rel=1e-12)
        assert (record.epoch, record.accuracy_test) == (expected.epoch, expected.accuracy_test)


def test_training_stops_after_the_number_of_epochs_that_was_asked_for() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Run())
        assert driver.expect_state(State.FINISHED).position == Position(SMALL.epochs)
        driver.runner.post(Run())
        assert "Epoch 5 is reached" in driver.expect(Failed).sentence
        assert epochs_of(driver) == list(range(SMALL.epochs))


def test_all_epochs_before_a_pause_are_told_before_the_pause() -> None:
    with Driver(MANY_EPOCHS) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(Pause())
        status = driver.expect_state(State.PAUSED)
        assert status.position is not None
        told = epochs_of(driver)
    assert told == list(range(len(told)))
    assert status.position.epoch - len(told) in (0, 1)  # the one that just ended may still be scored


def test_a_pause_is_answered_in_the_middle_of_a_long_epoch() -> None:
    with Driver(LONG) as driver:
        driver.runner.post(Run())
        driver.expect_state(State.RUNNING)
        driver.expect_state(State.RUNNING)  # told again, while the first epoch is in progress
        driver.runner.post(Pause())
        position = driver.expect_state(State.PAUSED).position
        assert position is not None
        assert 0 < position.sample < 70_000
        assert driver.records() == []


def test_after_a_pause_the_next_sample_lies_on_the_table_untouched() -> None:
    with Driver(LONG) as driver:
        driver.runner.post(Run())
        driver.expect_state(State.RUNNING)
        driver.expect_state(State.RUNNING)
        driver.runner.post(Pause())
        update, paused = driver.expect(TracedUpdate), driver.expect_state(State.PAUSED)
        assert (update.kind, update.index, update.operation) == (UpdateKind.IN_TURN, 0, None)
        assert update.position == paused.position
        assert update.samples.tolist() == [update.position.sample]
        driver.runner.post(Step())
        assert driver.expect(TracedUpdate).samples.tolist() == update.samples.tolist()


def test_a_pause_is_answered_in_a_long_epoch_after_short_ones_of_another_network() -> None:
    with Driver(MANY_EPOCHS) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone, lambda done: done.records[-1].epoch >= 40)
        driver.runner.post(Load(LONG))
        driver.expect(NetworkReady)
        driver.runner.post(Run())
        driver.expect_state(State.RUNNING)
        driver.runner.post(Pause())
        position = driver.expect_state(State.PAUSED).position
    assert position is not None
    assert position.epoch == 0
    assert position.sample < 70_000


def test_a_step_is_answered_in_the_middle_of_a_long_epoch_and_takes_the_next_sample() -> None:
    with Driver(LONG) as driver:
        driver.runner.post(Run())
        driver.expect_state(State.RUNNING)
        driver.expect_state(State.RUNNING)
        driver.runner.post(Step())
        step, paused = driver.expect(TracedUpdate), driver.expect_state(State.PAUSED)
        assert paused.position is not None
        assert 0 < paused.position.sample < 70_000
        assert step.samples.tolist() == [paused.position.sample - 1]
        assert step.position == paused.position
        assert driver.records() == []


def test_the_loop_ends_in_the_middle_of_a_long_epoch() -> None:
    with Driver(LONG) as driver:
        driver.runner.post(Run())
        driver.expect_state(State.RUNNING)
    assert driver.records() == []


def test_stepping_through_an_epoch_equals_running_it() -> None:
    with Driver(SMALL) as driver:
        for _ in range(N_TRAIN):
            driver.runner.post(Step())
        stepped = driver.expect(EpochsDone).records[0]
    assert stepped.mse_train == pytest.approx(mses_of(Training(SMALL), 1)[0], rel=1e-12)


def test_steps_and_runs_may_alternate() -> None:
    with Driver(dataclasses.replace(SMALL, epochs=3)) as driver:
        for _ in range(10):
            driver.runner.post(Step())
        told = [record.mse_train for record in driver.run_to_the_end()]
    assert told == pytest.approx(mses_of(Training(SMALL), 3), rel=1e-12)


def test_a_step_shows_the_update_that_it_makes() -> None:
    training = Training(SMALL)
    with Driver(SMALL) as driver:
        driver.runner.post(Step())
        step = driver.expect(TracedUpdate)
    before, start = training.losses(step.samples, training.network.parameters), training.network.copy()
    trace = training.trainer.step()
    assert (step.samples.tolist(), step.kind, step.position) == ([0], UpdateKind.IN_TURN, Position(0, 1))
    assert step.operation == step.operations[-1]
    np.testing.assert_array_equal(step.trace.layers[0].dW, trace.layers[0].dW)
    np.testing.assert_array_equal(step.losses_before, before)
    np.testing.assert_array_equal(step.losses_after, training.losses(step.samples, training.network.parameters))
    for change, old, new in zip(step.layers, start.layers, training.network.layers, strict=True):
        np.testing.assert_array_equal(change.W, old.weights)
        np.testing.assert_array_equal(change.b, old.bias)
        np.testing.assert_array_equal(change.W_after, new.weights)
        np.testing.assert_array_equal(change.b_after, new.bias)
    assert step.losses_after < step.losses_before
    assert step.mse_after == pytest.approx(training.mse_with(training.network.parameters), rel=1e-12)
    assert not step.samples.flags.writeable


def test_a_step_takes_a_whole_batch() -> None:
    with Driver(dataclasses.replace(SMALL, batch_size=12)) as driver:
        for _ in range(4):
            driver.runner.post(Step())
        steps = [driver.expect(TracedUpdate) for _ in range(4)]
    assert [len(step.samples) for step in steps] == [12, 12, 4, 12]
    assert [step.position for step in steps] == [Position(0, 12), Position(0, 24), Position(1), Position(1, 12)]


def test_a_sample_applied_by_hand_is_trained_on_and_leaves_the_position() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(ApplySample(7))
        step = driver.expect(TracedUpdate)
        assert driver.expect_state(State.PAUSED).position == Position()
        told = [record.mse_train for record in driver.run_to_the_end()]
    assert (step.samples.tolist(), step.kind, step.position) == ([7], UpdateKind.APPLIED, Position())
    assert step.losses_after < step.losses_before
    training = Training(SMALL)
    training.trainer.apply(np.array([7]))
    assert told == pytest.approx(mses_of(training, SMALL.epochs), rel=1e-12)


@pytest.mark.parametrize("sample", [-1, N_TRAIN, 10**6])
@pytest.mark.parametrize("command", [ApplySample, InspectSample])
def test_a_sample_that_is_not_there_is_refused(command: type[ApplySample | InspectSample], sample: int) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(command(sample))
        failed = driver.expect(Failed)
        assert failed.sentence.startswith(f"There is no training sample {sample:,}")
        assert not failed.details
        driver.runner.post(command(N_TRAIN - 1))
        assert driver.expect(TracedUpdate).samples.tolist() == [N_TRAIN - 1]


def test_a_step_pauses_what_runs() -> None:
    with Driver(MANY_EPOCHS) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(Step())
        first = driver.expect(TracedUpdate)
        assert driver.expect_state(State.PAUSED).position == first.position
        driver.runner.post(Step())
        assert driver.expect(TracedUpdate).samples.tolist() == [first.position.sample]


def test_a_reset_goes_back_to_the_same_start() -> None:
    with Driver(SMALL) as driver:
        first = [record.mse_train for record in driver.run_to_the_end()]
        driver.runner.post(Step())
        driver.runner.post(Reset())
        assert driver.expect(NetworkReady).experiment == SMALL
        assert driver.expect_state(State.PAUSED).position == Position()
        assert [record.mse_train for record in driver.run_to_the_end()] == first


def test_a_reset_keeps_what_was_retuned() -> None:
    faster = dataclasses.replace(SMALL, learning_rate=0.4)
    with Driver(SMALL) as driver:
        driver.runner.post(ChangeHyperparameters(faster))
        driver.runner.post(Reset())
        assert driver.expect(NetworkReady).experiment == faster


def test_retuning_goes_on_without_a_new_network() -> None:
    faster = dataclasses.replace(SMALL, learning_rate=0.4, epochs=8)
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        driver.runner.post(ChangeHyperparameters(faster))
        driver.expect_state(State.PAUSED)
        told = [record.mse_train for record in driver.run_to_the_end()]
    training = Training(SMALL)
    expected = mses_of(training, SMALL.epochs)
    training.change_hyperparameters(faster)
    assert told == pytest.approx(expected + mses_of(training, 3), rel=1e-12)


def test_retuning_to_what_cannot_be_is_refused_and_training_goes_on() -> None:
    with Driver(MANY_EPOCHS) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(ChangeHyperparameters(dataclasses.replace(MANY_EPOCHS, learning_rate=-1.0)))
        failed = driver.expect(Failed)
        driver.expect(EpochsDone)
    assert failed.sentence.startswith("This experiment cannot be run: learning rate must be")
    assert not failed.details


def test_fewer_epochs_than_are_done_end_training_with_the_epoch_in_progress() -> None:
    with Driver(MANY_EPOCHS) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(ChangeHyperparameters(dataclasses.replace(MANY_EPOCHS, epochs=1)))
        driver.expect_state(State.FINISHED)
        told = epochs_of(driver)
    assert told == list(range(len(told)))


def test_frames_come_only_when_they_are_asked_for() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        assert not [event for event in driver.events if isinstance(event, Frame)]
        driver.runner.post(RequestFrame(GRID))
        frame = driver.expect(Frame)
        driver.runner.post(Step())
        driver.expect(TracedUpdate)
        assert [event for event in driver.events if isinstance(event, Frame)] == [frame]
    assert (frame.grid, frame.position) == (GRID, Position(SMALL.epochs))


def test_frames_are_made_while_training_runs() -> None:
    with Driver(MANY_EPOCHS) as driver:
        driver.runner.post(Run())
        for _ in range(3):
            driver.runner.post(RequestFrame(GRID))
            driver.expect(Frame)
        assert not driver.failures()


def test_a_frame_does_not_wait_for_the_next_slow_epoch() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetSpeed(1e-9))
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        for _ in range(3):
            driver.runner.post(RequestFrame(GRID))
            assert driver.expect(Frame).position == Position(1)


def test_another_pace_ends_the_wait_for_a_slow_epoch() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetSpeed(1e-9))
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(SetSpeed(None))
        driver.expect_state(State.FINISHED)
        assert epochs_of(driver) == list(range(SMALL.epochs))


def test_another_experiment_takes_the_place_of_one_that_runs() -> None:
    other = dataclasses.replace(SMALL, seed=5)
    with Driver(MANY_EPOCHS) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(Load(other))
        assert driver.expect(NetworkReady).experiment == other
        driver.expect_state(State.PAUSED)
        told = [record.mse_train for record in driver.run_to_the_end()]
    assert told == mses_of(Training(other), SMALL.epochs)


@pytest.mark.parametrize("command", [Run(), RunBack(), Reset(), Step()], ids=repr)
def test_without_a_network_a_command_says_what_is_missing(command: Command) -> None:
    with Driver() as driver:
        driver.runner.post(command)
        assert driver.expect(Failed).sentence.startswith("There is no network yet")
        driver.runner.post(Load(SMALL))
        driver.expect_state(State.PAUSED)


def test_without_a_network_a_frame_or_a_pause_is_not_worth_a_word() -> None:
    with Driver() as driver:
        driver.runner.post(RequestFrame(GRID))
        driver.runner.post(Pause())
        driver.runner.post(Load(SMALL))
        driver.expect_state(State.PAUSED)
        assert not driver.failures()
