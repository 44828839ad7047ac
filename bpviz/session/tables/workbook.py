"""Workbooks of spreadsheets (.xlsx): one of their sheets, as rows of text.

They are read by python-calamine, which keeps a sheet as one full rectangle of cells, and ends the process where the
memory does not suffice. So the parts that it needs are unpacked first, up to a limit, and measured.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bpviz.language import N_, _
from bpviz.session.tables.columns import number_text
from bpviz.session.tables.limits import Progress, report
from bpviz.session.tables.table_error import ReadingCancelledError, TableError, quoted
from bpviz.session.tables.text_rows import Row

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_BOOK, _SHEETS = "xl/workbook.xml", "xl/worksheets/"
_NEEDED = {
    _BOOK,
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "[Content_Types].xml",
    "_rels/.rels",
}
MOST_BYTES_UNPACKED = 2_000_000_000
MOST_CELLS_OF_A_SHEET = 25_000_000  # empty ones between others included
_PIECE, _LONGEST_TAG = 2**20, 2**20
# Tags may have a prefix, as in <x:c>. Spreadsheets write the place of a cell or row as its first attribute.
_ROW = re.compile(rb"<(?:[^<>\s:]+:)?row[\s/>]")
_PLACED_ROW = re.compile(rb"""<(?:[^<>\s:]+:)?row\s+r=["'](\d+)["']""")
_CELL = re.compile(rb"<(?:[^<>\s:]+:)?c[\s/>]")
_PLACED_CELL = re.compile(rb"""<(?:[^<>\s:]+:)?c\s+r=["']([A-Za-z]+)(\d+)["']""")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_ADVICE = N_("save it again as .xlsx, or as CSV")


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook of the kind .xlsx."""
    with suppress(Exception), zipfile.ZipFile(path) as archive:  # zipfile raises many kinds for damaged files
        return _BOOK in archive.namelist()
    return False


class WorkbookRows:
    """The rows of a sheet, each with its number; empty ones are left out.

    Parameters
    ----------
    path : Path
    progress : callable
        See `Progress`; told while the file is unpacked.
    sheet : str, optional
        The name of the sheet; by default the first one with cells.

    Attributes
    ----------
    sheets : tuple of str
        The names of all sheets.

    Raises
    ------
    TableError
        If the file is damaged or protected by a password, a sheet is too large, or there is no such sheet.
    """

    def __init__(self, path: Path, progress: Progress, sheet: str | None = None) -> None:
        self.share = 0.0
        try:
            with TemporaryDirectory(prefix="bpviz-") as folder:
                unpacked = Path(folder, "unpacked.xlsx")
                _unpack(path, unpacked, progress)
                self.sheets, self._sheet = _chosen_sheet(unpacked, sheet)
        except (TableError, ReadingCancelledError):
            raise
        except Exception as fault:  # zipfile and calamine raise some ten kinds for damaged files
            raise TableError(
                _("The workbook is damaged ({fault}): {advice}.").format(fault=quoted(str(fault)), advice=_(_ADVICE))
            ) from fault
        except BaseException as fault:  # what calamine raises for a mistake of its own is no Exception
            if type(fault).__name__ != "PanicException":
                raise
            raise TableError(_("The workbook cannot be read: {advice}.").format(advice=_(_ADVICE))) from fault

    @property
    def sheet(self) -> str:
        """The name of the sheet that is read."""
        return str(self._sheet.name)

    def rows(self) -> Iterator[Row]:
        """Yield the rows from the beginning."""
        height = max(self._sheet.total_height, 1)
        known: dict[str, str] = {}
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            self.share = number / height
            texts = [_text(cell, known) for cell in cells]
            if any(map(str.strip, texts)):
                yield number, texts


def _text(cell: object, known: dict[str, str]) -> str:
    """Return the text of a cell: numbers in full precision, dates as in 2024-12-31; the same text as the same object.

    For a text that stands in many cells, calamine makes as many.
    """
    if isinstance(cell, float):
        return number_text(cell) if math.isfinite(cell) else str(cell)
    return known.setdefault(cell, cell) if isinstance(cell, str) else str(cell)


def _chosen_sheet(path: Path, chosen: str | None) -> tuple[tuple[str, ...], CalamineSheet]:
    """Return the names of all sheets, and the chosen sheet or the first one with cells."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    with CalamineWorkbook.from_path(path) as book:
        names = tuple(sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet)
        if chosen is not None and chosen not in names:
            there = ", ".join(map(quoted, names))
            raise TableError(
                _("The workbook has no sheet {chosen}: it has {there}.").format(chosen=quoted(chosen), there=there)
            )
        for name in names if chosen is None else (chosen,):
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                return names, sheet
    if chosen is not None:
        raise TableError(_("The sheet {chosen} has no cells: choose another one.").format(chosen=quoted(chosen)))
    raise TableError(_("The workbook has no cells: open another file."))


def _unpack(path: Path, target: Path, progress: Progress) -> None:
    """Copy what is needed of a workbook into an archive without compression, and measure its sheets."""
    left = MOST_BYTES_UNPACKED
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as unpacked:
        for info in archive.infolist():
            is_sheet = info.filename.startswith(_SHEETS) and info.filename.endswith(".xml")
            if not is_sheet and info.filename not in _NEEDED:
                continue
            extent = _Extent()
            with archive.open(info) as member, unpacked.open(info.filename, "w", force_zip64=True) as copy:
                while piece := member.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise TableError(
                            _(
                                "The workbook holds more than {most_bytes_unpacked:,} bytes when unpacked: save the "
                                "sheet "
                                "that you need as CSV."
                            ).format(most_bytes_unpacked=MOST_BYTES_UNPACKED)
                        )
                    copy.write(piece)
                    if is_sheet:
                        extent.add(piece)
                    report(progress, 0.0)


class _Extent:
    """How many rows and columns the XML of a sheet has, to be measured piece by piece; never too few.

    A cell without its place (as in r="B7") stands after the one before it.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._last_row = self._last_column = 0  # of the places that are given
        self._rows = self._cells_of_row = self._most_cells_of_a_row = 0
        self._has_unplaced_rows = self._has_unplaced_cells = False

    def add(self, piece: bytes) -> None:
        """Measure a piece.

        Raises
        ------
        TableError
            If the rectangle of cells has become too large.
        """
        text, tag, rest = (self._rest + piece).rpartition(b"<")
        self._rest = tag + rest
        if len(self._rest) > _LONGEST_TAG:
            raise TableError(_("The workbook is damaged (a tag is too long): {advice}.").format(advice=_(_ADVICE)))
        cells, rows = _PLACED_CELL.findall(text), _PLACED_ROW.findall(text)
        self._has_unplaced_cells |= len(cells) < len(_CELL.findall(text))
        self._has_unplaced_rows |= len(rows) < len(_ROW.findall(text))
        places = cells + [(b"", number) for number in rows]
        if self._has_unplaced_cells or self._has_unplaced_rows:
            places += _PLACE.findall(text)
            self._count(text)
        self._last_row = max([self._last_row, *(int(number[:12]) for number in {number for _, number in places})])
        self._last_column = max([self._last_column, *map(_column_number, {letters[:6] for letters, _ in places})])
        self._check()

    def _count(self, text: bytes) -> None:
        """Count rows, and the cells of the row that has most: since one of them is without its place."""
        for n, row in enumerate(_ROW.split(text)):
            self._rows += n > 0
            self._cells_of_row = len(_CELL.findall(row)) + (self._cells_of_row if n == 0 else 0)
            self._most_cells_of_a_row = max(self._most_cells_of_a_row, self._cells_of_row)

    def _check(self) -> None:
        rows = self._last_row + self._rows * self._has_unplaced_rows
        columns = self._last_column + self._most_cells_of_a_row * self._has_unplaced_cells
        if rows * columns > MOST_CELLS_OF_A_SHEET:
            raise TableError(
                _(
                    "A sheet of the workbook has {rows:,} rows and {columns:,} columns, and at most "
                    "{most_cells_of_a_sheet:,} cells are read: delete what stands far from the table, or save it as "
                    "CSV."
                ).format(rows=rows, columns=columns, most_cells_of_a_sheet=MOST_CELLS_OF_A_SHEET)
            )


def _column_number(letters: bytes) -> int:
    """Return the number of a column, from 1, by its letters: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
