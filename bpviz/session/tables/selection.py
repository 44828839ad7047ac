"""Inputs and targets for training, taken from the columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices
from bpviz.language import _
from bpviz.session.tables.columns import Column, NumberColumn, TextColumn, number_text
from bpviz.session.tables.table import Table
from bpviz.session.tables.table_error import TableError, quoted

Task = Literal["classification", "regression"]
_Kind = TypeVar("_Kind", bound=np.generic)
MOST_CLASSES = 100
MOST_TEXTS_OF_AN_INPUT = 20


@dataclass(frozen=True, eq=False)
class Selection:
    """Samples for training. Read-only arrays.

    Attributes
    ----------
    X : ndarray of shape (n_samples, n_inputs)
    input_names : tuple of str
        One for each column of X: the table's column or, for one of texts, column and text as in "colour=red".
    y : ndarray of shape (n_samples, n_outputs)
        Targets: one-hot for classes, one column of numbers for a regression.
    labels : ndarray of int, shape (n_samples,), or None
        Class numbers; None for a regression.
    target_names : tuple of str
        One for each column of y: the classes, or the target's column.
    row_numbers : ndarray of int, shape (n_samples,)
        Where each sample stands in the file.
    """

    X: Array
    input_names: tuple[str, ...]
    y: Array
    labels: Indices | None
    target_names: tuple[str, ...]
    row_numbers: Indices


def select(table: Table, inputs: Sequence[str], target: str, task: Task) -> Selection:
    """Return the samples that columns of a table make.

    Columns of numbers are inputs as they are, those of at most 20 different texts become an input of 0 and 1 for
    each text.

    Raises
    ------
    TableError
        If a column is unknown or of no use, or a cell that is needed is missing.
    """
    _check_choice(table, inputs, target)
    parts = [_as_inputs(table.column(name)) for name in inputs]
    X = np.column_stack([values for _, values in parts])
    names = tuple(name for part_names, _ in parts for name in part_names)
    column = table.column(target)
    if task == "regression":
        return Selection(_read_only(X), names, _numbers(column), None, (target,), table.row_numbers)
    labels, classes = _classes(column)
    y = np.zeros((len(labels), len(classes)))
    y[np.arange(len(labels)), labels] = 1
    return Selection(_read_only(X), names, _read_only(y), _read_only(labels), classes, table.row_numbers)


def _check_choice(table: Table, inputs: Sequence[str], target: str) -> None:
    if not inputs:
        raise TableError(_("No input is chosen: choose at least one column as an input."))
    if target in inputs or len(set(inputs)) < len(inputs):
        twice = target if target in inputs else next(name for name in inputs if list(inputs).count(name) > 1)
        raise TableError(
            _("The column “{twice}” is chosen twice: choose it once, as an input or as the target.").format(
                twice=quoted(twice)
            )
        )
    if problems := table.problems(inputs, target, most=1):
        count = len(table.faulty_rows(inputs, target))
        rows = _("this row") if count == 1 else _("the {count:,} rows with such cells").format(count=count)
        raise TableError(
            _("{problems}: correct the file, or leave out {rows}.").format(
                problems=str(problems[0]).removesuffix("."), rows=rows
            )
        )


def _as_inputs(column: Column) -> tuple[list[str], Array]:
    """Return names and values, shape (n_rows, n), of the inputs that a column becomes."""
    if isinstance(column, NumberColumn):
        return [column.name], column.numbers[:, None]
    if reason := why_no_input(column):
        raise TableError(reason)
    values = (column.codes[:, None] == np.arange(len(column.classes))).astype(np.float64)
    return [f"{column.name}={text}" for text in column.classes], values


def why_no_input(column: Column) -> str:
    """Return a sentence on why a column cannot be an input; empty if it can."""
    if isinstance(column, TextColumn) and len(column.classes) > MOST_TEXTS_OF_AN_INPUT:
        return _(
            "The column “{name}” has {n_classes:,} different texts, and an input can have at "
            "most {most_texts_of_an_input}: leave it out, or replace its texts by numbers."
        ).format(name=quoted(column.name), n_classes=len(column.classes), most_texts_of_an_input=MOST_TEXTS_OF_AN_INPUT)
    return ""


def _numbers(column: Column) -> Array:
    if isinstance(column, TextColumn):
        raise TableError(
            _(
                "The column “{name}” holds texts such as “{classes}”, which no "
                "regression can learn: choose classification, or another target."
            ).format(name=quoted(column.name), classes=quoted(column.classes[0]))
        )
    return _read_only(column.numbers[:, None].copy())


def _classes(column: Column) -> tuple[Indices, tuple[str, ...]]:
    """Return class numbers and the names of the classes; numbers are classes in ascending order."""
    if isinstance(column, TextColumn):
        labels, classes = column.codes.astype(np.intp), column.classes
    else:
        values, labels = np.unique(column.numbers, return_inverse=True)
        classes = tuple(map(number_text, values[: MOST_CLASSES + 1].tolist()))
    if len(classes) > MOST_CLASSES:
        raise TableError(
            _(
                "The column “{name}” has more than {most_classes} different values, too many for classes: "
                "choose regression, or another target."
            ).format(name=quoted(column.name), most_classes=MOST_CLASSES)
        )
    if len(classes) < 2:
        raise TableError(
            _(
                "The column “{name}” has the same value in every row, so that there is nothing to learn: "
                "choose another target."
            ).format(name=quoted(column.name))
        )
    return labels, classes


def _read_only(array: npt.NDArray[_Kind]) -> npt.NDArray[_Kind]:
    array.flags.writeable = False
    return array
