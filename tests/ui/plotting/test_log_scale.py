"""Powers of ten: how they are written, placed and ticked."""

import math

import numpy as np
import pytest

from bpviz.ui.plotting.log_scale import LogScale, StableLogScale, power_of_ten, powers_of_ten


def test_a_power_of_ten_is_short_where_it_is_small_and_plain_where_it_is_not() -> None:
    assert [power_of_ten(power) for power in (-12, -1, 0, 3)] == ["1e−12", "1e−1", "1", "1,000"]


def test_powers_end_at_the_ends_and_what_is_no_number_stays_none() -> None:
    powers = powers_of_ten([0.0, 1e-20, 1e-3, math.inf], -12, 6)
    np.testing.assert_allclose(powers, [-12, -12, -3, 6])
    assert np.isnan(powers_of_ten(math.nan, -12, 6))


def test_a_scale_goes_from_0_to_1() -> None:
    np.testing.assert_allclose(LogScale(-4, 0).places([0.0, 1e-4, 1e-2, 1.0, 50.0]), [0, 0, 0.5, 1, 1])


@pytest.mark.parametrize(
    ("scale", "powers"),
    [
        (LogScale(-12, 0), [-12, -9, -6, -3, 0]),
        (LogScale(-2, 0), [-2, -1, 0]),
        (LogScale(-5, 0), [-4, -2, 0]),
    ],
)
def test_there_are_few_ticks_and_the_upper_end_has_one(scale: LogScale, powers: list[int]) -> None:
    assert [power for power, _ in scale.ticks()] == powers
    places = [place for place, _ in scale.ticks_at_places()]
    np.testing.assert_allclose(places, scale.places([10.0**power for power in powers]))


def test_a_scale_may_always_span_some_powers_and_grows_beyond_them() -> None:
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
