"""Predictions in frames: of every sample, at the position that is on screen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from bpviz.core.arrays import Array
from bpviz.core.plane import plane_of_inputs
from bpviz.core.surface import Grid
from bpviz.session.engine.commands import (
    ChangeHyperparameters,
    Fork,
    GoTo,
    RequestFrame,
    Run,
    SetFrameOptions,
    ShowBranch,
)
from bpviz.session.engine.events import State, Status
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.frames import frame_maker as frames
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.frames.frame_maker import FrameMaker, choose_shown_samples
from bpviz.session.frames.predictions import Predictions
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.helpers import EXPLOSIVE, SMALL, Driver

GRID = Grid(-1.5, 2.5, -1, 1.5, 8, 5)
BLOBS = Experiment(
    dataset="blobs", classes=5, samples=300, hidden=(6,), activations=("tanh", "softmax"), loss="cross_entropy"
)
FASTER = dataclasses.replace(SMALL, learning_rate=0.9)


def frame_of(training: Training, *, predictions: bool = True) -> Frame:
    maker = FrameMaker(training, choose_shown_samples(training.split))
    maker.options = FrameOptions(predictions=predictions)
    X = training.split.X_train
    maker.request(GRID if X.shape[1] == 2 else dataclasses.replace(GRID, plane=plane_of_inputs((0, 1), X.mean(axis=0))))
    made = None
    while made is None:
        made = maker.make_piece()
    return made


def both(frame: Frame) -> tuple[Predictions, Predictions]:
    assert frame.predicted_train is not None
    assert frame.predicted_test is not None
    return frame.predicted_train, frame.predicted_test


@pytest.mark.parametrize("experiment", [SMALL, BLOBS, load_preset("iris").experiment])
def test_every_sample_is_predicted_as_by_the_network(experiment: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_PIECE_MULTIPLICATIONS", 0)  # in pieces of 64 samples
    training = Training(experiment)
    record, split, network = training.run_epoch(), training.split, training.network
    train, test = both(frame_of(training))
    sides = (
        (train, split.X_train, split.y_train, split.labels_train),
        (test, split.X_test, split.y_test, split.labels_test),
    )
    for found, X, y, labels in sides:
        np.testing.assert_array_equal(found.samples, np.arange(len(X)))
        np.testing.assert_array_equal(found.labels, labels)
        np.testing.assert_array_equal(found.predicted, network.predict(X))
        np.testing.assert_allclose(found.outputs, network.feed_forward(X), rtol=1e-6)
        np.testing.assert_allclose(found.losses, network.losses(X, y))
        by_sklearn = confusion_matrix(labels, network.predict(X), labels=range(split.n_classes))
        np.testing.assert_array_equal(found.confusion().counts, by_sklearn)
        assert found.n_there == len(X)
    assert train.confusion().accuracy == pytest.approx(record.accuracy_train)
    assert test.confusion().accuracy == pytest.approx(record.accuracy_test)


def test_nothing_is_predicted_unless_requested() -> None:
    frame = frame_of(Training(SMALL), predictions=False)
    assert (frame.predicted_train, frame.predicted_test) == (None, None)


def test_a_regression_has_no_predictions_of_classes() -> None:
    frame = frame_of(Training(Experiment(dataset="plane", samples=60, hidden=(3,), activations=("tanh", "none"))))
    assert (frame.predicted_train, frame.predicted_test) == (None, None)


def test_of_many_samples_evenly_spaced_ones_are_predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_MOST_PREDICTED", 10)
    train, test = both(frame_of(Training(SMALL)))
    assert (len(train.samples), train.n_there) == (10, 28)
    assert (train.samples[0], train.samples[-1]) == (0, 27)
    assert (len(test.samples), test.n_there) == (10, 12)


def test_predictions_cannot_be_changed_by_who_receives_them() -> None:
    for found in both(frame_of(Training(SMALL))):
        arrays = found.samples, found.labels, found.predicted, found.outputs, found.losses
        assert not any(array.flags.writeable for array in arrays)


def test_outputs_that_leave_float32_are_no_fault() -> None:
    training = Training(EXPLOSIVE)
    training.network.parameters *= 1e60
    train, _ = both(frame_of(training))
    assert train.confusion().n_samples == 28


def outputs_after(epochs: int, *, faster_from: int | None = None) -> Array:
    """Return the outputs for all training samples, by a training of its own."""
    training = Training(SMALL)
    for epoch in range(epochs):
        if epoch == faster_from:
            training.change_hyperparameters(FASTER)
        training.run_epoch()
    return training.network.feed_forward(training.split.X_train)


def outputs_on_screen(driver: Driver) -> Array:
    driver.runner.post(RequestFrame(GRID))
    frame = driver.expect(Frame, lambda frame: frame.predicted_train is not None)
    return both(frame)[0].outputs.astype(np.float64)


def test_in_the_past_and_on_a_branch_the_predictions_are_those_of_the_position() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(SetFrameOptions(FrameOptions(predictions=True)))
        driver.run_to_the_end()
        np.testing.assert_allclose(outputs_on_screen(driver), outputs_after(5), rtol=1e-5)
        driver.runner.post(GoTo(Position(2)))
        driver.expect(Status, lambda status: status.position == Position(2))
        np.testing.assert_allclose(outputs_on_screen(driver), outputs_after(2), rtol=1e-5)
        driver.runner.post(Fork())
        driver.runner.post(ChangeHyperparameters(FASTER))
        driver.runner.post(Run())
        driver.expect_state(State.FINISHED)
        np.testing.assert_allclose(outputs_on_screen(driver), outputs_after(5, faster_from=2), rtol=1e-5)
        driver.runner.post(ShowBranch(0))
        driver.expect(Status, lambda status: status.state is not State.RUNNING)
        found = outputs_on_screen(driver)
        np.testing.assert_allclose(found, outputs_after(5), rtol=1e-5)
        assert not np.allclose(outputs_after(5), outputs_after(5, faster_from=2), rtol=1e-3)
