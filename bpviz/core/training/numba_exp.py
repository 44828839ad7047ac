"""exp(x) - 1 for compiled loops, written so that the compiler can vectorise it.

A call to the C library's exp takes one number at a time and stops LLVM from vectorising the loop around it; numba
vectorises such calls only where Intel's SVML library is installed. Plain arithmetic is vectorised everywhere, and gives
the same bits with and without SVML.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

_LOG2_E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10


@intrinsic
def _power_of_two(typing_context: Any, exponent: Any) -> Any:
    """Return 2.0**exponent for an int64, by writing the exponent into the bits of a float64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        biased = builder.add(arguments[0], ir.Constant(ir.IntType(64), 1023))
        return builder.bitcast(builder.shl(biased, ir.Constant(ir.IntType(64), 52)), ir.DoubleType())

    return types.float64(types.int64), generate


@njit(inline="always", error_model="numpy")
def exp_minus_one(x: float) -> float:
    """Return exp(x) - 1, accurate to the last bits. x is clamped to [-700, 700]; NaN gives NaN.

    Uses Cody and Waite's reduction x = k log 2 + r, |r| <= log(2) / 2, and the Taylor polynomial of exp(r) - 1.
    """
    # Beyond 709 the result overflows a float64; clamping keeps the exponent bits valid and the loop free of branches.
    x = 700.0 if x > 700.0 else x
    x = -700.0 if x < -700.0 else x
    k = np.floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW  # log 2 in two parts: k * _LN2_HIGH is exact
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    scale = _power_of_two(np.int64(k))
    return scale * (r * p) + (scale - 1.0)  # type: ignore[no-any-return]
