"""Putting pasted numbers into the shape of an operand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpviz.core.arrays import Array
from bpviz.language import _
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
                _(
                    "The commas can be decimal points, or stand between numbers, and both fit: "
                    "copy with decimal points, or with a tab or a space between the numbers."
                )
            )
        if found:
            return found[0]
    part = next((fit for values in readings if cell and (fit := _part(values, shape, cell))), None)
    if part:
        return part
    pasted = _(" or ").join(_size(each.shape) for each in readings)
    raise NumberTextError(
        _(
            "The shape of {name} is {size} here, but {pasted} was pasted: "
            "choose the quantity and layer that it belongs to, or copy the whole array."
        ).format(name=name, size=_size(shape), pasted=pasted)
    )


def _whole(values: Array, shape: Shape) -> Fitted | None:
    return Fitted(values) if values.shape == shape else None


def _turned(values: Array, shape: Shape) -> Fitted | None:
    if values.T.shape != shape:
        return None
    note = "" if 1 in shape else _("Rows and columns were exchanged: yours is the transpose of bpviz's.")
    return Fitted(values.T, note=note)


def _in_a_row(values: Array, shape: Shape) -> Fitted | None:
    """Return numbers without rows, or a vector that was wrapped into several."""
    if values.size != shape[0] * shape[1] or not (1 in values.shape or 1 in shape):
        return None
    note = _("The {size:,} numbers were taken row by row.").format(size=values.size) if 1 not in shape else ""
    return Fitted(values.reshape(shape), note=note)


def _part(values: Array, shape: Shape, cell: tuple[int, int]) -> Fitted | None:
    for each in (values, values.T) if 1 in shape else (values,):
        if cell[0] + each.shape[0] <= shape[0] and cell[1] + each.shape[1] <= shape[1]:
            count = _("{size} of {shape:,} numbers were pasted").format(size=values.size, shape=shape[0] * shape[1])
            return Fitted(
                each,
                cell,
                _("{count}, from row {row}, column {column} on.").format(count=count, row=cell[0], column=cell[1]),
            )
    return None


def _size(shape: Sequence[int]) -> str:
    rows, columns = shape
    return f"{rows} × {columns}"
