"""Log scales and stable ranges of heatmaps."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.ui.plotting.log_scale import symmetric_log, symmetric_log_ticks
from bpviz.ui.plotting.stable_range import StableRange, bulk

TOPS = st.floats(1e-20, 1e20)
SIZES = st.floats(1e-30, 1e30)


def log(values: list[float], top: float) -> list[float]:
    places: list[float] = symmetric_log(np.array(values, dtype=np.float32), top).tolist()
    return places


@given(TOPS)
def test_the_log_scale_goes_from_minus_one_through_zero_to_one(top: float) -> None:
    assert log([-top, 0.0, top], top) == pytest.approx([-1, 0, 1], abs=1e-5)


@given(TOPS)
def test_the_log_scale_is_monotonic_and_symmetric(top: float) -> None:
    values = np.concatenate(([0.0], np.geomspace(top * 1e-6, top, 60))).tolist()
    places = log(values, top)
    assert all(a < b for a, b in pairwise(places))
    assert log([-value for value in values], top) == [-place for place in places]


@given(TOPS)
def test_every_decade_has_the_same_length_on_the_log_scale(top: float) -> None:
    places = log([top * 10.0**-power for power in range(4)], top)
    steps = -np.diff(places)
    np.testing.assert_allclose(steps, 0.25, atol=0.03)


@given(TOPS)
def test_the_ticks_of_the_log_scale_are_at_their_values(top: float) -> None:
    ticks = symmetric_log_ticks(top)
    places = [place for place, _ in ticks]
    assert places == sorted(places)
    values = [float(text.replace("−", "-")) for _, text in ticks]
    np.testing.assert_allclose(log(values, top), places, atol=0.02)


@given(SIZES)
def test_a_range_is_a_round_number_that_holds_its_data(largest: float) -> None:
    top = StableRange().fit(largest)
    assert largest <= top * (1 + 1e-9) <= 2.6 * largest
    assert round(top / 10 ** math.floor(math.log10(top) + 1e-9), 6) in (1, 2, 5)


def test_a_range_is_stable_while_data_stay_within_it() -> None:
    held = StableRange()
    assert [held.fit(size) for size in (0.9, 0.5, 0.99, 0.21)] == [1, 1, 1, 1]


def test_a_range_grows_when_needed_and_shrinks_only_when_much_too_wide() -> None:
    held = StableRange()
    assert [held.fit(size) for size in (0.9, 1.1, 0.5, 0.39)] == [1, 2, 2, pytest.approx(0.5)]


def test_a_locked_range_does_not_change() -> None:
    held = StableRange()
    held.fit(0.9)
    held.held = True
    assert [held.fit(size) for size in (50, 1e-9, 0, math.inf)] == [1, 1, 1, 1]
    held.held = False
    assert held.fit(50) == 50


def test_a_released_range_is_set_again_although_it_is_locked() -> None:
    held = StableRange()
    held.fit(0.9)
    held.held = True
    held.release()
    assert held.fit(50) == 50


@pytest.mark.parametrize("largest", [math.inf, math.nan])
def test_infinite_data_keep_the_range(largest: float) -> None:
    held = StableRange()
    assert held.fit(largest) == 1
    held.fit(0.04)
    assert held.fit(largest) == pytest.approx(0.05)


def test_deltas_that_are_all_zero_have_a_range_too() -> None:
    assert StableRange().fit(0.0) > 0


def test_few_outliers_do_not_set_the_range() -> None:
    values = np.full((100, 10), -0.5, dtype=np.float32)
    values[0] = 1000
    assert bulk(values) == 0.5
    assert bulk(np.zeros((0, 3), dtype=np.float32)) == 0


def test_of_few_values_none_is_an_outlier() -> None:
    assert bulk(np.array([[0.25, -0.5]], dtype=np.float32)) == 0.5
