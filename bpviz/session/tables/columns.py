"""The columns of a table: of numbers, or of texts as classes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices, frozen

Codes = npt.NDArray[np.int32]
Missing = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """A column of numbers. Read-only.

    Attributes
    ----------
    name : str
    numbers : ndarray of shape (n_rows,)
        NaN where a cell is missing or is no finite number.
    faults : mapping of int to str
        What is in the cells that are no finite number, by their place from 0.
    """

    name: str
    numbers: Array
    faults: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def missing(self) -> Missing:
        """Whether there is no number, for each row."""
        return np.isnan(self.numbers)

    def text_at(self, place: int) -> str:
        """Return a cell as text; empty if it is missing."""
        value = float(self.numbers[place])
        return number_text(value) if np.isfinite(value) else self.faults.get(place, "")

    def taken(self, places: Indices) -> NumberColumn:
        """Return the column with these rows only."""
        new_place = {old: new for new, old in enumerate(places.tolist()) if old in self.faults}
        faults = {new: self.faults[old] for old, new in new_place.items()}
        return NumberColumn(self.name, frozen(self.numbers[places]), MappingProxyType(faults))

    def content(self) -> tuple[bytes, bytes]:
        """Return what tells the column from another, in two parts."""
        return json.dumps(["numbers", self.name]).encode(), self.numbers.astype("<f8", copy=False).tobytes()


@dataclass(frozen=True, eq=False)
class TextColumn:
    """A column of texts, which are classes. Read-only.

    Attributes
    ----------
    name : str
    codes : ndarray of int32, shape (n_rows,)
        The class number of each cell; -1 where it is missing.
    classes : tuple of str
        The different texts in alphabetical order; each of them occurs.
    """

    name: str
    codes: Codes
    classes: tuple[str, ...]

    @staticmethod
    def of(name: str, texts: Sequence[str]) -> TextColumn:
        """Return the column of these texts, of which empty ones are missing."""
        classes = sorted(set(texts) - {""})
        number = {text: code for code, text in enumerate(classes)} | {"": -1}
        return TextColumn(name, frozen_codes([number[text] for text in texts]), tuple(classes))

    @property
    def missing(self) -> Missing:
        """Whether there is no text, for each row."""
        return self.codes < 0

    def text_at(self, place: int) -> str:
        """Return a cell; empty if it is missing."""
        code = int(self.codes[place])
        return self.classes[code] if code >= 0 else ""

    def taken(self, places: Indices) -> TextColumn:
        """Return the column with these rows only, and the classes that occur in them."""
        kept = self.codes[places]
        used = np.unique(kept[kept >= 0])
        new_code = np.full(len(self.classes) + 1, -1, dtype=np.int32)  # the last entry is that of code -1
        new_code[used] = np.arange(len(used))
        return TextColumn(self.name, frozen_codes(new_code[kept]), tuple(self.classes[code] for code in used))

    def content(self) -> tuple[bytes, bytes]:
        """Return what tells the column from another, in two parts."""
        head = json.dumps(["texts", self.name, *self.classes]).encode()
        return head, self.codes.astype("<i4", copy=False).tobytes()


Column = NumberColumn | TextColumn


def frozen_codes(codes: npt.ArrayLike) -> Codes:
    """Return a read-only copy of class numbers."""
    copy = np.array(codes, dtype=np.int32)
    copy.flags.writeable = False
    return copy


def number_text(value: float) -> str:
    """Return a number in full precision: whole numbers without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
