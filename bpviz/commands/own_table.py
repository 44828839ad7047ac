"""The options for a user's own table, and the experiment that they make."""

from __future__ import annotations

import csv
import dataclasses
import sys
from argparse import Namespace
from dataclasses import dataclass

from bpviz.commands.parser import Parser, file
from bpviz.core.data.split import TASKS
from bpviz.core.scaling import SCALES
from bpviz.language import _, ngettext
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.labels import label
from bpviz.session.experiment.own_data import own_dataset
from bpviz.session.experiment.table_experiment import column_named, guess_inputs, guessed_choice, on_table
from bpviz.session.tables.read_options import DELIMITERS, ReadOptions
from bpviz.session.tables.reading import ReadTable, read_table
from bpviz.session.tables.roles import guess_task
from bpviz.session.tables.table import Table
from bpviz.session.tables.table_error import TableError, quoted

_NEED_DATA = ("target", "inputs", "task", "sheet", "leave_out_rows")
_MOST_NAMED = 8


def add_own_table(parser: Parser, *, with_scale: bool = False) -> None:
    """Add the options for a table; `with_scale`, also that for scaling, if the command has no such option yet."""
    group = parser.add_argument_group(_("your own data, in place of the preset's"))
    group.add_argument("--data", metavar="FILE", type=file, help=_("a table: .csv, .tsv, .txt, .xlsx, .npz or .npy"))
    group.add_argument("--sheet", metavar="NAME", help=_("the sheet of a workbook [the first one with cells]"))
    column = _("by name or by number from 1 [guessed]")
    group.add_argument("--target", metavar="COLUMN", help=_("the column to learn, {column}").format(column=column))
    group.add_argument(
        "--inputs", metavar="COLUMN,...", help=_("the columns to learn it from, {column}").format(column=column)
    )
    group.add_argument(
        "--task", choices=TASKS, metavar="NAME", help=_("{tasks} [guessed]").format(tasks=" | ".join(TASKS))
    )
    group.add_argument(
        "--leave-out-rows", action="store_true", help=_("leave out rows with cells that are missing or no numbers")
    )
    if with_scale:
        group.add_argument(
            "--scale", metavar="NAME", choices=SCALES, help=_("{scales} [none]").format(scales=" | ".join(SCALES))
        )


def with_own_table(preset: Experiment, given: Namespace) -> Experiment:
    """Return the preset's experiment with the given table in place of its data; itself if no table is given.

    What was guessed, and how many rows were left out, is printed to standard error.

    Raises
    ------
    TableError
        If the table cannot be read, a column does not exist, or a cell is missing.
    """
    path = getattr(given, "data", None)
    if path is None:
        if idle := [name for name in _NEED_DATA if getattr(given, name, None)]:
            flag = idle[0].replace("_", "-")
            raise TableError(_("--{flag} says what to do with a table: give --data FILE as well").format(flag=flag))
        return preset
    if getattr(given, "dataset", None):
        raise TableError(_("--data and --dataset are two kinds of data: leave out one of them"))
    try:
        read = read_table(path, ReadOptions(sheet=given.sheet))
        roles = _roles(read.table, given)
        _say(given, _what_was_read(read, roles))
        table = _without_faults(read.table, roles, given)
        experiment = on_table(preset, table, roles.inputs, roles.target, roles.task)
        own_dataset(experiment)  # raises what is wrong with the columns
        return experiment
    except TableError as fault:
        raise TableError(f"{path}: {str(fault).removesuffix('.')}") from fault


def check_own_table(experiment: Experiment, given: Namespace) -> Experiment:
    """Return the experiment of the window: with its scaling, and checked."""
    scale = getattr(given, "scale", None)
    return (dataclasses.replace(experiment, scale=scale) if scale else experiment).checked()


@dataclass(frozen=True)
class _Roles:
    """Columns and task, and which of them were guessed."""

    inputs: tuple[str, ...]
    target: str
    task: str
    guessed: frozenset[str]


def _roles(table: Table, given: Namespace) -> _Roles:
    target = guessed_choice(table)[1]
    if given.target is not None:
        target = column_named(table, given.target)
    inputs = guess_inputs(table, target) if given.inputs is None else _columns(table, given.inputs)
    task = given.task or guess_task(table.column(target))
    guessed = frozenset(name for name in ("inputs", "target", "task") if getattr(given, name) is None)
    return _Roles(inputs, target, task, guessed)


def _columns(table: Table, text: str) -> tuple[str, ...]:
    """Return the columns of a list with commas; a name with a comma is in quotes."""
    names = next(csv.reader([text], skipinitialspace=True), [])
    return tuple(column_named(table, name.strip()) for name in names if name.strip())


def _what_was_read(read: ReadTable, roles: _Roles) -> str:
    table, options = read.table, read.options
    separator = _(DELIMITERS.get(options.delimiter or "", ""))
    sheet = (
        _("sheet {sheet}").format(sheet=quoted(options.sheet))
        if options.sheet is not None and len(read.sheets) > 1
        else None
    )
    form = [
        sheet,
        _(options.encoding or ""),
        separator,
        _("with header") if options.has_header else _("without header"),
    ]
    form += [_("decimal comma")] if options.decimal == "," else []
    named = [quoted(name) for name in roles.inputs[:_MOST_NAMED]]
    named += (
        [_("and {n_inputs:,} more").format(n_inputs=len(roles.inputs) - _MOST_NAMED)]
        if len(roles.inputs) > _MOST_NAMED
        else []
    )
    values = {"target": quoted(roles.target), "task": roles.task, "inputs": ", ".join(named) or _("none")}
    guessed = {name: _(" (guessed)") if name in roles.guessed else "" for name in values}
    parts = [f"{label(name)} {text}{guessed[name]}" for name, text in values.items()]
    return _("{name}: {n_rows:,} rows, {form}; {roles}").format(
        name=quoted(table.name), n_rows=table.n_rows, form=", ".join(filter(None, form)), roles="; ".join(parts)
    )


def _without_faults(table: Table, roles: _Roles, given: Namespace) -> Table:
    faulty = table.faulty_rows(roles.inputs, roles.target)
    if not faulty:
        return table
    rows = ngettext("{count:,} row", "{count:,} rows", len(faulty)).format(count=len(faulty))
    if not given.leave_out_rows:
        problem = str(table.problems(roles.inputs, roles.target, most=1)[0]).removesuffix(".")
        raise TableError(
            _("{problem}; correct the file, or leave out {rows} of {n_rows:,} by --leave-out-rows").format(
                problem=problem, rows=rows, n_rows=table.n_rows
            )
        )
    left = table.without_rows(faulty)
    _say(
        given,
        _("left out {rows} of {n_rows:,} with cells that are missing or no numbers").format(
            rows=rows, n_rows=table.n_rows
        ),
    )
    return left


def _say(given: Namespace, sentence: str) -> None:
    print(f"{given.prog}: {sentence}", file=sys.stderr)
