"""The breakpoints of a run: what training looks for, how often each has held, and where lately."""

from __future__ import annotations

from collections import deque

from bpviz.core.arrays import Indices
from bpviz.core.metrics.scan import ScanHit
from bpviz.session.debugging.breakpoints import Breakpoint, Hit, Hits, armed
from bpviz.session.debugging.evaluation import operation_of, scan_of
from bpviz.session.training.position import Position

# Of more hits between two events only the latest are told; all are counted.
_MOST_TOLD = 200


class BreakpointMonitor:
    """Keeps a scan for training, and makes hits of what it finds.

    Parameters
    ----------
    breakpoints : tuple of Breakpoint
    sizes : tuple of int
        Widths of all layers of the network, the input included.

    Attributes
    ----------
    armed : tuple of Breakpoint
        Those that are enabled and for which the network has a place.
    scan : Scan or None
        What training has to look for; None where that is nothing.
    """

    def __init__(self, breakpoints: tuple[Breakpoint, ...], sizes: tuple[int, ...]) -> None:
        self.breakpoints, self.armed = breakpoints, armed(breakpoints, sizes)
        self.scan = scan_of(self.armed) if self.armed else None
        self._n_layers = len(sizes) - 1
        self._counts = dict.fromkeys(breakpoints, 0)
        self._new: deque[Hit] = deque(maxlen=_MOST_TOLD)
        self._told_counts = self._counts.copy()

    def keep_counts_of(self, other: BreakpointMonitor) -> None:
        """Go on counting where another left off, for breakpoints that were there before."""
        known = {each.conditions: count for each, count in other._counts.items()}
        self._counts = {each: known.get(each.conditions, 0) for each in self.breakpoints}

    def collect(self, begin: Position, order: Indices) -> list[Hit]:
        """Take the hits of a run of samples; returns the last update's that call a stop.

        Parameters
        ----------
        begin : Position
            Where the run began.
        order : ndarray of int
            The order of samples in that epoch.
        """
        if self.scan is None:
            return []
        for group, breakpoint_ in enumerate(self.armed):
            self._counts[breakpoint_] += int(self.scan.counts[group])
        self.scan.counts[:] = 0
        found = self.scan.drain()
        hits = [self._hit(each, begin, order) for each in found[-_MOST_TOLD:]]
        self._new.extend(hits)
        if not self.scan.stopped:
            return []
        return [hit for hit in hits if hit.position.sample == hits[-1].position.sample and not hit.breakpoint.log_only]

    def _hit(self, found: ScanHit, begin: Position, order: Indices) -> Hit:
        held = self.armed[found.group]
        index = max(operation_of(condition.metric, self._n_layers) for condition in held.conditions)
        place = begin.sample + found.offset
        return Hit(Position(begin.epoch, place, index), int(order[place]), held, found.values)

    def event(self, stopped: Hit | None = None) -> Hits:
        """Return what has happened since the last event."""
        new = tuple(self._new)
        self._new.clear()
        self._told_counts = self._counts.copy()
        return Hits(tuple(self._counts.get(each, 0) for each in self.breakpoints), new, stopped)

    @property
    def has_news(self) -> bool:
        """Whether there were hits since the last event."""
        return bool(self._new) or self._counts != self._told_counts
