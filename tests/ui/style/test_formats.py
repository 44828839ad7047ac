import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.ui.style import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1.000"),
        (-1.5, "−1.500"),
        (0.012344, "0.01234"),
        (12345.6, "12346"),
        (0.00012344, "0.0001234"),
        (0.000012344, "1.234e-5".replace("-", "−")),
        (1234567.0, "1.235e6"),
        (1e-100, "1.000e−100"),
        (1e100, "1.000e100"),
        (math.nan, "not a number"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_a_number_has_four_digits(value: float, text: str) -> None:
    assert formats.number(value) == text


@pytest.mark.parametrize("value", [9.9996, 0.99999, 0.00099996, 99.996, 9.99996e-8, 9.99996e8])
def test_a_number_rounded_up_to_a_power_of_ten_has_as_many_digits(value: float) -> None:
    digits = re.sub(r"e.*|\D", "", formats.number(value)).lstrip("0")
    assert len(digits) == 4


@given(st.floats(1e-300, 1e300), st.sampled_from([1, -1]), st.integers(2, 6))
def test_the_text_is_the_number_to_its_digits(size: float, sign: int, digits: int) -> None:
    written = formats.number(sign * size, digits).replace("−", "-")
    assert float(written) == pytest.approx(sign * size, rel=0.6 * 10.0 ** (1 - digits))


def test_an_mse_has_the_six_decimals_of_the_article() -> None:
    assert formats.mse(0.24647834) == "0.246478"


def test_scores_of_no_samples_are_a_dash() -> None:
    assert formats.mse(float("nan")) == formats.percent(float("nan")) == "–"


def test_a_fraction_is_a_percentage_with_two_decimals() -> None:
    assert formats.percent(0.495) == "49.50\u202f%"


def test_only_slow_speeds_have_a_decimal() -> None:
    assert [formats.rate(29.97), formats.rate(1234.5)] == ["30.0 epochs/s", "1,234 epochs/s"]


def test_thousands_are_separated() -> None:
    assert formats.count(1234567) == "1,234,567"
