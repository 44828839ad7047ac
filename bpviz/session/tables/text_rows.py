"""The rows of a table that is text: its lines, split into cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from bpviz.language import _
from bpviz.session.tables.limits import MOST_CHARACTERS_OF_A_LINE
from bpviz.session.tables.read_options import CODECS, DELIMITERS
from bpviz.session.tables.table_error import TableError

Row = tuple[int, list[str]]  # its number in the file, from 1, and its cells


@dataclass(frozen=True)
class TextSource:
    """Text that can be read from the beginning as often as needed.

    Attributes
    ----------
    content : Path or str
        A file, or the text itself.
    size : int
        Its bytes, or characters.
    encoding : str
        A key of `CODECS`; without effect if the text is given.
    """

    content: Path | str
    size: int
    encoding: str

    @contextmanager
    def opened(self) -> Iterator[TextIO]:
        """Open the text for reading, with line ends as they are."""
        if isinstance(self.content, str):
            yield io.StringIO(self.content, newline="")
            return
        with (
            open(self.content, "rb") as file,
            io.TextIOWrapper(file, CODECS[self.encoding], newline="") as text,
            _decoding_errors_as_sentences(self.encoding),
        ):
            yield text

    def first_lines(self, count: int, characters: int) -> list[str]:
        """Return the first lines that are not empty: some, or as many as have these characters, but at least two."""
        lines: list[str] = []
        with self.opened() as file:
            for line in islice((line for line in lines_of(file) if line.strip()), count):
                lines.append(line)
                characters -= len(line)
                if characters < 0 and len(lines) > 1:
                    break
        return lines

    def stated_delimiter(self) -> str | None:
        """Return the separator that the first line tells spreadsheets, if it does."""
        with self.opened() as file:
            stated = separator_of(file.readline(16))
        return stated if stated in DELIMITERS else None


class TextRows:
    """The rows of a text, each with its number; empty ones are left out.

    Parameters
    ----------
    source : TextSource
    delimiter : str
        A key of `DELIMITERS`.
    """

    def __init__(self, source: TextSource, delimiter: str) -> None:
        self._source, self._delimiter = source, delimiter
        self._file: TextIO | None = None

    @property
    def share(self) -> float:
        """How much of the text has been read, 0..1."""
        if self._file is None or self._file.closed:
            return 0.0
        file: TextIO | BinaryIO = self._file if isinstance(self._file, io.StringIO) else self._file.buffer
        return file.tell() / max(self._source.size, 1)

    def rows(self) -> Iterator[Row]:
        """Yield the rows from the beginning."""
        with self._source.opened() as self._file:
            numbered = enumerate(split(lines_of(self._file), self._delimiter), start=1)
            yield from (row for row in numbered if any(map(str.strip, row[1])))


def lines_of(file: TextIO) -> Iterator[str]:
    """Yield the lines of a file. A first line such as "sep=;", meant for spreadsheets, becomes an empty one.

    Raises
    ------
    TableError
        If it is no text, or a line is far too long.
    """
    number = 0
    while line := file.readline(MOST_CHARACTERS_OF_A_LINE + 1):
        number += 1
        if len(line) > MOST_CHARACTERS_OF_A_LINE:
            raise TableError(
                _(
                    "Line {number} is longer than {most_characters_of_a_line:,} characters: give each row a line."
                ).format(number=number, most_characters_of_a_line=MOST_CHARACTERS_OF_A_LINE)
            )
        if "\0" in line:
            raise TableError(
                _(
                    "Line {number} holds a byte 0, so that it is no text: save the table as CSV in UTF-8, and open "
                    "that."
                ).format(number=number)
            )
        if number == 1:
            line = _first(line)
        yield line


def _first(line: str) -> str:
    """Return the first line without a byte order mark, a comment sign, or the separator meant for spreadsheets."""
    line = line.removeprefix("\ufeff")
    if separator_of(line) is not None:
        return "\n"
    return line[1:].lstrip(" ") if line.startswith(("# ", "#\t")) else line


def separator_of(line: str) -> str | None:
    """Return the separator in a line such as "sep=;", by which a file tells spreadsheets how to split its lines."""
    text = line.removeprefix("\ufeff").rstrip("\r\n").strip('"')
    return text[4] if len(text) == 5 and text.lower().startswith("sep=") else None


def split(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of each row; quotes may hold delimiters and line ends.

    Raises
    ------
    TableError
        If quotes are not closed, or a cell is far too long.
    """
    if delimiter == " ":
        lines = (line.replace("\t", " ").strip() + "\n" for line in lines)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True)
    try:
        yield from reader
    except csv.Error as fault:
        raise TableError(
            _(
                'The quotes (") in line {line_num} or before it are not closed, or something '
                "follows them ({fault}): put whole cells in quotes, and double the quotes inside them."
            ).format(line_num=reader.line_num, fault=fault)
        ) from fault


@contextmanager
def _decoding_errors_as_sentences(encoding: str) -> Iterator[None]:
    try:
        yield
    except UnicodeError as fault:
        raise TableError(
            _(
                "The file is not in the encoding {encoding} ({fault}): choose another encoding, or save it in UTF-8."
            ).format(encoding=encoding, fault=fault)
        ) from fault
