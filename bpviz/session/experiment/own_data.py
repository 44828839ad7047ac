"""A user's table as a dataset: which of its columns are learned from which, and what is wrong with that choice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.data.published import Table as Samples
from bpviz.core.data.split import CLASSIFICATION, REGRESSION
from bpviz.core.datasets import Dataset
from bpviz.language import _, ngettext
from bpviz.session.experiment.labels import label
from bpviz.session.tables.selection import Task, select
from bpviz.session.tables.table import Table
from bpviz.session.tables.table_error import TableError, quoted

#: The dataset of an experiment that is a user's own table.
TABLE = "table"
#: The fields of an experiment that say which table it is and what is learned of it; of other datasets they are empty.
NO_TABLE: dict[str, object] = {"table": None, "inputs": (), "target": "", "task": ""}
MOST_SAMPLES, MOST_INPUTS = 500_000, 1024
MOST_CLASSES = 10  # so many colours can be told apart


class Choice(Protocol):
    """The fields of an experiment that say what is learned of a table."""

    @property
    def table(self) -> Table | None:
        """The table."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns that are inputs."""

    @property
    def target(self) -> str:
        """Name of the column that is learned."""

    @property
    def task(self) -> str:
        """What is learned: classes or numbers."""

    @property
    def test_share(self) -> float:
        """The fraction of the rows that is kept for the test."""


def own_dataset(choice: Choice) -> Dataset:
    """Return the dataset that columns of a table make. It is made once for each choice, and kept with the table.

    Raises
    ------
    TableError
        If there is no table, or the columns cannot be used as they were chosen.
    """
    if choice.table is None:
        raise TableError(_("The table is missing: give a file with a table."))
    made = choice.table.made
    key = choice.inputs, choice.target, choice.task
    if key not in made:
        try:
            made[key] = _made(choice.table, *key)
        except TableError as fault:
            made[key] = fault
    found = made[key]
    if isinstance(found, TableError):
        raise found
    assert isinstance(found, Dataset)
    return found


def _made(table: Table, inputs: Sequence[str], target: str, task: str) -> Dataset:
    known: Task = "regression" if task == REGRESSION else "classification"
    if table.n_rows > MOST_SAMPLES:
        raise TableError(
            _("The table has {n_rows:,} rows, and at most {most_samples:,} are trained on: keep fewer rows.").format(
                n_rows=table.n_rows, most_samples=MOST_SAMPLES
            )
        )
    selection = select(table, inputs, target, known)
    names, count = selection.input_names, len(selection.input_names)
    if count > MOST_INPUTS:
        raise TableError(
            _(
                "The columns make {count:,} inputs, and a network has at most {most_inputs:,}: choose fewer of them."
            ).format(count=count, most_inputs=MOST_INPUTS)
        )
    values = len(selection.target_names)
    if selection.labels is not None and values > MOST_CLASSES:
        raise TableError(
            _(
                "The column “{target}” has {values} different values, and a classification has "
                "at most {most_classes} classes: choose another target, or regression for numbers."
            ).format(target=quoted(target), values=values, most_classes=MOST_CLASSES)
        )

    def load() -> tuple[Array, Array]:
        again = select(table, inputs, target, known)  # not kept, since a split has copies of it
        return again.X, again.y if again.labels is None else np.asarray(again.labels)

    title = _("Own table: {name}").format(name=quoted(table.name))
    return Dataset(
        title, Samples(table.n_rows, load), task=task, input_names=names, output_names=selection.target_names
    )


def own_problems(choice: Choice) -> dict[str, str]:
    """Return field -> sentence for what is wrong with the choice of columns; at most one."""
    table = choice.table
    if table is None:
        return {"table": _("table is missing: give a file with a table")}
    if choice.task not in (CLASSIFICATION, REGRESSION):
        return {
            "task": _("task must be {classification} or {regression} for a table").format(
                classification=CLASSIFICATION, regression=REGRESSION
            )
        }
    for field, names in (("inputs", choice.inputs), ("target", (choice.target,))):
        if unknown := [name for name in names if name not in table.names]:
            return {field: _sentence(_unknown(table, unknown[0]))}
    try:
        own_dataset(choice)
    except TableError as fault:
        return {"table": _sentence(fault)}
    return _split_problem(table.n_rows, choice.test_share)


def _unknown(table: Table, name: str) -> TableError:
    try:
        table.column(name)
    except TableError as fault:
        return fault
    raise AssertionError(f"{name} is a column")


def _sentence(fault: TableError) -> str:
    """Return an error without its full stop, as those of other fields are."""
    return str(fault).removesuffix(".")


def _split_problem(n_rows: int, test_share: float) -> dict[str, str]:
    n_test = math.ceil(n_rows * test_share)
    if n_rows - n_test >= 1:
        return {}
    return {
        "test_share": _(
            "test share leaves none of the {n_rows:,} rows to train on: make it smaller, or add rows"
        ).format(n_rows=n_rows)
    }


def idle_table_problem(choice: Choice, dataset: str) -> dict[str, str]:
    """Return field -> sentence if a table or columns are given although the dataset is another."""
    given = [name for name, empty in NO_TABLE.items() if getattr(choice, name) != empty]
    return {
        name: _("{name} has no effect for {dataset}: leave it out").format(name=label(name), dataset=dataset)
        for name in given[:1]
    }


def table_text(choice: Choice) -> str:
    """Return what is learned of a table in a few words."""
    if choice.table is None:
        return _("no table")
    count = len(choice.inputs)
    text = ngettext(
        "{name}, {n_rows:,} rows, “{target}” from {count:,} column",
        "{name}, {n_rows:,} rows, “{target}” from {count:,} columns",
        count,
    )
    name, target = quoted(choice.table.name), quoted(choice.target)
    return text.format(name=name, n_rows=choice.table.n_rows, target=target, count=count)
