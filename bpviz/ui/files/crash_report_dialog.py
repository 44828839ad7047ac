"""The dialog that shows the log of a program that crashed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from bpviz.language import N_, _
from bpviz.session.engine.events import Failed
from bpviz.session.files.safe_write import ExportError, write_atomically
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.file_dialogs import ask_where

_SIZE = QSize(760, 480)
_EXPLAINED = N_(
    "This is what bpviz wrote down: versions, the fault, and the last commands, without names of files. It is only on "
    "this computer. To report the fault, copy or save it and send it yourself."
)


class CrashReportDialog(QDialog):
    """A non-modal dialog, so that a lecture can continue.

    Parameters
    ----------
    parent : QWidget
    text : str
    show_failure : callable
        Called with a `Failed` if the text cannot be saved.
    """

    def __init__(self, parent: QWidget, text: str, show_failure: Callable[[Failed], None]) -> None:
        super().__init__(parent)
        self._show_failure = show_failure
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("What happened"))
        words = QLabel(_(_EXPLAINED), wordWrap=True)
        words.setProperty("role", "caption")
        self.text = QPlainTextEdit(text, readOnly=True)
        self.text.setAccessibleName(_("Log of the program that ended"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton(_("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setToolTip(_("Copy all of it"))
        self.copy.clicked.connect(self._copy)
        self.save = buttons.addButton(_("Save…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setToolTip(_("Save all of it to a text file"))
        self.save.clicked.connect(self._ask_where)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(GAP)
        for widget in (words, self.text, buttons):
            column.addWidget(widget)
        self.resize(_SIZE)

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text.toPlainText())

    @Slot()
    def _ask_where(self) -> None:
        ask_where(self, _("Save the log"), "bpviz-log.txt", _("Text (*.txt)"), self.save_to)

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Save the text to a file."""
        content = self.text.toPlainText().encode("utf-8", "backslashreplace")
        try:
            write_atomically(Path(path), lambda file: file.write(content))
        except ExportError as fault:
            self._show_failure(Failed(str(fault)))
