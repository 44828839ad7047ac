"""Asks where to save, and saves the picture of a widget."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QFileDialog, QWidget

from bpviz.session.files.safe_write import write_atomically


def save_picture(widget: QWidget, path: Path) -> None:
    """Write what a widget shows to a PNG file.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    buffer = QBuffer()
    widget.grab().save(buffer, "PNG")
    content = buffer.data().data()
    write_atomically(path, lambda file: file.write(content))


def ask_where(parent: QWidget, title: str, name: str, kinds: str, save: Callable[[str], None]) -> None:
    """Ask for a file to write, without holding up anything, and give its path to `save`."""
    dialog = QFileDialog(parent, title, name, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix[1:])
    dialog.fileSelected.connect(save)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
