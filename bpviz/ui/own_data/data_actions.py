"""Opening a table of the user's own: from a file, by dropping it, or from the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtWidgets import QApplication, QMainWindow

from bpviz.language import N_, _
from bpviz.session.engine.events import Failed
from bpviz.session.tables.limits import Progress
from bpviz.session.tables.read_options import ReadOptions
from bpviz.session.tables.reading import ReadTable, read_table, read_table_text
from bpviz.ui.own_data.data_dialog import DataDialog, Read
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_which

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".npz", ".npy")
_KINDS = N_("Tables ({suffixes});;All files (*)")
_EMPTY = N_("The clipboard holds no text: copy the cells of a table, and paste them again.")


class DataActions(QObject):
    """Opens the dialog for a table.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    show_failure : callable
        Called with a `Failed` if there is nothing to paste.
    """

    def __init__(self, window: QMainWindow, model: ViewModel, show_failure: Callable[[Failed], None]) -> None:
        super().__init__(window)
        self._window, self._model, self._show_failure = window, model, show_failure

    @Slot()
    def ask(self) -> None:
        """Ask for the file of a table."""
        kinds = _(_KINDS).format(suffixes=" ".join(f"*{suffix}" for suffix in SUFFIXES))
        ask_which(self._window, _("Open data"), kinds, self.open)

    @Slot(str)
    def open(self, path: str) -> None:
        """Show the table in a file."""

        def read(options: ReadOptions, progress: Progress) -> ReadTable:
            return read_table(Path(path), options, progress=progress)

        self._show(read)

    @Slot()
    def paste(self) -> None:
        """Show the table in the clipboard."""
        text = QApplication.clipboard().text()
        if not text.strip():
            self._show_failure(Failed(_(_EMPTY)))
            return
        self._show(lambda options, progress: read_table_text(text, options=options, progress=progress))

    def _show(self, read: Read) -> None:
        DataDialog(self._window, self._model, read).show()


def table_in(dropped: QMimeData) -> str:
    """Return the path of the dropped file, or "" unless it is a single file that can be a table."""
    paths = [url.toLocalFile() for url in dropped.urls()]
    return paths[0] if len(paths) == 1 and Path(paths[0]).suffix.lower() in SUFFIXES else ""
