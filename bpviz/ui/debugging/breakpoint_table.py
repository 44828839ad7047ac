"""Breakpoints as a table: a row for each, with its switches and how often it has held."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont

from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.cell_table import BOLD, Column, Index, RecordTable, Role, check_state, is_ticked, lit
from bpviz.ui.widgets.form_fields import sentence

ON, CONDITION, LOG_ONLY, HITS, REMOVE = range(5)
_COLUMNS = (
    Column("On", "Stop here, or do not"),
    Column("Condition"),
    Column("Log only", "Note it in the log, and train on"),
    Column("Hits", "How often it has held since it was made", is_number=True),
    Column("", "Remove this breakpoint  (Delete)"),
)


class BreakpointTable(RecordTable):
    """Reads the debugger's breakpoints, and changes them where a box is ticked."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent)
        self._model = model

    def n_rows(self) -> int:
        """Return the number of breakpoints."""
        return len(self._model.debugger.breakpoints)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the boxes be ticked; one that cannot apply cannot be switched on."""
        flags = super().flags(index)
        if index.column() == LOG_ONLY or (index.column() == ON and self._fits(index.row())):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: object, kind: int = Role.EditRole) -> bool:
        """Tick a box."""
        name = {ON: "enabled", LOG_ONLY: "log_only"}.get(index.column())
        if kind != Role.CheckStateRole or name is None:
            return False
        made = list(self._model.debugger.breakpoints)
        values: dict[str, Any] = {name: is_ticked(value)}
        made[index.row()] = dataclasses.replace(made[index.row()], **values)
        self._model.debugger.set_breakpoints(tuple(made))
        return True

    def _breakpoint(self, row: int) -> Breakpoint:
        return self._model.debugger.breakpoints[row]

    def _problem(self, row: int) -> str | None:
        return self._breakpoint(row).problem(self._model.experiment.sizes)

    def _fits(self, row: int) -> bool:
        return self._problem(row) is None

    def text(self, row: int, column: int) -> str | None:
        """Return what a cell says of its breakpoint."""
        if column == HITS:
            return formats.count(self._model.debugger.counts[row])
        return {CONDITION: self._breakpoint(row).describe(), REMOVE: "×"}.get(column)

    def check(self, row: int, column: int) -> Qt.CheckState | None:
        """Tick what is switched on."""
        found = self._breakpoint(row)
        ticked = {ON: found.enabled and self._fits(row), LOG_ONLY: found.log_only}.get(column)
        return None if ticked is None else check_state(ticked)

    def tip(self, row: int, column: int) -> str:
        """Explain a cell, or say why its breakpoint cannot hold."""
        if problem := self._problem(row):
            return f"It does not fit this network: {problem}."
        return _COLUMNS[column].tip or sentence(self._breakpoint(row).describe())

    def ink(self, row: int, column: int) -> QColor | None:
        """Mute what cannot hold."""
        return QColor(self._model.theme.muted) if not self._fits(row) or column == REMOVE else None

    def light(self, row: int, column: int) -> QColor | None:
        """Light up the row of the one that training stopped at."""
        return lit(self._model.theme) if self._is_lit(row) else None

    def font(self, row: int, column: int) -> QFont | None:
        """Write its condition bold."""
        return BOLD if self._is_lit(row) and column == CONDITION else None

    def _is_lit(self, row: int) -> bool:
        stopped = self._model.debugger.stopped
        return stopped is not None and stopped.breakpoint.conditions == self._breakpoint(row).conditions
