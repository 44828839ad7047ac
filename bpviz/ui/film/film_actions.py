"""Opens the dialog for a film."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

from bpviz.ui.offscreen.making_dialog import DialogOpener
from bpviz.ui.view_model.view_model import ViewModel

if TYPE_CHECKING:
    from bpviz.ui.film.film_dialog import FilmDialog
    from bpviz.ui.offscreen.picture_maker import MakePanel


class FilmActions(DialogOpener):
    """Keeps the dialog; parameters as `FilmDialog`."""

    def __init__(self, window: QMainWindow, model: ViewModel, titles: dict[str, str], make_panel: MakePanel) -> None:
        super().__init__(window)
        self._window, self._model, self._titles, self._make_panel = window, model, titles, make_panel

    def make_dialog(self) -> FilmDialog:
        """Make the dialog."""
        from bpviz.ui.film.film_dialog import FilmDialog  # not before the first paint: it brings Pillow along

        return FilmDialog(self._window, self._model, self._titles, self._make_panel)
