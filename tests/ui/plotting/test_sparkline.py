"""Sparklines, checked by their pixels."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from bpviz.core.arrays import Array
from bpviz.ui.plotting.sparkline import paint_sparkline, thinned
from bpviz.ui.style import theme
from bpviz.ui.style.theme import LIGHT

WIDTH, HEIGHT = 200, 40
#: Without the numbers at the right.
PLOT = 120


def ink(values: list[float], *, log: bool = False) -> Array:
    """Paint values, and return how dark each pixel is, 0 to 1."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(theme.font(8))
    try:
        paint_sparkline(painter, QRect(0, 0, WIDTH, HEIGHT), np.array(values), LIGHT, log=log)
    finally:
        painter.end()  # a painter must be deleted before its image
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, image.bytesPerLine())[:, :WIDTH]
    darkness: Array = 1 - pixels / 255
    return darkness


def heights(values: list[float], *, log: bool = False) -> Array:
    """Return the row of the darkest pixel in each column of the plot."""
    rows: Array = np.argmax(ink(values, log=log)[:, 10 : PLOT - 20], axis=0)
    return rows


@pytest.mark.usefixtures("qapp")
class TestPainting:
    def test_increasing_values_go_up(self) -> None:
        rows = heights([float(value) for value in range(50)])
        assert rows[0] > rows[-1] + HEIGHT / 2
        assert (np.diff(rows) <= 0).all()

    def test_constant_values_are_a_horizontal_line_in_the_middle(self) -> None:
        rows = heights([0.25] * 50)
        assert set(rows) <= {HEIGHT // 2 - 1, HEIGHT // 2, HEIGHT // 2 + 1}

    def test_a_power_is_a_straight_line_on_a_log_scale(self) -> None:
        rows = heights([10.0**-power for power in range(30)], log=True)
        straight = np.linspace(rows[0], rows[-1], len(rows))
        assert np.abs(rows - straight).max() <= 1.5

    def test_signs_are_ignored_on_a_log_scale(self) -> None:
        values = [10.0**-power for power in range(30)]
        assert (ink(values, log=True) == ink([-value for value in values], log=True)).all()

    def test_values_that_are_not_finite_leave_a_gap(self) -> None:
        part = ink([*[1.0, 2.0] * 20, *[math.nan] * 40, *[1.0, 2.0] * 20])[:, 50:60]
        assert part.max() == 0

    @pytest.mark.parametrize("values", [[], [math.nan], [math.inf, -math.inf]])
    def test_without_finite_values_nothing_is_painted(self, values: list[float]) -> None:
        assert ink(values).max() == 0
        assert ink(values, log=True).max() == 0

    def test_zeros_leave_a_gap_on_a_log_scale(self) -> None:
        assert ink([0.0] * 5, log=True).max() == 0

    @pytest.mark.parametrize(
        "values", [[1.7e308, -1.7e308], [5e-324, 0.0], [1e308, 1e-308], [1.0], [0.0], [1e300, 1.0000000000000002e300]]
    )
    @pytest.mark.parametrize("log", [False, True])
    def test_huge_and_tiny_values_are_painted(self, values: list[float], log: bool) -> None:
        assert (ink(values, log=log).max() > 0) == (any(values) or not log)


def test_few_values_are_not_thinned() -> None:
    values = np.arange(20.0)
    assert thinned(values, 10) is values


@pytest.mark.parametrize("length", [21, 97, 1000])
def test_thinning_keeps_the_extremes(length: int) -> None:
    values = np.sin(np.arange(length))
    values[length // 3] = 9.0
    thin = thinned(values, 10)
    assert (len(thin), thin.max(), thin.min()) == (20, 9.0, values.min())


def test_thinning_keeps_a_decreasing_line() -> None:
    assert (np.diff(thinned(np.arange(1000.0)[::-1], 10)) < 0).all()


def test_thinning_keeps_gaps_of_whole_columns() -> None:
    values = np.arange(1000.0)
    values[200:300] = np.nan
    thin = thinned(values, 10)
    assert np.isnan(thin).tolist() == [False] * 4 + [True] * 2 + [False] * 14
