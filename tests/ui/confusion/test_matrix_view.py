"""The view of a confusion matrix with few and with many classes, in much and in little room."""

from __future__ import annotations

import string

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpviz.core.metrics.confusion import ConfusionMatrix
from bpviz.ui.confusion.matrix_table import MatrixTable
from bpviz.ui.confusion.matrix_view import MatrixView, Numbers
from bpviz.ui.style import theme
from tests.ui.user_input import lay_out_and_paint, press

LETTERS = tuple(string.ascii_uppercase)


def matrix(n_classes: int, n_samples: int = 3000) -> ConfusionMatrix:
    rng = np.random.RandomState(0)
    labels = rng.randint(n_classes, size=n_samples)
    predicted = np.where(rng.rand(n_samples) < 0.8, labels, rng.randint(n_classes, size=n_samples))
    return ConfusionMatrix.of(labels, predicted, n_classes)


def view_of(qtbot: QtBot, names: tuple[str, ...], width: int, height: int) -> MatrixView:
    made = MatrixView(MatrixTable())
    made.table.setParent(made)
    qtbot.addWidget(made)
    made.table.show_matrix(matrix(len(names)), names)
    made.resize(width, height)
    made.show()
    lay_out_and_paint(made)
    return made


def scrolls(view: MatrixView) -> tuple[bool, bool]:
    return view.horizontalScrollBar().maximum() > 0, view.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize(
    ("n_classes", "width", "height", "numbers", "is_scrolled"),
    [
        (2, 300, 200, Numbers.COUNTS_AND_PRECISION, (False, False)),
        (10, 420, 260, Numbers.COUNTS_AND_PRECISION, (False, False)),
        (10, 380, 260, Numbers.COUNTS, (False, False)),
        (10, 280, 260, Numbers.NONE, (False, False)),
        (26, 1000, 620, Numbers.COUNTS_AND_PRECISION, (False, False)),
        (26, 560, 620, Numbers.NONE, (False, False)),
        (26, 300, 200, Numbers.NONE, (True, True)),
    ],
)
def test_numbers_are_left_out_in_order_before_the_matrix_is_scrolled(
    qtbot: QtBot, n_classes: int, width: int, height: int, numbers: Numbers, is_scrolled: tuple[bool, bool]
) -> None:
    made = view_of(qtbot, LETTERS[:n_classes], width, height)
    assert (made.numbers, scrolls(made)) == (numbers, is_scrolled)
    last = n_classes
    assert made.has_room_for(made.table.index(0, last))  # recall always has
    assert made.has_room_for(made.table.index(0, 0)) == (numbers >= Numbers.COUNTS)
    assert made.has_room_for(made.table.index(last, 0)) == (numbers is Numbers.COUNTS_AND_PRECISION)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.2])
def test_cells_are_never_narrower_than_a_line_nor_lower_than_digits(qtbot: QtBot, scale: float) -> None:
    font = theme.font(theme.BASE_POINTS * scale)
    made = view_of(qtbot, LETTERS, 500, 300)
    made.setFont(font)
    lay_out_and_paint(made)
    line = made.fontMetrics().height()
    assert made.columnWidth(0) >= line
    assert made.rowHeight(0) >= made.fontMetrics().ascent() + 2
    assert made.down.width() <= 0.35 * made.width() + 1
    assert made.columnWidth(26) >= made.fontMetrics().horizontalAdvance("99.9")


def test_long_names_are_turned_upright_and_their_tooltips_have_all_of_them(qtbot: QtBot) -> None:
    names = ("a rather long name of a class", "another", "third")
    made = view_of(qtbot, names, 300, 260)
    assert made.across.is_upright
    assert made.across.height() <= 0.35 * made.height() + 1
    tip = made.table.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == "predicted a rather long name of a class"
    made.resize(900, 260)
    lay_out_and_paint(made)
    assert not made.across.is_upright


def test_the_names_of_the_shares_are_short_where_numbers_need_the_room(qtbot: QtBot) -> None:
    made = view_of(qtbot, LETTERS[:10], 330, 260)
    assert (made.across.name(10), made.down.name(10)) == ("Rec. %", "Prec. %")
    made.resize(800, 400)
    lay_out_and_paint(made)
    assert (made.across.name(10), made.down.name(10)) == ("Recall %", "Precision %")


def test_the_current_cell_is_scrolled_into_view(qtbot: QtBot) -> None:
    made = view_of(qtbot, LETTERS, 300, 200)
    made.setCurrentIndex(made.table.index(0, 0))
    for _ in range(20):
        press(made, Qt.Key.Key_Down)
    assert made.viewport().rect().contains(made.visualRect(made.table.index(20, 0)))
    made.resize(300, 150)
    lay_out_and_paint(made)
    assert made.viewport().rect().contains(made.visualRect(made.table.index(20, 0)))


def test_a_single_mistake_has_another_colour_than_none(qtbot: QtBot) -> None:
    made = view_of(qtbot, ("a", "b"), 300, 200)
    counts = np.array([[400, 1], [0, 300]])
    made.table.show_matrix(ConfusionMatrix(counts), ("a", "b"))
    none, one, many = (made.table.light(*place) for place in ((1, 0), (0, 1), (0, 0)))
    assert none is not None
    assert one is not None
    assert many is not None
    assert none.lightness() - one.lightness() >= 3
    assert one.lightness() > many.lightness()
