"""Points of the plane drawn for a classification."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.data.split import Labels

Points = tuple[Array, Labels]


def moons(samples: int, noise: float, seed: int, classes: int) -> Points:
    """Draw two half rings."""
    from sklearn.datasets import make_moons

    return make_moons(n_samples=samples, noise=noise, random_state=seed)  # type: ignore[no-any-return]


def circles(samples: int, noise: float, seed: int, classes: int) -> Points:
    """Draw a ring around a smaller one."""
    from sklearn.datasets import make_circles

    return make_circles(n_samples=samples, noise=noise, factor=0.5, random_state=seed)  # type: ignore[no-any-return]


def blobs(samples: int, noise: float, seed: int, classes: int) -> Points:
    """Draw Gaussian clouds with centres evenly spaced on the unit circle."""
    from sklearn.datasets import make_blobs

    angles = 2 * np.pi * np.arange(classes) / classes + np.pi / 2
    centres = np.column_stack((np.cos(angles), np.sin(angles)))
    return make_blobs(n_samples=samples, centers=centres, cluster_std=noise, random_state=seed)  # type: ignore[no-any-return]


def xor(samples: int, noise: float, seed: int, classes: int) -> Points:
    """Draw four squares, opposite ones of the same class."""
    rng = np.random.RandomState(seed)
    X = rng.uniform(-1, 1, (samples, 2))
    labels = (X[:, 0] * X[:, 1] < 0).astype(np.intp)
    return X + noise * rng.randn(samples, 2), labels


def linear(samples: int, noise: float, seed: int, classes: int) -> Points:
    """Draw two halves of a square."""
    rng = np.random.RandomState(seed)
    X = rng.uniform(-1, 1, (samples, 2))
    labels = (X.sum(axis=1) > 0).astype(np.intp)
    return X + noise * rng.randn(samples, 2), labels


def spirals(samples: int, noise: float, seed: int, classes: int) -> Points:
    """Draw two arms of one and a half turns, evenly filled along their length."""
    rng = np.random.RandomState(seed)
    labels = np.arange(samples, dtype=np.intp) % 2
    along = np.sqrt(rng.uniform(0.02, 1, samples))
    angle = 3 * np.pi * along + np.pi * labels
    X = along[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    return X + noise * rng.randn(samples, 2), labels
