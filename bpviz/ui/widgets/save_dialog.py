"""Save dialog, and saving a widget as an image."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QFileDialog, QWidget

from bpviz.session.files.safe_write import write_atomically


def save_picture(widget: QWidget, path: Path) -> None:
    """Save a screenshot of a widget as a PNG file.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    # Rendered to memory first, so that a failed write leaves no partial file.
    buffer = QBuffer()
    widget.grab().save(buffer, "PNG")
    content = buffer.data().data()
    write_atomically(path, lambda file: file.write(content))


def ask_where(parent: QWidget, title: str, name: str, kinds: str, save: Callable[[str], None]) -> None:
    """Open a save dialog without blocking, and call `save` with the chosen path."""
    dialog = QFileDialog(parent, title, name, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix[1:])
    dialog.fileSelected.connect(save)
    dialog.finished.connect(dialog.deleteLater)
    # open returns at once; exec would run a nested event loop until the dialog is closed.
    dialog.open()
