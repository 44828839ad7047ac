"""The dialog that asks for the name of a file to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from bpviz.ui.widgets.dialog_folder import remember_folder, start_path


def ask_where(parent: QWidget, title: str, name: str, kinds: str, save: Callable[[str], None]) -> None:
    """Open a save dialog without blocking, and call `save` with the chosen path."""
    dialog = QFileDialog(parent, title, start_path(name), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix[1:])
    remember_folder(dialog)
    dialog.fileSelected.connect(save)
    dialog.finished.connect(dialog.deleteLater)
    # open returns at once; exec would run a nested event loop until the dialog is closed.
    dialog.open()
