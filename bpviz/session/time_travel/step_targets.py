"""Counting through training: where a number of steps of some level leads to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from bpviz.core.arrays import Indices
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import marks


class StepTargets:
    """Knows how many operations an update has and how many updates an epoch.

    Parameters
    ----------
    n_layers : int
    starts : callable
        ``starts(epoch)`` -> how many samples of the epoch are trained on before each of its updates, ascending from 0.
    """

    def __init__(self, n_layers: int, starts: Callable[[int], Indices]) -> None:
        self._n_layers, self._starts = n_layers, starts

    def shift(self, position: Position, level: str, count: int) -> Position:
        """Return where `count` steps of a level end; a negative count goes back, at most to the beginning.

        A step ends at a boundary of its level: the first one from the middle of a sample ends with that sample.

        Raises
        ------
        ValueError
            If the level is unknown.
        """
        if level == "epoch":
            return self._shift_epochs(position, count)
        ends = marks(self._n_layers, level)
        if count > 0:
            steps = bisect_right(ends, position.operation) + count
        else:
            steps = bisect_left(ends, position.operation) + (position.operation > 0) + count
        updates, rest = divmod(steps, len(ends))
        moved = self._shift_updates(position, updates)
        if moved is None:
            return Position()
        return Position(moved.epoch, moved.sample, ends[rest - 1] if rest else 0)

    def _shift_epochs(self, position: Position, count: int) -> Position:
        is_inside = (position.sample, position.operation) != (0, 0)
        return Position(max(position.epoch + count + (is_inside and count < 0), 0))

    def _shift_updates(self, position: Position, updates: int) -> Position | None:
        """Return the start of the update so many later, None before the beginning."""
        epoch = position.epoch
        place = bisect_right(self._starts(epoch), position.sample) - 1 + updates
        while place >= len(self._starts(epoch)):
            place -= len(self._starts(epoch))
            epoch += 1
        while place < 0:
            epoch -= 1
            if epoch < 0:
                return None
            place += len(self._starts(epoch))
        return Position(epoch, int(self._starts(epoch)[place]))
