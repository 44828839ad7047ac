"""Figures of one input, of more than two, and of regressions."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from bpviz.core.plane import plane_of_inputs
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.figures import figure, sheet
from bpviz.session.figures.figure_plane import FigurePlane, usual_plane
from bpviz.session.training.strokes import Stroke, split_after
from bpviz.session.training.training import Training
from tests.session.figures.test_figure import drawn, texts
from tests.session.helpers import SMALL

REGRESSION = dataclasses.replace(SMALL, dataset="gauss", activations=("tanh", "tanh", "none"))
IRIS = dataclasses.replace(load_preset("iris").experiment, hidden=(4,), activations=("tanh", "softmax"))


@pytest.fixture(autouse=True)
def _coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "CELLS", 30)


def figure_of(experiment: Experiment, at: FigurePlane | None = None) -> tuple[Training, Figure]:
    training = Training(experiment)
    return training, figure._draw(training, "small", at)


def points_of(made: Figure) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    offsets = [np.asarray(each.get_offsets()) for each in made.axes[0].collections]
    return [places for places in offsets if len(places)]


def test_over_one_input_there_is_a_curve_for_each_output_and_its_samples() -> None:
    training, made = figure_of(dataclasses.replace(REGRESSION, dataset="sine"))
    axes, split = made.axes[0], training.split
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "output")
    assert len(axes.lines) == 2
    for number, line in enumerate(axes.lines):
        x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        np.testing.assert_allclose(y, training.network.feed_forward(x[:, None])[:, number], atol=1e-5)
    *_, sine, one = points_of(made)
    order = np.argsort(split.X_train[:, 0])
    np.testing.assert_allclose(sine[np.argsort(sine[:, 0])], np.c_[split.X_train, split.y_train[:, 0]][order])
    assert (one[:, 1] == 1).all()
    assert [text.get_text() for text in made.legends[0].get_texts()][:2] == ["sin x", "one"]


def test_scaled_inputs_and_targets_are_drawn_in_their_own_units() -> None:
    training, made = figure_of(dataclasses.replace(REGRESSION, dataset="line", scale="standard"))
    split, axes = training.split, made.axes[0]
    x, y = (np.asarray(each) for each in axes.lines[0].get_data())
    outputs = training.network.feed_forward(split.scaling.apply(x[:, None]))
    np.testing.assert_allclose(y, split.target_scaling.undo(outputs)[:, 0], atol=1e-4)
    *_, train = points_of(made)
    assert np.ptp(train[:, 0]) == pytest.approx(np.ptp(split.scaling.undo(split.X_train)))


def test_a_regression_of_two_inputs_is_a_height_map_with_a_colour_bar() -> None:
    training, made = figure_of(REGRESSION)
    axes, bar = made.axes
    image = axes.images[0]
    targets = training.split.y_train
    assert image.get_clim() == pytest.approx((targets.min(), targets.max()))
    grid = sheet._grid_around(
        np.concatenate((training.split.X_train, training.split.X_test)), FigurePlane(None, ("", ""))
    )
    heights = training.network.feed_forward(grid.points().astype(float)).reshape(30, 30)
    np.testing.assert_allclose(np.asarray(image.get_array()), heights, atol=1e-5)
    assert (axes.get_xlabel(), bar.get_ylabel()) == ("$x_1$", "y")
    assert "test $R^2$ " in axes.get_title()


@pytest.mark.slow
def test_numbers_out_of_range_are_still_drawn(tmp_path: Path) -> None:
    for dataset in ("gauss", "sine"):
        training = Training(dataclasses.replace(REGRESSION, dataset=dataset))
        training.network.parameters[:] = np.nan
        figure.write_figure(training, tmp_path / "f.png", "small")


def test_over_more_inputs_the_plane_is_said_on_the_axes(tmp_path: Path) -> None:
    training = Training(IRIS)
    written = texts(drawn(training, tmp_path / "f.svg"))
    for label in ("petal length (cm)", "other inputs at their mean", "petal width (cm)", "setosa", "virginica"):
        assert label in written
    plane = usual_plane(training.split).plane
    assert plane is not None
    np.testing.assert_allclose(plane.origin[:2], training.split.X_train.mean(axis=0)[:2])


def test_another_plane_can_be_chosen() -> None:
    training = Training(IRIS)
    split = training.split
    at = FigurePlane(plane_of_inputs([0, 3], split.X_train[5]), ("a", "b"), (0, 3), "other inputs as in sample 5")
    made = figure._draw(training, "small", at)
    axes = made.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("a\nother inputs as in sample 5", "b")
    test, train = points_of(made)[-2:]
    assert sorted(map(tuple, train)) == sorted(map(tuple, split.scaling.undo(split.X_train)[:, [0, 3]]))
    assert len(test) == len(split.X_test)


def test_of_many_inputs_the_plane_is_that_of_the_components() -> None:
    _, made = figure_of(
        dataclasses.replace(load_preset("digits").experiment, hidden=(4,), activations=("tanh", "softmax"))
    )
    label = made.axes[0].get_xlabel()
    assert label.startswith("component 1 (")
    assert "plane of two components: " in label


def test_without_test_samples_there_is_no_score() -> None:
    training = Training(REGRESSION)
    erased = split_after(training.split, Stroke(erased_test=(0, len(training.split.X_test))))
    training.split = erased
    made = figure._draw(training, "small", None)
    assert made.axes[0].get_title() == "small, epoch 0"
