"""Export of the experiment, the training history and pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from bpviz.language import N_, _
from bpviz.session.engine.events import Failed
from bpviz.session.files.csv_export import write_history
from bpviz.session.files.experiment_file import ExperimentFile, write_experiment_file
from bpviz.session.files.safe_write import ExportError
from bpviz.ui.files.picture_choice import PictureChoice
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_where
from bpviz.ui.widgets.pictures import picture, save_picture

_PICTURES = N_("PNG pictures (*.png);;SVG drawings (*.svg);;PDF pages (*.pdf)")


class ExportActions:
    """Asks for a file name and writes the file; errors are shown, not raised.

    Parameters
    ----------
    window : QWidget
        Widget of the screenshot, and parent of the dialogs.
    model : ViewModel
    show_failure : callable
        Called with a `Failed` on an error.
    current_panel : callable
        Returns the panel that has the focus, or the window if no panel is seen.
    choice : PictureChoice
    """

    def __init__(
        self,
        window: QWidget,
        model: ViewModel,
        show_failure: Callable[[Failed], None],
        current_panel: Callable[[], QWidget],
        choice: PictureChoice,
    ) -> None:
        self._window, self._model, self._show_failure = window, model, show_failure
        self._current_panel, self._choice = current_panel, choice

    def ask_history(self) -> None:
        """Ask for the CSV file of the history."""
        ask_where(self._window, _("Save history"), "bpviz-history.csv", _("CSV files (*.csv)"), self.save_history)

    def ask_picture(self) -> None:
        """Ask for the file of a picture of the window."""
        self.ask_picture_of(self._window)

    def ask_panel_picture(self) -> None:
        """Ask for the file of a picture of the panel with the focus."""
        self.ask_picture_of(self._current_panel())  # before the dialog takes the focus

    def ask_picture_of(self, widget: QWidget) -> None:
        """Ask for the file of a picture of the window, or of one of its panels."""
        name = f"bpviz-{widget.objectName()}.png" if widget.objectName() else "bpviz.png"
        ask_where(self._window, _("Save picture"), name, _(_PICTURES), partial(self.save_picture, widget))

    def copy_window_picture(self) -> None:
        """Copy a picture of the window."""
        self.copy_picture_of(self._window)

    def copy_picture(self) -> None:
        """Copy a picture of the panel with the focus."""
        self.copy_picture_of(self._current_panel())

    def copy_picture_of(self, widget: QWidget) -> None:
        """Copy a picture of the window, or of one of its panels."""
        with self._choice.ground():
            QGuiApplication.clipboard().setImage(picture(widget, self._choice.pixels))

    def ask_experiment(self) -> None:
        """Ask for the file of the experiment with its breakpoints and watches."""
        ask_where(self._window, _("Save experiment"), "bpviz.json", _("Experiments (*.json)"), self.save_experiment)

    def save_history(self, path: str) -> None:
        """Save MSE and accuracy of every epoch."""
        self._try(
            partial(write_history, self._model.epochs, Path(path), n_planted=len(self._model.experiment.mistakes))
        )

    def save_picture(self, widget: QWidget, path: str) -> None:
        """Save a picture of the window, or of one of its panels."""
        with self._choice.ground():
            self._try(partial(save_picture, widget, Path(path), self._choice.pixels))

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
