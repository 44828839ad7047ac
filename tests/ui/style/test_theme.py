from itertools import combinations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QHBoxLayout, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bpviz.core.arrays import Array
from bpviz.session.frames.class_colours import CLASSES, rgb
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import theme
from bpviz.ui.style.theme import DARK, LIGHT, Theme
from tests.ui.colour_vision import DEUTERANOPIA, PROTANOPIA, contrast, distance, lab

BOTH = pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
EYES = pytest.mark.parametrize("cones", [None, DEUTERANOPIA, PROTANOPIA], ids=["all cones", "no green", "no red"])


def table(colour_map: object) -> Array:
    return colours.lookup(colour_map) / 255


def signs(look: Theme) -> tuple[Array, Array]:
    return rgb(look.negative), rgb(look.positive)


@BOTH
@pytest.mark.parametrize("ground", ["paper", "raised"])
@pytest.mark.parametrize("text", ["ink", "muted", "danger", "mse", "accuracy"])
def test_text_has_enough_contrast(look: Theme, text: str, ground: str) -> None:
    assert contrast(rgb(getattr(look, text)), rgb(getattr(look, ground))) >= 4.5


@BOTH
def test_text_on_the_accent_has_enough_contrast(look: Theme) -> None:
    assert contrast(rgb(look.on_accent), rgb(look.accent)) >= 4.5


@BOTH
def test_a_button_that_is_on_has_readable_text_and_does_not_look_like_one_that_is_off(look: Theme) -> None:
    assert contrast(rgb(look.ink), rgb(look.chosen)) >= 4.5
    assert distance(rgb(look.chosen), rgb(look.raised)) > 10


@BOTH
def test_the_frame_of_a_button_is_seen_and_what_is_disabled_is_fainter_than_a_caption(look: Theme) -> None:
    assert contrast(rgb(look.edge), rgb(look.paper)) >= 2
    assert contrast(rgb(look.faint), rgb(look.paper)) < 0.6 * contrast(rgb(look.muted), rgb(look.paper))


def pixels_that_differ(one: QWidget, other: QWidget) -> float:
    """Return the share of pixels in which two widgets of the same size differ clearly."""
    images = [each.grab().toImage() for each in (one, other)]  # they own the memory that is read
    a, b = (np.frombuffer(image.constBits(), np.uint8).astype(int) for image in images)
    return float((abs(a - b).reshape(-1, 4).max(axis=1) > 24).mean())


@BOTH
def test_on_off_focused_and_disabled_buttons_all_look_different(qapp: QApplication, qtbot: QtBot, look: Theme) -> None:
    theme.apply(qapp, look)
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    buttons = [QToolButton() for _ in range(4)]
    for button in buttons:
        button.setText("Fit")
        button.setCheckable(True)
        row.addWidget(button)
    on, focused, disabled = buttons[1:]
    on.setChecked(True)
    disabled.setEnabled(False)
    window.show()
    window.activateWindow()
    focused.setFocus()
    qtbot.waitUntil(focused.hasFocus)
    for one, other in combinations(buttons, 2):
        assert pixels_that_differ(one, other) > 0.03


@BOTH
def test_the_accent_has_enough_contrast_as_a_frame(look: Theme) -> None:
    assert contrast(rgb(look.accent), rgb(look.paper)) >= 3


def test_only_the_dark_theme_is_dark() -> None:
    assert (LIGHT.is_dark, DARK.is_dark) == (False, True)


@BOTH
@EYES
def test_the_sign_map_is_monotonic_on_both_sides_of_zero(look: Theme, cones: Array | None) -> None:
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
def test_both_signs_have_about_the_same_contrast_to_zero(look: Theme) -> None:
    negative, positive = (distance(sign, rgb(look.paper)) for sign in signs(look))
    assert negative == pytest.approx(positive, rel=0.35)


@BOTH
@EYES
def test_the_two_signs_are_distinguishable(look: Theme, cones: Array | None) -> None:
    assert distance(*signs(look), cones) > 20


@EYES
def test_the_two_usual_classes_are_clearly_distinguishable(cones: Array | None) -> None:
    assert distance(rgb(CLASSES[0]), rgb(CLASSES[1]), cones) > 40


@pytest.mark.parametrize("cones", [None, DEUTERANOPIA], ids=["all cones", "no green"])
@pytest.mark.parametrize("pair", list(combinations(range(len(CLASSES)), 2)))
def test_all_classes_are_distinguishable(pair: tuple[int, int], cones: Array | None) -> None:
    one, other = (rgb(CLASSES[index]) for index in pair)
    assert distance(one, other, cones) > 10


@BOTH
@EYES
def test_no_sign_looks_like_a_class(look: Theme, cones: Array | None) -> None:
    for sign in signs(look):
        for colour in CLASSES[:2]:
            assert distance(sign, rgb(colour), cones) > 15


@EYES
def test_the_lightness_of_activations_increases_from_0_to_1(cones: Array | None) -> None:
    assert (np.diff(lab(table(colours.activation_map()), cones)[:, 0]) > -0.05).all()


@BOTH
@EYES
def test_counts_get_further_from_the_paper_the_larger_they_are(look: Theme, cones: Array | None) -> None:
    lightness = lab(table(colours.count_map(look)), cones)[:, 0]
    away = lightness if look.is_dark else -lightness
    assert (np.diff(away) >= 0).all()  # colours of 8 bits: two neighbours may be equal
    assert (away[16:] > away[:-16]).all()
    assert away[-1] - away[0] > 30


@BOTH
def test_the_ink_is_readable_on_every_count(look: Theme) -> None:
    grounds = table(colours.count_map(look))
    np.testing.assert_allclose(grounds[0], rgb(look.paper), atol=0.01)
    assert min(contrast(rgb(look.ink), ground) for ground in grounds) >= 4.5


@BOTH
def test_the_surface_has_the_paper_colour_at_the_boundary(look: Theme) -> None:
    middle = table(colours.difference_map(look))[127:129].mean(axis=0)
    np.testing.assert_allclose(middle, rgb(look.paper), atol=0.01)


@BOTH
def test_the_application_uses_the_theme(qapp: QApplication, look: Theme) -> None:
    theme.apply(qapp, look, 1.5)
    assert qapp.palette().window().color().name().upper() == look.paper
    assert qapp.font().family() == "Inter"
    assert qapp.font().pointSizeF() == 1.5 * theme.BASE_POINTS


def test_buttons_of_dialogs_have_no_icons_which_would_be_dark_on_dark(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, theme.DARK)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    qtbot.addWidget(box)
    assert [button.icon().isNull() for button in box.buttons()] == [True]
