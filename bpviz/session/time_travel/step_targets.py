"""StepTargets: compute the position that a number of steps of some level ends at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from bpviz.core.arrays import Indices
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import marks


class StepTargets:
    """Computes positions from the number of operations of an update and the updates of each epoch.

    Parameters
    ----------
    n_layers : int
    starts : callable
        ``starts(epoch)`` -> the number of samples before each update of an epoch, ascending from 0.
    extra : tuple of str
        See `LearningRule.extra_operations`.
    """

    def __init__(self, n_layers: int, starts: Callable[[int], Indices], extra: tuple[str, ...] = ()) -> None:
        self._n_layers, self._starts, self._extra = n_layers, starts, extra

    def shift(self, position: Position, level: str, count: int) -> Position:
        """Return the position after `count` steps of a level; a negative count steps back, at most to the start.

        Steps end at boundaries of their level: a step by a sample from within an update ends at that update's end.

        Raises
        ------
        ValueError
            If the level is unknown.
        """
        if level == "epoch":
            return self._shift_epochs(position, count)
        ends = marks(self._n_layers, level, self._extra)
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
        """Return the start of the update `updates` later; None if that is before the start of training."""
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
