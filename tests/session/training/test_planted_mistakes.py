"""Training with planted mistakes: repeated exactly, and as wrong in what is shown as in what is trained."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.session_summary import describe
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.time_travel.history import History
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

WRONG = dataclasses.replace(SMALL, mistakes=("slope_left_out@1",))


def by_hand(experiment: Experiment, samples: int) -> Training:
    """Train one sample at a time, with delta of layer 1 without its slope, in plain numpy."""
    training = Training(dataclasses.replace(experiment, mistakes=()))
    network, split = training.network, training.split
    for number in training.trainer.order[:samples]:
        done = training.trainer.trace(np.array([number]))
        deltas = [layer.delta for layer in done.layers]
        deltas[0] = done.layers[0].error
        inputs = [split.X_train[[number]], *(layer.a for layer in done.layers[:-1])]
        for layer, a, delta in zip(network.layers, inputs, deltas, strict=True):
            layer.weights[...] -= experiment.learning_rate * a.T @ delta
            layer.bias[...] -= experiment.learning_rate * delta[0]
    return training


def test_the_planted_mistake_is_trained_with() -> None:
    training = Training(WRONG)
    training.trainer.advance(20)
    expected = by_hand(WRONG, 20).network.parameters
    np.testing.assert_allclose(training.network.parameters, expected, rtol=1e-12)
    sound = Training(SMALL)
    sound.trainer.advance(20)
    assert not np.allclose(sound.network.parameters, training.network.parameters)


def test_stepping_shows_the_wrong_numbers_and_trains_with_them() -> None:
    stepper, run = Stepper(Training(WRONG)), Training(WRONG)
    stepper.step("operation", 1)
    update = stepper.current_update
    assert update is not None
    first = update.trace.layers[0]
    np.testing.assert_array_equal(first.delta, first.error)
    stepper.step("sample", 9)
    run.trainer.advance(9)
    np.testing.assert_array_equal(stepper.training.network.parameters, run.network.parameters)


def test_any_position_is_reached_again_bit_for_bit() -> None:
    stepper = Stepper(Training(WRONG))
    stepper.step("epoch", 3)
    there = stepper.training.network.parameters.copy()
    stepper.go_to(Position(1, 5))
    stepper.go_to(Position(3))
    np.testing.assert_array_equal(stepper.training.network.parameters, there)


def test_a_breakpoint_stops_before_the_update_that_meets_it() -> None:
    stepper = Stepper(Training(WRONG))
    sixth = (Breakpoint((Condition(Metric("sample"), "=", float(Training(WRONG).trainer.order[5])),)),)
    assert stepper.run_to(sixth, 1)
    stopped = Training(WRONG)
    stopped.trainer.advance(5)
    np.testing.assert_array_equal(stepper.training.network.parameters, stopped.network.parameters)


def test_a_session_file_says_that_it_is_not_backpropagation(tmp_path: Path) -> None:
    history = History(Training(WRONG))
    history.advance(5)
    write_session(tmp_path / "a.bpviz", single_branch_session(history, WRONG, EpochTable()))
    session = read_session(tmp_path / "a.bpviz")
    assert session.branches[0].first == WRONG
    assert any("not backpropagation" in line for line in describe(session))


@pytest.mark.parametrize("mistake", ["no such mistake", "slope_left_out@9", "slope_left_out@x", "weights_left_out@3"])
def test_a_mistake_that_cannot_be_made_is_refused_in_a_sentence(mistake: str) -> None:
    with pytest.raises(ValueError, match=r"; (choose|write) "):
        Training(dataclasses.replace(SMALL, mistakes=(mistake,)))
