"""Save dialog, and saving a widget as an image."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QFileDialog, QWidget

from bpviz.session.files.safe_write import check_target, write_atomically
from bpviz.ui.widgets.dialog_folder import remember_folder, start_path

PICTURE_SUFFIXES = (".png",)


def save_picture(widget: QWidget, path: Path) -> None:
    """Save a screenshot of a widget as a PNG file.

    Raises
    ------
    ExportError
        If the file cannot be written, or its name promises another format.
    """
    check_target(path, PICTURE_SUFFIXES)
    # Rendered to memory first, so that a failed write leaves no partial file.
    buffer = QBuffer()
    widget.grab().save(buffer, "PNG")
    content = buffer.data().data()
    write_atomically(path, lambda file: file.write(content))


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
