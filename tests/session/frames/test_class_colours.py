import numpy as np
import pytest

from bpviz.session.frames.class_colours import CLASSES, SURFACE_STRENGTH, rgb, surface_image

WHITE = "#FFFFFF"


def paint(*outputs: float) -> list[float]:
    """Return the colour of one cell over white."""
    image = surface_image(np.array([[outputs]], dtype=np.float32), WHITE)
    assert image.shape == (1, 1, 3)
    return list(image[0, 0])


def between(colour: str, strength: float) -> list[float]:
    return list(1 + strength * (rgb(colour) - 1))


def test_a_colour_is_read_as_three_shares() -> None:
    assert list(rgb("#FF0033")) == [1, 0, 0.2]


@pytest.mark.parametrize("outputs", [(0.5, 0.5), (0.0, 0.0), (0.2, 0.7, 0.7), (np.inf, np.inf), (np.nan, 0.0)])
def test_the_surface_is_paper_coloured_where_classes_tie(outputs: tuple[float, ...]) -> None:
    assert paint(*outputs) == [1, 1, 1]


@pytest.mark.parametrize("number", range(6))
def test_a_sure_class_has_the_light_of_its_colour(number: int) -> None:
    assert paint(*np.eye(6)[number]) == pytest.approx(between(CLASSES[number], SURFACE_STRENGTH))


def test_the_further_a_class_is_ahead_the_stronger_is_its_colour() -> None:
    assert paint(0.2, 0.6, 0.3) == pytest.approx(between(CLASSES[1], 0.3 * SURFACE_STRENGTH), abs=1e-6)


def test_an_output_beyond_one_is_no_stronger_than_a_sure_class() -> None:
    assert paint(1e30, 0.0) == paint(1.0, 0.0)
