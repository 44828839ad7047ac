"""To how many digits numbers were printed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.tolerance import Rounding, rounding_of
from bpviz.core.mistakes.program import Key

#: The difference that does not count between numbers of float32, relative to the largest number of an array.
SINGLE_TOLERANCE = 1e-5
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


def same_digits(arrays: Mapping[Key, Array]) -> dict[Key, Array]:
    """Return arrays in which all those of one quantity are rounded like the one with the fewest digits.

    The diagnosis takes all arrays of a quantity for printed alike.
    """
    found = dict(arrays)
    for quantity in {key[0] for key in arrays}:
        keys = [key for key in arrays if key[0] == quantity]
        roundings = [rounding_of([arrays[key]], _FLOAT64) for key in keys]
        known = [each for each in roundings if each is not None]
        if known and any(each != known[0] for each in roundings):
            coarsest = _coarsest(known)
            found |= {key: _rounded(arrays[key], coarsest) for key in keys}
    return found


def _coarsest(roundings: list[Rounding]) -> Rounding:
    significant = [each.significant for each in roundings if each.significant is not None]
    if significant:
        return Rounding(min(significant), None)
    return Rounding(None, min(each.decimals for each in roundings if each.decimals is not None))


def _rounded(values: Array, rounding: Rounding) -> Array:
    if rounding.significant is not None:
        return np.array([float(f"{value:.{rounding.significant - 1}e}") for value in values.ravel()]).reshape(
            values.shape
        )
    assert rounding.decimals is not None
    return np.round(values, rounding.decimals)
