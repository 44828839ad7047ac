"""List of the operands of which own numbers are given, right or wrong."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from bpviz.core.mistakes.program import Key
from bpviz.language import N_, _
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.session.own_numbers.operand_keys import TITLES, keys_of, name_of
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.widgets.cell_table import Column, RecordTable

RIGHT, WRONG, FIRST, OTHER_SHAPE, UNKNOWN = "✓", "✕", "▶", "≠", "·"
_WORDS = {
    RIGHT: N_("right"),
    WRONG: N_("wrong"),
    FIRST: N_("has the first wrong number"),
    OTHER_SHAPE: N_("has another shape in this network, and is left out; Delete removes it"),
    UNKNOWN: N_("not yet compared"),
}


class GivenTable(RecordTable):
    """Table model with a row for each operand that is given, in the order of computing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((Column(_("Given"), _("Arrays of which you have given numbers")),), parent)
        self.keys: list[Key] = []
        self._marks: dict[Key, str] = {}
        self._counts: dict[Key, str] = {}
        self._theme: Theme = LIGHT

    def show_numbers(self, update: TracedUpdate, numbers: OwnNumbers, checked: NumbersChecked | None) -> None:
        """Show which operands are given, and what is known of them."""
        ordered = keys_of(update)
        inside = [key for key in ordered if key in numbers.arrays]
        keys = [*inside, *(key for key in numbers.arrays if key not in ordered)]
        fitting = numbers.fitting(update)
        self._marks = {key: _mark(key, checked) if key in fitting else OTHER_SHAPE for key in keys}
        self._counts = {key: _count(key, numbers, checked) for key in keys}
        if keys != self.keys:
            self.keys = keys
            self.refresh()
        else:
            self.touch()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme

    def mark(self, key: Key) -> str:
        """Return the sign of an operand."""
        return self._marks[key]

    def n_rows(self) -> int:
        """Return the number of operands that are given."""
        return len(self.keys)

    def text(self, row: int, column: int) -> str:
        """Return the sign and the short name of an operand."""
        key = self.keys[row]
        return f"{self._marks[key]} {short_name(key)}"

    def accessible_text(self, row: int, column: int) -> str:
        """Return the name of an operand, and what is known of it."""
        return self.tip(row, column)

    def tip(self, row: int, column: int) -> str:
        """Return the name of an operand, and what is known of it."""
        key = self.keys[row]
        return f"{name_of(key)}: {_(_WORDS[self._marks[key]])}{self._counts[key]}"

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the danger colour for what is wrong."""
        mark = self._marks[self.keys[row]]
        if mark in (WRONG, FIRST):
            return QColor(self._theme.danger)
        return QColor(self._theme.muted) if mark in (OTHER_SHAPE, UNKNOWN) else None


def short_name(key: Key) -> str:
    """Return e.g. "delta 2", "W after 1", "loss"."""
    title = _(TITLES[key[0]])
    return title if key[0] == "loss" else f"{title} {key[1]}"


def _mark(key: Key, checked: NumbersChecked | None) -> str:
    if checked is None or key not in checked.wrong:
        return UNKNOWN
    if checked.first and checked.first[0] == key:
        return FIRST
    return WRONG if checked.wrong[key].any() else RIGHT


def _count(key: Key, numbers: OwnNumbers, checked: NumbersChecked | None) -> str:
    array = numbers.arrays[key]
    given = int((~np.isnan(array)).sum())
    parts = (
        [_("{given:,} of {size:,} numbers given").format(given=given, size=array.size)] if given < array.size else []
    )
    if checked and key in checked.wrong and (count := int(checked.wrong[key].sum())):
        parts.append(_("{count:,} of {given:,} wrong").format(count=count, given=given))
    return f" · {', '.join(parts)}" if parts else ""
