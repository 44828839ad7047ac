"""Sends every epoch's record exactly once: one by one while epochs are slow, in batches when they are fast."""

from __future__ import annotations

import time
from collections.abc import Callable

from bpviz.session.debugging.watches import Watched
from bpviz.session.engine.events import EpochsDone, Event
from bpviz.session.engine.rate_limit import RateLimit
from bpviz.session.training.epochs import EpochRecord

_SECONDS = 1 / 60


class EventSender:
    """Holds epochs back for at most a sixtieth of a second, and never sends another event before them.

    Parameters
    ----------
    emit : callable
        Takes each event.
    pace : RateLimit
        Measures how many epochs a second there are.
    clock : callable
        Returns seconds of a clock that never goes back.
    of_compared : bool
        Whether the epochs are those of the branch that is compared.
    """

    def __init__(
        self,
        emit: Callable[[Event], None],
        pace: RateLimit,
        clock: Callable[[], float] = time.perf_counter,
        *,
        of_compared: bool = False,
    ) -> None:
        self._emit, self._pace, self._clock, self._of_compared = emit, pace, clock, of_compared
        self._waiting: list[EpochRecord] = []
        self._watched: list[Watched] = []
        self._sent = 0.0

    def put(self, record: EpochRecord, watched: Watched | None = None) -> None:
        """Send an epoch now or within a sixtieth of a second, with the values of the watches at its end."""
        self._waiting.append(record)
        if watched:
            self._watched.append(watched)
        if self._clock() - self._sent >= _SECONDS:
            self.flush()

    def flush(self) -> None:
        """Send the epochs that are held back."""
        if self._waiting:
            records, self._waiting = tuple(self._waiting), []
            watched, self._watched = tuple(self._watched), []
            self._sent = self._clock()
            self._emit(EpochsDone(records, self._pace.rate, watched, self._of_compared))

    def send(self, event: Event) -> None:
        """Send any other event, after the epochs before it."""
        self.flush()
        self._emit(event)

    def forget(self) -> None:
        """Drop the epochs that are held back, since their network was replaced."""
        self._waiting.clear()
        self._watched.clear()
