"""Published samples: Mazur's, and the tables that scikit-learn brings with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpviz.core.arrays import Array, frozen
from bpviz.core.data.split import Split, frozen_labels


@dataclass(frozen=True)
class Table:
    """A published table, which is split into training and test samples.

    Attributes
    ----------
    samples : int
        Number of rows.
    load : callable
        Returns inputs (samples, n_inputs) and class numbers (samples,) or targets (samples, n_targets).
    """

    samples: int
    load: Callable[[], tuple[Array, Array]]


def mazur() -> Split:
    """Return the sample of Mazur's Step by Step Backpropagation Example (2015): its targets are no one-hot class."""
    x, y, label = frozen([[0.05, 0.10]]), frozen([[0.01, 0.99]]), frozen_labels([1])
    return Split(x, x, label, label, y, y)


def _load(name: str) -> tuple[Array, Array]:
    from sklearn import datasets

    bunch: Any = getattr(datasets, f"load_{name}")()
    return np.asarray(bunch.data, dtype=np.float64), np.asarray(bunch.target)


def iris() -> tuple[Array, Array]:
    """Return Fisher's irises (1936): four measures of 150 flowers of three species, in centimetres."""
    return _load("iris")


def wine() -> tuple[Array, Array]:
    """Return Forina's wines (1988): thirteen measures of 178 wines of three cultivars."""
    return _load("wine")


def breast_cancer() -> tuple[Array, Array]:
    """Return Wolberg's tumours (1995): thirty measures of the nuclei of 569 tumours; class 0 is malignant."""
    return _load("breast_cancer")


def digits() -> tuple[Array, Array]:
    """Return Alpaydin's 1,797 written digits (1998) as pictures of 8 x 8 pixels, each from 0 to 16."""
    return _load("digits")


def diabetes() -> tuple[Array, Array]:
    """Return Efron's table of diabetes (2004): ten measures of 442 patients, and their disease a year later."""
    X, y = _load("diabetes")
    return X, y[:, None].astype(np.float64)


#: scikit-learn's names, written here so that a form can show them without importing it; a test compares them.
IRIS_INPUTS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
IRIS_CLASSES = ("setosa", "versicolor", "virginica")
WINE_INPUTS = (
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280/od315_of_diluted_wines",
    "proline",
)
WINE_CLASSES = ("class_0", "class_1", "class_2")
_NUCLEUS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
CANCER_INPUTS = (
    *(f"mean {each}" for each in _NUCLEUS),
    *(f"{each} error" for each in _NUCLEUS),
    *(f"worst {each}" for each in _NUCLEUS),
)
CANCER_CLASSES = ("malignant", "benign")
DIGIT_INPUTS = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))
DIGIT_CLASSES = tuple("0123456789")
DIABETES_INPUTS = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
