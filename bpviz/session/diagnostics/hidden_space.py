"""Samples as a hidden layer sees them: in two of its neurons, or in its two principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array

Values = npt.NDArray[np.float32] | Array

_COMPONENTS = 2
# Which of two comes first is held for as long as the share of neither is so many times that of the other.
_ALIKE = 2.0
# The work grows with the cube of the smaller of samples and neurons: beyond this it would take many milliseconds.
_MOST = 256


@dataclass(frozen=True)
class Components:
    """The two directions in which activations differ most.

    Attributes
    ----------
    mean : ndarray of shape (n_neurons,)
        Where the activations lie on average.
    directions : ndarray of shape (2, n_neurons)
        Orthogonal, each of length 1.
    shares : ndarray of shape (2,)
        Of the variance of all neurons, 0 to 1; 0 where nothing differs.
    ranks : tuple of two ints
        Which component each is, by its share: 1 and 2, or 2 and 1 where the second has overtaken the first.
    """

    mean: Array
    directions: Array
    shares: Array
    ranks: tuple[int, int] = (1, 2)

    def place(self, a: Values) -> Array:
        """Return activations, shape (n_samples, n_neurons), along the directions, shape (n_samples, 2)."""
        return np.asarray((a - self.mean) @ self.directions.T)


def principal_components(a: Values, previous: Components | None = None) -> Components | None:
    """Find the two directions along which some activations vary most.

    Parameters
    ----------
    a : ndarray of shape (n_samples, n_neurons)
        Samples with a number that is not finite are left out. Where both samples and neurons are more than 256, the
        directions are those of evenly spaced samples.
    previous : Components, optional
        Those of the moment before. The sign of a direction is arbitrary, and which of two comes first is nearly so
        where they have like shares: both are chosen so that each goes on as the one before that it resembles most.

    Returns
    -------
    Components or None
        None where there are fewer than two neurons or no sample with finite numbers.

    References
    ----------
    Pearson (1901), On lines and planes of closest fit to systems of points in space.
    """
    exact = np.asarray(a[np.isfinite(a).all(axis=1)], dtype=np.float64)
    if not len(exact) or exact.shape[1] < _COMPONENTS:
        return None
    mean = exact.mean(axis=0)
    centred = exact - mean
    directions, shares = _largest(centred)
    found = Components(mean, _pointed_upwards(directions), shares)
    return _alike(found, previous) if previous and previous.directions.shape == directions.shape else found


def _largest(centred: Array) -> tuple[Array, Array]:
    """Return the two directions of largest variance and their shares of it."""
    size = np.abs(centred).max()
    unit = _thinned(centred) / (size or 1.0)  # so that no square leaves its range
    total = np.einsum("ij,ij->", unit, unit)
    if len(unit) >= unit.shape[1]:
        squares, vectors = np.linalg.eigh(unit.T @ unit)
        directions = vectors[:, ::-1][:, :_COMPONENTS].T
    else:
        squares, vectors = np.linalg.eigh(unit @ unit.T)
        directions = _orthonormal(vectors[:, ::-1][:, :_COMPONENTS].T @ unit)
    largest = np.maximum(squares[::-1][:_COMPONENTS], 0.0)
    shares = np.zeros(_COMPONENTS)
    shares[: len(largest)] = largest / total if total else 0.0
    return directions, shares


def _thinned(centred: Array) -> Array:
    step = -(-len(centred) // _MOST) if min(centred.shape) > _MOST else 1
    return centred[::step]


def _orthonormal(rows: Array) -> Array:
    """Return two orthogonal rows of length 1 that span what the rows span, whatever is missing filled up."""
    filled = np.concatenate((rows, np.eye(_COMPONENTS, rows.shape[1])))
    kept: list[Array] = []
    for row in filled:
        rest = row - sum((row @ other) * other for other in kept)
        length = np.linalg.norm(rest)
        if length > 1e-9 and len(kept) < _COMPONENTS:
            kept.append(rest / length)
    return np.array(kept)


def _pointed_upwards(directions: Array) -> Array:
    """Turn each direction so that its largest entry is positive."""
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    return np.asarray(np.where(largest < 0, -directions, directions))


def _alike(found: Components, previous: Components) -> Components:
    """Give directions the order and the signs of those before that they resemble most."""
    overlap = found.directions @ previous.directions.T
    crossed = np.abs(overlap[::-1]).trace() > np.abs(overlap).trace()
    swapped = crossed and found.shares[0] < _ALIKE * found.shares[1]
    order = slice(None, None, -1 if swapped else 1)
    signs = np.where(overlap[order].diagonal() < 0, -1.0, 1.0)
    ranks = (2, 1) if swapped else (1, 2)
    return Components(found.mean, found.directions[order] * signs[:, None], found.shares[order], ranks)
