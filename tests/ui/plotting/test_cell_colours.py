import numpy as np
import pytest
from PySide6.QtGui import QColor

from bpviz.core.arrays import Array, rms
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.style.theme import DARK, LIGHT, Theme
from tests.ui import colour_vision


def colour_of(value: float, scale: Scale, theme: Theme = LIGHT) -> str:
    red, green, blue = cells.shades(np.array([[value]]), scale, theme)[0, 0].tolist()
    return QColor(red, green, blue).name()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_signed_scale_goes_from_negative_through_paper_to_positive(theme: Theme) -> None:
    scale = Scale("sign", 2.0)
    ends = [colour_of(value, scale, theme) for value in (-2, 2)]
    assert ends == [theme.negative.lower(), theme.positive.lower()]
    paper, zero = QColor(theme.paper), QColor(colour_of(0, scale, theme))
    assert abs(paper.lightness() - zero.lightness()) <= 2


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", ["sign", "activation", "two-sided activation", "size"])
def test_values_that_are_not_finite_have_the_danger_colour(value: float, kind: str) -> None:
    assert colour_of(value, Scale(kind, 1.0)) == LIGHT.danger.lower()


def test_values_that_are_not_finite_are_ignored_by_the_scale() -> None:
    assert cells.scale_of("delta", [np.array([np.nan, -3.0]), np.array([np.inf])]) == Scale("sign", 3.0)
    assert cells.scale_of("delta", [np.array([np.nan])]) == Scale("sign", 0.0)


@pytest.mark.parametrize(
    ("quantity", "values", "expected"),
    [
        ("delta", [0.25, 0.5], Scale("sign", 0.5)),
        ("a", [0.25, 0.5], Scale("activation", 1.0)),
        ("a", [0.25, 7.0], Scale("activation", 7.0)),
        ("a", [-0.25, 0.5], Scale("two-sided activation", 1.0)),
        ("y", [0.0, 1.0], Scale("activation", 1.0)),
        ("slope", [0.1, 0.25], Scale("size", 0.25)),
        ("loss", [0.125], Scale("size", 0.125)),
        ("x", [0.0, 1.5], Scale("sign", 1.5)),
    ],
)
def test_each_quantity_has_its_scale(quantity: str, values: list[float], expected: Scale) -> None:
    assert cells.scale_of(quantity, [np.array(values)]) == expected


@pytest.mark.parametrize("size", [0.0, 5e-324, 1e-200, 1e200, 1.7e308])
def test_values_near_the_float_limits_have_colours(size: float) -> None:
    values = np.array([[-size, 0.0, size]])
    shown = cells.shades(values, cells.scale_of("delta", [values]), LIGHT)
    assert shown.shape == (1, 3, 3)
    if size >= 1e-200:
        assert len(np.unique(shown, axis=1)[0]) == 3


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("kind", ["sign", "activation", "two-sided activation", "size"])
def test_ink_is_readable_on_every_colour(theme: Theme, kind: str) -> None:
    shown = cells.shades(np.linspace(-1, 1, 101)[np.newaxis], Scale(kind, 1.0), theme)[0]
    contrasts = [colour_vision.contrast(rgb_of(cells.readable_ink(cell, theme)), cell / 255) for cell in shown]
    assert min(contrasts) > 3.5


def rgb_of(colour: QColor) -> Array:
    return np.array([colour.redF(), colour.greenF(), colour.blueF()])


def test_a_picture_has_a_pixel_for_each_cell() -> None:
    pixels = cells.shades(np.array([[-1.0, 0.0, 1.0], [1.0, 1.0, -1.0]]), Scale("sign", 1.0), LIGHT)
    image = cells.picture(pixels)
    assert (image.width(), image.height()) == (3, 2)
    for row, column in np.ndindex(2, 3):
        assert image.pixelColor(column, row).getRgb()[:3] == tuple(pixels[row, column].tolist())  # type: ignore[index]


@pytest.mark.parametrize(
    ("values", "expected"), [([3.0, -4.0], 12.5**0.5), ([0.0], 0.0), ([1e200, 1e200], 1e200), ([np.inf, 1], np.inf)]
)
def test_the_rms_of_huge_values_does_not_overflow(values: list[float], expected: float) -> None:
    assert rms(np.array(values)) == pytest.approx(expected)


def test_the_rms_of_nan_is_nan() -> None:
    assert np.isnan(rms(np.array([1.0, np.nan])))
