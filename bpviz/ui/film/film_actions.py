"""Opens the dialog for a film."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from bpviz.ui.film.film_dialog import FilmDialog
from bpviz.ui.film.film_maker import MakePanel
from bpviz.ui.view_model.view_model import ViewModel


class FilmActions(QObject):
    """Keeps one dialog, which is not modal.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    titles : dict of str to str
        Keys of the panels that can be chosen, and their titles.
    make_panel : callable
        Makes the panel of a key for a view model.
    """

    def __init__(self, window: QMainWindow, model: ViewModel, titles: dict[str, str], make_panel: MakePanel) -> None:
        super().__init__(window)
        self._window, self._model, self._titles, self._make_panel = window, model, titles, make_panel
        self.dialog: FilmDialog | None = None

    @Slot()
    def ask(self) -> None:
        """Show the dialog, with a film that may be in work."""
        if self.dialog is None:
            self.dialog = FilmDialog(self._window, self._model, self._titles, self._make_panel)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    @Slot()
    def end(self) -> None:
        """Cancel the film in work, since the program ends."""
        if self.dialog:
            self.dialog.close()
