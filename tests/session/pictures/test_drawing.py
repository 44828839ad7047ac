import numpy as np
import pytest

from bpviz.session.pictures.drawing import Drawing


@pytest.fixture
def drawing() -> Drawing:
    return Drawing((8, 6), 0.0, 16.0)


def test_the_brush_is_soft_and_round(drawing: Drawing) -> None:
    drawing.stroke((2.5, 2.5), (2.5, 2.5))
    pixels = drawing.pixels
    assert pixels[2, 2] == 16.0
    around = [pixels[1, 2], pixels[3, 2], pixels[2, 1], pixels[2, 3]]
    assert 0 < around[0] < 16
    np.testing.assert_allclose(around, around[0])
    assert pixels[2, 4] == 0.0


def test_a_stroke_inks_everything_on_its_way(drawing: Drawing) -> None:
    drawing.stroke((0.5, 3.5), (7.5, 3.5))
    assert (drawing.pixels[:, 3] == 16.0).all()
    assert (drawing.pixels[:, 0] == 0.0).all()


def test_going_over_the_same_place_again_changes_nothing(drawing: Drawing) -> None:
    drawing.stroke((1.2, 1.2), (5.0, 4.0))
    before = drawing.pixels
    drawing.stroke((1.2, 1.2), (5.0, 4.0))
    np.testing.assert_array_equal(drawing.pixels, before)


def test_the_eraser_takes_away_what_the_brush_has_drawn(drawing: Drawing) -> None:
    drawing.stroke((0.5, 3.5), (7.5, 3.5))
    drawing.stroke((4.5, 3.5), (4.5, 3.5), erase=True)
    assert drawing.pixels[4, 3] == 0.0
    assert drawing.pixels[0, 3] == 16.0
    drawing.clear()
    assert drawing.is_empty


def test_strokes_that_leave_the_paper_are_harmless(drawing: Drawing) -> None:
    drawing.stroke((-50.0, -3.0), (99.0, 40.0))
    drawing.stroke((-5.0, 3.0), (-9.0, 4.0), erase=True)
    assert drawing.pixels.min() >= 0.0
    assert drawing.pixels.max() <= 16.0


def test_single_pixels_stay_in_the_range(drawing: Drawing) -> None:
    for _ in range(9):
        drawing.add(7, 5, 0.25)
    assert drawing.pixels[7, 5] == 16.0
    for _ in range(9):
        drawing.add(7, 5, -0.25)
    assert drawing.is_empty


def test_a_copy_is_independent_and_kept_in_the_range(drawing: Drawing) -> None:
    given = np.linspace(-1.0, 20.0, 48)
    drawing.copy_from(given)
    assert drawing.pixels.shape == (8, 6)
    assert (drawing.pixels.min(), drawing.pixels.max()) == (0.0, 16.0)
    assert drawing.pixels[0, 5] == given[5]
    given[:] = 3.0
    assert drawing.pixels[0, 0] == 0.0
