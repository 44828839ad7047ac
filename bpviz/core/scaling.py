"""Scaling of inputs: to mean 0 and standard deviation 1, or to 0..1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, frozen
from bpviz.language import _

#: "standard": mean 0 and standard deviation 1; "minmax": from 0 to 1.
SCALES = ("none", "standard", "minmax")


@dataclass(frozen=True, eq=False)
class Scaling:
    """A shift and a scale for each column: scaled = (original - shift) / scale. Read-only.

    It is fitted on the training samples alone, so that nothing of the test samples is known in training. A column that
    is constant among them is only shifted, to 0: its scale is 1.

    Attributes
    ----------
    kind : {"none", "standard", "minmax"}
        Nothing, (x - mean) / standard deviation, or (x - minimum) / (maximum - minimum).
    shift, scale : ndarray of shape (n_columns,)
    """

    kind: str
    shift: Array
    scale: Array

    @staticmethod
    def fit(kind: str, X: Array) -> Scaling:
        """Return the scaling of samples of shape (n_samples, n_columns).

        Raises
        ------
        ValueError
            If the kind is unknown, there is no sample, or a number is not finite or too large to be scaled.
        """
        if kind not in SCALES:
            raise ValueError(
                _("no scaling is called {kind!r}; choose one of {scales}").format(kind=kind, scales=", ".join(SCALES))
            )
        if not len(X):
            raise ValueError(_("there is no sample to fit the scaling to"))
        with np.errstate(over="ignore", invalid="ignore"):
            shift, scale = _FITTED[kind](X)
        unusable = np.flatnonzero(~np.isfinite(shift) | ~np.isfinite(scale))
        if len(unusable):
            raise ValueError(
                _("input {unusable} has numbers that are not finite, or too large to be scaled").format(
                    unusable=unusable[0] + 1
                )
            )
        return Scaling(kind, frozen(shift), frozen(scale))

    @staticmethod
    def none(columns: int) -> Scaling:
        """Return the scaling that changes nothing."""
        return Scaling("none", frozen(np.zeros(columns)), frozen(np.ones(columns)))

    @property
    def is_none(self) -> bool:
        """Whether it changes nothing."""
        return self.kind == "none"

    def apply(self, X: Array) -> Array:
        """Return samples of shape (..., n_columns) scaled."""
        return X if self.is_none else frozen((X - self.shift) / self.scale)

    def undo(self, X: Array) -> Array:
        """Return scaled samples of shape (..., n_columns) in their original units."""
        return X if self.is_none else frozen(X * self.scale + self.shift)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scaling) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())

    def _content(self) -> tuple[str, bytes, bytes]:
        return self.kind, self.shift.tobytes(), self.scale.tobytes()


def _none(X: Array) -> tuple[Array, Array]:
    return np.zeros(X.shape[1]), np.ones(X.shape[1])


def _standard(X: Array) -> tuple[Array, Array]:
    largest = np.max(np.abs(X), axis=0)
    largest[largest == 0] = 1
    relative = X / largest  # so that no square overflows or underflows
    mean, deviation = relative.mean(axis=0) * largest, relative.std(axis=0) * largest
    return _with_constant_columns(X, mean, deviation)


def _minmax(X: Array) -> tuple[Array, Array]:
    low = X.min(axis=0)
    return _with_constant_columns(X, low, X.max(axis=0) - low)


def _with_constant_columns(X: Array, shift: Array, scale: Array) -> tuple[Array, Array]:
    """Shift constant columns by their very value: the mean of equal numbers can differ from them by rounding."""
    constant = (X[0] == X).all(axis=0) | (scale == 0)
    return np.where(constant, X[0], shift), np.where(constant, 1.0, scale)


_FITTED = {"none": _none, "standard": _standard, "minmax": _minmax}
