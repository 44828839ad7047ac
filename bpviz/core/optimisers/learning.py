"""Learning: a rule, and everything that it remembers from one update to the next, in one packed vector."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array, apart
from bpviz.core.optimisers.rule import OPTIMISERS, PLAIN_SGD, LearningRule
from bpviz.core.optimisers.schedule import Plateau

#: How many numbers of a packed vector come before those of the optimiser.
HEAD = 4


class Learning:
    """A rule of learning, the number of updates made by it, and the optimiser's numbers for each parameter.

    Parameters
    ----------
    n_parameters : int
    rule : LearningRule, optional
        By default plain SGD.

    Attributes
    ----------
    rule : LearningRule
        Its coefficients may change, not its optimiser.
    packed : ndarray of shape (4 + n_slots * n_parameters,)
        A checkpoint copies and restores it.
    slots : ndarray of shape (n_slots, n_parameters)
        A view of `packed`, in the order of `Optimiser.slots`.
    """

    def __init__(self, n_parameters: int, rule: LearningRule = PLAIN_SGD) -> None:
        self.rule = rule
        n_slots = len(rule.slots)
        self.packed: Array = apart(packed_size(rule.optimiser, n_parameters))
        self.slots: Array = self.packed[HEAD:].reshape(n_slots, n_parameters)
        self.plateau = Plateau()

    @property
    def updates(self) -> int:
        """Number of updates made."""
        return int(self.packed[0])

    @updates.setter
    def updates(self, number: int) -> None:
        self.packed[0] = number

    @property
    def plateau(self) -> Plateau:
        """What the schedule "plateau" remembers."""
        factor, best, waited = self.packed[1:HEAD].tolist()
        return Plateau(factor, best, int(waited))

    @plateau.setter
    def plateau(self, values: Plateau) -> None:
        self.packed[1:HEAD] = values.factor, values.best, values.waited

    @property
    def is_finite(self) -> bool:
        """Whether all numbers of the optimiser are finite."""
        return bool(np.isfinite(self.slots).all())


def packed_size(optimiser: str, n_parameters: int) -> int:
    """Return the length of the packed vector."""
    return HEAD + len(OPTIMISERS[optimiser].slots) * n_parameters


def is_head(numbers: Array) -> bool:
    """Return whether numbers can be those before the slots of a packed vector."""
    updates, factor, best, waited = numbers.tolist()
    return bool(0 <= updates < 2**53 and 0 <= factor <= 1 and best >= 0 and 0 <= waited < 2**53)
