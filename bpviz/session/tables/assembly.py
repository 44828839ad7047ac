"""Collecting the rows of a table into columns, in pieces; numbers take 8 bytes, texts 4 and each different one once."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Protocol

import numpy as np

from bpviz.language import _
from bpviz.session.tables.columns import Column, NumberColumn, TextColumn, frozen_codes
from bpviz.session.tables.limits import MOST_TEXTS, Progress, check_size, report
from bpviz.session.tables.number_format import MISSING_TEXTS, NumberFormat
from bpviz.session.tables.table import Table, frozen_rows
from bpviz.session.tables.table_error import TableError, quoted
from bpviz.session.tables.text_rows import Row

_CELLS_OF_A_PIECE, _FEWEST_ROWS_OF_A_PIECE = 50_000, 64


class RowSource(Protocol):
    """Rows that can be read from the beginning more than once."""

    @property
    def share(self) -> float:
        """How much has been read, 0..1."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty, each with its number in the file."""


class NumberCells:
    """The cells of a column that looks like one of numbers."""

    def __init__(self, number_format: NumberFormat) -> None:
        self._format = number_format
        self._numbers = array("d")
        self.faults: dict[int, str] = {}

    def add(self, cells: Sequence[str]) -> None:
        """Append cells."""
        start = len(self._numbers)
        values, faults = self._format.values(cells)
        self._numbers.frombytes(values.tobytes())
        self.faults.update((start + place, text) for place, text in faults.items())

    @property
    def texts_held(self) -> int:
        """How many texts are in memory."""
        return len(self.faults)

    def column(self, name: str) -> Column | None:
        """Return the column, or None if most of its cells are texts."""
        numbers = np.frombuffer(self._numbers, dtype=np.float64)
        if len(self.faults) >= max(int(np.count_nonzero(~np.isnan(numbers))), 1):
            return None
        numbers.flags.writeable = False
        return NumberColumn(name, numbers, MappingProxyType(self.faults))


class TextCells:
    """The cells of a column that looks like one of texts."""

    def __init__(self, number_format: NumberFormat) -> None:
        self._format = number_format
        self._codes = array("i")
        self._texts: dict[str, int] = {}

    def add(self, cells: Sequence[str]) -> None:
        """Append cells."""
        texts = self._texts
        self._codes.extend([texts.setdefault(cell, len(texts)) for cell in map(str.strip, cells)])

    @property
    def texts_held(self) -> int:
        """How many texts are in memory."""
        return len(self._texts)

    def column(self, name: str) -> Column:
        """Return the column: of numbers if most cells turned out to be numbers."""
        codes, texts = np.frombuffer(self._codes, dtype=np.int32), list(self._texts)
        values, faults = self._format.values(texts)
        counts = np.bincount(codes, minlength=len(texts))
        if counts[list(faults)].sum() < counts[np.isfinite(values)].sum():
            places = np.flatnonzero(np.isin(codes, list(faults)))
            numbers = values[codes]
            numbers.flags.writeable = False
            return NumberColumn(name, numbers, MappingProxyType({n: faults[int(codes[n])] for n in places.tolist()}))
        return _text_column(name, codes, texts)


def _text_column(name: str, codes: np.typing.NDArray[np.int32], texts: Sequence[str]) -> TextColumn:
    """Return a column from codes in the order in which texts were met."""
    classes = sorted(set(texts) - MISSING_TEXTS)
    number = {text: code for code, text in enumerate(classes)}
    new_code = np.array([number.get(text, -1) for text in texts], dtype=np.int32)
    return TextColumn(name, frozen_codes(new_code[codes]), tuple(classes))


def assemble(
    name: str,
    source: RowSource,
    names: Sequence[str],
    *,
    nameless: Collection[int],
    number_format: NumberFormat,
    has_header: bool,
    progress: Progress,
    most_rows: int | None = None,
) -> Table:
    """Return the table in a source of rows.

    Columns that look like numbers at first and turn out to be texts are read once more.

    Parameters
    ----------
    name : str
        The table's.
    source : RowSource
    names : sequence of str
        The columns'.
    nameless : collection of int
        The places of columns that are left out if nothing is in them.
    number_format : NumberFormat
    has_header : bool
        Whether the first row is none of the table's.
    progress : callable
        See `Progress`.
    most_rows : int, optional
        Rows after these are not read.
    """
    texts: set[int] = set()
    while True:
        piece_reader = _Pieces(source, len(names), has_header, most_rows)
        cells = _collected(piece_reader, texts, number_format, progress)
        if not piece_reader.row_numbers:
            raise TableError(_("The table has no rows below its header: copy the rows too."))
        columns = [each.column(name) for each, name in zip(cells, names, strict=True)]
        if wrong := {place for place, column in enumerate(columns) if column is None}:
            texts |= wrong
            continue
        kept = [column for n, column in enumerate(columns) if column and not (n in nameless and _is_empty(column))]
        if not kept:
            raise TableError(_("The table has no column with values: copy the cells too."))
        return Table(name, tuple(kept), frozen_rows(piece_reader.row_numbers))


def _is_empty(column: Column) -> bool:
    return bool(column.missing.all())


def _collected(
    pieces: _Pieces, texts: set[int], number_format: NumberFormat, progress: Progress
) -> list[NumberCells | TextCells]:
    """Return the cells of all columns; the first piece tells which of them look like texts."""
    cells: list[NumberCells | TextCells] = []
    for piece in pieces:
        columns = list(zip(*piece, strict=True))
        if not cells:
            looks = [n in texts or _looks_like_texts(column, number_format) for n, column in enumerate(columns)]
            cells = [(TextCells if text else NumberCells)(number_format) for text in looks]
        for each, column in zip(cells, columns, strict=True):
            each.add(column)
        if sum(each.texts_held for each in cells) > MOST_TEXTS:
            raise TableError(
                _(
                    "The table has more than {most_texts:,} different texts: delete columns of texts that are no "
                    "classes, "
                    "such as names and remarks."
                ).format(most_texts=MOST_TEXTS)
            )
        report(progress, pieces.share)
    return cells


def _looks_like_texts(cells: Sequence[str], number_format: NumberFormat) -> bool:
    values, faults = number_format.values(cells)
    return len(faults) > int(np.count_nonzero(np.isfinite(values)))


class _Pieces:
    """The rows of a source in pieces, all of the same length."""

    def __init__(self, source: RowSource, width: int, has_header: bool, most_rows: int | None) -> None:
        self._source, self._width, self._has_header, self._most_rows = source, width, has_header, most_rows
        self.row_numbers = array("q")

    @property
    def share(self) -> float:
        """How much has been read, 0..1."""
        return self._source.share

    def __iter__(self) -> Iterator[list[list[str]]]:
        start = int(self._has_header)
        rows = islice(self._source.rows(), start, None if self._most_rows is None else start + self._most_rows)
        size = max(_CELLS_OF_A_PIECE // self._width, _FEWEST_ROWS_OF_A_PIECE)
        while piece := list(islice(rows, size)):
            self.row_numbers.extend([number for number, _ in piece])
            check_size(len(self.row_numbers), self._width)
            yield [cells if len(cells) == self._width else self._fitted(number, cells) for number, cells in piece]

    def _fitted(self, number: int, cells: list[str]) -> list[str]:
        """Return a row with missing cells at its end, or without empty ones."""
        if extra := next((cell for cell in cells[self._width :] if cell.strip()), None):
            raise TableError(
                _(
                    "Row {number} has {n_cells:,} cells (“{extra}” is too many), and the others have "
                    "{width:,}: correct the row, or choose another separator."
                ).format(number=number, n_cells=len(cells), extra=quoted(extra), width=self._width)
            )
        return (cells + [""] * (self._width - len(cells)))[: self._width]
