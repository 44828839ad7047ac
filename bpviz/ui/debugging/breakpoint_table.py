"""Table model of the breakpoints: a row for each, with its check boxes and number of hits."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.form_fields import sentence

ON, CONDITION, LOG_ONLY, HITS, REMOVE = range(5)
_HEADERS = ("On", "Condition", "Log only", "Hits", "")
_TIPS = {
    ON: "Whether training stops here",
    HITS: "Number of hits since the breakpoint was added",
    LOG_ONLY: "Log hits without stopping",
    REMOVE: "Remove this breakpoint  (Delete)",
}
_LIT_ALPHA = 60
_BOLD = QFont()
_BOLD.setWeight(QFont.Weight.DemiBold)
_NO_PARENT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class BreakpointTable(QAbstractTableModel):
    """Shows the debugger's breakpoints, and changes them when a box is checked."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def refresh(self) -> None:
        """Reset the model after breakpoints were added or removed."""
        self.beginResetModel()
        self.endResetModel()

    def touch(self) -> None:
        """Refresh all cells of the same breakpoints."""
        if rows := self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, REMOVE))

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of breakpoints."""
        return 0 if parent.isValid() else len(self._model.debugger.breakpoints)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = _Role.DisplayRole) -> object:
        """Return the name, tooltip or alignment of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if kind == _Role.ToolTipRole:
            return _TIPS.get(section)
        if kind == _Role.TextAlignmentRole:
            return _alignment(section)
        return _HEADERS[section] if kind == _Role.DisplayRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Make the boxes checkable, except "On" of a breakpoint that does not fit the network."""
        flags = super().flags(index)
        if index.column() == LOG_ONLY or (index.column() == ON and self._fits(index.row())):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, kind: int = _Role.DisplayRole) -> object:
        """Return the data of a cell for a role."""
        row, column = index.row(), index.column()
        match kind:
            case _Role.DisplayRole | _Role.AccessibleTextRole:
                return self._text(row, column)
            case _Role.CheckStateRole:
                return self._check(row, column)
            case _Role.ToolTipRole:
                return self._tip(row, column)
            case _Role.TextAlignmentRole:
                return _alignment(column)
            case _Role.ForegroundRole:
                return QColor(self._model.theme.muted) if not self._fits(row) or column == REMOVE else None
            case _Role.BackgroundRole:
                return self._light() if self._is_lit(row) else None
            case _Role.FontRole:
                return _BOLD if self._is_lit(row) and column == CONDITION else None
        return None

    def setData(self, index: _Index, value: object, kind: int = _Role.EditRole) -> bool:
        """Check or uncheck a box."""
        name = {ON: "enabled", LOG_ONLY: "log_only"}.get(index.column())
        if kind != _Role.CheckStateRole or name is None:
            return False
        made = list(self._model.debugger.breakpoints)
        values: dict[str, Any] = {name: value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value)}
        made[index.row()] = dataclasses.replace(made[index.row()], **values)
        self._model.debugger.set_breakpoints(tuple(made))
        return True

    def _breakpoint(self, row: int) -> Breakpoint:
        return self._model.debugger.breakpoints[row]

    def _problem(self, row: int) -> str | None:
        return self._breakpoint(row).problem(self._model.experiment.sizes)

    def _fits(self, row: int) -> bool:
        return self._problem(row) is None

    def _text(self, row: int, column: int) -> str | None:
        if column == HITS:
            return formats.count(self._model.debugger.counts[row])
        return {CONDITION: self._breakpoint(row).describe(), REMOVE: "×"}.get(column)

    def _check(self, row: int, column: int) -> Qt.CheckState | None:
        found = self._breakpoint(row)
        ticked = {ON: found.enabled and self._fits(row), LOG_ONLY: found.log_only}.get(column)
        return None if ticked is None else Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked

    def _tip(self, row: int, column: int) -> str | None:
        if problem := self._problem(row):
            return f"Does not fit this network: {problem}."
        return _TIPS.get(column, sentence(self._breakpoint(row).describe()))

    def _is_lit(self, row: int) -> bool:
        stopped = self._model.debugger.stopped
        return stopped is not None and stopped.breakpoint.conditions == self._breakpoint(row).conditions

    def _light(self) -> QColor:
        colour = QColor(self._model.theme.accent)
        colour.setAlpha(_LIT_ALPHA)
        return colour


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == HITS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
