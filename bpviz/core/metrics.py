"""What is reported about a network: mean squared error and accuracy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array

if TYPE_CHECKING:
    from bpviz.core.network import NeuralNetwork

# Some milliseconds of work: whoever iterates can answer a command between two pieces.
_PIECE = 4096


@dataclass(frozen=True)
class Score:
    """MSE, and accuracy as a share from 0 to 1, over a set of samples."""

    mse: float
    accuracy: float


def one_hot(y: npt.ArrayLike, n_classes: int) -> Array:
    """Turn class numbers (n_samples,) into targets (n_samples, n_classes); targets pass through.

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
        raise ValueError(f"class numbers must lie in 0..{n_classes - 1}, but there are {labels.min()}..{labels.max()}")
    return np.eye(n_classes)[labels]


def mean_squared_error(outputs: Array, targets: Array) -> float:
    """Return the mean over samples and outputs of the squared error."""
    difference = outputs - targets
    return float(np.mean(difference * difference))


def accuracy(y_pred: npt.ArrayLike, y_true: npt.ArrayLike) -> float:
    """Return the share, 0 to 1, of equal classes; `y_true` may be one-hot, with one axis more than `y_pred`."""
    true = np.asarray(y_true)
    labels = np.argmax(true, axis=-1) if true.ndim > np.ndim(y_pred) else true
    return float(np.mean(np.asarray(y_pred) == labels))


def score_in_pieces(network: "NeuralNetwork", X: Array, targets: Array) -> Iterator[Score | None]:
    """Score a network over any number of samples; yields None between pieces of work, the score last."""
    squares, correct = 0.0, 0
    for start in range(0, len(X), _PIECE):
        piece = slice(start, start + _PIECE)
        outputs, wanted = network.feed_forward(X[piece]), targets[piece]
        squares += mean_squared_error(outputs, wanted) * len(outputs)
        correct += int(np.count_nonzero(outputs.argmax(axis=1) == wanted.argmax(axis=1)))
        if start + _PIECE < len(X):
            yield None
    yield Score(squares / len(X), correct / len(X))
