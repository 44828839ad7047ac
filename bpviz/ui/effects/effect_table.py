"""Table model of the samples, or updates, with the largest changes of loss on one side of zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from bpviz.core.arrays import Array
from bpviz.core.data.split import titled
from bpviz.language import N_, _
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.cell_table import Column, RecordTable

MOST = 10
SAMPLE, CLASS, CHANGE = range(3)
_SAMPLE_TIP = N_("Number of the sample; of an update with a batch, its first samples")
_REST = (
    Column(N_("Class"), N_("Class of the sample"), is_number=True),
    Column(N_("Change"), N_("By how much the loss changes: below 0 it is helped, above 0 hurt"), is_number=True),
)


@dataclass(frozen=True)
class EffectRow:
    """One row: a sample whose loss changes, or an update that changes the loss of a sample.

    Attributes
    ----------
    number : int
        Index of the sample, or of the update, in what was measured.
    rank, sample, label : str
    change : float
    """

    number: int
    rank: str
    sample: str
    label: str
    change: float


def extremes(changes: Array) -> list[tuple[str, int]]:
    """Return rank and index of up to ten largest changes above 0, then of as many below 0, the largest first."""
    known = np.where(np.isnan(changes), 0.0, changes)
    order = np.argsort(known, kind="stable")
    hurt = [int(number) for number in order[::-1][:MOST] if known[number] > 0]
    helped = [int(number) for number in order[:MOST] if known[number] < 0]
    return [
        *((_("Hurt {rank}").format(rank=rank), number) for rank, number in enumerate(hurt, start=1)),
        *((_("Helped {rank}").format(rank=rank), number) for rank, number in enumerate(helped, start=1)),
    ]


def of_class(name: str) -> str:
    """Return " of class 0", " of setosa", or "" without a class."""
    return _(" of {titled}").format(titled=titled(name)) if name else ""


class EffectTable(RecordTable):
    """Shows rows; changes have the colour of their sign. The first column has the title of the table."""

    def __init__(self, title: str, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__((Column(title, _(_SAMPLE_TIP), is_number=True), *_REST), parent)
        self._model = model
        self.rows: tuple[EffectRow, ...] = ()
        self._what_a_click_does = ""

    def tell(self, rows: tuple[EffectRow, ...], what_a_click_does: str) -> None:
        """Show other rows."""
        self._what_a_click_does = what_a_click_does
        if len(rows) == len(self.rows):
            self.rows = rows
            self.touch()  # keeps the current row
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def n_rows(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        shown = self.rows[row]
        change = formats.number(shown.change, 3)
        return (shown.sample, shown.label, f"+{change}" if shown.change > 0 else change)[column]

    def accessible_text(self, row: int, column: int) -> str:
        """Return the text of a cell, with the rank of a change."""
        text = self.text(row, column)
        return f"{self.rows[row].rank}: {text}" if column == CHANGE else text

    def tip(self, row: int, column: int) -> str:
        """Return the change in more digits, and what a click does."""
        shown = self.rows[row]
        change = formats.number(shown.change, 6)
        return _("{rank}: sample {sample}{of_class}, change {change}\n{what_a_click_does}").format(
            rank=shown.rank,
            sample=shown.sample,
            of_class=of_class(shown.label),
            change=change,
            what_a_click_does=self._what_a_click_does,
        )

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the colour of the sign for changes."""
        theme = self._model.theme
        if column != CHANGE:
            return None
        return QColor(theme.positive if self.rows[row].change > 0 else theme.negative)
