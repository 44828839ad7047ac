"""The speed limit of training, and its measured speed."""

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
        Returns seconds of a clock that never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._seconds_an_epoch = 0.0
        self.restart()

    def restart(self) -> None:
        """Start to measure anew; the next epoch may begin at once."""
        self._due = self._clock()
        self._ends: deque[float] = deque([self._due])

    def limit(self, epochs_per_second: float | None) -> None:
        """Allow at most this many epochs a second; None is unlimited."""
        self._seconds_an_epoch = 1.0 / epochs_per_second if epochs_per_second else 0.0
        self._due = self._clock()

    def seconds_to_next_epoch(self) -> float:
        """Return the seconds until an epoch may begin, 0 for now."""
        return max(0.0, self._due - self._clock())

    def epoch_begins(self) -> None:
        """Take note that an epoch begins. A late epoch does not shorten the wait for the next one."""
        self._due = max(self._due + self._seconds_an_epoch, self._clock())

    def epoch_ends(self) -> None:
        """Take note that an epoch is complete."""
        now = self._clock()
        self._ends.append(now)
        while len(self._ends) > 2 and self._ends[0] < now - _WINDOW_SECONDS:
            self._ends.popleft()

    @property
    def rate(self) -> float:
        """Epochs a second, over the last second or over the last epoch if that took longer."""
        passed = self._ends[-1] - self._ends[0]
        return (len(self._ends) - 1) / passed if passed > 0 else 0.0
