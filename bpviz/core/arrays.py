"""Array types used throughout bpviz, read-only copies, and the root mean square."""

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def frozen(array: npt.ArrayLike) -> Array:
    """Return a read-only float64 copy, safe to pass to another thread."""
    copy = np.array(array, dtype=np.float64)
    copy.flags.writeable = False
    return copy


def rms(values: npt.NDArray[np.floating]) -> float:
    """Return the root mean square, without overflow or underflow of the squares; NaN for an empty array."""
    if not values.size:
        return math.nan
    largest = float(np.max(np.abs(values)))
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.mean(np.square(values.astype(np.float64) / largest))))
