"""Table model of a ledger, which can be sorted by every column and filtered."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from bpviz.core.arrays import Indices
from bpviz.language import N_, _
from bpviz.session.effects.ledger import Ledger
from bpviz.ui.effects.ledger_columns import ledger_columns
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.cell_table import SortedTable, lit

ALL, WRONG, RIGHT, LOSS_ROSE, MSE_ROSE, MSE_FELL = (
    N_("All"),
    N_("Wrong"),
    N_("Right"),
    N_("Own loss rose"),
    N_("MSE rose"),
    N_("MSE fell"),
)
FILTERS = (ALL, WRONG, RIGHT, LOSS_ROSE, MSE_ROSE, MSE_FELL)
_HOW = N_("Click or press Enter to go to this update")


class LedgerTable(SortedTable):
    """Shows the rows of a ledger that pass a filter, in the order of one of its columns.

    Attributes
    ----------
    ledger : Ledger or None
    """

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.ledger: Ledger | None = None
        self._filter = ALL
        self._here: int | None = None

    def tell(self, ledger: Ledger | None) -> None:
        """Show a ledger, or none."""
        self.beginResetModel()
        self.ledger, prepared = ledger, self._model.prepared
        self.columns = ledger_columns(ledger, prepared.split) if ledger and prepared else ()
        self.sorted_by = min(self.sorted_by, max(len(self.columns) - 1, 0))
        self.choose_rows()
        self.endResetModel()

    def set_filter(self, name: str) -> None:
        """Show the rows that pass one of `FILTERS`."""
        self.beginResetModel()
        self._filter = name
        self.choose_rows()
        self.endResetModel()

    def listed(self) -> Indices:
        """Return the rows that pass the filter, in the order of training."""
        return np.flatnonzero(_passes(self.ledger, self._filter)) if self.ledger else np.empty(0, dtype=np.intp)

    def mark_update(self, start: int | None) -> int | None:
        """Highlight the row of the update that begins after so many samples of the epoch; return its place."""
        if start != self._here:
            self._here = start
            self.touch()
        if self.ledger is None or start is None:
            return None
        places = np.flatnonzero(self.ledger.starts[self.rows] == start)
        return int(places[0]) if len(places) else None

    def place_of(self, sample: int) -> int | None:
        """Return the shown row with a training sample, None if there is none."""
        if self.ledger is None:
            return None
        found = [place for place, row in enumerate(self.rows.tolist()) if sample in self.ledger.samples[row]]
        return found[0] if found else None

    # Cells

    def tip(self, row: int, column: int) -> str:
        """Return what is in a cell, in full precision, and what a click does."""
        shown = self.columns[column]
        return f"{shown.tip}: {shown.text(int(self.rows[row]))}\n{_(_HOW)}"

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the colour of the sign of a change, and the muted colour for what is right."""
        shown, theme = self.columns[column], self._model.theme
        value = float(shown.values[self.rows[row]])
        if shown.is_signed and value:
            return QColor(theme.positive if value > 0 else theme.negative)
        return QColor(theme.muted) if shown.title == _("Right") and value == 1 else None

    def light(self, row: int, column: int) -> QColor | None:
        """Highlight the row of the update on screen."""
        is_here = self.ledger is not None and self._here == int(self.ledger.starts[self.rows[row]])
        return lit(self._model.theme) if is_here else None


def _passes(ledger: Ledger, name: str) -> npt.NDArray[np.bool_]:
    """Return which rows of a ledger pass a filter; a batch is right if all of its samples are."""
    is_right = ledger.n_right == ledger.sizes
    passing: dict[str, npt.NDArray[np.bool_]] = {
        WRONG: ~is_right,
        RIGHT: is_right,
        LOSS_ROSE: ledger.loss_change > 0,
        MSE_ROSE: ledger.mse_change > 0,
        MSE_FELL: ledger.mse_change < 0,
    }
    return passing.get(name, np.ones(ledger.n_rows, dtype=np.bool_))
