"""Playback of the training history, forward or backward."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.language import N_
from bpviz.session.engine.events import State, Status
from bpviz.session.training.position import Position
from bpviz.ui.view_model.playhead import can_play, epoch_on_screen, live_epoch
from bpviz.ui.view_model.view_model import ViewModel

RATES = {
    N_("1 epochs/s"): 1.0,
    N_("5 epochs/s"): 5.0,
    N_("30 epochs/s"): 30.0,
    N_("120 epochs/s"): 120.0,
    N_("480 epochs/s"): 480.0,
}
DEFAULT_RATE = "30 epochs/s"
_FRAME_MILLISECONDS = 33


class Player(QObject):
    """Plays the past by seeking to the epoch that is due at each timer tick.

    The due epoch is computed from the clock, so that a slow computer skips epochs instead of falling behind.

    Parameters
    ----------
    model : ViewModel
    parent : QObject, optional
    clock : callable
        Returns the time in seconds.

    Signals
    -------
    playing_changed : int
        1 for forward, -1 for backward, 0 for stopped.
    """

    playing_changed = Signal(int)

    def __init__(
        self, model: ViewModel, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._model, self._clock = model, clock
        # The timer only sets the frame rate; the clock decides which epoch is due.
        self._timer = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._tick)
        self._rate = RATES[DEFAULT_RATE]
        self._direction = self._requested = self._first = 0
        self._since = 0.0
        model.experiment_prepared.connect(self.stop)
        model.failed.connect(self.stop)
        model.status_changed.connect(self._stop_for_a_run)

    @property
    def direction(self) -> int:
        """1 while playing forward, -1 while playing backward, 0 while stopped."""
        return self._direction

    def set_rate(self, epochs_per_second: float) -> None:
        """Set the speed of playback."""
        self._rate = epochs_per_second
        self._restart_at(self._requested)

    @Slot(bool)
    def play_forward(self, on: bool) -> None:
        """Play forward to the live end, starting from epoch 0 if the live end is already shown; or stop."""
        if on and epoch_on_screen(self._model) >= live_epoch(self._model):
            self._model.go_to(Position())
            self._play(1, 0)
        elif on:
            self._play(1, epoch_on_screen(self._model))
        else:
            self.stop()

    @Slot(bool)
    def play_backward(self, on: bool) -> None:
        """Play backward to the start, or stop."""
        if on:
            self._play(-1, epoch_on_screen(self._model))
        else:
            self.stop()

    @Slot()
    def stop(self) -> None:
        """Stop at the current position."""
        self._timer.stop()
        self._set_direction(0)

    def _play(self, direction: int, epoch: int) -> None:
        if not can_play(self._model):
            self.stop()
            self.playing_changed.emit(0)  # unchecks the button that the user has just clicked
            return
        self._restart_at(epoch)
        self._timer.start()
        self._set_direction(direction)

    def _restart_at(self, epoch: int) -> None:
        self._first = self._requested = epoch
        self._since = self._clock()

    def _set_direction(self, direction: int) -> None:
        if direction != self._direction:
            self._direction = direction
            self.playing_changed.emit(direction)

    @Slot()
    def _tick(self) -> None:
        passed = int((self._clock() - self._since) * self._rate)
        epoch = max(self._first + self._direction * passed, 0)
        if self._direction > 0 and epoch >= live_epoch(self._model):
            self._finish()
        elif epoch != self._requested:
            self._requested = epoch
            self._model.go_to(Position(epoch))
        if self._direction < 0 and epoch == 0:
            self.stop()

    def _finish(self) -> None:
        """Stop at the live end; wait for a pending seek first, which would leave the live end again."""
        if not self._model.is_moving:
            self._model.go_live()
            self.stop()

    @Slot(object)
    def _stop_for_a_run(self, status: Status) -> None:
        if status.state is State.RUNNING:
            self.stop()
