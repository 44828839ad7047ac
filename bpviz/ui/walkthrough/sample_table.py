"""The quantities of one sample as numbers: a row for each neuron of one layer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bpviz.core.arrays import Array
from bpviz.session.walkthrough.operations import BACKWARD, FORWARD
from bpviz.ui.style import formats

_SINGLE = (*FORWARD, *BACKWARD, "db")
_NO_PARENT = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


class SampleTable(QAbstractTableModel):
    """Table model with z, a, error, slope, delta, db and all of dW for each neuron of one layer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: Array = np.zeros((0, 0))
        self._hidden: frozenset[str] = frozenset()

    def show_layer(self, columns: dict[str, Array], dW: Array, hidden: frozenset[str] = frozenset()) -> None:
        """Set one array of shape (n_neurons,) for each quantity, and dW of shape (n_input, n_neurons).

        The columns of hidden quantities, those that are not computed yet, are empty.
        """
        self.beginResetModel()
        self._values, self._hidden = np.column_stack([*(columns[name] for name in _SINGLE), dW.T]), hidden
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the number of neurons."""
        return 0 if parent.isValid() else len(self._values)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the number of quantities and inputs."""
        return 0 if parent.isValid() else self._values.shape[1]

    def data(self, index: Index, kind: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the number and its alignment."""
        if kind == Qt.ItemDataRole.DisplayRole:
            if _quantity(index.column()) in self._hidden:
                return ""
            return formats.number(float(self._values[index.row(), index.column()]), 5)
        if kind == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the quantity and its input, or the number of the neuron."""
        if kind != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section)
        return _SINGLE[section] if section < len(_SINGLE) else f"dW from {section - len(_SINGLE)}"


def _quantity(column: int) -> str:
    return _SINGLE[column] if column < len(_SINGLE) else "dW"
