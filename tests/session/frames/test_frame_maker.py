import dataclasses
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from bpviz.core import backprop
from bpviz.core.datasets import Split, make_split
from bpviz.core.surface import Grid, activations_at, maps_over, outputs_over
from bpviz.session.engine.commands import Load
from bpviz.session.engine.events import NetworkReady
from bpviz.session.frames import frame_maker as frames
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.frames.frame_maker import MOST_SHOWN, FrameMaker, choose_shown_samples
from bpviz.session.training.training import Training
from tests.session.helpers import EXPLOSIVE, SMALL, Driver

GRID, OTHER_GRID = Grid(-1.5, 2.5, -1, 1.5, 8, 5), Grid(0, 1, 0, 1, 3, 4)


class Clock:
    """A clock that advances by a second on every call."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def training() -> Training:
    training = Training(SMALL)
    training.run_epoch()
    training.trainer.advance(3)
    return training


@pytest.fixture
def maker(training: Training) -> FrameMaker:
    return FrameMaker(training, choose_shown_samples(training.split))


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_PIECE_MULTIPLICATIONS", 0)


def split_of(samples: int) -> Split:
    return make_split("moons", samples=samples, noise=0.2, seed=0)


def make(maker: FrameMaker) -> Frame:
    pieces: Iterator[Frame | None] = iter(maker.make_piece, object())
    return next(piece for piece in pieces if piece)


def test_all_samples_are_shown_where_there_are_few() -> None:
    split = split_of(200)
    shown = choose_shown_samples(split)
    assert sorted(shown.train) == list(range(140))
    assert list(shown.test) == list(range(60))


def test_of_many_samples_only_a_limited_number_is_shown() -> None:
    split = split_of(4 * MOST_SHOWN)
    shown = choose_shown_samples(split)
    assert len(np.unique(shown.train)) == len(np.unique(shown.test)) == MOST_SHOWN
    assert shown.test[0] == 0
    assert shown.test[-1] == len(split.X_test) - 1


@pytest.mark.parametrize("samples", [200, 4 * MOST_SHOWN])
def test_shown_training_samples_are_ordered_by_class_then_by_number(samples: int) -> None:
    split = split_of(samples)
    shown = choose_shown_samples(split).train
    labels = split.labels_train[shown]
    assert list(shown) == list(shown[np.lexsort((shown, labels))])
    assert set(labels) == {0, 1}


def test_shown_samples_cannot_be_changed_by_who_receives_them() -> None:
    for samples in (200, 4 * MOST_SHOWN):
        shown = choose_shown_samples(split_of(samples))
        assert not shown.train.flags.writeable
        assert not shown.test.flags.writeable


def test_a_frame_equals_what_is_computed_directly(training: Training, maker: FrameMaker) -> None:
    maker.request(GRID)
    frame, split = make(maker), training.split
    order = np.argsort(split.labels_train, kind="stable")
    trace = backprop.trace(training.network, split.X_train[order], split.y_train[order])
    assert (frame.position, frame.grid) == (training.position, GRID)
    np.testing.assert_array_equal(frame.outputs, outputs_over(training.network, GRID))
    for delta, layer in zip(frame.deltas, trace.layers, strict=True):
        np.testing.assert_allclose(delta, layer.delta, rtol=1e-6)
    wrong = training.network.predict(split.X_train) != split.labels_train
    np.testing.assert_array_equal(frame.wrong_train, wrong[order])
    np.testing.assert_array_equal(frame.wrong_test, training.network.predict(split.X_test) != split.labels_test)


def test_a_frame_cannot_be_changed_by_who_receives_it(maker: FrameMaker) -> None:
    maker.request(GRID)
    frame = make(maker)
    arrays: tuple[npt.NDArray[np.generic], ...] = (frame.outputs, *frame.deltas, frame.wrong_train, frame.wrong_test)
    assert not any(array.flags.writeable for array in arrays)


def test_a_frame_does_not_change_while_training_runs(training: Training, maker: FrameMaker) -> None:
    maker.request(GRID)
    frame = make(maker)
    outputs, deltas = frame.outputs.copy(), [delta.copy() for delta in frame.deltas]
    training.run_epoch()
    np.testing.assert_array_equal(frame.outputs, outputs)
    for delta, before in zip(frame.deltas, deltas, strict=True):
        np.testing.assert_array_equal(delta, before)


@pytest.mark.usefixtures("small_pieces")
def test_a_frame_made_in_many_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training(dataclasses.replace(SMALL, samples=500))
    in_pieces, at_once = (FrameMaker(training, choose_shown_samples(training.split)) for _ in range(2))
    in_pieces.request(GRID)
    pieces = 1
    while (frame := in_pieces.make_piece()) is None:
        pieces += 1
    assert pieces > 5
    monkeypatch.setattr(frames, "_PIECE_MULTIPLICATIONS", 10**9)
    at_once.request(GRID)
    whole = make(at_once)
    for delta, expected in zip(frame.deltas, whole.deltas, strict=True):
        np.testing.assert_allclose(delta, expected, rtol=1e-6)
    np.testing.assert_array_equal(frame.wrong_train, whole.wrong_train)


def test_nothing_is_made_that_was_not_asked_for(maker: FrameMaker) -> None:
    assert maker.seconds_until_due(running=False) is None
    maker.request(GRID)
    assert maker.seconds_until_due(running=False) == 0
    make(maker)
    assert maker.seconds_until_due(running=False) is None


def test_the_latest_grid_is_the_one_that_is_made(maker: FrameMaker) -> None:
    maker.request(GRID)
    maker.request(OTHER_GRID)
    assert make(maker).grid == OTHER_GRID
    assert maker.seconds_until_due(running=False) is None


def test_a_frame_requested_while_another_is_made_follows_it(maker: FrameMaker) -> None:
    maker.request(GRID)
    assert maker.make_piece() is None
    maker.request(OTHER_GRID)
    assert make(maker).grid == GRID
    assert make(maker).grid == OTHER_GRID


@pytest.mark.usefixtures("small_pieces")
def test_a_frame_never_mixes_two_states_of_the_network(training: Training, maker: FrameMaker) -> None:
    maker.request(GRID)
    assert maker.make_piece() is None
    training.trainer.step()
    maker.restart()
    frame = make(maker)
    assert frame.position == training.position
    np.testing.assert_array_equal(frame.outputs, outputs_over(training.network, GRID))


def test_a_cleared_request_is_not_made(maker: FrameMaker) -> None:
    maker.request(GRID)
    maker.make_piece()
    maker.forget()
    assert maker.seconds_until_due(running=False) is None


def test_while_training_runs_frames_take_a_quarter_of_the_time(training: Training) -> None:
    clock = Clock()
    maker = FrameMaker(training, choose_shown_samples(training.split), clock)
    maker.request(GRID)
    assert maker.seconds_until_due(running=True) == 0
    started = clock.now
    make(maker)
    cost = clock.now - started
    maker.request(GRID)
    wait = maker.seconds_until_due(running=True)
    assert wait is not None
    assert cost < wait < 3 * cost
    assert maker.seconds_until_due(running=False) == 0
    clock.now += wait
    assert maker.seconds_until_due(running=True) == 0


def test_a_network_whose_numbers_leave_float32_still_gives_a_frame() -> None:
    training = Training(EXPLOSIVE)
    training.network.parameters *= 1e60
    maker = FrameMaker(training, choose_shown_samples(training.split))
    maker.request(GRID)
    assert make(maker).grid == GRID


def test_the_samples_that_are_shown_are_named_when_an_experiment_is_prepared() -> None:
    with Driver() as driver:
        driver.runner.post(Load(SMALL))
        prepared = driver.expect(NetworkReady)
    np.testing.assert_array_equal(prepared.shown.train, choose_shown_samples(prepared.split).train)


def test_a_frame_holds_the_parameters_and_keeps_them(training: Training, maker: FrameMaker) -> None:
    maker.request(GRID)
    frame, before = make(maker), training.network.parameters.copy()
    training.run_epoch()
    np.testing.assert_array_equal(frame.parameters, before)
    assert not frame.parameters.flags.writeable


def test_optional_arrays_are_empty_unless_requested(maker: FrameMaker) -> None:
    maker.request(GRID)
    frame = make(maker)
    assert (frame.maps, frame.maps_grid, frame.activations) == ((), None, ())


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("grid", [GRID, OTHER_GRID])
def test_requested_maps_are_those_of_the_network_over_their_own_grid(
    training: Training, maker: FrameMaker, grid: Grid
) -> None:
    maker.options = FrameOptions(maps=grid)
    maker.request(GRID)
    frame = make(maker)
    assert (frame.grid, frame.maps_grid) == (GRID, grid)
    expected = maps_over(activations_at(training.network, grid.points()), grid)
    for found, wanted in zip(frame.maps, expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6)
        assert not found.flags.writeable
    np.testing.assert_allclose(frame.outputs, outputs_over(training.network, GRID), rtol=1e-6)


def test_requested_activations_are_those_of_the_shown_samples(training: Training, maker: FrameMaker) -> None:
    maker.options = FrameOptions(activations=True)
    maker.request(GRID)
    frame, split = make(maker), training.split
    order = np.argsort(split.labels_train, kind="stable")
    trace = backprop.trace(training.network, split.X_train[order], split.y_train[order])
    for found, layer in zip(frame.activations, trace.layers, strict=True):
        np.testing.assert_allclose(found, layer.a, rtol=1e-6)
        assert not found.flags.writeable
    for rms, layer in zip(frame.error_rms, trace.layers, strict=True):
        assert rms == pytest.approx(np.sqrt(np.mean(layer.error**2)))
