import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from bpviz.ui.pictures.picture_view import INK, PictureView
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.style.theme import DARK, LIGHT, Theme
from tests.ui.user_input import point_at, press

STRIPES = np.array([[0.0, 1.0, 0.0], [0.0, 0.5, 0.0]])


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView("Test")
    qtbot.addWidget(made)
    made.resize(302, 402)
    made.show_values(STRIPES, INK)
    made.show()
    return made


def colour_of(view: PictureView, row: int, column: int) -> str:
    ratio = view.devicePixelRatio()
    middle = view.centre_of(row, column) * ratio
    return view.grab().toImage().pixelColor(middle.toPoint()).name()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_no_ink_is_the_paper_and_most_ink_the_ink_of_the_theme(view: PictureView, theme: Theme) -> None:
    view.restyle(theme)
    assert colour_of(view, 0, 0) == theme.paper.lower()
    assert colour_of(view, 0, 1) == theme.ink.lower()
    assert colour_of(view, 1, 1) not in (theme.paper.lower(), theme.ink.lower())


def test_zero_is_neutral_between_the_colours_of_signs(view: PictureView) -> None:
    view.show_values(np.array([[-2.0, 0.0, 2.0]]), Scale("sign", 2.0))
    assert colour_of(view, 0, 0) == LIGHT.negative.lower()
    assert colour_of(view, 0, 2) == LIGHT.positive.lower()
    middle = colour_of(view, 0, 1)
    assert max(abs(int(middle[at : at + 2], 16) - int(LIGHT.paper[at : at + 2], 16)) for at in (1, 3, 5)) <= 1


def test_pixels_are_square_and_as_large_as_there_is_room_for(view: PictureView) -> None:
    area = view.area()
    assert area.width() == pytest.approx(300)
    assert area.height() == pytest.approx(200)
    view.resize(900, 102)
    assert view.area().height() == pytest.approx(100)
    assert view.area().width() == pytest.approx(150)


def test_the_pixel_under_the_pointer_is_told_once(view: PictureView, qtbot: QtBot) -> None:
    told: list[object] = []
    view.pointed.connect(told.append)
    point_at(view, view.centre_of(1, 2).toPoint())
    point_at(view, view.centre_of(1, 2).toPoint() + QPoint(3, 3))
    assert told == [(1, 2)]
    point_at(view, QPoint(20, 380))  # below the picture
    assert told == [(1, 2), None]


def test_arrow_keys_choose_pixels_and_stop_at_the_edges(view: PictureView) -> None:
    view.setFocus()
    press(view, Qt.Key.Key_Right)
    assert view.cell == (0, 0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        press(view, key)
    assert view.cell == (1, 2)
    press(view, Qt.Key.Key_Up)
    press(view, Qt.Key.Key_Left)
    assert view.cell == (0, 1)


def test_a_picture_of_another_shape_has_no_chosen_pixel(view: PictureView) -> None:
    view.setFocus()
    press(view, Qt.Key.Key_Right)
    view.show_values(np.zeros((5, 5)), INK)
    assert view.cell is None


def test_without_a_picture_nothing_is_drawn_or_chosen(view: PictureView) -> None:
    view.show_values(None, INK)
    press(view, Qt.Key.Key_Right)
    point_at(view, QPoint(50, 50))
    view.grab()
    assert view.cell is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_has_the_colour_of_danger(view: PictureView, bad: float) -> None:
    view.show_values(np.array([[bad, 0.0]]), Scale("sign", 1.0))
    assert colour_of(view, 0, 0) == LIGHT.danger.lower()
