"""Scan: conditions that are tested for every update while training runs, and the log of their hits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.metric import AGGREGATIONS, QUANTITIES, Metric
from bpviz.core.metrics.reading import Reading

#: Comparison operators; a comparison with NaN is always false, that with ≠ too.
COMPARISONS = ("<", "≤", ">", "≥", "=", "≠")
_QUANTITIES = tuple(QUANTITIES)
# Size of the ring buffer of hits. Older hits of the same run are overwritten; all hits are counted.
_LOG_LENGTH = 4096


class Test(Protocol):
    """A condition: a metric compared with a value."""

    @property
    def metric(self) -> Metric: ...  # noqa: D102
    @property
    def comparison(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> float: ...  # noqa: D102


class ScanHit(NamedTuple):
    """A hit: the update's offset in the run of samples, the group that held, and the value of each of its tests."""

    offset: int
    group: int
    values: tuple[float, ...]


def holds(found: Array, comparison: str, value: float) -> bool:
    """Return whether the comparison with `value` is true for any of the numbers in `found`."""
    compared = {
        "<": found < value,
        "≤": found <= value,
        ">": found > value,
        "≥": found >= value,
        "=": found == value,
        "≠": (found < value) | (found > value),
    }
    return bool(np.any(compared[comparison]))


class Scan:
    """Groups of tests to pass to `bpviz.core.training.trainer.Trainer.advance`.

    Parameters
    ----------
    groups : sequence of sequences of Test
        A group holds for an update if all of its tests do.
    stops : sequence of bool
        For each group, whether training stops before an update for which it holds.

    Attributes
    ----------
    counts : ndarray of int, shape (n_groups,)
        Number of hits of each group.
    stopped : bool
        Whether the latest run of samples ended at a stop.
    """

    def __init__(self, groups: Sequence[Sequence[Test]], stops: Sequence[bool]) -> None:
        self.groups = [list(group) for group in groups]
        self.stops: Indices = np.array(stops, dtype=np.intp)
        self.counts: Indices = np.zeros(len(groups), dtype=np.intp)
        self.stopped = False
        self.log: Indices = np.zeros((_LOG_LENGTH, 2), dtype=np.intp)
        self.values: Array = np.zeros((_LOG_LENGTH, max(map(len, groups), default=0)))
        self.logged: Indices = np.zeros(1, dtype=np.intp)

    @property
    def starts(self) -> Indices:
        """Row in `table` of each group's first test, and the number of rows."""
        return np.cumsum([0, *(len(group) for group in self.groups)])

    def table(self) -> Array:
        """Return one row per test: quantity, layer, aggregation, neuron, source, comparison, value; -1 for None."""
        rows = [_row(test) for group in self.groups for test in group]
        return np.array(rows, dtype=np.float64).reshape(-1, 7)

    @property
    def log_state(self) -> tuple[int, Indices]:
        """Number of hits in the log and of each group; assign an earlier state to discard later hits."""
        return int(self.logged[0]), self.counts.copy()

    @log_state.setter
    def log_state(self, before: tuple[int, Indices]) -> None:
        self.logged[0], self.counts[:] = before

    def record(self, offset: int, reading: Reading) -> bool:
        """Log the groups that hold for one update; return whether training stops before it."""
        stop = False
        for group, tests in enumerate(self.groups):
            if found := self._values_if_all_hold(tests, reading):
                self.counts[group] += 1
                row = self.logged[0] % _LOG_LENGTH
                self.log[row] = offset, group
                self.values[row, : len(found)] = found
                self.logged[0] += 1
                stop = stop or bool(self.stops[group])
        return stop

    def _values_if_all_hold(self, tests: list[Test], reading: Reading) -> list[float]:
        """Return the value of each test if all of them hold, else an empty list."""
        found = []
        for test in tests:
            values = reading.values(test.metric)
            if not holds(values, test.comparison, test.value):
                return []
            found.append(float(values.max()))
        return found

    def drain(self) -> list[ScanHit]:
        """Return the latest hits, oldest first, and empty the log."""
        n = int(self.logged[0])
        self.logged[0] = 0
        return [self._hit_at(row % _LOG_LENGTH) for row in range(max(n - _LOG_LENGTH, 0), n)]

    def _hit_at(self, row: int) -> ScanHit:
        offset, group = self.log[row].tolist()
        return ScanHit(offset, group, tuple(self.values[row, : len(self.groups[group])].tolist()))


def _row(test: Test) -> tuple[float, ...]:
    metric = test.metric
    return (
        _QUANTITIES.index(metric.quantity),
        metric.layer,
        AGGREGATIONS.index("largest" if metric.is_single else metric.aggregation),
        -1 if metric.neuron is None else metric.neuron,
        -1 if metric.source is None else metric.source,
        COMPARISONS.index(test.comparison),
        test.value,
    )
