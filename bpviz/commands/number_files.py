"""Reading somebody's numbers from a file of numpy or a folder of CSV files."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from bpviz.language import _

_WORDS = ("activations", "activation", "loss")


class NumbersError(ValueError):
    """Numbers cannot be read. The message says which, why, and what to do."""


def read_numbers(path: Path) -> dict[str, Any]:
    """Return the arrays of an .npz file, or of a folder with one CSV file for each, by name.

    Raises
    ------
    NumbersError
        If there is nothing to read, or it is something else.
    """
    if os.path.isdir(path):  # unlike Path.is_dir, False for a name that is too long
        return _read_folder(path)
    if not os.path.isfile(path):
        raise NumbersError(_("{path} is no file: give an .npz file or a folder of CSV files").format(path=path))
    try:  # of an array alone, or of something else, numpy makes no file to open: a TypeError
        with np.load(path, allow_pickle=False) as arrays:
            return {name: _plain(arrays[name]) for name in arrays.files}
    except (OSError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, EOFError, KeyError) as fault:
        raise NumbersError(
            _(
                "{path} cannot be read as an .npz file of numbers: write it with numpy.savez, one array for each name"
            ).format(path=path)
        ) from fault


def _plain(array: Any) -> Any:
    """Return an array of words as a list, or as one word."""
    return array.tolist() if array.dtype.kind in "US" else array


def _read_folder(folder: Path) -> dict[str, Any]:
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise NumbersError(
            _("{folder} holds no CSV file: name them W1.csv, b1.csv, x.csv, y.csv, dW1.csv, ...").format(folder=folder)
        )
    return {path.stem: _read_csv(path) for path in files}


def _read_csv(path: Path) -> Any:
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as fault:
        raise NumbersError(
            _("{path} cannot be read ({fault}): save it as CSV in UTF-8").format(path=path, fault=fault)
        ) from fault
    rows = [[cell for cell in re.split(r"[,;\s]+", line) if cell] for line in lines if line]
    if path.stem in _WORDS and rows and not _is_number(rows[0][0]):
        words = [cell for row in rows for cell in row]
        return words[0] if path.stem == "loss" else words
    try:
        values = np.array([[float(cell) for cell in row] for row in rows])
    except ValueError as fault:
        raise NumbersError(
            _(
                "{path} is no table of numbers ({fault}): give one row a line, with as many numbers in each and no "
                "heading"
            ).format(path=path, fault=fault)
        ) from fault
    return values if values.size > 1 else values.reshape(-1)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
