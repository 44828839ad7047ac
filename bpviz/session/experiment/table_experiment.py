"""An experiment with a user's table in place of its data, and the roles of the table's columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from bpviz.core.data.split import REGRESSION
from bpviz.core.initializers import published_sizes
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.own_data import TABLE
from bpviz.session.tables.roles import guess_roles, guess_task
from bpviz.session.tables.selection import why_no_input
from bpviz.session.tables.table import Table

# Outputs that stay for classes; all others are replaced by a sigmoid.
_OUTPUTS_OF_CLASSES = ("sigmoid", "softmax")


def on_table(like: Experiment, table: Table, inputs: Sequence[str], target: str, task: str) -> Experiment:
    """Return an experiment that learns a table with the hidden layers of another; it is not validated.

    The output is linear with squared error for a regression; for classes it is that of the other experiment, or a
    sigmoid.
    """
    output, loss = like.activations[-1:], like.loss
    if task == REGRESSION:
        output, loss = ("none",), "mse"
    elif output[0] not in _OUTPUTS_OF_CLASSES:
        output = ("sigmoid",)
    return dataclasses.replace(
        like,
        dataset=TABLE,
        table=table,
        inputs=tuple(inputs),
        target=target,
        task=task,
        activations=(*like.activations[:-1], *output),
        loss=loss,
        initializer="article" if published_sizes(like.initializer) else like.initializer,
    )


def guess_inputs(table: Table, target: str) -> tuple[str, ...]:
    """Return the columns that are probably inputs if this one is the target."""
    roles = guess_roles(table)
    probable = set(roles.inputs)
    other = table.column(roles.target)
    if not why_no_input(other) and not other.missing.all():
        probable.add(roles.target)
    return tuple(name for name in table.names if name in probable and name != target)


def column_named(table: Table, text: str) -> str:
    """Return the name of the column that a text names, or whose number, from 1, it is.

    Raises
    ------
    TableError
        If there is none.
    """
    if text not in table.names and text.isdecimal() and 1 <= int(text[:9]) <= len(table.names):
        return table.names[int(text[:9]) - 1]
    return table.column(text).name


def guessed_choice(table: Table) -> tuple[tuple[str, ...], str, str]:
    """Return the probable inputs, target and task of a table."""
    target = guess_roles(table).target
    return guess_inputs(table, target), target, guess_task(table.column(target))
