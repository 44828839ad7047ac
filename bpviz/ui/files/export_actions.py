"""Writes what the window has: the experiment, the history of training, and its own picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from bpviz.session.engine.events import Failed
from bpviz.session.files.csv_export import write_history
from bpviz.session.files.experiment_file import ExperimentFile, write_experiment_file
from bpviz.session.files.safe_write import ExportError
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.save_dialog import ask_where, save_picture


class ExportActions:
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
        ask_where(self._window, "Save history", "bpviz-history.csv", "CSV files (*.csv)", self.save_history)

    def ask_picture(self) -> None:
        """Ask for a PNG file for the picture."""
        ask_where(self._window, "Save picture", "bpviz.png", "PNG pictures (*.png)", self.save_picture)

    def ask_experiment(self) -> None:
        """Ask for a file for the experiment with its breakpoints and watches."""
        ask_where(self._window, "Save experiment", "bpviz.json", "Experiments (*.json)", self.save_experiment)

    def save_history(self, path: str) -> None:
        """Write every epoch's MSE and accuracy."""
        self._try(partial(write_history, self._model.epochs, Path(path)))

    def save_picture(self, path: str) -> None:
        """Write what the window shows."""
        self._try(partial(save_picture, self._window, Path(path)))

    def save_experiment(self, path: str) -> None:
        """Write what trains, where it stops, and what is watched."""
        debugger = self._model.debugger
        experiment_file = ExperimentFile(self._model.experiment, debugger.breakpoints, debugger.watches)
        self._try(partial(write_experiment_file, Path(path), experiment_file))

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except ExportError as fault:
            self._tell(Failed(str(fault)))
