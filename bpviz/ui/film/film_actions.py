"""Opens the dialog for a film."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow

from bpviz.ui.film.film_dialog import FilmDialog
from bpviz.ui.offscreen.making_dialog import DialogOpener
from bpviz.ui.offscreen.picture_maker import MakePanel
from bpviz.ui.view_model.view_model import ViewModel


class FilmActions(DialogOpener):
    """Keeps the dialog; parameters as `FilmDialog`."""

    def __init__(self, window: QMainWindow, model: ViewModel, titles: dict[str, str], make_panel: MakePanel) -> None:
        super().__init__(window)
        self._window, self._model, self._titles, self._make_panel = window, model, titles, make_panel

    def make_dialog(self) -> FilmDialog:
        """Make the dialog."""
        return FilmDialog(self._window, self._model, self._titles, self._make_panel)
