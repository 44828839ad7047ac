"""What panels know of breakpoints and watches: a part of the view model."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from bpviz.session.debugging.breakpoints import Breakpoint, Hit, Hits
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.commands import Command, SetBreakpoints, SetWatches
from bpviz.session.training.position import Position

_MOST_HITS, _MOST_STEPS, _MOST_EPOCHS = 1000, 300, 1000


When = TypeVar("When", int, Position)


@dataclass
class WatchLog:
    """What a watch has shown on the way to the present moment: what was ahead of it is forgotten by going back.

    Attributes
    ----------
    steps : deque of (Position, float)
        At the latest steps.
    epochs : deque of (int, float)
        At the ends of the latest epochs.
    value : float or None
        Now; None where nothing has been told yet.
    """

    steps: deque[tuple[Position, float]] = field(default_factory=lambda: deque(maxlen=_MOST_STEPS))
    epochs: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=_MOST_EPOCHS))
    value: float | None = None

    def add_step(self, position: Position, value: float) -> None:
        """Take the value at a step."""
        _append(self.steps, position, value)
        self.value = value

    def add_epoch(self, epoch: int, value: float) -> None:
        """Take the value at the end of an epoch."""
        _append(self.epochs, epoch, value)
        self.value = value


def _append(log: deque[tuple[When, float]], when: When, value: float) -> None:
    while log and log[-1][0] >= when:
        log.pop()
    log.append((when, value))


class DebuggerModel(QObject):
    """Holds breakpoints, their hits and watches, and tells panels when they change.

    Attributes
    ----------
    breakpoints : tuple of Breakpoint
    counts : tuple of int
        How often each has held.
    hits : deque of Hit
        The latest, oldest first.
    stopped : Hit or None
        The one at which training stands now.
    watches : tuple of Watch
    logs : dict of Watch to WatchLog
    """

    breakpoints_changed = Signal()
    hits_changed = Signal()
    watches_changed = Signal()
    watched = Signal()

    def __init__(self, post: Callable[[Command], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self.breakpoints: tuple[Breakpoint, ...] = ()
        self.counts: tuple[int, ...] = ()
        self.hits: deque[Hit] = deque(maxlen=_MOST_HITS)
        self.stopped: Hit | None = None
        self._stand: Position | None = None  # where training stood when it stopped
        self.watches: tuple[Watch, ...] = ()
        self.logs: dict[Watch, WatchLog] = {}

    # What users do

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Stop at these from now on; those that were there before keep their counts."""
        known = dict(zip((each.conditions for each in self.breakpoints), self.counts, strict=True))
        self.breakpoints = breakpoints
        self.counts = tuple(known.get(each.conditions, 0) for each in breakpoints)
        self._post(SetBreakpoints(breakpoints))
        self.breakpoints_changed.emit()

    def set_watches(self, watches: tuple[Watch, ...]) -> None:
        """Watch these from now on; those that were there before keep what they have shown."""
        self.watches = watches
        self.logs = {watch: self.logs.get(watch, WatchLog()) for watch in watches}
        self._post(SetWatches(watches))
        self.watches_changed.emit()

    def clear_hits(self) -> None:
        """Empty the log."""
        self.hits.clear()
        self.hits_changed.emit()

    # What the session tells

    def take_hits(self, hits: Hits) -> None:
        """Take where breakpoints held."""
        if len(hits.counts) == len(self.breakpoints):  # else they were changed meanwhile
            self.counts = hits.counts
        self.hits.extend(hits.new)
        self.stopped, self._stand = hits.stopped, None
        self.hits_changed.emit()

    def take_place(self, position: Position | None) -> None:
        """Take where training stands, None while it runs: it does not stand at a hit any more once it has moved."""
        if self.stopped is None:
            return
        self._stand = self._stand or position
        if position != self._stand:
            self.stopped = None
            self.hits_changed.emit()

    def take_watched(self, watched: Watched) -> None:
        """Take the values at a step."""
        for log, value in self._values(watched):
            log.add_step(watched.position, value)
        self.watched.emit()

    def take_watched_epochs(self, rows: tuple[Watched, ...]) -> None:
        """Take the values at the ends of epochs; `Watched.position` is then the end."""
        for row in rows:
            for log, value in self._values(row):
                log.add_epoch(row.position.epoch - 1, value)
        if rows:
            self.watched.emit()

    def begin(self) -> None:
        """Forget what belongs to a network that is no more."""
        self.hits.clear()
        self.stopped = None
        self.counts = (0,) * len(self.breakpoints)
        self.logs = {watch: WatchLog() for watch in self.watches}
        self.hits_changed.emit()
        self.watched.emit()

    def _values(self, watched: Watched) -> list[tuple[WatchLog, float]]:
        if len(watched.values) != len(self.watches):  # they were changed meanwhile
            return []
        return [(self.logs[watch], value) for watch, value in zip(self.watches, watched.values, strict=True)]
