"""Named two-dimensional datasets and their split. The only module that imports scikit-learn.

scikit-learn takes 1 to 3 s to import, so it is imported when the first dataset is made.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, frozen

Labels = npt.NDArray[np.intp]
Points = tuple[Array, Labels]


@dataclass(frozen=True)
class Split:
    """Training and test samples. Read-only arrays.

    Attributes
    ----------
    X_train, X_test : ndarray of shape (n_samples, 2)
    labels_train, labels_test : ndarray of int, shape (n_samples,)
    y_train, y_test : ndarray of shape (n_samples, n_classes)
        Targets: one-hot for drawn points.
    """

    X_train: Array
    X_test: Array
    labels_train: Labels
    labels_test: Labels
    y_train: Array
    y_test: Array

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return int(self.y_train.shape[1])


@dataclass(frozen=True)
class Dataset:
    """A kind of dataset: a function that draws points, or fixed samples.

    Attributes
    ----------
    title : str
        Its name on screen.
    source : callable or Split
        ``source(samples, noise, seed, classes)`` -> points (samples, 2) and class numbers (samples,); or published
        samples, for which number, noise, seeds and test share have no effect.
    noise : str
        What the noise parameter means, in a few words.
    most_classes : int
        2, or more where the number of classes can be chosen.
    """

    title: str
    source: Callable[[int, float, int, int], Points] | Split
    noise: str
    most_classes: int = 2

    @property
    def is_drawn(self) -> bool:
        """Whether its points are drawn, in any number."""
        return not isinstance(self.source, Split)


def _moons(samples: int, noise: float, seed: int, classes: int) -> Points:
    from sklearn.datasets import make_moons

    return make_moons(n_samples=samples, noise=noise, random_state=seed)  # type: ignore[no-any-return]


def _circles(samples: int, noise: float, seed: int, classes: int) -> Points:
    from sklearn.datasets import make_circles

    return make_circles(n_samples=samples, noise=noise, factor=0.5, random_state=seed)  # type: ignore[no-any-return]


def _blobs(samples: int, noise: float, seed: int, classes: int) -> Points:
    """Gaussian clouds with centres evenly spaced on the unit circle."""
    from sklearn.datasets import make_blobs

    angles = 2 * np.pi * np.arange(classes) / classes + np.pi / 2
    centres = np.column_stack((np.cos(angles), np.sin(angles)))
    return make_blobs(n_samples=samples, centers=centres, cluster_std=noise, random_state=seed)  # type: ignore[no-any-return]


def _xor(samples: int, noise: float, seed: int, classes: int) -> Points:
    rng = np.random.RandomState(seed)
    X = rng.uniform(-1, 1, (samples, 2))
    labels = (X[:, 0] * X[:, 1] < 0).astype(np.intp)
    return X + noise * rng.randn(samples, 2), labels


def _linear(samples: int, noise: float, seed: int, classes: int) -> Points:
    rng = np.random.RandomState(seed)
    X = rng.uniform(-1, 1, (samples, 2))
    labels = (X.sum(axis=1) > 0).astype(np.intp)
    return X + noise * rng.randn(samples, 2), labels


def _spirals(samples: int, noise: float, seed: int, classes: int) -> Points:
    """Two arms of one and a half turns, evenly filled along their length."""
    rng = np.random.RandomState(seed)
    labels = np.arange(samples, dtype=np.intp) % 2
    along = np.sqrt(rng.uniform(0.02, 1, samples))
    angle = 3 * np.pi * along + np.pi * labels
    X = along[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    return X + noise * rng.randn(samples, 2), labels


def _mazur() -> Split:
    """Matt Mazur (2015), A Step by Step Backpropagation Example: one sample, whose targets are no one-hot class."""
    x, y, label = frozen([[0.05, 0.10]]), frozen([[0.01, 0.99]]), _frozen_labels(np.array([1]))
    return Split(x, x, label, label, y, y)


def _frozen_labels(labels: npt.NDArray[np.integer]) -> Labels:
    copy = np.array(labels, dtype=np.intp)
    copy.flags.writeable = False
    return copy


DATASETS: dict[str, Dataset] = {
    "moons": Dataset("Two moons", _moons, "standard deviation added to both coordinates"),
    "circles": Dataset("Circles", _circles, "standard deviation added to both coordinates"),
    "xor": Dataset("XOR", _xor, "standard deviation added to both coordinates"),
    "spirals": Dataset("Two spirals", _spirals, "standard deviation added to both coordinates"),
    "blobs": Dataset("Gaussian blobs", _blobs, "standard deviation of each cloud", 6),
    "linear": Dataset("Linear", _linear, "standard deviation added to both coordinates"),
    "mazur": Dataset("Mazur's sample", _mazur(), "no effect: there is one published sample"),
}


def count_training_samples(name: str, samples: int, test_share: float) -> int:
    """Return the number of training samples that `make_split` returns, without making them."""
    source = DATASETS[name].source
    return len(source.X_train) if isinstance(source, Split) else samples - math.ceil(samples * test_share)


def make_split(
    name: str, *, samples: int, noise: float, seed: int, classes: int = 2, test_share: float = 0.3, split_seed: int = 42
) -> Split:
    """Make a dataset and split it into training and test samples, as scikit-learn's `train_test_split` does.

    Published samples are used for training and for the test.

    Parameters
    ----------
    name : str
        A key of `DATASETS`.
    samples : int
        Total number of points.
    noise : float
        See `Dataset.noise`.
    seed, split_seed : int
        Seeds of the points and of the split.
    classes : int
        2, or up to ``most_classes``.
    test_share : float
        The fraction of the points, between 0 and 1, that is kept for the test.

    Raises
    ------
    ValueError
        If a class is missing from the training samples.
    """
    source = DATASETS[name].source
    if isinstance(source, Split):
        return source
    from sklearn.model_selection import train_test_split

    X, labels = source(samples, noise, seed, classes)
    X_train, X_test, labels_train, labels_test = train_test_split(
        X, labels, test_size=test_share, random_state=split_seed
    )
    if len(np.unique(labels_train)) < classes:
        raise ValueError(
            f"the training samples hold only {len(np.unique(labels_train))} of {classes} classes; "
            "take more samples or another split seed"
        )
    y_train, y_test = frozen(one_hot(labels_train, classes)), frozen(one_hot(labels_test, classes))
    return Split(
        frozen(X_train), frozen(X_test), _frozen_labels(labels_train), _frozen_labels(labels_test), y_train, y_test
    )


def one_hot(y: npt.ArrayLike, n_classes: int) -> Array:
    """Return one-hot targets (n_samples, n_classes) for class numbers (n_samples,); targets are returned as they are.

    Raises
    ------
    ValueError
        If a class number is not in 0..n_classes-1, or targets have another number of columns.
    """
    given = np.asarray(y)
    if given.ndim == 2:
        if given.shape[1] != n_classes:
            raise ValueError(f"targets have {given.shape[1]} columns, but the network has {n_classes} outputs")
        return given.astype(np.float64)
    labels = given.astype(np.intp)
    if labels.size and (labels.min() < 0 or labels.max() >= n_classes):
        raise ValueError(f"class numbers must be in 0..{n_classes - 1}, but they are in {labels.min()}..{labels.max()}")
    return np.eye(n_classes)[labels]
