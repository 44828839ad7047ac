"""Reads an experiment from a file, with the breakpoints and watches that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from bpviz.session.records import Failed
from bpviz.session.setup import SetupError, read_setup
from bpviz.ui.view_model import ViewModel


class Opening:
    """Asks which file, then goes on with what it holds; a failure is told, never raised, and changes nothing.

    Parameters
    ----------
    window : QWidget
        Over which the question appears.
    model : ViewModel
    tell : callable
        Takes a `Failed`.
    """

    def __init__(self, window: QWidget, model: ViewModel, tell: Callable[[Failed], None]) -> None:
        self._window, self._model, self._tell = window, model, tell

    def ask_experiment(self) -> None:
        """Ask for the file of an experiment."""
        dialog = QFileDialog(self._window, "Open experiment", "", "Experiments (*.json);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_experiment)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_experiment(self, path: str) -> None:
        """Train the experiment in a file from now on, with its breakpoints and watches in place of the present ones."""
        try:
            setup = read_setup(Path(path))
        except SetupError as fault:
            self._tell(Failed(str(fault)))
            return
        self._model.load(setup.experiment)
        self._model.debugger.set_breakpoints(setup.breakpoints)
        self._model.debugger.set_watches(setup.watches)
