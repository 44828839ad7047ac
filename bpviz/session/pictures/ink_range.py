"""The range of the pixels of a dataset, in which pictures are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.data.split import Split


@dataclass(frozen=True, eq=False)
class InkRange:
    """The smallest and the largest values among the training samples.

    Attributes
    ----------
    low, high : float
        Over all pixels, in original units.
    lowest, highest : ndarray of shape (n_inputs,)
        Of each pixel, as the network sees it.
    """

    low: float
    high: float
    lowest: Array
    highest: Array

    @classmethod
    def of(cls, split: Split) -> Self:
        """Return the range of the training samples."""
        lowest, highest = split.X_train.min(axis=0), split.X_train.max(axis=0)
        low, high = float(split.scaling.undo(lowest).min()), float(split.scaling.undo(highest).max())
        return cls(low, high if high > low else low + 1.0, lowest, highest)

    def shares(self, values: Array) -> Array:
        """Return pixels in original units as fractions of the range, 0 to 1."""
        return np.asarray(np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0))

    def count_beyond(self, x: Array) -> int:
        """Return how many pixels of a picture, as the network sees it, are outside what any training sample has there.

        Scaling is fitted to each pixel by itself: where training samples have hardly any ink, a little of it becomes a
        large input.
        """
        room = 1e-9 * np.maximum(np.abs(self.lowest), np.abs(self.highest))
        return int(np.sum((x < self.lowest - room) | (x > self.highest + room)))
