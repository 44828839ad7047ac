"""Scaling of columns: a shift and a factor for each, fitted on the training samples alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, frozen

#: "standard": mean 0 and standard deviation 1; "minmax": from 0 to 1.
SCALES = ("none", "standard", "minmax")


@dataclass(frozen=True, eq=False)
class Scaling:
    """What is done to each column before it reaches the network: ``(X - shift) / factor``.

    Attributes
    ----------
    kind : str
        One of `SCALES`.
    shift, factor : ndarray of shape (n_columns,)
        The factor of a constant column is 1, so that nothing is divided by 0.
    """

    kind: str
    shift: Array
    factor: Array

    @classmethod
    def fit(cls, kind: str, X: Array) -> Scaling:
        """Return the scaling of some samples, shape (n_samples, n_columns).

        Raises
        ------
        ValueError
            If there is no such kind.
        """
        if kind not in SCALES:
            raise ValueError(f"no scaling is called {kind!r}; choose one of {', '.join(SCALES)}")
        if kind == "none":
            return cls.none(X.shape[1])
        shift, width = (X.mean(axis=0), X.std(axis=0)) if kind == "standard" else (X.min(axis=0), np.ptp(X, axis=0))
        return cls(kind, frozen(shift), frozen(np.where(width > 0, width, 1.0)))

    @classmethod
    def none(cls, columns: int) -> Scaling:
        """Return the scaling that changes nothing."""
        return cls("none", frozen(np.zeros(columns)), frozen(np.ones(columns)))

    @property
    def is_none(self) -> bool:
        """Whether it changes nothing."""
        return self.kind == "none"

    def apply(self, X: Array) -> Array:
        """Return samples as the network sees them."""
        return X if self.is_none else (X - self.shift) / self.factor

    def undo(self, X: Array) -> Array:
        """Return scaled samples in their original units."""
        return X if self.is_none else X * self.factor + self.shift
