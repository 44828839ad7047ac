"""Putting pasted numbers into the shape of an operand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpviz.core.arrays import Array
from bpviz.session.own_numbers.number_text_error import NumberTextError

Shape = tuple[int, int]


@dataclass(frozen=True)
class Fitted:
    """Numbers, where they belong, and what was done to them.

    Attributes
    ----------
    values : ndarray of shape (n_rows, n_columns)
    at : (int, int)
        Row and column of the first.
    note : str
        A sentence, or "" if they are as they were pasted.
    """

    values: Array
    at: tuple[int, int] = (0, 0)
    note: str = ""


def fitted(readings: Sequence[Array], shape: Shape, name: str, cell: tuple[int, int] | None = None) -> Fitted:
    """Return pasted numbers in the shape of an operand.

    Parameters
    ----------
    readings : sequence of ndarray
        What the text can stand for, the likeliest first.
    shape : (int, int)
    name : str
        Of the operand, for messages.
    cell : (int, int), optional
        Where fewer numbers than the operand has may be put.

    Raises
    ------
    NumberTextError
        If they do not fit, or fit in two ways.
    """
    for way in (_whole, _turned, _in_a_row):
        found = [fit for values in readings if (fit := way(values, shape))]
        if len(found) > 1:
            raise NumberTextError(
                "The commas can be decimal points, or stand between numbers, and both fit: "
                "copy with decimal points, or with a tab or a space between the numbers."
            )
        if found:
            return found[0]
    part = next((fit for values in readings if cell and (fit := _part(values, shape, cell))), None)
    if part:
        return part
    pasted = " or ".join(_size(each.shape) for each in readings)
    raise NumberTextError(
        f"The shape of {name} is {_size(shape)} here, but {pasted} was pasted: "
        ": choose the quantity and layer that it belongs to, or copy the whole array."
    )


def _whole(values: Array, shape: Shape) -> Fitted | None:
    return Fitted(values) if values.shape == shape else None


def _turned(values: Array, shape: Shape) -> Fitted | None:
    if values.T.shape != shape:
        return None
    note = "" if 1 in shape else "Rows and columns were exchanged: yours is the transpose of bpviz's."
    return Fitted(values.T, note=note)


def _in_a_row(values: Array, shape: Shape) -> Fitted | None:
    """Return numbers without rows, or a vector that was wrapped into several."""
    if values.size != shape[0] * shape[1] or not (1 in values.shape or 1 in shape):
        return None
    note = f"The {values.size:,} numbers were taken row by row." if 1 not in shape else ""
    return Fitted(values.reshape(shape), note=note)


def _part(values: Array, shape: Shape, cell: tuple[int, int]) -> Fitted | None:
    for each in (values, values.T) if 1 in shape else (values,):
        if cell[0] + each.shape[0] <= shape[0] and cell[1] + each.shape[1] <= shape[1]:
            count = f"{values.size} of {shape[0] * shape[1]:,} numbers were pasted"
            return Fitted(each, cell, f"{count}, from row {cell[0]}, column {cell[1]} on.")
    return None


def _size(shape: Sequence[int]) -> str:
    rows, columns = shape
    return f"{rows} × {columns}"
