"""Allowance: how far a correct gradient may be from a central difference, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array

# Rounding also moves the bend of the loss that tells a kink: by a few times the allowance for it.
_MORE_THAN_ROUNDING = 10.0


class Doubt(IntEnum):
    """Why a central difference cannot tell whether a gradient is right: the largest part of its allowance."""

    NONE = 0
    STEP = 1
    KINK = 2
    ROUNDING = 3
    L1 = 4


@dataclass(frozen=True)
class Allowance:
    """Estimate of the central difference's own error, in four parts.

    Attributes
    ----------
    step : ndarray of shape (n_parameters,)
        Of the bend of the loss within the step.
    kink : ndarray of shape (n_parameters,)
        Of the kinks of relu, leaky_relu and mae.
    rounding : float
    l1 : ndarray of shape (n_parameters,)
        Of the kink of the penalty l1 * |W| at 0: l1 where 0 is within the step, else 0.
    """

    step: Array
    kink: Array
    rounding: float
    l1: Array

    @property
    def total(self) -> Array:
        """The sum of the parts."""
        return self.step + self.kink + self.rounding + self.l1

    def part(self, here: slice) -> Allowance:
        """Return the allowance of some of the parameters."""
        return Allowance(self.step[here], self.kink[here], self.rounding, self.l1[here])

    def largest_part(self, *, has_kinks: bool) -> npt.NDArray[np.intp]:
        """Return the `Doubt` of every parameter, if its allowance is too large."""
        most = np.where(self.kink > self.step, Doubt.KINK if has_kinks else Doubt.STEP, Doubt.STEP)
        most = np.where(self.l1 > np.maximum(self.step, self.kink), Doubt.L1, most)
        largest = np.maximum(np.maximum(self.step, self.kink), self.l1)
        return np.where(largest < _MORE_THAN_ROUNDING * self.rounding, Doubt.ROUNDING, most)
