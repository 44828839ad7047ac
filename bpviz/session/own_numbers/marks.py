"""Which numbers of an array are wrong according to a report, and what they should be."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.agreement import Mask
from bpviz.core.diagnosis.report import Report
from bpviz.core.mistakes.program import Key


def marks(report: Report, number: int, key: Key) -> tuple[Mask, Array]:
    """Return which numbers of an array are wrong, and the right ones with the signs and factors of their program.

    Parameters
    ----------
    report : Report
    number : int
        Which of its updates.
    key : (str, int)
        Quantity and layer.

    Returns
    -------
    (ndarray, ndarray)
        In the shape of bpviz.
    """
    comparison = report.comparison
    truth = comparison.truths[number]
    best = report.explanations[0].agreement if report.explanations else comparison.compare(comparison.true_program)
    with np.errstate(all="ignore"):
        mask, factor = comparison.cells(number, key, truth, comparison.candidates(number, key, best.factors))
        ours = truth.value(*key)
        if key[0].endswith("_after"):
            before = truth.W(key[1]) if key[0] == "W_after" else truth.b(key[1])
            return mask, before + factor * (ours - before)
        return mask, factor * ours
