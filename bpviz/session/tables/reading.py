"""Reading a user's table from a file or from pasted text, whatever its format."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bpviz.language import N_, _
from bpviz.session.tables.assembly import RowSource, assemble
from bpviz.session.tables.delimiters import guess_delimiter
from bpviz.session.tables.encodings import guess_encoding
from bpviz.session.tables.header import column_names, guess_header, usual_width
from bpviz.session.tables.limits import MOST_BYTES, Progress, check_size, go_on
from bpviz.session.tables.number_format import NumberFormat, guess_format
from bpviz.session.tables.numpy_file import is_numpy_file, read_numpy_file
from bpviz.session.tables.read_options import CODECS, DELIMITERS, ReadOptions
from bpviz.session.tables.table import Table
from bpviz.session.tables.table_error import TableError, quoted
from bpviz.session.tables.text_rows import TextRows, TextSource
from bpviz.session.tables.workbook import WorkbookRows, is_workbook

# What is guessed from: few cells of wide tables, so that it takes no longer.
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 200, 100_000
_SAMPLE_ROWS, _SAMPLE_CELLS = 1000, 100_000
_GUESS_ALL = ReadOptions()
# How files start that people take for tables.
_OTHER_FILES = {
    b"\xd0\xcf\x11\xe0": N_(
        "a workbook of an old or an encrypted kind: save it as .xlsx without a password, or as CSV"
    ),
    b"PK": N_("a zip archive without a table, or damaged: open an .xlsx, .npz or CSV file"),
    b"%PDF": N_("a PDF: copy the table out of it, or save it as CSV"),
    b"\x1f\x8b": N_("compressed: unpack it first"),
    b"PAR1": N_("a Parquet file: save it as CSV"),
    b"\x89HDF": N_("an HDF5 file: save its arrays with numpy.savez"),
    b"\x80": N_("a pickle, which can hold a program: save the arrays with numpy.savez, or as CSV"),
}


@dataclass(frozen=True)
class ReadTable:
    """A table that was read, and how.

    Attributes
    ----------
    table : Table
    options : ReadOptions
        What was chosen or guessed. Encoding, delimiter and decimal sign are None for files that have none.
    sheets : tuple of str
        The sheets of a workbook, of which that in `options` was read.
    """

    table: Table
    options: ReadOptions
    sheets: tuple[str, ...] = ()


def read_table(
    path: str | os.PathLike[str],
    options: ReadOptions = _GUESS_ALL,
    *,
    progress: Progress = go_on,
    most_rows: int | None = None,
) -> ReadTable:
    """Read a table from a file of text (CSV, TSV, ...), a workbook (.xlsx), or arrays of numpy (.npy, .npz).

    Parameters
    ----------
    path : path
        The file. Its content tells its kind, not its name.
    options : ReadOptions
        What is not to be guessed.
    progress : callable
        Is given the share that has been read, and returns whether to go on.
    most_rows : int, optional
        Rows after these are not read, nor seen when guessing.

    Raises
    ------
    TableError
        If there is no table, or something in it is wrong.
    ReadingCancelledError
        If `progress` returns False.
    """
    file, start, size = _looked_at(Path(path))
    if start.startswith(b"PK") and is_workbook(file):
        source = WorkbookRows(file, progress, options.sheet)
        known = ReadOptions(decimal=".", sheet=source.sheet)
        return _read_rows(file.name, source, options, known, source.sheets, progress, most_rows)
    if options.sheet is not None:
        raise TableError(
            _("Only a workbook (.xlsx) has sheets, and {name} is none: leave out the sheet.").format(
                name=quoted(file.name)
            )
        )
    if is_numpy_file(file, start):
        return ReadTable(read_numpy_file(file), ReadOptions(has_header=False))
    if other := next((what for first, what in _OTHER_FILES.items() if start.startswith(first)), None):
        raise TableError(_("The file is {other}.").format(other=_(other)))
    return _read_text(file.name, file, size, options, progress, most_rows)


def read_table_text(
    text: str,
    name: str = "",
    options: ReadOptions = _GUESS_ALL,
    *,
    progress: Progress = go_on,
    most_rows: int | None = None,
) -> ReadTable:
    """Read a table from text, for example a pasted one. See `read_table`; the encoding has no effect."""
    return _read_text(name or _("pasted table"), text, len(text), options, progress, most_rows)


def _looked_at(path: Path) -> tuple[Path, bytes, int]:
    """Return the file, its first bytes and its size."""
    try:
        if path.exists() and not path.is_file():  # a device may never end, and a pipe never begin
            raise TableError(_("{name} cannot be opened (it is not a regular file).").format(name=quoted(path.name)))
        with open(path, "rb") as file:
            start, size = file.read(8), os.fstat(file.fileno()).st_size
    except (OSError, ValueError) as fault:
        raise TableError(
            _("{name} cannot be opened ({fault}).").format(
                name=quoted(path.name), fault=getattr(fault, "strerror", fault)
            )
        ) from fault
    if size > MOST_BYTES:
        raise TableError(
            _("The file has {size:,} bytes, and at most {most_bytes:,} are read: keep fewer rows.").format(
                size=size, most_bytes=MOST_BYTES
            )
        )
    return path, start, size


def _read_text(
    name: str, content: Path | str, size: int, options: ReadOptions, progress: Progress, most_rows: int | None
) -> ReadTable:
    encoding = options.encoding or _encoding(content)
    delimiter = options.delimiter
    if encoding not in CODECS or (delimiter is not None and delimiter not in DELIMITERS):
        raise TableError(
            _("Text is not read with the encoding {encoding!r} and the separator {delimiter!r}.").format(
                encoding=encoding, delimiter=delimiter
            )
        )
    source = TextSource(content, size, encoding)
    delimiter = (
        delimiter or source.stated_delimiter() or guess_delimiter(source.first_lines(_SAMPLE_LINES, _SAMPLE_CHARACTERS))
    )
    known = ReadOptions(encoding=encoding, delimiter=delimiter)
    return _read_rows(name, TextRows(source, delimiter), options, known, (), progress, most_rows)


def _encoding(content: Path | str) -> str:
    if isinstance(content, str):
        return "UTF-8"
    with open(content, "rb") as file:
        return guess_encoding(file)


def _read_rows(
    name: str,
    source: RowSource,
    options: ReadOptions,
    known: ReadOptions,
    sheets: tuple[str, ...],
    progress: Progress,
    most_rows: int | None,
) -> ReadTable:
    """Read a table from rows, after guessing from the first of them what is not known."""
    sample = _first_rows(source)
    if not sample:
        raise TableError(_("There is nothing to read: the table is empty."))
    options = _completed(options.completed(known), sample)
    number_format = NumberFormat(options.decimal or ".", bool(options.groups))
    width, has_header = usual_width(sample), bool(options.has_header)
    check_size(1, width)
    names = column_names(sample[0], width, has_header)
    nameless = {n for n in range(width) if not has_header or names[n] == f"column {n + 1}"}
    table = assemble(
        name,
        source,
        names,
        nameless=nameless,
        number_format=number_format,
        has_header=has_header,
        progress=progress,
        most_rows=most_rows,
    )
    return ReadTable(table, options, sheets)


def _first_rows(source: RowSource) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = 0
    for _number, row in islice(source.rows(), _SAMPLE_ROWS):
        rows.append(row)
        cells += len(row)
        if cells > _SAMPLE_CELLS and len(rows) > 1:
            break
    return rows


def _completed(options: ReadOptions, sample: Sequence[Sequence[str]]) -> ReadOptions:
    """Return the options with guesses for the rest, from the first rows."""
    cells = (cell for row in sample for cell in row)
    guess = guess_format(cells, options.delimiter or "")
    decimal = options.decimal or guess.decimal
    groups = guess.groups if options.decimal is None or options.decimal == guess.decimal else True
    number_format = NumberFormat(decimal, groups)
    has_header = guess_header(sample, number_format) if options.has_header is None else options.has_header
    return options.completed(ReadOptions(decimal=decimal, groups=groups, has_header=has_header))
