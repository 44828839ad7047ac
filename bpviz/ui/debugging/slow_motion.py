"""Slow motion: plays the operations of samples one after another at a chosen speed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.language import N_
from bpviz.session.engine.events import State, Status
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.ui.view_model.view_model import ViewModel

SPEEDS = {
    N_("1 every 4 s"): 0.25,
    N_("1 every 2 s"): 0.5,
    N_("1 a second"): 1.0,
    N_("2 a second"): 2.0,
    N_("5 a second"): 5.0,
}
DEFAULT_SPEED = "1 a second"


class SlowMotion(QObject):
    """Steps by one operation at each timer tick.

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
        self.set_speed(SPEEDS[DEFAULT_SPEED])
        model.experiment_prepared.connect(self.stop)
        model.failed.connect(self.stop)
        model.status_changed.connect(self._stop_for_a_run)

    @property
    def is_playing(self) -> bool:
        """Whether slow motion is on."""
        return self._timer.isActive()

    def set_speed(self, operations_per_second: float) -> None:
        """Set the number of operations per second."""
        self._timer.setInterval(round(1000 / operations_per_second))

    @Slot(bool)
    def play(self, on: bool) -> None:
        """Start with the next operation, or stop; an inspected sample is played from its first operation."""
        if not on:
            self.stop()
            return
        self._timer.start()
        update = self._model.current_update
        self._model.step("operation", -update.index if update and _is_at_its_end(update) else 1)
        self.playing_changed.emit(True)

    @Slot()
    def stop(self) -> None:
        """Stop at the current operation."""
        if self._timer.isActive():
            self._timer.stop()
            self.playing_changed.emit(False)

    @Slot()
    def _tick(self) -> None:
        # The step before has not arrived yet; a slow session lowers the speed instead of filling a queue.
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
    """Return whether an applied or inspected sample has no more operations to show."""
    if update.kind is UpdateKind.IN_TURN:
        return False
    left = update.operations[update.index :]
    return not left or (update.kind is UpdateKind.INSPECTED and left[0].phase == "update")
