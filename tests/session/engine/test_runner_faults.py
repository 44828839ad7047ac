"""What goes wrong, and that the loop answers after it."""

import dataclasses
import random
from collections.abc import Callable
from typing import NoReturn

import pytest

from bpviz.core.arrays import Indices
from bpviz.core.backprop import Trace
from bpviz.core.metrics.metric import Metric
from bpviz.core.surface import Grid
from bpviz.core.training.trainer import Checkpoint, Trainer
from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine import training_commands as conductor
from bpviz.session.engine.commands import (
    ApplySample,
    ChangeHyperparameters,
    Command,
    GoTo,
    GoToOperation,
    InspectSample,
    Load,
    Pause,
    RequestFrame,
    Reset,
    Run,
    RunBack,
    SetBreakpoints,
    SetSpeed,
    SetWatches,
    Step,
)
from bpviz.session.engine.events import EpochsDone, Failed, NetworkReady, State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import Frame
from bpviz.session.frames.frame_maker import FrameMaker
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import LEVELS
from bpviz.session.walkthrough.traced_update import TracedUpdate
from tests.session.helpers import EXPLOSIVE, GROWING, SMALL, Driver, train_to_the_fault

GRID = Grid(-1.5, 2.5, -1, 1.5, 8, 5)
UNKNOWN_DATASET = dataclasses.replace(SMALL, dataset="suns")
LACKS_A_CLASS = dataclasses.replace(SMALL, dataset="blobs", samples=10, classes=6, test_share=0.9)
SEED = 20


class BoomError(Exception):
    """A fault that no code expects."""


def boom(*args: object) -> NoReturn:
    raise BoomError("boom")


def test_a_fault_in_training_is_told_and_reset_works_after_it() -> None:
    with Driver(SMALL) as driver:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Trainer, "advance", boom)
            driver.runner.post(Run())
            failed = driver.expect(Failed)
            driver.expect_state(State.STOPPED)
        driver.runner.post(Reset())
        driver.expect_state(State.PAUSED)
        assert [record.epoch for record in driver.run_to_the_end()] == list(range(SMALL.epochs))
    assert "(boom). Reset starts the experiment again." in failed.sentence
    assert "BoomError" in failed.details


def test_a_fault_in_a_frame_is_told_once_and_reset_works_after_it() -> None:
    with Driver(SMALL) as driver:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FrameMaker, "make_piece", boom)
            driver.runner.post(RequestFrame(GRID))
            driver.expect_state(State.STOPPED)
        driver.runner.post(Reset())
        driver.expect_state(State.PAUSED)
        driver.runner.post(RequestFrame(GRID))
        driver.expect(Frame)
        assert len(driver.failures()) == 1


def test_a_fault_in_preparing_is_told_and_the_loop_goes_on() -> None:
    with Driver() as driver:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(conductor, "Training", boom)
            driver.runner.post(Load(SMALL))
            assert "BoomError" in driver.expect(Failed).details
            driver.expect_state(State.STOPPED)
        driver.runner.post(Load(SMALL))
        driver.expect_state(State.PAUSED)


@pytest.mark.parametrize("impossible", [UNKNOWN_DATASET, LACKS_A_CLASS])
def test_an_impossible_experiment_is_refused_in_a_sentence_and_the_old_one_stays(impossible: Experiment) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step())
        driver.expect(TracedUpdate)
        driver.runner.post(Load(impossible))
        failed = driver.expect(Failed)
        assert driver.expect_state(State.PAUSED).position == Position(0, 1)
        told = [record.mse_train for record in driver.run_to_the_end()]
    training = Training(SMALL)
    assert failed.sentence.startswith("This experiment cannot be run: ")
    assert not failed.details
    assert told == pytest.approx([training.run_epoch().mse_train for _ in told], rel=1e-12)


def test_an_impossible_experiment_does_not_stop_the_one_that_runs() -> None:
    with Driver(dataclasses.replace(SMALL, epochs=1_000_000)) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(Load(LACKS_A_CLASS))
        driver.expect(Failed)
        driver.expect_state(State.RUNNING)
        driver.expect(EpochsDone)


def test_an_impossible_experiment_leaves_a_finished_one_finished() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        driver.runner.post(Load(LACKS_A_CLASS))
        driver.expect(Failed)
        driver.expect_state(State.FINISHED)


def test_without_an_old_experiment_an_impossible_one_leaves_nothing_to_run() -> None:
    with Driver() as driver:
        driver.runner.post(Load(LACKS_A_CLASS))
        driver.expect(Failed)
        assert driver.expect_state(State.STOPPED).position is None


@pytest.mark.parametrize("experiment", [EXPLOSIVE, GROWING])
def test_numbers_that_leave_their_range_stop_training_with_epoch_sample_and_layer(experiment: Experiment) -> None:
    training = Training(experiment)
    fault = train_to_the_fault(training)
    with Driver(experiment) as driver:
        driver.runner.post(Run())
        failed, stopped = driver.expect(Failed), driver.expect_state(State.STOPPED)
        told = driver.records()
    assert failed.sentence.startswith(f"Training stopped: {fault}. ")
    assert f"Lower the learning rate (now {experiment.learning_rate:g}), and reset." in failed.sentence
    assert stopped.position == training.position
    assert [record.epoch for record in told] == list(range(fault.epoch))


def test_after_such_a_stop_the_last_good_state_is_there_and_a_reset_helps() -> None:
    with Driver(EXPLOSIVE) as driver:
        driver.runner.post(Run())
        stopped = driver.expect_state(State.STOPPED)
        driver.runner.post(RequestFrame(GRID))
        assert driver.expect(Frame).position == stopped.position
        driver.runner.post(ChangeHyperparameters(dataclasses.replace(EXPLOSIVE, learning_rate=0.01)))
        driver.runner.post(Reset())
        driver.expect_state(State.PAUSED)
        assert len(driver.run_to_the_end()) == EXPLOSIVE.epochs


def test_a_step_that_fails_does_not_lose_the_epoch_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Trainer.outcome

    def outcome_in_the_first_epoch(trainer: Trainer, chosen: Indices) -> tuple[Trace, Checkpoint]:
        return boom() if trainer.epoch else outcome(trainer, chosen)

    monkeypatch.setattr(Trainer, "outcome", outcome_in_the_first_epoch)
    driver = Driver()
    driver.runner.post(Load(SMALL))
    for _ in range(29):  # all wait before the loop begins: it obeys them before it scores the epoch
        driver.runner.post(Step())
    with driver:
        driver.expect(Failed)
        driver.expect_state(State.STOPPED)
    assert [record.epoch for record in driver.records()] == [0]


def test_commands_in_any_order_leave_a_loop_that_answers() -> None:
    draw = random.Random(SEED)
    experiments = [SMALL, dataclasses.replace(SMALL, samples=60, shuffle=True, batch_size=7), LACKS_A_CLASS]
    with Driver(SMALL) as driver:
        runner = driver.runner
        commands: list[Callable[[], Command]] = [
            Run,
            Run,
            Pause,
            Step,
            Reset,
            RunBack,
            lambda: Step(draw.choice(LEVELS), draw.randrange(-30, 30)),
            lambda: GoToOperation(draw.randrange(26)),
            lambda: GoTo(Position(draw.randrange(4), draw.randrange(28), draw.randrange(25))),
            lambda: InspectSample(draw.choice([*SampleChoice, *range(-2, 30)])),
            lambda: ApplySample(draw.randrange(-2, 30)),
            lambda: SetBreakpoints(tuple(draw.sample(list(READY_MADE.values()), draw.randrange(4)))),
            lambda: SetWatches((Watch(Metric("loss"), draw.randrange(40)), Watch(Metric("delta", 2)))),
            lambda: ChangeHyperparameters(dataclasses.replace(SMALL, learning_rate=draw.choice([0.01, 10.0, -1.0]))),
            lambda: SetSpeed(draw.choice([1.0, 30.0, 1000.0, None])),
            lambda: RequestFrame(GRID),
            lambda: Load(draw.choice(experiments)),
        ]
        for _ in range(300):
            runner.post(draw.choice(commands)())
        last = dataclasses.replace(SMALL, seed=99)
        runner.post(Load(last))
        driver.expect(NetworkReady, lambda prepared: prepared.experiment == last)
        runner.post(SetSpeed(None))
        runner.post(SetBreakpoints(()))
        assert [record.epoch for record in driver.run_to_the_end()] == list(range(SMALL.epochs))
        assert [failed.details for failed in driver.failures() if failed.details] == []
