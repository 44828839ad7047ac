"""Plays the operations of samples one after another, at a pace that can be followed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.session.engine.events import State, Status
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.ui.view_model.view_model import ViewModel

PACES = {"1 every 4 s": 0.25, "1 every 2 s": 0.5, "1 a second": 1.0, "2 a second": 2.0, "5 a second": 5.0}
DEFAULT_PACE = "1 a second"


class SlowMotion(QObject):
    """Asks for one operation after another.

    Signals
    -------
    playing_changed : bool
    """

    playing_changed = Signal(bool)

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self.set_pace(PACES[DEFAULT_PACE])
        model.experiment_prepared.connect(self.stop)
        model.failed.connect(self.stop)
        model.status_changed.connect(self._stop_for_a_run)

    @property
    def is_playing(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    def set_pace(self, operations_per_second: float) -> None:
        """Play so many operations a second."""
        self._timer.setInterval(round(1000 / operations_per_second))

    @Slot(bool)
    def play(self, on: bool) -> None:
        """Begin with the next operation, or stop; a sample that is only inspected is played from its beginning."""
        if not on:
            self.stop()
            return
        self._timer.start()
        update = self._model.current_update
        self._model.step("operation", -update.index if update and _is_at_its_end(update) else 1)
        self.playing_changed.emit(True)

    @Slot()
    def stop(self) -> None:
        """Stop where it is."""
        if self._timer.isActive():
            self._timer.stop()
            self.playing_changed.emit(False)

    @Slot()
    def _tick(self) -> None:
        if self._model.is_moving:
            return
        if self._model.current_update and _is_at_its_end(self._model.current_update):
            self.stop()
        else:
            self._model.step("operation")

    @Slot(object)
    def _stop_for_a_run(self, status: Status) -> None:
        if status.state is State.RUNNING:
            self.stop()


def _is_at_its_end(update: TracedUpdate) -> bool:
    """Whether a sample that is not in turn has no further operation to show."""
    if update.kind is UpdateKind.IN_TURN:
        return False
    left = update.operations[update.index :]
    return not left or (update.kind is UpdateKind.INSPECTED and left[0].phase == "update")
