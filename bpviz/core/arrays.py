"""Array types used throughout bpviz, and read-only copies."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def frozen(array: npt.ArrayLike) -> Array:
    """Return a read-only float64 copy, safe to pass to another thread."""
    copy = np.array(array, dtype=np.float64)
    copy.flags.writeable = False
    return copy
