"""The dialog that lists the sessions that can be recovered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpviz.language import N_, _
from bpviz.session.recovery.recovery import Leftover, LeftoverSummary
from bpviz.ui.style.theme import GAP

_SIZE = QSize(560, 280)
_EXPLAINED = N_("bpviz did not exit normally while these were open. They are kept until you save or discard them.")


class RecoveryDialog(QDialog):
    """A non-modal dialog, so that a lecture can continue.

    Signals
    -------
    chosen, discarded : Leftover
    """

    chosen, discarded = Signal(object), Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Recover a session"))
        self._listed: list[tuple[Leftover, LeftoverSummary]] = []
        words = QLabel(_(_EXPLAINED), wordWrap=True)
        words.setProperty("role", "caption")
        self.table = self._make_table()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.choose = self._add(
            buttons, _("Open"), _("Continue this session in place of the current one"), self._choose
        )
        self.discard = self._add(buttons, _("Discard"), _("Delete this session permanently"), self._discard)
        buttons.button(QDialogButtonBox.StandardButton.Close).setToolTip(_("Close this list; the sessions are kept"))
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(GAP)
        for widget in (words, self.table, buttons):
            column.addWidget(widget)
        self.resize(_SIZE)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setAccessibleName(_("Sessions that can be recovered"))
        table.setHorizontalHeaderLabels([_("Last written"), _("Session")])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        # With Tab moving between cells, a keyboard user could not reach the buttons.
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        table.itemActivated.connect(self._choose)
        table.itemSelectionChanged.connect(self._enable)
        return table

    @staticmethod
    def _add(buttons: QDialogButtonBox, text: str, tip: str, slot: Callable[[], None]) -> QPushButton:
        button = buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.setToolTip(tip)
        button.clicked.connect(slot)
        return button

    def fill(self, found: list[tuple[Leftover, LeftoverSummary]]) -> None:
        """Show sessions, and select the first."""
        self._listed = found
        self.table.setRowCount(len(found))
        for row, (leftover, account) in enumerate(found):
            for column, text in enumerate((in_words(leftover.written), account.description)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                self.table.setItem(row, column, cell)
        self.table.resizeColumnToContents(0)
        self.table.setColumnWidth(0, self.table.columnWidth(0) + 2 * GAP)
        if found:
            self.table.selectRow(0)
        self._enable()

    def _chosen(self) -> tuple[Leftover, LeftoverSummary] | None:
        rows = self.table.selectionModel().selectedRows()
        return self._listed[rows[0].row()] if rows else None

    @Slot()
    def _enable(self) -> None:
        chosen = self._chosen()
        self.choose.setEnabled(chosen is not None and chosen[1].is_sound)
        self.discard.setEnabled(chosen is not None)

    @Slot()
    def _choose(self) -> None:
        chosen = self._chosen()
        if chosen and chosen[1].is_sound:
            self.chosen.emit(chosen[0])
            self.close()

    @Slot()
    def _discard(self) -> None:
        if chosen := self._chosen():
            self.discarded.emit(chosen[0])


def in_words(written: datetime) -> str:
    """Format a time, without the date if it is today's."""
    is_today = written.date() == datetime.now().date()
    return f"{written:%H:%M}" if is_today else f"{written:%Y-%m-%d %H:%M}"
