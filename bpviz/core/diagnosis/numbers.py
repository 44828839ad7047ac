"""Somebody's numbers, in the shapes of bpviz, with the way back to theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bpviz.core import backprop
from bpviz.core.arrays import Array
from bpviz.core.mistakes.program import Key, Program, Setup, values_of

SINGLE_SAMPLE_QUANTITIES = ("z", "a", "error", "slope", "delta")
QUANTITIES = (*SINGLE_SAMPLE_QUANTITIES, "loss", "dW", "db", "W_after", "b_after")


@dataclass(frozen=True)
class Given:
    """One array of somebody's numbers.

    Attributes
    ----------
    values : ndarray of float64
        In the shape of bpviz: (n_samples, n_neurons), (n_in, n_out) or (n_out,).
    shape : tuple of int
        Theirs.
    is_transposed : bool
        Whether theirs has rows and columns exchanged.
    resolution : float
        The relative distance of two neighbouring numbers of their type: 2.2e-16 for float64, 1.2e-7 for float32.
    """

    values: Array
    shape: tuple[int, ...]
    is_transposed: bool = False
    resolution: float = float(np.finfo(np.float64).eps)

    def their_index(self, index: tuple[int, ...]) -> tuple[int, ...]:
        """Return the place in their array of a place in `values`."""
        if not self.shape:
            return ()
        turned = index[::-1] if self.is_transposed else index
        shape = self.values.shape[::-1] if self.is_transposed else self.values.shape
        flat = int(np.ravel_multi_index(turned, shape))
        return tuple(map(int, np.unravel_index(flat, self.shape)))


@dataclass(frozen=True)
class CheckedUpdate:
    """One update: what it starts from, and somebody's numbers of it.

    Attributes
    ----------
    setup : Setup
    numbers : dict
        By quantity and layer; any of them may be missing.
    """

    setup: Setup
    numbers: Mapping[Key, Given] = field(repr=False)

    def truth(self, before: Program | None = None) -> Program:
        """Return the right numbers, from `bpviz.core.backprop.trace`."""
        with np.errstate(all="ignore"):
            trace = backprop.trace(self.setup.network, self.setup.x, self.setup.y)
        return Program(self.setup, before=before, known=values_of(trace))
