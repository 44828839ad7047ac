"""Plays the past: moves the moment on screen through epochs as time goes by."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.session.engine.events import State, Status
from bpviz.session.training.position import Position
from bpviz.ui.view_model.playhead import can_play, epoch_on_screen, live_epoch
from bpviz.ui.view_model.view_model import ViewModel

RATES = {f"{rate} epochs/s": float(rate) for rate in (1, 5, 30, 120, 480)}
DEFAULT_RATE = "30 epochs/s"
_FRAME_MILLISECONDS = 33


class Player(QObject):
    """Asks for the epoch that should be on screen by now, so that a slow computer skips some and never lags behind.

    Parameters
    ----------
    model : ViewModel
    parent : QObject, optional
    clock : callable
        Returns seconds.

    Signals
    -------
    playing_changed : int
        1 for forward, -1 for backward, 0 for not at all.
    """

    playing_changed = Signal(int)

    def __init__(
        self, model: ViewModel, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._model, self._clock = model, clock
        self._timer = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._tick)
        self._rate = RATES[DEFAULT_RATE]
        self._direction = self._asked = self._first = 0
        self._since = 0.0
        model.experiment_prepared.connect(self.stop)
        model.failed.connect(self.stop)
        model.status_changed.connect(self._stop_for_a_run)

    @property
    def direction(self) -> int:
        """1 while it plays forward, -1 backward, 0 while it does not play."""
        return self._direction

    def set_rate(self, epochs_per_second: float) -> None:
        """Play so many epochs a second from now on."""
        self._rate = epochs_per_second
        self._begin_at(self._asked)

    @Slot(bool)
    def play_forward(self, on: bool) -> None:
        """Play up to the live end, from the start where it is on screen already; or stop."""
        if on and epoch_on_screen(self._model) >= live_epoch(self._model):
            self._model.go_to(Position())
            self._play(1, 0)
        elif on:
            self._play(1, epoch_on_screen(self._model))
        else:
            self.stop()

    @Slot(bool)
    def play_backward(self, on: bool) -> None:
        """Play back to the start; or stop."""
        if on:
            self._play(-1, epoch_on_screen(self._model))
        else:
            self.stop()

    @Slot()
    def stop(self) -> None:
        """Stop where it is."""
        self._timer.stop()
        self._turn(0)

    def _play(self, direction: int, epoch: int) -> None:
        if not can_play(self._model):
            self.stop()
            self.playing_changed.emit(0)  # a button that was pressed must come up again
            return
        self._begin_at(epoch)
        self._timer.start()
        self._turn(direction)

    def _begin_at(self, epoch: int) -> None:
        self._first = self._asked = epoch
        self._since = self._clock()

    def _turn(self, direction: int) -> None:
        if direction != self._direction:
            self._direction = direction
            self.playing_changed.emit(direction)

    @Slot()
    def _tick(self) -> None:
        passed = int((self._clock() - self._since) * self._rate)
        epoch = max(self._first + self._direction * passed, 0)
        if self._direction > 0 and epoch >= live_epoch(self._model):
            self._arrive()
        elif epoch != self._asked:
            self._asked = epoch
            self._model.go_to(Position(epoch))
        if self._direction < 0 and epoch == 0:
            self.stop()

    def _arrive(self) -> None:
        """Stop at the live end, when no other move is under way that would lead away from it again."""
        if not self._model.is_moving:
            self._model.go_live()
            self.stop()

    @Slot(object)
    def _stop_for_a_run(self, status: Status) -> None:
        if status.state is State.RUNNING:
            self.stop()
