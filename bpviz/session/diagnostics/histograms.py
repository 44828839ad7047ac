"""How numbers such as the weights of a layer are spread round zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, rms
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate

#: An odd number, so that zero and what is nearly zero have a bin of their own.
BINS = 31


@dataclass(frozen=True)
class Spread:
    """What is known of some numbers before a range for their histogram is chosen.

    Attributes
    ----------
    count : int
    outside : int
        How many of them are not finite; nothing else here counts these.
    low, high : float
        The smallest and the largest; 0 where there are none.
    rms : float
        Root mean square; 0 where there are none.
    """

    count: int
    outside: int
    low: float
    high: float
    rms: float

    @property
    def largest(self) -> float:
        """The largest magnitude."""
        return max(-self.low, self.high)


def spread(values: Array) -> Spread:
    """Measure numbers of any shape."""
    flat = values.ravel()
    finite = flat[np.isfinite(flat)]
    if not len(finite):
        return Spread(flat.size, flat.size, 0.0, 0.0, 0.0)
    low, high = float(finite.min()), float(finite.max())
    return Spread(flat.size, flat.size - len(finite), low, high, rms(finite))


def count_in_bins(values: Array, top: float) -> npt.NDArray[np.intp]:
    """Count numbers in `BINS` bins of equal width from -top to top.

    Parameters
    ----------
    values : ndarray of any shape
    top : float
        Above zero. What lies beyond either end, or is not finite, is in no bin.

    Returns
    -------
    ndarray of int, shape (BINS,)
    """
    return np.histogram(values[np.isfinite(values)], bins=BINS, range=(-top, top))[0]


def bin_edges(index: int, top: float) -> tuple[float, float]:
    """Return where a bin begins and where it ends."""
    width = 2 * top / BINS
    return -top + index * width, -top + (index + 1) * width


def weights_of_update(update: TracedUpdate) -> list[Array]:
    """Return W of layers 1..L in the middle of an update: of each layer, before or after its own."""
    return [
        layer.W_after if update.is_done(Operation("update", number)) else layer.W
        for number, layer in enumerate(update.layers, start=1)
    ]


def weights_in(parameters: Array, sizes: Sequence[int]) -> list[Array]:
    """Return W of layers 1..L out of parameters that are packed as `bpviz.core.network.Network` packs them."""
    found, start = [], 0
    for n_input, n_neurons in pairwise(sizes):
        end = start + n_input * n_neurons
        found.append(parameters[start:end].reshape(n_input, n_neurons))
        start = end + n_neurons
    return found
