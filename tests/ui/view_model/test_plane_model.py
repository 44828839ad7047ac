import dataclasses

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpviz.core.datasets import Split, make_split
from bpviz.ui.view_model.plane_model import Kind, PlaneChoice, PlaneModel


def split_of(name: str, scale: str = "none") -> Split:
    return make_split(name, samples=60, noise=0.1, seed=1, scale=scale)


@pytest.fixture
def model(qapp: object) -> PlaneModel:
    return PlaneModel()


def test_two_inputs_are_drawn_as_they_are(model: PlaneModel) -> None:
    split = split_of("moons")
    grid = model.begin(split)
    assert (grid.plane, model.axis_names(), model.describe()) == (None, ("input x₁", "input x₂"), "")
    np.testing.assert_array_equal(model.places(split.X_train), split.X_train)
    np.testing.assert_array_equal(model.opacity(split.X_train), np.ones(len(split.X_train)))


def test_one_input_is_drawn_on_a_line(model: PlaneModel) -> None:
    grid = model.begin(split_of("sine"))
    assert model.is_line
    assert (grid.rows, grid.n_inputs, model.axis_names()) == (1, 1, ("input x", "output"))


def test_more_inputs_are_held_at_the_selected_sample_or_else_at_the_mean(model: PlaneModel, qtbot: QtBot) -> None:
    split = split_of("iris")
    model.begin(split)
    assert model.axis_names() == ("petal length (cm)", "petal width (cm)")
    assert model.describe() == "other inputs at their mean"
    with qtbot.waitSignal(model.changed):
        model.follow(7)
    assert model.plane is not None
    assert model.plane.distances(split.X_train[[7]]) == pytest.approx([0.0])
    assert model.describe() == "other inputs as in sample 7"
    model.choose(dataclasses.replace(model.choice, kind=Kind.AT_MEAN))
    np.testing.assert_allclose(model.plane.origin[:2], split.X_train.mean(axis=0)[:2])


def test_many_inputs_are_drawn_on_their_components_and_the_share_of_the_variance_is_said(model: PlaneModel) -> None:
    split = split_of("digits")
    model.begin(split)
    assert model.axis_inputs() == (None, None)
    assert model.describe() == "plane of two components: 29% of the variance"
    centred = split.X_train - split.X_train.mean(axis=0)
    shares = np.linalg.svd(centred, compute_uv=False) ** 2 / np.sum(centred**2)
    assert model.axis_names()[0] == f"component 1 ({shares[0]:.0%})"


def test_samples_fade_with_their_distance_from_the_plane(model: PlaneModel) -> None:
    split = split_of("wine", "standard")
    model.begin(split)
    assert model.plane is not None
    order = np.argsort(model.plane.distances(split.X_train))
    assert (np.diff(model.opacity(split.X_train)[order]) <= 0).all()
    assert model.opacity(split.X_train).min() > 0.1


def test_a_choice_stays_for_the_next_network_on_the_same_inputs(model: PlaneModel) -> None:
    model.begin(split_of("iris"))
    model.choose(PlaneChoice(Kind.AT_MEAN, 0, 1))
    model.begin(split_of("iris"))
    assert model.choice == PlaneChoice(Kind.AT_MEAN, 0, 1)
    model.begin(split_of("wine"))
    assert model.choice.kind is Kind.AT_SAMPLE
