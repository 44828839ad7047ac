"""A user's table as a value: its columns, and the cells that cannot be used."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.language import _
from bpviz.session.tables.columns import Column
from bpviz.session.tables.table_error import TableError, quoted


@dataclass(frozen=True)
class Problem:
    """A cell that is missing, or is no number in a column of numbers.

    Attributes
    ----------
    row : int
        Its row in the file, from 1.
    column : str
    text : str
        What is in the cell; empty if it is missing.
    """

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        what = _("“{text}” is no finite number").format(text=quoted(self.text)) if self.text else _("the cell is empty")
        return _("Row {row}, column “{column}”: {what}.").format(row=self.row, column=quoted(self.column), what=what)


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a user. Read-only; two tables are equal if names and values of their columns are.

    Attributes
    ----------
    name : str
        The name of its file, without the folder.
    columns : tuple of NumberColumn or TextColumn
        Of different names and the same number of rows.
    row_numbers : ndarray of int, shape (n_rows,)
        Where each row stands in the file, as a spreadsheet counts: from 1, the header and empty rows included.
    """

    name: str
    columns: tuple[Column, ...]
    row_numbers: Indices

    @property
    def n_rows(self) -> int:
        """Number of rows, without the header."""
        return len(self.row_numbers)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of names and values of the columns, in hexadecimal; not of the table's own name."""
        hashed = hashlib.sha256()
        for column in self.columns:
            for part in column.content():
                hashed.update(len(part).to_bytes(8, "little"))
                hashed.update(part)
        return hashed.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def made(self) -> dict[Hashable, object]:
        """What was made of the table, to be made only once; it goes with the table."""
        return {}

    @cached_property
    def _by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """Return the column of a name.

        Raises
        ------
        TableError
            If there is none.
        """
        if name in self._by_name:
            return self._by_name[name]
        known = ", ".join(f"“{quoted(each)}”" for each in self.names[:8])
        raise TableError(
            _("There is no column “{name}”: choose from {known}.").format(
                name=quoted(name), known=f"{known}, …" if len(self.columns) > 8 else known
            )
        )

    def first_rows(self, count: int) -> tuple[tuple[str, ...], ...]:
        """Return the first rows as texts, to be shown."""
        rows = range(min(count, self.n_rows))
        return tuple(tuple(column.text_at(row) for column in self.columns) for row in rows)

    def faulty_rows(self, inputs: Sequence[str], target: str) -> tuple[int, ...]:
        """Return the numbers (in the file) of the rows that lack an input or the target."""
        places = np.flatnonzero(self._is_faulty((*inputs, target)))
        return tuple(self.row_numbers[places].tolist())

    def problems(self, inputs: Sequence[str], target: str, most: int = 100) -> tuple[Problem, ...]:
        """Return the first cells of inputs and target that cannot be used, row by row."""
        columns = [(column, column.missing) for column in map(self.column, dict.fromkeys((*inputs, target)))]
        places = np.flatnonzero(self._is_faulty((*inputs, target)))[:most]
        found = (
            Problem(int(self.row_numbers[place]), column.name, column.text_at(place))
            for place in places.tolist()
            for column, missing in columns
            if missing[place]
        )
        return tuple(islice(found, most))

    def _is_faulty(self, names: Iterable[str]) -> np.typing.NDArray[np.bool_]:
        faulty = np.zeros(self.n_rows, dtype=np.bool_)
        for name in names:
            faulty |= self.column(name).missing
        return faulty

    def without_rows(self, row_numbers: Iterable[int]) -> Table:
        """Return the table without the rows of these numbers (in the file).

        Raises
        ------
        TableError
            If no row is left.
        """
        left_out = np.fromiter(row_numbers, dtype=np.intp)
        places = np.flatnonzero(~np.isin(self.row_numbers, left_out))
        if not len(places):
            raise TableError(_("No row is left: choose inputs and a target that have values in the same rows."))
        columns = tuple(column.taken(places) for column in self.columns)
        return Table(self.name, columns, frozen_rows(self.row_numbers[places]))


def frozen_rows(numbers: Sequence[int] | Indices) -> Indices:
    """Return a read-only copy of row numbers."""
    copy = np.array(numbers, dtype=np.intp)
    copy.flags.writeable = False
    return copy
