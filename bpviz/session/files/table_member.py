"""A user's table as a member of a session file: an npz archive without pickled objects, whose texts are in JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from types import MappingProxyType
from typing import IO, Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import frozen
from bpviz.language import _
from bpviz.session.files.session_arrays import MAX_EXTRA_BYTES, read_array, write_array
from bpviz.session.files.zip_archive import Archive, NotAnArchiveError, new_member
from bpviz.session.tables.columns import Column, NumberColumn, TextColumn, frozen_codes
from bpviz.session.tables.limits import MOST_CELLS, MOST_COLUMNS
from bpviz.session.tables.table import Table, frozen_rows

_HEAD = "table.json"
_MOST_HEAD_BYTES = 256_000_000
_MOST_NAME = 255
_ARRAYS = ("rows", "numbers", "codes")
Head = dict[str, Any]


def write_table(table: Table, file: IO[bytes]) -> None:
    """Write a table. Equal tables of the same name give equal bytes."""
    with ZipFile(file, "w") as archive:
        with new_member(archive, _HEAD) as member:
            member.write(_head(table))
        for name, array in zip(_ARRAYS, _arrays(table), strict=True):
            write_array(archive, name, array)


def table_bytes(table: Table) -> int:
    """Return the largest possible size of a table in a file, in bytes."""
    return len(_head(table)) + sum(array.nbytes for array in _arrays(table)) + 4 * MAX_EXTRA_BYTES


def _head(table: Table) -> bytes:
    columns = [
        {"name": column.name, "faults": {str(place): text for place, text in column.faults.items()}}
        if isinstance(column, NumberColumn)
        else {"name": column.name, "classes": column.classes}
        for column in table.columns
    ]
    return json.dumps({"name": table.name, "rows": table.n_rows, "columns": columns}).encode()


def _arrays(table: Table) -> tuple[npt.NDArray[Any], ...]:
    """Return the row numbers, the numbers and the codes of texts, one column of the table in each row."""
    numbers = [column.numbers for column in table.columns if isinstance(column, NumberColumn)]
    codes = [column.codes for column in table.columns if isinstance(column, TextColumn)]
    return (
        table.row_numbers.astype("<i8"),
        np.array(numbers, dtype="<f8").reshape(len(numbers), table.n_rows),
        np.array(codes, dtype="<i4").reshape(len(codes), table.n_rows),
    )


def read_table_member(content: bytes, digest: str) -> Table:
    """Return a table made by `write_table`.

    Raises
    ------
    ValueError
        If the content is no such table, or not the one of this digest.
    """
    try:
        archive = Archive(io.BytesIO(content), len(content))
    except NotAnArchiveError as fault:
        raise ValueError(_("its table is not a zip archive")) from fault
    archive.expect([_HEAD, *(f"{name}.npy" for name in _ARRAYS)])
    table = _table(archive, _read_head(archive.read(_HEAD, _MOST_HEAD_BYTES)))
    if table.digest != digest:
        raise ValueError(_("its table is not the one that it was trained on"))
    return table


def _read_head(content: bytes) -> Head:
    try:
        head = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise ValueError(_("its table has no readable description")) from fault
    if not _is_head(head):
        raise ValueError(_("its table has a wrong description"))
    return dict(head)


def _is_head(head: Any) -> bool:
    """Return whether a value has the members of a description, of the right kinds and within the limits."""
    if not isinstance(head, dict) or head.keys() != {"name", "rows", "columns"}:
        return False
    name, rows, columns = head["name"], head["rows"], head["columns"]
    if not isinstance(name, str) or not isinstance(columns, list) or type(rows) is not int:
        return False
    fits = 0 < len(columns) <= MOST_COLUMNS and rows > 0 and rows * len(columns) <= MOST_CELLS
    return fits and len(name) <= _MOST_NAME and all(map(_is_column, columns)) and _are_different(columns)


def _is_column(column: Any) -> bool:
    if not isinstance(column, dict) or not isinstance(column.get("name"), str) or len(column) != 2:
        return False
    if "classes" in column:
        return _are_texts(column["classes"])
    faults = column.get("faults")
    return isinstance(faults, dict) and all(map(str.isdecimal, faults)) and _are_texts(list(faults.values()))


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _are_different(columns: Sequence[Head]) -> bool:
    return len({column["name"] for column in columns}) == len(columns)


def _table(archive: Archive, head: Head) -> Table:
    rows, described = head["rows"], head["columns"]
    n_texts = sum("classes" in column for column in described)
    shapes = (("<i8", (rows,)), ("<f8", (len(described) - n_texts, rows)), ("<i4", (n_texts, rows)))
    row_numbers, numbers, codes = (
        read_array(archive, name, *shape) for name, shape in zip(_ARRAYS, shapes, strict=True)
    )
    if np.isinf(numbers).any():
        raise ValueError(_("its table has numbers that are not finite"))
    of_numbers, of_texts = iter(numbers), iter(codes)
    columns = [_column(each, next(of_texts if "classes" in each else of_numbers)) for each in described]
    return Table(head["name"], tuple(columns), frozen_rows(row_numbers))


def _column(described: Head, values: npt.NDArray[Any]) -> Column:
    name = described["name"]
    if "classes" not in described:
        faults = {int(place): text for place, text in described["faults"].items()}
        return NumberColumn(name, frozen(values), MappingProxyType(faults))
    classes = tuple(described["classes"])
    if values.min() < -1 or values.max() >= len(classes):
        raise ValueError(_("its table has a text that does not exist"))
    return TextColumn(name, frozen_codes(values), classes)
