"""Arrays of which only some numbers are given: each of these is compared, and no cause is searched for."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.agreement import Mask
from bpviz.core.diagnosis.tolerance import bounds, rounding_of
from bpviz.core.mistakes.program import Key, Program, Setup
from bpviz.session.own_numbers.operand_keys import right_numbers
from bpviz.session.walkthrough.traced_update import TracedUpdate, network_of

_FLOAT64 = float(np.finfo(np.float64).eps)


def wrong_cells(update: TracedUpdate, key: Key, theirs: Array, tolerance: float | None) -> Mask:
    """Return which of the numbers that are given are wrong; NaN stands for those that are not.

    All of them may have the opposite sign, as in programs that add where bpviz subtracts.
    """
    ours, is_given = right_numbers(update, key), ~np.isnan(theirs)
    signs = (1.0, -1.0) if key[0] in ("error", "delta", "dW", "db") else (1.0,)
    allowed = _allowed(update, key, theirs, tolerance)
    with np.errstate(invalid="ignore"):
        masks = [np.asarray(is_given & ~(np.abs(theirs - sign * ours) <= allowed)) for sign in signs]
    return min(masks, key=lambda mask: int(mask.sum()))


def _allowed(update: TracedUpdate, key: Key, theirs: Array, tolerance: float | None) -> Array:
    ours = right_numbers(update, key)
    rounding = rounding_of([theirs[~np.isnan(theirs)]], _FLOAT64)
    printed = rounding.of(np.nan_to_num(theirs)) if rounding else np.zeros(theirs.shape)
    if tolerance is not None:
        return np.asarray(np.maximum(printed, tolerance * np.max(np.abs(ours), initial=0.0)))
    truth = Program(Setup(network_of(update), update.trace.x, update.trace.y, update.learning_rate))
    with np.errstate(all="ignore"):
        return np.asarray(printed + np.reshape(bounds(truth, _FLOAT64)[key], ours.shape))
