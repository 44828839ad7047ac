"""Array types used throughout bpviz, read-only copies, separate memory, and the root mean square."""

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

# More numbers than a loop takes at a time: eight vectors of 512 bits.
_GAP = 64


def frozen(array: npt.ArrayLike) -> Array:
    """Return a read-only float64 copy, safe to pass to another thread."""
    copy = np.array(array, dtype=np.float64)
    copy.flags.writeable = False
    return copy


def apart(*shape: int) -> Array:
    """Return zeros of a shape, with memory that nothing uses behind them.

    Compiled loops write into such arrays only. Before a vectorised loop runs, it tests whether what it writes begins
    within the next few numbers of what it reads, and adds up in another order if it does. An array right behind a short
    one meets that test: the last bits of a sum would depend on where the arrays happen to lie.
    """
    size = math.prod(shape)
    return np.zeros(size + _GAP)[:size].reshape(shape)


def rms(values: npt.NDArray[np.floating]) -> float:
    """Return the root mean square, without overflow or underflow of the squares; NaN for an empty array."""
    if not values.size:
        return math.nan
    largest = float(np.max(np.abs(values)))
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.mean(np.square(values.astype(np.float64) / largest))))
