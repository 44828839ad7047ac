"""Hidden space: the activations of a layer projected on their two principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array

Values = npt.NDArray[np.float32] | Array

_COMPONENTS = 2
# The order of the two directions is kept between frames while their shares differ by less than this factor.
_SWAP_RATIO = 2.0
# The work grows with the cube of the smaller of n_samples and n_neurons; beyond this it takes many milliseconds.
_MOST = 256


@dataclass(frozen=True)
class Components:
    """The two principal components of a layer's activations.

    Attributes
    ----------
    mean : ndarray of shape (n_neurons,)
        The mean activations.
    directions : ndarray of shape (2, n_neurons)
        Orthogonal, each of length 1.
    shares : ndarray of shape (2,)
        Their fractions of the total variance, 0 to 1; 0 if there is no variance.
    ranks : tuple of two ints
        The rank of each direction by its share: (2, 1) if the order was kept though the second has the larger share.
    """

    mean: Array
    directions: Array
    shares: Array
    ranks: tuple[int, int] = (1, 2)

    def place(self, a: Values) -> Array:
        """Project activations, shape (n_samples, n_neurons), on the directions; return shape (n_samples, 2)."""
        return np.asarray((a - self.mean) @ self.directions.T)


def principal_components(a: Values, previous: Components | None = None) -> Components | None:
    """Return the two principal components of some activations.

    Parameters
    ----------
    a : ndarray of shape (n_samples, n_neurons)
        Samples with a non-finite number are ignored. If there are more than 256 samples and neurons, only evenly spaced
        samples are used.
    previous : Components, optional
        The components of the frame before. The sign of a direction is arbitrary, and so is, with similar shares, the
        order of the two: both are chosen to resemble the previous ones, so that the picture does not flip.

    Returns
    -------
    Components or None
        None if there are fewer than two neurons or no sample with finite numbers.

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
    found = Components(mean, _with_positive_largest_entry(directions), shares)
    return _match_previous(found, previous) if previous and previous.directions.shape == directions.shape else found


def _largest(centred: Array) -> tuple[Array, Array]:
    """Return the two directions of largest variance and their shares of it."""
    size = np.abs(centred).max()
    unit = _thinned(centred) / (size or 1.0)  # so that no square overflows or underflows
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
    """Return two orthonormal rows whose span contains that of the given rows."""
    filled = np.concatenate((rows, np.eye(_COMPONENTS, rows.shape[1])))
    kept: list[Array] = []
    for row in filled:
        rest = row - sum((row @ other) * other for other in kept)
        length = np.linalg.norm(rest)
        if length > 1e-9 and len(kept) < _COMPONENTS:
            kept.append(rest / length)
    return np.array(kept)


def _with_positive_largest_entry(directions: Array) -> Array:
    """Choose the sign of each direction so that its largest entry is positive."""
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    return np.asarray(np.where(largest < 0, -directions, directions))


def _match_previous(found: Components, previous: Components) -> Components:
    """Give the directions the order and the signs in which they resemble the previous ones most."""
    overlap = found.directions @ previous.directions.T
    crossed = np.abs(overlap[::-1]).trace() > np.abs(overlap).trace()
    swapped = crossed and found.shares[0] < _SWAP_RATIO * found.shares[1]
    order = slice(None, None, -1 if swapped else 1)
    signs = np.where(overlap[order].diagonal() < 0, -1.0, 1.0)
    ranks = (2, 1) if swapped else (1, 2)
    return Components(found.mean, found.directions[order] * signs[:, None], found.shares[order], ranks)
