"""Writes what the window has: the history of training, and its own picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QFileDialog, QWidget

from bpviz.session.export import write_history
from bpviz.session.files import ExportError, write_whole
from bpviz.session.records import Failed
from bpviz.ui.view_model import ViewModel


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
    write_whole(path, lambda file: file.write(content))


class Saving:
    """Asks where to, then writes; a failure is told, never raised.

    Parameters
    ----------
    window : QWidget
        Whose picture is taken, and over which the question appears.
    model : ViewModel
    tell : callable
        Takes a `Failed`.
    """

    def __init__(self, window: QWidget, model: ViewModel, tell: Callable[[Failed], None]) -> None:
        self._window, self._model, self._tell = window, model, tell

    def ask_history(self) -> None:
        """Ask for a CSV file for the history."""
        self._ask("Save history", "bpviz-history.csv", "CSV files (*.csv)", self.save_history)

    def ask_picture(self) -> None:
        """Ask for a PNG file for the picture."""
        self._ask("Save picture", "bpviz.png", "PNG pictures (*.png)", self.save_picture)

    def save_history(self, path: str) -> None:
        """Write every epoch's MSE and accuracy."""
        self._try(partial(write_history, self._model.epochs, Path(path)))

    def save_picture(self, path: str) -> None:
        """Write what the window shows."""
        self._try(partial(save_picture, self._window, Path(path)))

    def _ask(self, title: str, name: str, kinds: str, save: Callable[[str], None]) -> None:
        dialog = QFileDialog(self._window, title, name, kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.fileSelected.connect(save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except ExportError as fault:
            self._tell(Failed(str(fault)))
