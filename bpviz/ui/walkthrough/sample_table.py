"""The quantities of one sample as numbers: a row for each neuron of one layer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.session.walkthrough.operations import BACKWARD, FORWARD, quantity_name
from bpviz.ui.widgets.array_table import ArrayTable

_SINGLE = (*FORWARD, *BACKWARD, "db")
_DIGITS = 5


class SampleTable(ArrayTable):
    """Table model with z, a, error, slope, delta, db and all of dW for each neuron of one layer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent, _DIGITS)
        self._hidden: frozenset[str] = frozenset()

    def show_layer(self, columns: dict[str, Array], dW: Array, hidden: frozenset[str] = frozenset()) -> None:
        """Set one array of shape (n_neurons,) for each quantity, and dW of shape (n_input, n_neurons).

        The columns of hidden quantities, those that are not computed yet, are empty.
        """
        self._hidden = hidden
        values = np.column_stack([*(columns[name] for name in _SINGLE), dW.T])
        sources = range(len(dW))
        names = [*map(quantity_name, _SINGLE), *(_("dW from {source}").format(source=source) for source in sources)]
        self.show_array(values, [str(neuron) for neuron in range(len(values))], names)

    def text(self, row: int, column: int) -> str:
        """Return the number, "" if it is not computed yet."""
        quantity = _SINGLE[column] if column < len(_SINGLE) else "dW"
        return "" if quantity in self._hidden else super().text(row, column)
