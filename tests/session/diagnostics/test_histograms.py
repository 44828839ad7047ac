import numpy as np
import pytest

from bpviz.core.network import Network
from bpviz.session.diagnostics.histograms import (
    BINS,
    bin_edges,
    count_in_bins,
    summarize_values,
    weights_in,
    weights_of_update,
)
from bpviz.session.walkthrough.operations import Operation
from tests.session.walkthrough.updates import SMALL, at, traced_update

RNG = np.random.default_rng(1)


@pytest.mark.parametrize("top", [0.5, 2.0, 1e-9])
def test_counts_are_numpys_whatever_the_shape(top: float) -> None:
    values = RNG.normal(scale=top / 2, size=(25, 50))
    expected, _ = np.histogram(values.ravel(), np.linspace(-top, top, BINS + 1))
    np.testing.assert_array_equal(count_in_bins(values, top), expected)


def test_values_near_zero_are_in_the_middle_bin() -> None:
    counts = count_in_bins(np.array([0.0, 1e-12, -1e-12, 1.0, -1.0]), 1.0)
    assert counts[BINS // 2] == 3
    assert counts[0] == counts[-1] == 1
    assert counts.sum() == 5


def test_values_out_of_range_or_nan_are_in_no_bin() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 3.0, -3.0, 0.5])
    assert count_in_bins(values, 1.0).sum() == 1


def test_a_bin_counts_the_values_between_its_edges() -> None:
    for index in (0, 7, BINS - 1):
        low, high = bin_edges(index, 2.5)
        assert count_in_bins(np.array([(low + high) / 2]), 2.5)[index] == 1
    assert bin_edges(0, 2.5)[0] == -2.5
    assert bin_edges(BINS - 1, 2.5)[1] == pytest.approx(2.5)


def test_a_worked_example_of_a_summary() -> None:
    found = summarize_values(np.array([[3.0, -4.0], [np.nan, 0.0]]))
    assert (found.count, found.outside, found.low, found.high, found.largest) == (4, 1, -4.0, 3.0, 4.0)
    assert found.rms == pytest.approx(np.sqrt(25 / 3))


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_the_rms_of_very_small_and_very_large_numbers_is_right(size: float) -> None:
    assert summarize_values(np.array([size, -size])).rms == pytest.approx(size)


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]])
def test_without_finite_values_the_summary_is_zero(values: list[float]) -> None:
    found = summarize_values(np.array(values))
    assert (found.count, found.outside) == (len(values), len(values))
    assert found.low == found.high == found.rms == 0
    assert count_in_bins(np.array(values), 1.0).sum() == 0


def test_numbers_that_are_all_zero_have_no_spread() -> None:
    found = summarize_values(np.zeros((3, 2)))
    assert (found.low, found.high, found.rms, found.outside) == (0, 0, 0, 0)


def test_the_weights_of_an_update_are_new_in_the_layers_that_it_has_changed() -> None:
    update = at(traced_update(SMALL), Operation("update", 1))
    first, second = update.layers
    found = weights_of_update(update)
    np.testing.assert_array_equal(found[0], first.W_after)
    np.testing.assert_array_equal(found[1], second.W)
    assert not np.array_equal(first.W, first.W_after)


def test_the_weights_in_packed_parameters_are_those_of_the_layers() -> None:
    network = Network.build((2, 5, 3), ("tanh", "sigmoid"))
    for found, layer in zip(weights_in(network.parameters, (2, 5, 3)), network.layers, strict=True):
        np.testing.assert_array_equal(found, layer.weights)
