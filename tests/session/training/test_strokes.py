"""Strokes by themselves: which samples they make, and from which epoch these hold."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import (
    MOST_DRAWN,
    MOST_STROKES,
    DrawnSamples,
    SampleCounts,
    Sketch,
    Stroke,
    amount_problem,
    drawing_problem,
    holding,
    net_strokes,
    places,
    ranges_of,
    split_after,
)
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

TWO = Stroke(((0.5, 0.25, 1.0), (0.0, -1.0, 0.0)))
ALL = Sketch(erases_all=True)
N_TRAIN, N_TEST = 28, 12
PLANE = dataclasses.replace(load_preset("plane").experiment, samples=40)
LINE = dataclasses.replace(load_preset("line").experiment, samples=40)


def test_drawn_points_are_training_samples_behind_the_others() -> None:
    first = Training(SMALL).split
    split = split_after(first, TWO)
    np.testing.assert_array_equal(split.X_train, np.vstack((first.X_train, [[0.5, 0.25], [0.0, -1.0]])))
    np.testing.assert_array_equal(split.labels_train[-2:], [1, 0])
    np.testing.assert_array_equal(split.y_train[-2:], [[0, 1], [1, 0]])
    assert split.X_test.tobytes() == first.X_test.tobytes()
    assert not any(each.flags.writeable for each in (split.X_train, split.y_train, split.labels_train))


def test_drawn_points_can_be_test_samples_instead() -> None:
    split = split_after(Training(SMALL).split, dataclasses.replace(TWO, is_test=True))
    assert (len(split.X_train), len(split.X_test)) == (N_TRAIN, N_TEST + 2)
    assert split.labels_test[-2:].tolist() == [1, 0]


@pytest.mark.parametrize("experiment", [PLANE, LINE])
def test_the_last_number_of_a_point_is_the_target_of_a_regression(experiment: Experiment) -> None:
    first = Training(experiment).split
    split = split_after(first, Stroke(((*[0.5] * first.n_inputs, 0.75),)))
    assert split.y_train[-1].tolist() == [0.75]
    assert split.labels_train[-1] == 0
    assert split.X_train[-1].tolist() == [0.5] * first.n_inputs


def test_the_eraser_takes_what_lies_within_its_radii_along_its_path() -> None:
    split = split_after(split_after(Training(SMALL).split, ALL.stroke_on(Training(SMALL).split)), TWO)
    near = Sketch(path=((9.0, 9.0), (0.6, 0.25)), radii=(0.11, 0.01)).stroke_on(split)
    assert near == Stroke(erased=(0, 1))
    assert Sketch(path=((0.6, 0.25),), radii=(0.09, 5.0)).stroke_on(split).is_empty
    assert split_after(split, near).X_train.tolist() == [[0.0, -1.0]]


def test_over_one_input_the_eraser_meets_samples_where_they_are_drawn() -> None:
    split = Training(LINE).split
    x, y = split.X_train[3, 0], split.y_train[3, 0]
    found = Sketch(path=((x, y),), radii=(1e-9, 1e-9)).stroke_on(split)
    assert found.erased == (3, 4)
    assert places(split.X_train, split.y_train)[3].tolist() == [x, y]


def test_ranges_are_where_a_mask_is_true() -> None:
    assert ranges_of(np.array([True, True, False, True])) == (0, 2, 3, 4)
    assert ranges_of(np.zeros(3, dtype=np.bool_)) == ()


@pytest.mark.parametrize(
    ("stroke", "says"),
    [
        (Stroke(((0.0, 0.0),)), "another number of inputs"),
        (Stroke(((0.0, float("nan"), 0.0),)), "zoom in"),
        (Stroke(((0.0, float("inf"), 0.0),)), "zoom in"),
        (Stroke(((0.0, 0.0, 2.0),)), "a class from 0 to 1"),
        (Stroke(((0.0, 0.0, 0.5),)), "a class from 0 to 1"),
        (Stroke(((0.0, 0.0, -1.0),)), "a class from 0 to 1"),
        (Stroke(erased=(0, 29)), "do not exist"),
        (Stroke(erased=(3, 3)), "do not exist"),
        (Stroke(erased=(-1, 3)), "do not exist"),
        (Stroke(erased=(1,)), "do not exist"),
        (Stroke(erased_test=(11, 13)), "do not exist"),
    ],
)
def test_what_cannot_be_drawn_or_erased_is_refused(stroke: Stroke, says: str) -> None:
    assert says in (stroke.problem(SampleCounts.of(Training(SMALL).split)) or "")


def test_what_can_be_drawn_has_no_problem() -> None:
    stroke = dataclasses.replace(TWO, erased=(0, 2, 4, 28), erased_test=(0, 12))
    counts = SampleCounts.of(Training(SMALL).split)
    assert stroke.problem(counts) is None
    split = split_after(Training(SMALL).split, stroke)
    assert counts.after(stroke) == SampleCounts.of(split)
    assert counts.after(dataclasses.replace(stroke, is_test=True)).n_test == 2


def test_points_and_strokes_of_a_branch_are_limited() -> None:
    half = Stroke(((0.0, 0.0, 1.0),) * (MOST_DRAWN // 2))
    assert amount_problem([half, half]) is None
    assert "20,000 points" in (amount_problem([half, half, TWO]) or "")
    assert "2,000 strokes" in (amount_problem([TWO] * (MOST_STROKES + 1)) or "")


@pytest.mark.parametrize(
    ("stroke", "words"),
    [
        (TWO, "2 points drawn"),
        (Stroke(((0.0, 0.0, 1.0),)), "1 point drawn"),
        (Stroke(erased=(0, 3), erased_test=(0, 1)), "4 points erased"),
    ],
)
def test_a_stroke_is_described_by_its_points(stroke: Stroke, words: str) -> None:
    assert stroke.describe() == words


# When they hold


@pytest.mark.parametrize(
    ("at", "epoch", "expected"),
    [
        (Position(0, 0), 0, (1, 30)),
        (Position(0, 5), 0, (0, 28)),
        (Position(0, 5), 1, (1, 30)),
        (Position(3, 0), 2, (0, 28)),
        (Position(3, 0), 3, (1, 30)),
    ],
)
def test_a_stroke_holds_from_the_first_epoch_that_begins_after_it(
    at: Position, epoch: int, expected: tuple[int, int]
) -> None:
    assert holding([(at, TWO)], epoch, N_TRAIN) == expected


def test_while_all_training_samples_are_erased_those_before_hold() -> None:
    cleared = Stroke(erased=(0, 28))
    strokes = [(Position(1, 5), cleared), (Position(3, 4), TWO), (Position(3, 9), TWO)]
    assert [holding(strokes, epoch, N_TRAIN) for epoch in (1, 2, 3, 4)] == [(0, 28), (0, 28), (0, 28), (3, 4)]
    assert holding([(Position(1), cleared), (Position(1), TWO)], 1, N_TRAIN) == (2, 2)


def test_training_takes_over_what_was_drawn_at_the_start_of_the_next_epoch() -> None:
    training = Training(SMALL)
    training.trainer.advance(5)
    training.draw(split_after(training.drawn, TWO))
    assert (len(training.split.X_train), len(training.drawn.X_train)) == (28, 30)
    training.run_epoch()
    assert training.split is training.drawn
    training.trainer.advance(30)
    assert training.trainer.sample == 30
    assert sorted(training.trainer.order.tolist()) == list(range(30))


def test_an_epoch_is_scored_on_the_samples_that_it_was_trained_on() -> None:
    drawn, plain = Training(SMALL), Training(SMALL)
    drawn.trainer.advance(5)
    drawn.draw(split_after(drawn.drawn, TWO))
    assert drawn.run_epoch().mse_train == plain.run_epoch().mse_train
    assert drawn.run_epoch().mse_train != plain.run_epoch().mse_train


@pytest.mark.parametrize("experiment", [SMALL, PLANE])
def test_without_test_samples_there_are_no_test_scores(experiment: Experiment) -> None:
    training = Training(experiment)
    training.draw(split_after(training.drawn, Stroke(erased_test=(0, len(training.split.X_test)))))
    record = training.run_epoch()
    assert np.isnan([record.mse_test, record.accuracy_test]).all()
    assert np.isfinite(record.mse_train)


# Many at once


def test_few_strokes_have_the_effect_of_many() -> None:
    rng, first = np.random.default_rng(3), Training(SMALL).split
    samples = DrawnSamples(first)
    strokes: list[Stroke] = []
    for number in range(40):
        x, y = rng.normal(size=2).tolist()
        sketch = Sketch(((x, y, float(number % 2)),), number % 3 == 0, ((y, x),), (0.2, 0.2))
        strokes.append(sketch.stroke_on(samples.after(strokes)))
    last = samples.after(strokes)
    net = net_strokes(first, last, strokes)
    again = DrawnSamples(first).after(net)
    assert len(net) == 2
    for name in ("X_train", "y_train", "labels_train", "X_test", "y_test", "labels_test"):
        assert getattr(again, name).tobytes() == getattr(last, name).tobytes()
    assert net_strokes(first, first, ()) == ()


def test_the_samples_after_some_strokes_are_kept() -> None:
    samples = DrawnSamples(Training(SMALL).split)
    strokes = [dataclasses.replace(TWO) for _ in range(20)]
    made = [samples.after(strokes[:n]) for n in range(21)]
    assert samples.after(strokes) is made[20]
    assert samples.after([]) is samples.first
    assert samples.after(strokes[:1]).X_train.tobytes() == made[1].X_train.tobytes()


# Where points can be drawn


@pytest.mark.parametrize("experiment", [SMALL, PLANE, LINE])
def test_points_can_be_drawn_over_two_inputs_and_over_one_input_with_one_target(experiment: Experiment) -> None:
    assert drawing_problem(Training(experiment).split) == ""


@pytest.mark.parametrize(("dataset", "says"), [("iris", "has 4"), ("sine", "one target")])
def test_where_points_cannot_be_drawn_the_reason_is_said(dataset: str, says: str) -> None:
    assert says in drawing_problem(Training(dataclasses.replace(load_preset(dataset).experiment)).split)
