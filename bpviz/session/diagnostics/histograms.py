"""Histograms of weights and gradients, with bins symmetric about zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, rms
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate

#: An odd number, so that zero is in the middle of a bin.
BINS = 31


@dataclass(frozen=True)
class ValueSummary:
    """Summary of some values, from which the range of their histogram is chosen.

    Attributes
    ----------
    count : int
    outside : int
        Number of non-finite values, which the other fields ignore.
    low, high : float
        The smallest and the largest value; 0 if there are none.
    rms : float
        Root mean square; 0 if there are no values.
    """

    count: int
    outside: int
    low: float
    high: float
    rms: float

    @property
    def largest(self) -> float:
        """The largest absolute value."""
        return max(-self.low, self.high)


def summarize_values(values: Array) -> ValueSummary:
    """Return a summary of an array of any shape."""
    flat = values.ravel()
    finite = flat[np.isfinite(flat)]
    if not len(finite):
        return ValueSummary(flat.size, flat.size, 0.0, 0.0, 0.0)
    low, high = float(finite.min()), float(finite.max())
    return ValueSummary(flat.size, flat.size - len(finite), low, high, rms(finite))


def count_in_bins(values: Array, top: float) -> npt.NDArray[np.intp]:
    """Count values in `BINS` bins of equal width from -top to top.

    Parameters
    ----------
    values : ndarray of any shape
    top : float
        Positive. Values beyond either end and non-finite ones are not counted.

    Returns
    -------
    ndarray of int, shape (BINS,)
    """
    return np.histogram(values[np.isfinite(values)], bins=BINS, range=(-top, top))[0]


def bin_edges(index: int, top: float) -> tuple[float, float]:
    """Return the lower and the upper edge of a bin."""
    width = 2 * top / BINS
    return -top + index * width, -top + (index + 1) * width


def weights_of_update(update: TracedUpdate) -> list[Array]:
    """Return W of layers 1..L, new values for the layers that the update has already changed."""
    return [
        layer.W_after if update.is_done(Operation("update", number)) else layer.W
        for number, layer in enumerate(update.layers, start=1)
    ]


def weights_in(parameters: Array, sizes: Sequence[int]) -> list[Array]:
    """Return W of layers 1..L from parameters packed as in `bpviz.core.network.Network`."""
    found, start = [], 0
    for n_input, n_neurons in pairwise(sizes):
        end = start + n_input * n_neurons
        found.append(parameters[start:end].reshape(n_input, n_neurons))
        start = end + n_neurons
    return found
