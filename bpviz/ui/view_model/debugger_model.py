"""The part of the view model that holds breakpoints, their hits, and watches."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.session.debugging.breakpoints import Breakpoint, Hit, Hits
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.commands import Command, SetBreakpoints, SetWatches
from bpviz.session.training.position import Position

_MOST_HITS, _MOST_STEPS, _MOST_EPOCHS = 1000, 300, 1000


When = TypeVar("When", int, Position)


@dataclass
class WatchLog:
    """The values of a watch up to the position on screen; going back removes those that lie ahead.

    Attributes
    ----------
    steps : deque of (Position, float)
        The values at the latest steps.
    epochs : deque of (int, float)
        The values at the ends of the latest epochs.
    value : float or None
        The latest value; None before there is one.
    """

    steps: deque[tuple[Position, float]] = field(default_factory=lambda: deque(maxlen=_MOST_STEPS))
    epochs: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=_MOST_EPOCHS))
    value: float | None = None

    def add_step(self, position: Position, value: float) -> None:
        """Append the value at a step."""
        _append(self.steps, position, value)
        self.value = value

    def add_epoch(self, epoch: int, value: float) -> None:
        """Append the value at the end of an epoch."""
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
        How often each breakpoint has held.
    hits : deque of Hit
        The latest, oldest first.
    stopped : Hit or None
        The hit at which training has stopped.
    disabled : tuple of Breakpoint
        Those that were enabled until another experiment was loaded, and are not now.
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
        self.disabled: tuple[Breakpoint, ...] = ()
        self.hits: deque[Hit] = deque(maxlen=_MOST_HITS)
        self.stopped: Hit | None = None
        self._stand: Position | None = None  # where training stood when it stopped
        self.watches: tuple[Watch, ...] = ()
        self.logs: dict[Watch, WatchLog] = {}

    # What the user does

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Replace all breakpoints; those that were there before keep their counts."""
        known = dict(zip((each.conditions for each in self.breakpoints), self.counts, strict=True))
        self.breakpoints = breakpoints
        self.disabled = tuple(each for each in self.disabled if each in breakpoints)
        self.counts = tuple(known.get(each.conditions, 0) for each in breakpoints)
        self._post(SetBreakpoints(breakpoints))
        self.breakpoints_changed.emit()

    def disable_breakpoints(self) -> None:
        """Disable all breakpoints, which were meant for another experiment; see `disabled`."""
        disabled = {each: dataclasses.replace(each, enabled=False) for each in self.breakpoints if each.enabled}
        if disabled:
            self.disabled = (*self.disabled, *disabled.values())
            self.set_breakpoints(tuple(disabled.get(each, each) for each in self.breakpoints))

    @Slot()
    def enable_again(self) -> None:
        """Enable the breakpoints that were disabled so."""
        enabled = {each: dataclasses.replace(each, enabled=True) for each in self.disabled}
        self.set_breakpoints(tuple(enabled.get(each, each) for each in self.breakpoints))

    def set_watches(self, watches: tuple[Watch, ...]) -> None:
        """Replace all watches; those that were there before keep their values."""
        self.watches = watches
        self.logs = {watch: self.logs.get(watch, WatchLog()) for watch in watches}
        self._post(SetWatches(watches))
        self.watches_changed.emit()

    def clear_hits(self) -> None:
        """Empty the hit log."""
        self.hits.clear()
        self.hits_changed.emit()

    # Events of the session

    def take_hits(self, hits: Hits) -> None:
        """Take new hits and the counts of all breakpoints."""
        if len(hits.counts) == len(self.breakpoints):  # else they were changed meanwhile
            self.counts = hits.counts
        self.hits.extend(hits.new)
        self.stopped, self._stand = hits.stopped, None
        self.hits_changed.emit()

    def take_place(self, position: Position | None) -> None:
        """Take the position of training, None while it runs; moving away from a hit ends the stop at it."""
        if self.stopped is None:
            return
        self._stand = self._stand or position
        if position != self._stand:
            self.stopped = None
            self.hits_changed.emit()

    def take_watched(self, watched: Watched) -> None:
        """Take the values of the watches at a step."""
        for log, value in self._values(watched):
            log.add_step(watched.position, value)
        self.watched.emit()

    def take_watched_epochs(self, rows: tuple[Watched, ...]) -> None:
        """Take the values of the watches at the ends of epochs; `Watched.position` is that end."""
        for row in rows:
            for log, value in self._values(row):
                log.add_epoch(row.position.epoch, value)
        if rows:
            self.watched.emit()

    def take_step_as_epoch(self) -> None:
        """Take the values at the latest step as those at the end of an epoch, which was gone to and not trained."""
        for log in self.logs.values():
            if log.steps and log.steps[-1][0] == Position(epoch := log.steps[-1][0].epoch) and epoch:
                log.add_epoch(epoch, log.steps[-1][1])
        self.watched.emit()

    def begin(self) -> None:
        """Clear hits, counts and values, since the network was replaced."""
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
