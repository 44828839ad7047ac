"""What training looks for while it goes on, sample by sample, and what it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.metric import AGGREGATIONS, QUANTITIES, Metric
from bpviz.core.metrics.reading import Reading

#: How two numbers may be compared; NaN compares with nothing.
COMPARISONS = ("<", "≤", ">", "≥", "=", "≠")
_QUANTITIES = tuple(QUANTITIES)
# Of more hits in one run of samples only the latest are kept; all are counted.
_KEPT = 4096


class Test(Protocol):
    """A number compared with another."""

    @property
    def metric(self) -> Metric: ...  # noqa: D102
    @property
    def comparison(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> float: ...  # noqa: D102


class Found(NamedTuple):
    """A group of tests that held, for the update at a place in the run, with the numbers that its tests found."""

    place: int
    group: int
    values: tuple[float, ...]


def holds(found: Array, comparison: str, value: float) -> bool:
    """Say whether any of the numbers found compares as it should with `value`."""
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
    """Groups of tests, to be handed to `bpviz.core.training.trainer.Trainer.advance`.

    Parameters
    ----------
    groups : sequence of sequences of Test
        All tests of a group must hold together.
    stops : sequence of bool
        Whether training stops before the update for which a group holds.

    Attributes
    ----------
    counts : ndarray of int, shape (n_groups,)
        How often each group has held.
    stopped : bool
        Whether the latest run ended at a stop.
    """

    def __init__(self, groups: Sequence[Sequence[Test]], stops: Sequence[bool]) -> None:
        self.groups = [list(group) for group in groups]
        self.stops: Indices = np.array(stops, dtype=np.intp)
        self.counts: Indices = np.zeros(len(groups), dtype=np.intp)
        self.stopped = False
        self.log: Indices = np.zeros((_KEPT, 2), dtype=np.intp)
        self.values: Array = np.zeros((_KEPT, max(map(len, groups), default=0)))
        self.logged: Indices = np.zeros(1, dtype=np.intp)

    @property
    def starts(self) -> Indices:
        """Where the tests of each group begin in `table`, and where the last end."""
        return np.cumsum([0, *(len(group) for group in self.groups)])

    def table(self) -> Array:
        """Return a row for each test: quantity, layer, measure, neuron, source, comparison, value; -1 for None."""
        rows = [_row(test) for group in self.groups for test in group]
        return np.array(rows, dtype=np.float64).reshape(-1, 7)

    @property
    def noted(self) -> tuple[int, Indices]:
        """How many hits are in the log, and how often each group has held; may be put back to forget later ones."""
        return int(self.logged[0]), self.counts.copy()

    @noted.setter
    def noted(self, before: tuple[int, Indices]) -> None:
        self.logged[0], self.counts[:] = before

    def note(self, place: int, reading: Reading) -> bool:
        """Log the groups that hold for one update; returns whether training stops before it."""
        stop = False
        for group, tests in enumerate(self.groups):
            if found := self._found(tests, reading):
                self.counts[group] += 1
                row = self.logged[0] % _KEPT
                self.log[row] = place, group
                self.values[row, : len(found)] = found
                self.logged[0] += 1
                stop = stop or bool(self.stops[group])
        return stop

    def _found(self, tests: list[Test], reading: Reading) -> list[float]:
        """Return what each test found where all of them hold, else nothing."""
        found = []
        for test in tests:
            values = reading.values(test.metric)
            if not holds(values, test.comparison, test.value):
                return []
            found.append(float(values.max()))
        return found

    def drain(self) -> list[Found]:
        """Return the latest hits, oldest first, and forget them."""
        n = int(self.logged[0])
        self.logged[0] = 0
        return [self._at(row % _KEPT) for row in range(max(n - _KEPT, 0), n)]

    def _at(self, row: int) -> Found:
        place, group = self.log[row].tolist()
        return Found(place, group, tuple(self.values[row, : len(self.groups[group])].tolist()))


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
