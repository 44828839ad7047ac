"""Table of one recorded array: theirs, ours, or the difference."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import Qt

from bpviz.core.arrays import Array
from bpviz.core.mistakes.program import Key
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.own_numbers.number_table import FIRST, NOT_GIVEN, WRONG, OwnNumberTable
from bpviz.ui.style import formats
from bpviz.ui.widgets.cell_table import Index

_DIGITS = 5


class Shown(StrEnum):
    """What the cells show."""

    THEIRS = "theirs"
    OURS = "ours"
    DIFFERENCE = "difference"


class RecordedTable(OwnNumberTable):
    """Table model of an array of a recorded update; it cannot be edited."""

    def __init__(self) -> None:
        super().__init__()
        self._what, self._is_recorded = Shown.THEIRS, False

    def show_operand(self, update: TracedUpdate, key: Key, numbers: OwnNumbers, checked: NumbersChecked | None) -> None:
        """Show an array of an update."""
        self._is_recorded = key in numbers.arrays
        super().show_operand(update, key, numbers, checked)

    def show_what(self, what: Shown) -> None:
        """Show theirs, ours or the difference."""
        self._what = what
        self.touch()

    def shown(self) -> Array:
        """Return the numbers that the cells show; NaN for what was not recorded."""
        right = self.right()
        if self._what is Shown.THEIRS or right is None:
            return self.values
        with np.errstate(all="ignore"):
            return right if self._what is Shown.OURS else self.values - right

    def is_given(self, row: int, column: int) -> bool:
        """Return whether the array was recorded; its numbers may be NaN."""
        return self._is_recorded

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let no cell be edited."""
        return super().flags(index) & ~Qt.ItemFlag.ItemIsEditable

    def text(self, row: int, column: int) -> str:
        """Return the number with the sign of its mark."""
        if not self._is_recorded and self._what is not Shown.OURS:
            return NOT_GIVEN
        sign = FIRST if self.is_first(row, column) else WRONG if self.is_wrong(row, column) else ""
        return f"{sign}{formats.number(float(self.shown()[row, column]), _DIGITS)}"
