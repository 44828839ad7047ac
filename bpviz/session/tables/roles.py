"""Which columns of a table are probably inputs, which one is the target, and what is to be learned."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from bpviz.language import _
from bpviz.session.tables.columns import Column, NumberColumn, TextColumn
from bpviz.session.tables.selection import MOST_CLASSES, Task, why_no_input
from bpviz.session.tables.table import Table
from bpviz.session.tables.table_error import quoted

_TARGETS = (
    *("target", "class", "label", "y", "species", "classes", "labels", "targets", "category", "diagnosis", "outcome"),
    *("quality", "output", "result", "klasse", "ziel", "zielwert", "art", "kategorie", "ausgabe", "ergebnis"),
    *("类别", "分类", "标签", "目标", "种类", "类", "结果", "输出"),
)
_ID = re.compile(r"(.*[ _-])?(id|ids|index|idx|uuid|no|nr|row|rownames|序号|编号|学号|行号)|unnamed.*|#")
_MOST_WHOLE_CLASSES, _FEWEST_RUNNING = 20, 5


@dataclass(frozen=True)
class Roles:
    """What the columns of a table are for.

    Attributes
    ----------
    inputs : tuple of str
    target : str
    task : {"classification", "regression"}
    left_out : tuple of (str, str)
        The other columns, each with a sentence that says why.
    """

    inputs: tuple[str, ...]
    target: str
    task: Task
    left_out: tuple[tuple[str, str], ...]


def guess_roles(table: Table) -> Roles:
    """Return the probable roles of a table's columns. A table of one column has no inputs."""
    target = _target(table)
    reasons = {column.name: _why_left_out(column) for column in table.columns if column is not target}
    inputs = tuple(name for name, reason in reasons.items() if not reason)
    if not inputs:  # better a number of the row than nothing
        inputs = tuple(
            each.name
            for each in table.columns
            if each is not target and isinstance(each, NumberColumn) and not each.missing.all()
        )
    left_out = tuple((name, reason) for name, reason in reasons.items() if name not in inputs)
    return Roles(inputs, target.name, guess_task(target), left_out)


def guess_task(column: Column) -> Task:
    """Return whether a target is probably one of classes: texts, or few different whole numbers."""
    if isinstance(column, TextColumn):
        return "classification"
    numbers = column.numbers[~column.missing]
    different = np.unique(numbers)
    few = 2 <= len(different) <= _MOST_WHOLE_CLASSES and len(numbers) >= 2 * len(different)
    return "classification" if few and np.array_equal(different, np.round(different)) else "regression"


def _target(table: Table) -> Column:
    """Return the column that is named as one, or the last that can be one."""
    named = {name.strip().lower(): column for name, column in zip(table.names, table.columns, strict=True)}
    for name in _TARGETS:
        if name in named:
            return named[name]
    usable = [column for column in table.columns if not _is_id(column) and not _is_no_target(column)]
    return (usable or table.columns)[-1]


def _is_no_target(column: Column) -> bool:
    too_many = isinstance(column, TextColumn) and not 2 <= len(column.classes) <= MOST_CLASSES
    return too_many or bool(column.missing.all())


def _why_left_out(column: Column) -> str:
    """Return a sentence on why a column should be no input; empty if it can be one."""
    name = quoted(column.name)
    if column.missing.all():
        return _("The column “{name}” is empty.").format(name=name)
    if _is_id(column):
        return _("The column “{name}” seems to number or name the rows, from which nothing can be learned.").format(
            name=name
        )
    return why_no_input(column)


def _is_id(column: Column) -> bool:
    """Return whether a column has another value in every row, and is named or counts as numbers of rows do."""
    if isinstance(column, TextColumn):
        return len(column.classes) == len(column.codes) >= _FEWEST_RUNNING
    if len(column.numbers) < _FEWEST_RUNNING or column.missing.any():
        return False
    if _ID.fullmatch(column.name.strip().lower()) and len(np.unique(column.numbers)) == len(column.numbers):
        return True
    first = column.numbers[0]
    return bool(first in (0, 1) and np.array_equal(column.numbers, np.arange(len(column.numbers)) + first))
