"""Pasted numbers in the shape of an operand."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.session.own_numbers.fitting import fitted
from bpviz.session.own_numbers.number_text import read_numbers
from bpviz.session.own_numbers.number_text_error import NumberTextError

SIX = np.arange(6.0)


def as_row(values: Array) -> Array:
    return values.reshape(1, -1)


def test_the_same_shape_is_taken_as_it_is() -> None:
    found = fitted([SIX.reshape(2, 3)], (2, 3), "dW of layer 1")
    assert (found.values.tolist(), found.at, found.note) == (SIX.reshape(2, 3).tolist(), (0, 0), "")


def test_the_transpose_is_turned_and_said() -> None:
    found = fitted([SIX.reshape(2, 3).T], (2, 3), "dW of layer 1")
    assert found.values.tolist() == SIX.reshape(2, 3).tolist()
    assert "exchanged" in found.note


@pytest.mark.parametrize("shape", [(1, 6), (6, 1), (2, 3), (3, 2)])
def test_a_vector_may_be_a_row_a_column_or_wrapped(shape: tuple[int, int]) -> None:
    found = fitted([SIX.reshape(shape)], (1, 6), "delta of layer 1")
    assert (found.values.tolist(), found.note) == ([SIX.tolist()], "")


def test_a_matrix_without_rows_is_filled_row_by_row() -> None:
    found = fitted([as_row(SIX)], (2, 3), "dW of layer 1")
    assert found.values.tolist() == SIX.reshape(2, 3).tolist()
    assert "row by row" in found.note


def test_the_shape_decides_what_a_comma_is() -> None:
    assert fitted(read_numbers("0,5\n0,7"), (1, 2), "z of layer 1").values.tolist() == [[0.5, 0.7]]
    assert fitted(read_numbers("0,5"), (1, 2), "z of layer 1").values.tolist() == [[0.0, 5.0]]


def test_a_comma_that_fits_in_two_ways_is_refused() -> None:
    readings = read_numbers("1,5\n2,7")
    assert len(readings) == 2
    with pytest.raises(NumberTextError, match="both fit"):
        fitted([np.ones((2, 2)), np.zeros((2, 2))], (2, 2), "dW of layer 1")


def test_fewer_numbers_go_where_the_cell_is() -> None:
    found = fitted([as_row(SIX[:2])], (2, 3), "dW of layer 1", (1, 1))
    assert (found.at, found.values.shape) == ((1, 1), (1, 2))
    assert "2 of 6" in found.note
    column = fitted([SIX[:2].reshape(2, 1)], (1, 3), "db of layer 1", (0, 1))
    assert column.values.shape == (1, 2)


@pytest.mark.parametrize("cell", [None, (1, 2), (0, 2)])
def test_what_does_not_fit_is_refused_with_both_shapes(cell: tuple[int, int] | None) -> None:
    with pytest.raises(NumberTextError, match="The shape of dW of layer 1 is 2 × 3 here, but 1 × 2 was pasted"):
        fitted([as_row(SIX[:2])], (2, 3), "dW of layer 1", cell)
