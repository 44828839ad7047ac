"""Confusion matrix of a classifier, with precision and recall of every class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices, frozen


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """How many samples of each class were predicted as each class.

    Attributes
    ----------
    counts : ndarray of int, shape (n_classes, n_classes)
        Rows are true classes, columns are predicted classes. Read-only.
    """

    counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, labels: Indices, predicted: Indices, n_classes: int) -> ConfusionMatrix:
        """Count samples by true class and predicted class, both of shape (n_samples,)."""
        cells = np.bincount(labels * n_classes + predicted, minlength=n_classes * n_classes)
        counts = cells.reshape(n_classes, n_classes)
        counts.flags.writeable = False
        return cls(counts)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.counts)

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return int(self.counts.sum())

    @property
    def right(self) -> npt.NDArray[np.int64]:
        """Number of correctly classified samples of every class, shape (n_classes,)."""
        return self.counts.diagonal()

    @property
    def recall(self) -> Array:
        """Fraction of the samples of each class that were predicted as it; NaN for a class without samples."""
        return _shares(self.right, self.counts.sum(axis=1))

    @property
    def precision(self) -> Array:
        """Fraction of the samples predicted as each class that are of it; NaN for a class that was never predicted."""
        return _shares(self.right, self.counts.sum(axis=0))

    @property
    def accuracy(self) -> float:
        """Fraction of correctly classified samples; NaN if there are none."""
        return float(_shares(self.right.sum(), self.counts.sum()))


def _shares(parts: npt.ArrayLike, wholes: npt.ArrayLike) -> Array:
    with np.errstate(invalid="ignore"):
        return frozen(np.divide(parts, wholes))
