"""Table model of the log of hits, newest first."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bpviz.session.debugging.breakpoints import Hit
from bpviz.session.walkthrough.operations import operations
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel

EPOCH, SAMPLE, OPERATION, WHAT, VALUE = range(5)
_HEADERS = ("Epoch", "Sample", "Operation", "What", "Value")
_NO_PARENT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class HitTable(QAbstractTableModel):
    """Shows the debugger's hits."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._hits: tuple[Hit, ...] = ()

    def refresh(self) -> None:
        """Reset the model with the current hits."""
        self.beginResetModel()
        # A copy, since the deque grows while training runs.
        self._hits = tuple(reversed(self._model.debugger.hits))
        self.endResetModel()

    def hit(self, row: int) -> Hit:
        """Return the hit in a row."""
        return self._hits[row]

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of hits."""
        return 0 if parent.isValid() else len(self._hits)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = _Role.DisplayRole) -> object:
        """Return the name or alignment of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return {_Role.DisplayRole: _HEADERS[section], _Role.TextAlignmentRole: _alignment(section)}.get(_Role(kind))

    def data(self, index: _Index, kind: int = _Role.DisplayRole) -> object:
        """Return the data of a cell for a role."""
        hit = self._hits[index.row()]
        if kind == _Role.DisplayRole:
            return self._text(hit, index.column())
        if kind == _Role.ToolTipRole:
            return f"{hit.describe()}\nClick or press Enter to seek"
        if kind == _Role.TextAlignmentRole:
            return _alignment(index.column())
        return None

    def _text(self, hit: Hit, column: int) -> str:
        match column:
            case 0:
                return formats.count(hit.position.epoch)
            case 1:
                return formats.count(hit.sample)
            case 2:
                return self._operation(hit.position.operation)
            case 3:
                return hit.breakpoint.describe()
        return ", ".join(formats.number(value, 5) for value in hit.values)

    def _operation(self, index: int) -> str:
        done = operations(len(self._model.experiment.sizes) - 1)[:index]
        return f"{done[-1].quantity}, layer {done[-1].layer}" if done else "start"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in (EPOCH, SAMPLE) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
