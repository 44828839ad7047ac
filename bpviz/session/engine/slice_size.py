"""How many samples are trained on before commands are handled again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from bpviz.core.training.trainer import Trainer

# After each slice another thread can take the interpreter's lock: numpy holds it during a slice, so slices are short.
# The compiled loop releases it and may run longer, which saves waits for a window that is being painted.
_SECONDS, _UNLOCKED_SECONDS = 0.001, 0.008
_MOST_SAMPLES = 100_000


class SliceSize:
    """Adapts the number of samples in a slice to the time that a slice should take.

    Attributes
    ----------
    samples : int
    """

    def __init__(self) -> None:
        self.samples = 1

    def start_small(self) -> None:
        """Start with one sample again, since an update may now take longer."""
        self.samples = 1

    @contextmanager
    def measured(self, trainer: Trainer) -> Iterator[None]:
        """Measure a slice, and adapt the next one."""
        before, began = (trainer.epoch, trainer.sample), time.perf_counter()
        yield
        # A slice that was cut short, as the last of an epoch is, says nothing about a longer one.
        is_whole = (trainer.epoch, trainer.sample) == (before[0], before[1] + self.samples)
        self._fit(time.perf_counter() - began, _UNLOCKED_SECONDS if trainer.releases_lock else _SECONDS, is_whole)

    def _fit(self, seconds: float, target: float, is_whole: bool) -> None:
        wanted = self.samples * target / max(seconds, 1e-9)
        most = 2 * self.samples if is_whole else self.samples
        self.samples = int(min(max(wanted, 1), most, _MOST_SAMPLES))
