"""A cell of the confusion matrix: a true class and a predicted class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.language import _
from bpviz.session.frames.predictions import Predictions


@dataclass(frozen=True)
class Cell:
    """Samples of a true class that are predicted as a class; None is any class.

    Cells with one None are those of recall and precision, that with two is the accuracy.
    """

    true: int | None
    predicted: int | None

    @property
    def is_count(self) -> bool:
        """Whether it is a cell of the matrix itself."""
        return self.true is not None and self.predicted is not None

    def rows(self, predictions: Predictions) -> Indices:
        """Return the rows of predictions that belong to the cell."""
        belongs = np.ones(len(predictions.samples), dtype=np.bool_)
        if self.true is not None:
            belongs &= predictions.labels == self.true
        if self.predicted is not None:
            belongs &= predictions.predicted == self.predicted
        return np.flatnonzero(belongs)

    def describe(self, names: tuple[str, ...]) -> str:
        """Return e.g. "true setosa, predicted virginica"."""
        parts = [_("true {name}").format(name=names[self.true])] if self.true is not None else []
        parts += [_("predicted {name}").format(name=names[self.predicted])] if self.predicted is not None else []
        return ", ".join(parts) or _("all samples")


def cell_of(predictions: Predictions, sample: int | None) -> Cell | None:
    """Return the cell in which a sample is counted, None if it is not."""
    if sample is None:
        return None
    rows = np.flatnonzero(predictions.samples == sample)
    if not len(rows):
        return None
    return Cell(int(predictions.labels[rows[0]]), int(predictions.predicted[rows[0]]))
