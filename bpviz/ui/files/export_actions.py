"""Export of the experiment, the training history and a screenshot."""

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
    """Asks for a file name and writes the file; errors are shown, not raised.

    Parameters
    ----------
    window : QWidget
        Widget of the screenshot, and parent of the dialogs.
    model : ViewModel
    show_failure : callable
        Called with a `Failed` on an error.
    """

    def __init__(self, window: QWidget, model: ViewModel, show_failure: Callable[[Failed], None]) -> None:
        self._window, self._model, self._show_failure = window, model, show_failure

    def ask_history(self) -> None:
        """Ask for the CSV file of the history."""
        ask_where(self._window, "Save history", "bpviz-history.csv", "CSV files (*.csv)", self.save_history)

    def ask_picture(self) -> None:
        """Ask for the PNG file of the screenshot."""
        ask_where(self._window, "Save picture", "bpviz.png", "PNG pictures (*.png)", self.save_picture)

    def ask_experiment(self) -> None:
        """Ask for the file of the experiment with its breakpoints and watches."""
        ask_where(self._window, "Save experiment", "bpviz.json", "Experiments (*.json)", self.save_experiment)

    def save_history(self, path: str) -> None:
        """Save MSE and accuracy of every epoch."""
        self._try(partial(write_history, self._model.epochs, Path(path)))

    def save_picture(self, path: str) -> None:
        """Save a screenshot of the window."""
        self._try(partial(save_picture, self._window, Path(path)))

    def save_experiment(self, path: str) -> None:
        """Save the experiment, the breakpoints and the watches."""
        debugger = self._model.debugger
        experiment_file = ExperimentFile(self._model.experiment, debugger.breakpoints, debugger.watches)
        self._try(partial(write_experiment_file, Path(path), experiment_file))

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except ExportError as fault:
            self._show_failure(Failed(str(fault)))
