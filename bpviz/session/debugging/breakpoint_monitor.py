"""BreakpointMonitor: the scan for the active breakpoints, their hit counts and their latest hits."""

from __future__ import annotations

from collections import deque

from bpviz.core.arrays import Indices
from bpviz.core.metrics.scan import ScanHit
from bpviz.session.debugging.breakpoints import Breakpoint, Hit, Hits, armed
from bpviz.session.debugging.evaluation import operation_of, scan_of
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position

# An event contains at most this many hits, the latest; all are counted.
_MAX_REPORTED = 200


class BreakpointMonitor:
    """Provides the scan for training, and turns its log into hits.

    Parameters
    ----------
    breakpoints : tuple of Breakpoint
    sizes : tuple of int
        Widths of all layers of the network, the input included.
    extra : tuple of str
        See `LearningRule.extra_operations`.

    Attributes
    ----------
    armed : tuple of Breakpoint
        The breakpoints that are enabled and valid for the network.
    scan : Scan or None
        The scan to pass to training; None if no breakpoint is armed.
    """

    def __init__(
        self, breakpoints: tuple[Breakpoint, ...], sizes: tuple[int, ...], extra: tuple[str, ...] = ()
    ) -> None:
        self.breakpoints, self.armed = breakpoints, armed(breakpoints, sizes)
        self.scan = scan_of(self.armed) if self.armed else None
        self._n_layers, self._extra = len(sizes) - 1, extra
        self._counts = dict.fromkeys(breakpoints, 0)
        self._new: deque[Hit] = deque(maxlen=_MAX_REPORTED)
        self._reported_counts = self._counts.copy()

    def keep_counts_of(self, other: BreakpointMonitor) -> None:
        """Take over another monitor's counts of the breakpoints with the same conditions."""
        known = {each.conditions: count for each, count in other._counts.items()}
        self._counts = {each: known.get(each.conditions, 0) for each in self.breakpoints}

    def collect(self, begin: Position, order: Indices) -> list[Hit]:
        """Collect the hits of a run of samples; return those of the last update that stop training.

        Parameters
        ----------
        begin : Position
            The position at which the run started.
        order : ndarray of int
            The order of samples in that epoch.
        """
        if self.scan is None:
            return []
        for group, breakpoint_ in enumerate(self.armed):
            self._counts[breakpoint_] += int(self.scan.counts[group])
        self.scan.counts[:] = 0
        found = self.scan.drain()
        hits = [self._hit(each, begin, order) for each in found[-_MAX_REPORTED:]]
        self._new.extend(hits)
        if not self.scan.stopped:
            return []
        return [hit for hit in hits if hit.position.sample == hits[-1].position.sample and not hit.breakpoint.log_only]

    def _hit(self, found: ScanHit, begin: Position, order: Indices) -> Hit:
        held = self.armed[found.group]
        index = max(operation_of(condition.metric, self._n_layers, self._extra) for condition in held.conditions)
        place = begin.sample + found.offset
        return Hit(Position(begin.epoch, place, index), int(order[place]), held, found.values)

    def event(self, stopped: Hit | None = None) -> Hits:
        """Return the hits and counts since the last event."""
        new = tuple(self._new)
        self._new.clear()
        self._reported_counts = self._counts.copy()
        return Hits(tuple(self._counts.get(each, 0) for each in self.breakpoints), new, stopped)

    @property
    def has_news(self) -> bool:
        """Whether there have been hits since the last event."""
        return bool(self._new) or self._counts != self._reported_counts


def monitor_of(breakpoints: tuple[Breakpoint, ...], experiment: Experiment) -> BreakpointMonitor:
    """Return the monitor of breakpoints in the training of an experiment."""
    return BreakpointMonitor(breakpoints, experiment.sizes, experiment.rule.extra_operations)
