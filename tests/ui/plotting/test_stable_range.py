"""Stable ranges of axes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.ui.plotting.stable_range import StableSpan

NUMBERS = st.floats(-1e9, 1e9)


@given(NUMBERS, NUMBERS)
def test_a_span_contains_its_data_with_little_space_around(one: float, other: float) -> None:
    low, high = sorted((one, other))
    left, right = StableSpan().fit(low, high)
    assert left <= low <= high <= right
    assert right - left <= 1.6 * max(high - low, 1e-6 * max(abs(low), abs(high)), 1e-12)


def test_a_span_is_stable_grows_when_needed_and_shrinks_only_when_much_too_wide() -> None:
    span = StableSpan()
    first = span.fit(0.0, 10.0)
    assert span.fit(3.0, 7.0) == first
    left, right = span.fit(0.0, 20.0)
    assert left <= first[0]
    assert right >= 20
    assert span.fit(3.0, 12.0) == (left, right)
    assert span.fit(3.0, 4.0)[1] < 5


@pytest.mark.parametrize("held", [True, False])
def test_a_locked_span_stays(held: bool) -> None:
    span = StableSpan()
    first = span.fit(0.0, 1.0)
    span.held = held
    assert (span.fit(0.0, 50.0) == first) is held
    span.release()
    assert span.fit(0.0, 50.0) != first
