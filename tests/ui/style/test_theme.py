from itertools import combinations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from bpviz.core.arrays import Array
from bpviz.session.frames.class_colours import CLASSES, rgb
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import theme
from bpviz.ui.style.theme import DARK, LIGHT, Theme
from tests.ui.vision import DEUTERANOPIA, PROTANOPIA, contrast, distance, lab

BOTH = pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
EYES = pytest.mark.parametrize("cones", [None, DEUTERANOPIA, PROTANOPIA], ids=["all cones", "no green", "no red"])


def table(colour_map: object) -> Array:
    return colours.lookup(colour_map) / 255


def signs(look: Theme) -> tuple[Array, Array]:
    return rgb(look.negative), rgb(look.positive)


@BOTH
@pytest.mark.parametrize("ground", ["paper", "raised"])
@pytest.mark.parametrize("text", ["ink", "muted", "danger", "mse", "accuracy"])
def test_text_stands_out_from_what_it_is_written_on(look: Theme, text: str, ground: str) -> None:
    assert contrast(rgb(getattr(look, text)), rgb(getattr(look, ground))) >= 4.5


@BOTH
def test_words_on_the_accent_can_be_read(look: Theme) -> None:
    assert contrast(rgb(look.on_accent), rgb(look.accent)) >= 4.5


@BOTH
def test_the_accent_stands_out_as_a_frame(look: Theme) -> None:
    assert contrast(rgb(look.accent), rgb(look.paper)) >= 3


def test_only_the_dark_theme_is_dark() -> None:
    assert (LIGHT.is_dark, DARK.is_dark) == (False, True)


@BOTH
@EYES
def test_signs_grow_steadily_away_from_the_neutral_on_both_sides(look: Theme, cones: Array | None) -> None:
    lightness = lab(table(colours.sign_map(look)), cones)[:, 0]
    towards = np.diff(lightness) if look is LIGHT else -np.diff(lightness)
    middle = len(towards) // 2
    assert (towards[:middle] >= -0.05).all()
    assert (towards[middle:] <= 0.05).all()
    assert abs(lightness[0] - lightness[128]) > 35
    assert abs(lightness[-1] - lightness[128]) > 35


@BOTH
def test_zero_is_the_paper(look: Theme) -> None:
    middle = table(colours.sign_map(look))[127:129].mean(axis=0)
    np.testing.assert_allclose(middle, rgb(look.paper), atol=0.01)


@BOTH
def test_both_signs_are_about_as_far_from_zero(look: Theme) -> None:
    negative, positive = (distance(sign, rgb(look.paper)) for sign in signs(look))
    assert negative == pytest.approx(positive, rel=0.35)


@BOTH
@EYES
def test_the_two_signs_are_told_apart(look: Theme, cones: Array | None) -> None:
    assert distance(*signs(look), cones) > 20


@EYES
def test_the_two_classes_of_most_datasets_are_told_apart_at_a_glance(cones: Array | None) -> None:
    assert distance(rgb(CLASSES[0]), rgb(CLASSES[1]), cones) > 40


@pytest.mark.parametrize("cones", [None, DEUTERANOPIA], ids=["all cones", "no green"])
@pytest.mark.parametrize("pair", list(combinations(range(len(CLASSES)), 2)))
def test_all_classes_are_told_apart(pair: tuple[int, int], cones: Array | None) -> None:
    one, other = (rgb(CLASSES[index]) for index in pair)
    assert distance(one, other, cones) > 10


@BOTH
@EYES
def test_no_sign_is_taken_for_a_class(look: Theme, cones: Array | None) -> None:
    for sign in signs(look):
        for colour in CLASSES[:2]:
            assert distance(sign, rgb(colour), cones) > 15


@EYES
def test_activations_grow_in_lightness_from_0_to_1(cones: Array | None) -> None:
    assert (np.diff(lab(table(colours.activation_map()), cones)[:, 0]) > -0.05).all()


@BOTH
def test_the_surface_has_the_paper_where_classes_tie(look: Theme) -> None:
    middle = table(colours.difference_map(look))[127:129].mean(axis=0)
    np.testing.assert_allclose(middle, rgb(look.paper), atol=0.01)


@BOTH
def test_the_application_wears_the_theme(qapp: QApplication, look: Theme) -> None:
    theme.apply(qapp, look, 1.5)
    assert qapp.palette().window().color().name().upper() == look.paper
    assert qapp.font().family() == "Inter"
    assert qapp.font().pointSizeF() == 1.5 * theme.BASE_POINTS
