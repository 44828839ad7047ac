"""The two array types that the whole of bpviz speaks, and what is read off arrays everywhere."""

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def frozen(array: npt.ArrayLike) -> Array:
    """Return a read-only float64 copy, safe to hand to another thread."""
    copy = np.array(array, dtype=np.float64)
    copy.flags.writeable = False
    return copy


def rms(values: npt.NDArray[np.floating]) -> float:
    """Return the root mean square, also of numbers whose squares leave the range of a float64; NaN of no numbers."""
    if not values.size:
        return math.nan
    largest = float(np.max(np.abs(values)))
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.mean(np.square(values.astype(np.float64) / largest))))
