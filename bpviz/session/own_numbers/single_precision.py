"""Numbers of float32, recognised by their digits."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.tolerance import rounding_of

_FLOAT64 = float(np.finfo(np.float64).eps)
# A float32 has no more digits, and numbers of fewer are rounded.
_LEAST_SINGLE = 7


def are_single(values: Array) -> bool:
    """Return whether numbers are those of float32, as they are printed in full."""
    single = values.astype(np.float32)
    if not np.isfinite(single).all() or np.array_equal(single.astype(np.float64), values):
        return False  # the arithmetic of numbers that float32 holds exactly is seen in their bits
    rounding = rounding_of([values], _FLOAT64)
    if rounding is None or (rounding.significant or rounding.decimals or 0) < _LEAST_SINGLE:
        return False
    shortest = [float(str(number)) for number in single.ravel()]
    return bool(np.array_equal(shortest, values.ravel()))
