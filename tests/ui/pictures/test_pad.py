import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.core.arrays import Array
from bpviz.session.pictures.drawing import Drawing
from bpviz.session.pictures.ink_range import InkRange
from bpviz.ui.pictures.pad import Pad
from tests.ui.user_input import click, drag_to, press

SHIFT, PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def pad(qtbot: QtBot) -> Pad:
    made = Pad()
    qtbot.addWidget(made)
    made.resize(402, 402)
    made.begin(Drawing((8, 8), 0.0, 16.0), InkRange(0.0, 16.0, np.zeros(64), np.ones(64)))
    made.show()
    return made


def pixels(pad: Pad) -> Array:
    assert pad.drawing is not None
    return pad.drawing.pixels


def middle(pad: Pad, row: int, column: int) -> QPoint:
    return pad.centre_of(row, column).toPoint()


def test_the_left_button_draws_along_the_way_of_the_pointer(pad: Pad) -> None:
    drag_to(pad, middle(pad, 1, 3), middle(pad, 6, 3), press=True, release=True)
    assert (pixels(pad)[1:7, 3] > 15).all()
    assert pixels(pad)[4, 6] == 0.0


def test_nothing_is_drawn_after_the_button_is_released(pad: Pad) -> None:
    drag_to(pad, middle(pad, 1, 3), middle(pad, 2, 3), press=True, release=True)
    before = pixels(pad)
    point = pad.centre_of(6, 6)
    QApplication.sendEvent(
        pad, QMouseEvent(QEvent.Type.MouseMove, point, pad.mapToGlobal(point), Qt.MouseButton.NoButton,
                         Qt.MouseButton.NoButton, PLAIN)
    )  # fmt: skip
    np.testing.assert_array_equal(pixels(pad), before)


def test_the_right_button_and_shift_erase(pad: Pad) -> None:
    drag_to(pad, middle(pad, 0, 3), middle(pad, 7, 3), press=True, release=True)
    click(pad, middle(pad, 2, 3), Qt.MouseButton.RightButton)
    assert pixels(pad)[2, 3] < 1
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, SHIFT, middle(pad, 6, 3))
    assert pixels(pad)[6, 3] < 1
    assert pixels(pad)[4, 3] > 15


def test_a_change_is_told_at_once_and_its_end_when_the_button_is_released(pad: Pad) -> None:
    changes: list[bool] = []
    ends: list[bool] = []
    pad.changed.connect(lambda: changes.append(True))
    pad.ended.connect(lambda: ends.append(True))
    drag_to(pad, middle(pad, 1, 1), middle(pad, 5, 5), press=True)
    assert len(changes) > 2
    assert not ends
    drag_to(pad, middle(pad, 5, 5), middle(pad, 5, 5), release=True)
    assert len(ends) == 1


def test_a_stroke_may_leave_the_pad_and_come_back(pad: Pad) -> None:
    drag_to(pad, middle(pad, 3, 3), QPoint(-300, 900), press=True)
    drag_to(pad, QPoint(-300, 900), middle(pad, 3, 3), release=True)
    assert pixels(pad).max() <= 16.0


def test_the_keyboard_inks_and_erases_the_chosen_pixel(pad: Pad) -> None:
    pad.setFocus()
    press(pad, Qt.Key.Key_Space)  # no pixel is chosen yet
    assert pixels(pad).max() == 0.0
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Space):
        press(pad, key)
    assert pixels(pad)[1, 1] == 8.0
    press(pad, Qt.Key.Key_Backspace)
    assert pixels(pad)[1, 1] == 4.0
    assert np.count_nonzero(pixels(pad)) == 1


def test_a_pad_without_a_drawing_ignores_everything(qtbot: QtBot) -> None:
    bare = Pad()
    qtbot.addWidget(bare)
    bare.show()
    click(bare, QPoint(5, 5))
    press(bare, Qt.Key.Key_Space)
    bare.grab()
    assert bare.drawing is None


def test_middle_clicks_draw_nothing(pad: Pad) -> None:
    click(pad, QPointF(pad.centre_of(4, 4)).toPoint(), Qt.MouseButton.MiddleButton)
    assert pixels(pad).max() == 0.0
