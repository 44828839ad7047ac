"""Screenshot of the window after a number of epochs, for the command line."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from bpviz.session.engine.commands import Run
from bpviz.session.engine.events import Failed
from bpviz.session.files.safe_write import ExportError
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.pictures import save_picture

# After the last frame, panels and layouts get this time to finish painting; epochs are told a while later.
_SETTLE_MILLISECONDS = 250


class Screenshot(QObject):
    """Trains up to an epoch, waits until all panels are up to date, and saves a screenshot.

    Signals
    -------
    done : int
        The exit code, 0 if the file was written.
    """

    done = Signal(int)

    def __init__(self, window: QWidget, model: ViewModel, path: Path, epochs: int) -> None:
        super().__init__(window)
        self._window, self._model, self._path, self._epochs = window, model, path, epochs
        self._is_done = False
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MILLISECONDS)
        self._settled.timeout.connect(self._save)
        model.experiment_prepared.connect(self._start)
        model.frame_changed.connect(self._wait)
        model.epochs_added.connect(self._wait)
        model.failed.connect(self._fail)

    @Slot()
    def _start(self) -> None:
        if self._epochs:
            self._model.set_speed(None)
            self._model.post(Run())

    @Slot()
    def _wait(self) -> None:
        position = self._model.position
        # Restarted by each event, so that the screenshot is taken after the last one.
        if self._model.frame_requests.is_up_to_date and position and position.epoch >= self._epochs:
            self._settled.start()

    @Slot()
    def _save(self) -> None:
        if self._is_done or not self._model.frame_requests.is_up_to_date:
            return
        try:
            save_picture(self._window, self._path)
        except ExportError as fault:
            self._fail(Failed(str(fault)))
            return
        self._end(0)

    @Slot(object)
    def _fail(self, failed: Failed) -> None:
        print(f"bpviz: {failed.sentence}\n{failed.details}".rstrip(), file=sys.stderr)
        self._end(1)

    def _end(self, code: int) -> None:
        """Emit `done` once; more frames may arrive while the window closes."""
        if not self._is_done:
            self._is_done = True
            self.done.emit(code)
