"""Restart: closes the window, and keeps its session for the next window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from bpviz.session.engine.commands import Pause, TakeSnapshot
from bpviz.session.files.session_data import SavedSession
from bpviz.ui.view_model.view_model import ViewModel


class Restart(QObject):
    """Asks for a snapshot of the session, and closes the window when it is there.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel

    Attributes
    ----------
    is_wanted : bool
        Whether another window is to be opened when this one has closed.
    session : SavedSession or None
        What that window shows; None if there was no network.
    """

    def __init__(self, window: QMainWindow, model: ViewModel) -> None:
        super().__init__(window)
        self._window, self._model = window, model
        self.is_wanted = False
        self.session: SavedSession | None = None

    @Slot()
    def begin(self) -> None:
        """Close the window as soon as the session is kept."""
        self.is_wanted = True
        self._model.time.snapshot_taken.connect(self._take)
        self._model.post(Pause())  # or the network would train on after the snapshot
        self._model.post(TakeSnapshot())

    @Slot(object)
    def _take(self, session: SavedSession | None) -> None:
        self._model.time.snapshot_taken.disconnect(self._take)
        self.session = session
        self._window.close()
