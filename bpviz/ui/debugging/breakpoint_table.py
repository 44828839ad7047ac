"""Table model of the breakpoints: a row for each, with its check boxes and number of hits."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont

from bpviz.language import N_, _
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.cell_table import BOLD, Column, Index, RecordTable, Role, check_state, is_checked, lit
from bpviz.ui.widgets.form_fields import sentence

ON, CONDITION, LOG_ONLY, HITS, REMOVE = range(5)
_COLUMNS = (
    Column(N_("On"), N_("Whether training stops here")),
    Column(N_("Condition")),
    Column(N_("Log\nonly"), N_("Log hits without stopping")),
    Column(N_("Hits"), N_("Number of hits since the breakpoint was added"), is_number=True),
    Column("", N_("Remove this breakpoint  (Delete)")),
)


class BreakpointTable(RecordTable):
    """Shows the debugger's breakpoints, and changes them when a box is checked."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent)
        self._model = model

    def n_rows(self) -> int:
        """Return the number of breakpoints."""
        return len(self._model.debugger.breakpoints)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Make the boxes checkable, except "On" of a breakpoint that does not fit the network."""
        flags = super().flags(index)
        if index.column() == LOG_ONLY or (index.column() == ON and self._fits(index.row())):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: object, kind: int = Role.EditRole) -> bool:
        """Check or uncheck a box."""
        name = {ON: "enabled", LOG_ONLY: "log_only"}.get(index.column())
        if kind != Role.CheckStateRole or name is None:
            return False
        made = list(self._model.debugger.breakpoints)
        values: dict[str, Any] = {name: is_checked(value)}
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
        """Return the text of a cell."""
        if column == HITS:
            return formats.count(self._model.debugger.counts[row])
        return {CONDITION: self._breakpoint(row).describe(), REMOVE: "×"}.get(column)

    def check(self, row: int, column: int) -> Qt.CheckState | None:
        """Return the state of a box, None where there is none."""
        found = self._breakpoint(row)
        ticked = {ON: found.enabled and self._fits(row), LOG_ONLY: found.log_only}.get(column)
        return None if ticked is None else check_state(ticked)

    def tip(self, row: int, column: int) -> str:
        """Return an explanation of a cell, or why its breakpoint does not fit the network."""
        if problem := self._problem(row):
            return _("Does not fit this network: {problem}.").format(problem=problem)
        return _(_COLUMNS[column].tip) or sentence(self._breakpoint(row).describe())

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the muted colour for breakpoints that do not fit the network, and for the last column."""
        return QColor(self._model.theme.muted) if not self._fits(row) or column == REMOVE else None

    def light(self, row: int, column: int) -> QColor | None:
        """Highlight the row of the breakpoint that stopped training."""
        return lit(self._model.theme) if self._is_lit(row) else None

    def font(self, row: int, column: int) -> QFont | None:
        """Return a bold font for the condition of that breakpoint."""
        return BOLD if self._is_lit(row) and column == CONDITION else None

    def _is_lit(self, row: int) -> bool:
        stopped = self._model.debugger.stopped
        return stopped is not None and stopped.breakpoint.conditions == self._breakpoint(row).conditions
