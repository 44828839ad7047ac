"""Tables in files of numpy: one array (.npy), or several with the same number of rows (.npz). Nothing is unpickled."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import frozen
from bpviz.language import N_, _
from bpviz.session.tables.columns import Column, NumberColumn, TextColumn
from bpviz.session.tables.header import column_names
from bpviz.session.tables.limits import MOST_CELLS, check_size
from bpviz.session.tables.table import Table, frozen_rows
from bpviz.session.tables.table_error import TableError, quoted

_START = b"\x93NUMPY"
_MOST_BYTES_OF_A_CELL = 8
_ADVICE = N_(
    "save an array X with one row for each sample, and an array y with its target: numpy.savez(name, X=X, y=y)"
)
Shaped = npt.NDArray[Any]


def is_numpy_file(path: Path, start: bytes) -> bool:
    """Return whether a file, of which the first bytes are given, holds arrays of numpy."""
    if start.startswith(_START):
        return True
    with suppress(Exception), zipfile.ZipFile(path) as archive:  # zipfile raises many kinds for damaged files
        return any(name.endswith(".npy") for name in archive.namelist())
    return False


def read_numpy_file(path: Path) -> Table:
    """Return the table in an .npy or .npz file.

    Of an .npz file with X and y these are the inputs and the target; of another all arrays are put side by side. A
    column is named as its array or, where this has several, with its number behind: X1, X2. Arrays with named fields
    have these as columns. Arrays of more than two dimensions, as of pictures, are flattened for each row.

    Raises
    ------
    TableError
        If there are no arrays of numbers or texts with the same number of rows.
    """
    try:
        arrays = _arrays(path)
    except TableError:
        raise
    except Exception as fault:  # numpy and zipfile raise some ten kinds for damaged files
        raise TableError(
            _("The file is damaged, or holds Python objects, which are never unpickled ({fault}): {advice}.").format(
                fault=quoted(str(fault)), advice=_(_ADVICE)
            )
        ) from fault
    names, parts = _side_by_side(_chosen(arrays))
    check_size(len(parts[0]), len(parts))
    different = column_names(names, len(names), has_header=True)
    columns = tuple(_column(name, part) for name, part in zip(different, parts, strict=True))
    return Table(path.name, columns, frozen_rows(range(1, len(parts[0]) + 1)))


def _arrays(path: Path) -> dict[str, Shaped]:
    with open(path, "rb") as file:
        if file.read(len(_START)) == _START:
            file.seek(0)
            return {"x": _read(file, path.stat().st_size)}
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        arrays = {}
        for info in members:
            with archive.open(info) as member:
                arrays[info.filename.removesuffix(".npy")] = _read(member, info.file_size)
        return arrays


def _read(file: IO[bytes], size: int) -> Shaped:
    """Return an array whose header claims no more than the file holds, and than can be used."""
    head = io.BytesIO(file.read(min(size, 2**16)))
    version = np.lib.format.read_magic(head)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _order, dtype = read_header(head)
    if dtype.hasobject:
        raise ValueError(_("Python objects"))
    cells = math.prod(shape) * max(len(dtype.names or ()), 1)
    if cells > MOST_CELLS or math.prod(shape) * dtype.itemsize > _MOST_BYTES_OF_A_CELL * MOST_CELLS:
        raise TableError(
            _(
                "An array has {cells:,} cells, and at most {most_cells:,} of 8 bytes are read: keep fewer rows or "
                "columns."
            ).format(cells=cells, most_cells=MOST_CELLS)
        )
    if head.tell() + math.prod(shape) * dtype.itemsize > size:
        raise TableError(_("The file ends before its array does: {advice}.").format(advice=_(_ADVICE)))
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)


def _chosen(arrays: Mapping[str, Shaped]) -> list[tuple[str, Shaped]]:
    """Return the arrays that make the table: X and y if they are there, otherwise all."""
    by_small_name = {name.lower(): name for name in arrays}
    if {"x", "y"} <= by_small_name.keys():
        chosen = [(name, arrays[name]) for name in (by_small_name["x"], by_small_name["y"])]
    else:
        chosen = list(arrays.items())
    if not chosen or any(array.ndim == 0 for _name, array in chosen) or len({len(array) for _, array in chosen}) > 1:
        shapes = ", ".join(f"{quoted(name)} {array.shape}" for name, array in list(arrays.items())[:6])
        raise TableError(
            _("The file has no arrays with the same number of rows ({shapes}): {advice}.").format(
                shapes=shapes or _("it is empty"), advice=_(_ADVICE)
            )
        )
    if not len(chosen[0][1]):
        raise TableError(_("The arrays in the file have no rows: {advice}.").format(advice=_(_ADVICE)))
    return chosen


def _side_by_side(arrays: Sequence[tuple[str, Shaped]]) -> tuple[list[str], list[Shaped]]:
    """Return all columns of some arrays, and their names."""
    names: list[str] = []
    parts: list[Shaped] = []
    for name, array in arrays:
        if array.dtype.names:
            found = [(field, array[field].reshape(len(array), -1)) for field in array.dtype.names]
        else:
            found = [(name, array.reshape(len(array), -1))]
        for each, columns in found:
            count = columns.shape[1]
            check_size(len(columns), len(parts) + count)
            names.extend([each] if count == 1 else [f"{each}{n}" for n in range(1, count + 1)])
            parts.extend(columns.T)
    if not parts:
        raise TableError(_("The arrays in the file have no columns: {advice}.").format(advice=_(_ADVICE)))
    return names, parts


def _column(name: str, values: Shaped) -> Column:
    if values.dtype.kind in "US":
        texts = values if values.dtype.kind == "U" else np.char.decode(values, "utf-8", "replace")
        return TextColumn.of(name, [str(text).strip("\0 ") for text in texts.tolist()])
    if values.dtype.kind not in "biuf":
        raise TableError(
            _("The array {name} holds neither numbers nor texts but {dtype}: {advice}.").format(
                name=quoted(name), dtype=values.dtype, advice=_(_ADVICE)
            )
        )
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = values.astype(np.float64)
    infinite = np.flatnonzero(np.isinf(numbers)).tolist()
    faults = {place: str(float(numbers[place])) for place in infinite}
    numbers[~np.isfinite(numbers)] = np.nan
    return NumberColumn(name, frozen(numbers), MappingProxyType(faults))
