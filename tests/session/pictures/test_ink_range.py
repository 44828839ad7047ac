import numpy as np

from bpviz.core.data.split import classes_split
from bpviz.session.pictures.ink_range import InkRange

PIXELS = np.array([[0.0, 4.0], [0.0, 16.0], [2.0, 8.0]])
LABELS = np.array([0, 1, 0])


def range_of(scale: str) -> InkRange:
    return InkRange.of(classes_split((PIXELS, LABELS), (PIXELS, LABELS), 2, scale=scale))


def test_the_range_is_of_all_pixels_in_original_units_whatever_the_scaling() -> None:
    for scale in ("none", "minmax", "standard"):
        found = range_of(scale)
        assert (round(found.low, 9), round(found.high, 9)) == (0.0, 16.0)


def test_pixels_are_fractions_of_the_range() -> None:
    np.testing.assert_allclose(range_of("minmax").shares(np.array([0.0, 8.0, 20.0])), [0.0, 0.5, 1.0])


def test_pixels_of_one_value_have_a_range_too() -> None:
    flat = np.full((3, 4), 5.0)
    found = InkRange.of(classes_split((flat, LABELS), (flat, LABELS), 2))
    assert found.high > found.low
    assert np.isfinite(found.shares(flat)).all()


def test_pixels_beyond_those_of_the_training_samples_are_counted_each_on_its_own() -> None:
    found, scaling = range_of("minmax"), classes_split((PIXELS, LABELS), (PIXELS, LABELS), 2, scale="minmax").scaling
    assert [found.count_beyond(scaling.apply(row)) for row in PIXELS] == [0, 0, 0]
    assert found.count_beyond(scaling.apply(np.array([16.0, 16.0]))) == 1  # no training sample has more than 2 there
    assert found.count_beyond(scaling.apply(np.array([16.0, 0.0]))) == 2
