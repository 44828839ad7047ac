"""The dialogs that ask for a file to read, and for the name of one to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from bpviz.ui.widgets.dialog_folder import remember_folder, start_folder, start_path


def ask_which(parent: QWidget, title: str, kinds: str, read: Callable[[str], None]) -> None:
    """Open a dialog for an existing file without blocking, and call `read` with the chosen path."""
    dialog = QFileDialog(parent, title, start_folder(), kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _open(dialog, read)


def ask_where(parent: QWidget, title: str, name: str, kinds: str, save: Callable[[str], None]) -> None:
    """Open a save dialog without blocking, and call `save` with the chosen path."""
    dialog = QFileDialog(parent, title, start_path(name), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix[1:])
    _open(dialog, save)


def _open(dialog: QFileDialog, use: Callable[[str], None]) -> None:
    remember_folder(dialog)
    dialog.fileSelected.connect(use)
    dialog.finished.connect(dialog.deleteLater)
    # open returns at once; exec would run a nested event loop until the dialog is closed.
    dialog.open()
