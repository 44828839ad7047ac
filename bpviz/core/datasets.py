"""Named datasets and their split. With `bpviz.core.data`, what alone imports scikit-learn.

scikit-learn takes 1 to 3 s to import, so it is imported when the first dataset is made.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.data import drawn, drawn_regression, published
from bpviz.core.data.published import Table
from bpviz.core.data.split import CLASSIFICATION, REGRESSION, Split, classes_split, one_hot, regression_split, subscript
from bpviz.language import N_, _

__all__ = ["DATASETS", "Dataset", "Split", "count_samples", "count_training_samples", "make_split", "one_hot"]

Draw = Callable[[int, float, int, int], tuple[Array, Any]]
_ON_POINTS = N_("standard deviation added to both coordinates")
_ON_TARGETS = N_("standard deviation added to the target")
_NONE = N_("no effect: the samples are published")


@dataclass(frozen=True)
class Dataset:
    """A kind of dataset: a function that draws samples, a table, or fixed samples.

    Attributes
    ----------
    title : str
        Its name on screen.
    source : callable, Table or Split
        ``source(samples, noise, seed, classes)`` -> inputs (samples, n_inputs) and class numbers (samples,) or targets
        (samples, n_targets); or a published table, for which number, noise and seed have no effect; or published
        samples that are not split either.
    noise : str
        What the noise parameter means, in a few words.
    most_classes : int
        2, or more where the number of classes can be chosen; without effect where `output_names` say the classes.
    task : {"classification", "regression"}
    input_names : tuple of str
    output_names : tuple of str
        The names of the classes or targets; empty for classes that are numbers.
    picture : (int, int) or None
        Rows and columns, if the inputs are the pixels of a picture.
    """

    title: str
    source: Draw | Table | Split
    noise: str = _NONE
    most_classes: int = 2
    task: str = CLASSIFICATION
    input_names: tuple[str, ...] = ("x₁", "x₂")
    output_names: tuple[str, ...] = ()
    picture: tuple[int, int] | None = None

    @property
    def is_drawn(self) -> bool:
        """Whether its points are drawn, in any number."""
        return not isinstance(self.source, Split | Table)

    @property
    def is_split(self) -> bool:
        """Whether its samples are split into training and test samples."""
        return not isinstance(self.source, Split)

    @property
    def is_classification(self) -> bool:
        """Whether its targets are classes."""
        return self.task == CLASSIFICATION

    @property
    def n_inputs(self) -> int:
        """Number of inputs."""
        return len(self.input_names)

    def n_outputs(self, classes: int) -> int:
        """Return the number of outputs: that of the targets, of the named classes, or else the number chosen."""
        return len(self.output_names) or classes


def _table(
    title: str, samples: int, load: Callable[[], tuple[Array, Array]], inputs: tuple[str, ...], names: tuple[str, ...]
) -> Dataset:
    return Dataset(title, Table(samples, load), input_names=inputs, output_names=names)


def _drawn_regression(title: str, source: Draw, inputs: tuple[str, ...], targets: tuple[str, ...]) -> Dataset:
    return Dataset(title, source, _ON_TARGETS, task=REGRESSION, input_names=inputs, output_names=targets)


DATASETS: dict[str, Dataset] = {
    "moons": Dataset(N_("Two moons"), drawn.moons, _ON_POINTS),
    "circles": Dataset(N_("Circles"), drawn.circles, _ON_POINTS),
    "xor": Dataset(N_("XOR"), drawn.xor, _ON_POINTS),
    "spirals": Dataset(N_("Two spirals"), drawn.spirals, _ON_POINTS),
    "blobs": Dataset(N_("Gaussian blobs"), drawn.blobs, N_("standard deviation of each cloud"), 6),
    "linear": Dataset(N_("Linear"), drawn.linear, _ON_POINTS),
    "mazur": Dataset(N_("Mazur's sample"), published.mazur(), N_("no effect: there is one published sample")),
    "iris": _table(N_("Iris"), 150, published.iris, published.IRIS_INPUTS, published.IRIS_CLASSES),
    "wine": _table(N_("Wine"), 178, published.wine, published.WINE_INPUTS, published.WINE_CLASSES),
    "breast_cancer": _table(
        N_("Breast cancer"), 569, published.breast_cancer, published.CANCER_INPUTS, published.CANCER_CLASSES
    ),
    "digits": Dataset(
        N_("Digits"),
        Table(1797, published.digits),
        input_names=published.DIGIT_INPUTS,
        output_names=published.DIGIT_CLASSES,
        picture=(8, 8),
    ),
    "diabetes": Dataset(
        N_("Diabetes"),
        Table(442, published.diabetes),
        task=REGRESSION,
        input_names=published.DIABETES_INPUTS,
        output_names=("progression",),
    ),
    "friedman1": _drawn_regression(
        N_("Friedman's first"), drawn_regression.friedman1, tuple(f"x{subscript(i)}" for i in range(1, 11)), ("y",)
    ),
    "sine": _drawn_regression(N_("Sine"), drawn_regression.sine, ("x",), ("sin x", "one")),
    "line": _drawn_regression(N_("Line"), drawn_regression.line, ("x",), ("y",)),
    "plane": _drawn_regression(N_("Plane"), drawn_regression.plane, ("x₁", "x₂"), ("y",)),
    "gauss": _drawn_regression(N_("Gauss"), drawn_regression.gauss, ("x₁", "x₂"), ("y",)),
}


def count_training_samples(dataset: str | Dataset, samples: int, test_share: float) -> int:
    """Return the number of training samples that `make_split` returns, without making them."""
    return count_samples(dataset, samples, test_share)[0]


def count_samples(dataset: str | Dataset, samples: int, test_share: float) -> tuple[int, int]:
    """Return the numbers of training and of test samples that `make_split` returns, without making them."""
    source = _dataset(dataset).source
    if isinstance(source, Split):
        return len(source.X_train), len(source.X_test)
    there = source.samples if isinstance(source, Table) else samples
    n_test = math.ceil(there * test_share)
    return there - n_test, n_test


def _dataset(given: str | Dataset) -> Dataset:
    return DATASETS[given] if isinstance(given, str) else given


def make_split(
    dataset: str | Dataset,
    *,
    samples: int,
    noise: float,
    seed: int,
    classes: int = 2,
    test_share: float = 0.3,
    split_seed: int = 42,
    scale: str = "none",
) -> Split:
    """Make a dataset and split it into training and test samples, as scikit-learn's `train_test_split` does.

    Published samples that are no table are used for training and for the test, and are not scaled.

    Parameters
    ----------
    dataset : str or Dataset
        A key of `DATASETS`, or a dataset that is not among them.
    samples : int
        Total number of points.
    noise : float
        See `Dataset.noise`.
    seed, split_seed : int
        Seeds of the points and of the split.
    classes : int
        2, or up to ``most_classes``; without effect where the dataset says its classes or targets.
    test_share : float
        The fraction of the points, between 0 and 1, that is kept for the test.
    scale : {"none", "standard", "minmax"}
        How inputs, and the targets of a regression, are scaled; fitted on the training samples.

    Raises
    ------
    ValueError
        If a class is missing from the training samples.
    """
    dataset = _dataset(dataset)
    source = dataset.source
    if isinstance(source, Split):
        return source
    from sklearn.model_selection import train_test_split

    X, y = source.load() if isinstance(source, Table) else source(samples, noise, seed, classes)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=test_share, random_state=split_seed)
    train, test, names = (X_train, y_train), (X_test, y_test), dataset.input_names
    if not dataset.is_classification:
        return regression_split(train, test, scale=scale, input_names=names, target_names=dataset.output_names)
    outputs = dataset.n_outputs(classes)
    _check_classes(y_train, outputs)
    return classes_split(train, test, outputs, scale=scale, input_names=names, class_names=dataset.output_names)


def _check_classes(labels: Array, classes: int) -> None:
    there = len(np.unique(labels))
    if there < classes:
        raise ValueError(
            _(
                "the training samples hold only {there} of {classes} classes; take more samples or another split seed"
            ).format(there=there, classes=classes)
        )
