import io

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from bpviz.core.arrays import Array
from bpviz.ui.style.theme import DARK
from bpviz.ui.widgets.array_table import ArrayTable, ArrayView, as_text
from tests.ui.user_input import press

VALUES = np.random.default_rng(5).normal(size=(4, 3)) * 10.0 ** np.arange(-3, 0)


@pytest.fixture
def view(qtbot: QtBot) -> ArrayView:
    made = ArrayView(ArrayTable())
    qtbot.addWidget(made)
    made.table.setParent(made)
    made.table.show_array(VALUES, ["0", "1", "2", "3"], ["a", "b", "c"])
    made.show()
    return made


def choose(view: ArrayView, *cells: tuple[int, int]) -> None:
    for row, column in cells:
        flag = QItemSelectionModel.SelectionFlag.Select
        view.selectionModel().select(view.table.index(row, column), flag)


def read(text: str, separator: str) -> Array:
    return np.atleast_2d(np.loadtxt(io.StringIO(text), delimiter=separator))


def test_the_model_passes_qt_s_model_tester(view: ArrayView) -> None:
    QAbstractItemModelTester(view.table, QAbstractItemModelTester.FailureReportingMode.Warning, view.table)
    view.table.show_array(np.zeros((1, 5)), ["0"], [str(number) for number in range(5)])
    assert (view.table.rowCount(), view.table.columnCount()) == (1, 5)


def test_numbers_have_six_digits_right_alignment_and_headers(view: ArrayView) -> None:
    table = view.table
    table.show_array(np.array([[0.12345678, -2.0]]), ["0"], ["left", "right"])
    assert [table.data(table.index(0, column)) for column in (0, 1)] == ["0.123457", "−2.00000"]
    alignment = table.data(table.index(0, 0), Qt.ItemDataRole.TextAlignmentRole)
    assert isinstance(alignment, Qt.AlignmentFlag)
    assert Qt.AlignmentFlag.AlignRight in alignment
    assert table.headerData(1, Qt.Orientation.Horizontal) == "right"
    assert table.headerData(0, Qt.Orientation.Vertical) == "0"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_have_the_danger_colour(view: ArrayView, value: float) -> None:
    view.table.set_theme(DARK)
    view.table.show_array(np.array([[value, 1.0]]), ["0"], ["0", "1"])
    colours = [view.table.data(view.table.index(0, at), Qt.ItemDataRole.ForegroundRole) for at in (0, 1)]
    assert colours == [QColor(DARK.danger), None]


def test_copied_numbers_are_exact(view: ArrayView) -> None:
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(read(QGuiApplication.clipboard().text(), "\t"), VALUES)
    view.copy(",")
    np.testing.assert_array_equal(read(QGuiApplication.clipboard().text(), ","), VALUES)


def test_only_the_selected_cells_are_copied(view: ArrayView) -> None:
    choose(view, (1, 0), (1, 1), (2, 0), (2, 1))
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(read(QGuiApplication.clipboard().text(), "\t"), VALUES[1:3, :2])
    view.clearSelection()
    choose(view, (3, 2))
    view.copy(",")
    assert QGuiApplication.clipboard().text() == repr(float(VALUES[3, 2]))


def test_text_of_values_that_are_not_finite_can_be_parsed() -> None:
    values = np.array([[np.nan, -np.inf], [np.inf, 5e-324]])
    np.testing.assert_array_equal(read(as_text(values, ","), ","), values)


def test_other_keys_move_as_in_any_table(view: ArrayView) -> None:
    view.setCurrentIndex(view.table.index(0, 0))
    press(view, Qt.Key.Key_Down)
    assert view.currentIndex().row() == 1
