"""Logarithmic scales: texts of powers of ten, positions and ticks."""

import math

import numpy as np
import pytest

from bpviz.ui.plotting.log_scale import LogScale, StableLogScale, power_of_ten, powers_of_ten


def test_small_powers_of_ten_are_short_and_large_ones_are_written_out() -> None:
    assert [power_of_ten(power) for power in (-12, -1, 0, 3)] == ["1e−12", "1e−1", "1", "1,000"]


def test_powers_are_clipped_and_nan_stays_nan() -> None:
    powers = powers_of_ten([0.0, 1e-20, 1e-3, math.inf], -12, 6)
    np.testing.assert_allclose(powers, [-12, -12, -3, 6])
    assert np.isnan(powers_of_ten(math.nan, -12, 6))


def test_positions_on_a_scale_go_from_0_to_1() -> None:
    np.testing.assert_allclose(LogScale(-4, 0).places([0.0, 1e-4, 1e-2, 1.0, 50.0]), [0, 0, 0.5, 1, 1])


@pytest.mark.parametrize(
    ("scale", "powers"),
    [
        (LogScale(-12, 0), [-12, -9, -6, -3, 0]),
        (LogScale(-2, 0), [-2, -1, 0]),
        (LogScale(-5, 0), [-4, -2, 0]),
    ],
)
def test_a_scale_has_few_ticks_including_the_upper_end(scale: LogScale, powers: list[int]) -> None:
    assert [power for power, _ in scale.ticks()] == powers
    places = [place for place, _ in scale.ticks_at_places()]
    np.testing.assert_allclose(places, scale.places([10.0**power for power in powers]))


def test_a_scale_with_a_smallest_range_grows_beyond_it_and_returns_to_it() -> None:
    scale = StableLogScale(always=LogScale(-6, 0), most=400)
    assert scale.scale == LogScale(-6, 0)
    scale.fit([0.01])
    assert scale.scale == LogScale(-6, 0)
    scale.fit([1e-30, 20.0])
    assert scale.scale == LogScale(-30, 2)
    scale.fit([0.01])
    assert scale.scale == LogScale(-6, 0)
    scale.fit([20.0])
    scale.release()
    assert scale.scale == LogScale(-6, 0)
