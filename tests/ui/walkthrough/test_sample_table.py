import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from bpviz.core.arrays import Array
from bpviz.ui.style import formats
from bpviz.ui.walkthrough.sample_table import SampleTable

QUANTITIES = ("z", "a", "error", "slope", "delta", "db")


@pytest.fixture
def columns() -> dict[str, Array]:
    return {name: np.array([index + 0.25, -index - 0.5]) for index, name in enumerate(QUANTITIES)}


@pytest.fixture
def table(qapp: object, columns: dict[str, Array]) -> SampleTable:
    made = SampleTable()
    made.show_layer(columns, np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    return made


def text(table: SampleTable, row: int, column: int) -> object:
    return table.data(table.index(row, column))


def test_the_model_passes_qt_s_model_tester(table: SampleTable, columns: dict[str, Array]) -> None:
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Warning, table)
    table.show_layer(columns, np.zeros((5, 2)))


def test_each_neuron_is_a_row_with_its_quantities_and_all_its_weights(
    table: SampleTable, columns: dict[str, Array]
) -> None:
    assert (table.rowCount(), table.columnCount()) == (2, 6 + 3)
    for column, name in enumerate(QUANTITIES):
        for neuron in range(2):
            assert text(table, neuron, column) == formats.number(columns[name][neuron], 5)
    assert [text(table, 1, column) for column in (6, 7, 8)] == ["2.0000", "4.0000", "6.0000"]


def test_hidden_columns_are_empty(table: SampleTable, columns: dict[str, Array]) -> None:
    table.show_layer(columns, np.ones((2, 2)), frozenset({"slope", "dW"}))
    assert [text(table, 0, column) == "" for column in range(8)] == [False] * 3 + [True] + [False] * 2 + [True] * 2


def test_columns_are_named_and_rows_are_numbered_as_neurons(table: SampleTable) -> None:
    above = [table.headerData(column, Qt.Orientation.Horizontal) for column in range(9)]
    assert above == [*QUANTITIES, "dW from 0", "dW from 1", "dW from 2"]
    assert [table.headerData(row, Qt.Orientation.Vertical) for row in range(2)] == ["0", "1"]


def test_numbers_are_right_aligned(table: SampleTable) -> None:
    alignment = table.data(table.index(0, 0), Qt.ItemDataRole.TextAlignmentRole)
    assert isinstance(alignment, Qt.AlignmentFlag)
    assert Qt.AlignmentFlag.AlignRight in alignment


def test_a_cell_has_no_children(table: SampleTable) -> None:
    assert (table.rowCount(table.index(0, 0)), table.columnCount(table.index(0, 0))) == (0, 0)


def test_another_layer_replaces_the_first(table: SampleTable, columns: dict[str, Array]) -> None:
    table.show_layer({name: values[:1] for name, values in columns.items()}, np.array([[7.0]]))
    assert (table.rowCount(), table.columnCount()) == (1, 7)
    assert text(table, 0, 6) == "7.0000"
