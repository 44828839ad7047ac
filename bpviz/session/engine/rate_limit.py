"""How fast training is asked to go, and how fast it goes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_WINDOW_SECONDS = 1.0


class RateLimit:
    """Spaces epochs evenly, and measures them over the last second.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._seconds_an_epoch = 0.0
        self.restart()

    def restart(self) -> None:
        """Forget what was measured; the next epoch may begin at once."""
        self._due = self._clock()
        self._ends: deque[float] = deque([self._due])

    def limit(self, epochs_per_second: float | None) -> None:
        """Allow so many epochs a second; None is any number."""
        self._seconds_an_epoch = 1.0 / epochs_per_second if epochs_per_second else 0.0
        self._due = self._clock()

    def seconds_to_next_epoch(self) -> float:
        """Return how long to wait before an epoch may begin, 0 for not at all."""
        return max(0.0, self._due - self._clock())

    def epoch_begins(self) -> None:
        """Note that an epoch begins. One that comes late is not made up for by hurrying."""
        self._due = max(self._due + self._seconds_an_epoch, self._clock())

    def epoch_ends(self) -> None:
        """Note that an epoch is complete."""
        now = self._clock()
        self._ends.append(now)
        while len(self._ends) > 2 and self._ends[0] < now - _WINDOW_SECONDS:
            self._ends.popleft()

    @property
    def rate(self) -> float:
        """Epochs a second over the last second, or over the last epoch where that took longer."""
        passed = self._ends[-1] - self._ends[0]
        return (len(self._ends) - 1) / passed if passed > 0 else 0.0
