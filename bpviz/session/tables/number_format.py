"""Cells of a table as numbers: decimal point or comma, signs between thousands, missing cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array
from bpviz.session.tables.read_options import Decimal

MISSING_TEXTS = frozenset({"", "?", "NA", "N/A", "#N/A", "#NA", "nan", "NaN", "NAN", "NULL", "null"})
# In a column of numbers a dash stands for a missing one; among texts it can be a class.
_MISSING_NUMBERS = MISSING_TEXTS | {"-", "--", "–", "—", "."}
_MINUS = str.maketrans({"\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\uff0d": "-"})
_SWAP = str.maketrans(".,", ",.")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([,'’ \u00a0\u202f\u2009])\d{3}(?:\1\d{3})*(\.\d*)?")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


@dataclass(frozen=True)
class NumberFormat:
    """How numbers are written in a table: see `ReadOptions`."""

    decimal: Decimal = "."
    groups: bool = False

    def value(self, cell: str) -> float:
        """Return the number in a cell: infinite if it is too large, NaN if there is none."""
        text = cell.strip().translate(_MINUS)
        if self.decimal == ",":
            text = text.translate(_SWAP)
        if (found := _GROUPED.fullmatch(text)) and (self.groups or not _AMBIGUOUS.fullmatch(text)):
            text = text.replace(found[1], "")
        return float(text) if _PLAIN.fullmatch(text) else math.nan

    def values(self, cells: Sequence[str]) -> tuple[Array, dict[int, str]]:
        """Return the numbers in cells, NaN where there is none, and by place the texts that are no finite number."""
        fast = self._values_if_all_plain(cells)
        if fast is not None:
            return fast, {}
        values = np.array([self.value(cell) for cell in cells], dtype=np.float64)
        (places,) = np.nonzero(~np.isfinite(values))
        values[places] = np.nan
        texts = ((place, cells[place].strip()) for place in places.tolist())
        return values, {place: text for place, text in texts if not is_missing_number(text)}

    def _values_if_all_plain(self, cells: Sequence[str]) -> Array | None:
        """Return the numbers by Python's own conversion, which is fast, or None if that would not do."""
        together = "\n".join(cells)
        if "_" in together:  # Python reads 2024_01 as 202401
            return None
        if self.decimal == ",":
            if "." in together:
                return None
            cells = together.replace(",", ".").split("\n")
        try:
            values = np.fromiter(map(float, cells), np.float64, len(cells))
        except ValueError:
            return None
        return values if np.isfinite(values).all() else None


def is_missing_number(cell: str) -> bool:
    """Return whether a cell among numbers says that there is none."""
    return cell.strip() in _MISSING_NUMBERS


def is_number(cell: str) -> bool:
    """Return whether a cell is a number, with a decimal point or a decimal comma."""
    return any(math.isfinite(NumberFormat(sign, True).value(cell)) for sign in (".", ","))


def guess_format(cells: Iterable[str], delimiter: str) -> NumberFormat:
    """Return how the numbers in cells are written. Between semicolons a single comma is taken for a decimal comma."""
    numbers = [text for cell in cells if ("," in cell or "." in cell) and is_number(text := cell.strip())]
    points = sum(_tells_decimal(cell, ".") for cell in numbers)
    commas = sum(_tells_decimal(cell, ",") for cell in numbers)
    if commas > points or (not points and delimiter == ";" and any("," in cell for cell in numbers)):
        return NumberFormat(",", commas > 0)
    return NumberFormat(".", points > 0)


def _tells_decimal(cell: str, sign: Decimal) -> bool:
    """Return whether a number must have been written with this sign before its decimals."""
    other: Decimal = "," if sign == "." else "."
    return math.isfinite(NumberFormat(sign).value(cell)) and not math.isfinite(NumberFormat(other, True).value(cell))
