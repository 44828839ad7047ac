"""A plane, or a line, through the space of inputs, over which the outputs of a network are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array

_LEAST_NEARNESS = 0.12


@dataclass(frozen=True)
class Plane:
    """The inputs ``origin + x * axes[0] + y * axes[1]``; with a single axis, a line.

    Its numbers are tuples, so that grids over the same plane compare equal.

    Attributes
    ----------
    origin : tuple of float
        One for each input.
    axes : tuple of tuples of float
        One or two directions, orthogonal and of length 1.
    """

    origin: tuple[float, ...]
    axes: tuple[tuple[float, ...], ...]

    @property
    def n_inputs(self) -> int:
        """Number of inputs."""
        return len(self.origin)

    @property
    def is_line(self) -> bool:
        """Whether there is only one direction."""
        return len(self.axes) == 1

    def inputs(self, places: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Return the inputs at some places, shape (n_places, 2); of a line only the first coordinate counts."""
        inside = places[:, : len(self.axes)].astype(np.float32) @ np.array(self.axes, dtype=np.float32)
        return np.asarray(inside + np.array(self.origin, dtype=np.float32))

    def places(self, X: Array) -> Array:
        """Return where samples are on the plane, shape (n_samples, 2); the second coordinate on a line is 0."""
        inside = (X - self.origin) @ np.array(self.axes).T
        return np.column_stack((inside, np.zeros(len(X)))) if self.is_line else np.asarray(inside)

    def distances(self, X: Array) -> Array:
        """Return how far samples are from the plane, shape (n_samples,)."""
        away = X - self.origin
        axes = np.array(self.axes)
        return np.asarray(np.linalg.norm(away - away @ axes.T @ axes, axis=1))


def plane_of_inputs(inputs: Sequence[int], held_at: Array) -> Plane:
    """Return the plane, or the line, of some inputs, with the others held at the values in `held_at`."""
    origin, axes = held_at.astype(np.float64), np.zeros((len(inputs), len(held_at)))
    axes[np.arange(len(inputs)), list(inputs)] = 1.0
    origin[list(inputs)] = 0.0  # so that coordinates on the plane are values of the inputs
    return Plane(tuple(origin.tolist()), tuple(map(tuple, axes.tolist())))


def nearness(plane: Plane, X: Array, X_train: Array) -> Array:
    """Return how near samples are to a plane, from 1 on it down to a little above 0 far away.

    Parameters
    ----------
    plane : Plane
    X, X_train : ndarray of shape (n_samples, n_inputs)
        The samples, and those whose usual distance is the scale.
    """
    if plane.is_line:
        return np.ones(len(X))
    usual = float(np.sqrt(np.mean(np.square(plane.distances(X_train))))) or 1.0
    near = np.exp(-np.square(plane.distances(X) / usual))
    return np.asarray(_LEAST_NEARNESS + (1 - _LEAST_NEARNESS) * near)


def telling_inputs(X: Array, y: Array) -> tuple[int, int]:
    """Return the two inputs, in their order, that are correlated most with any target; constant ones are last."""
    with np.errstate(all="ignore"):
        table = np.nan_to_num(np.abs(np.corrcoef(X.T, y.T)[: X.shape[1], X.shape[1] :]))
    first, second = sorted(np.argsort(-table.max(axis=1), kind="stable")[:2].tolist())
    return first, second
