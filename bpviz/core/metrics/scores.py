"""Scores of a network over a set of samples: mean squared error and accuracy, and those of a regression."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array

if TYPE_CHECKING:
    from bpviz.core.network import Network

Sums = Callable[[Array, Array], tuple[float, float, int]]


@dataclass(frozen=True)
class Score:
    """Mean squared error, mean L_s, accuracy as a fraction from 0 to 1, and mean absolute error, over a set of samples.

    A classification has no mean absolute error here, and a regression no accuracy: they are NaN.
    """

    mse: float
    loss: float
    accuracy: float = math.nan
    mae: float = math.nan


class RegressionScores(NamedTuple):
    """R² and mean absolute error of a regression, over the training and the test samples."""

    r2_train: float
    r2_test: float
    mae_train: float
    mae_test: float


def mean_squared_error(outputs: Array, targets: Array) -> float:
    """Return the mean over samples and outputs of the squared error."""
    difference = outputs - targets
    return float(np.mean(difference * difference))


def accuracy(y_pred: npt.ArrayLike, y_true: npt.ArrayLike) -> float:
    """Return the fraction, 0 to 1, of equal classes; `y_true` may be one-hot, with one axis more than `y_pred`."""
    true = np.asarray(y_true)
    labels = np.argmax(true, axis=-1) if true.ndim > np.ndim(y_pred) else true
    return float(np.mean(np.asarray(y_pred) == labels))


def score_sums(network: "Network", X: Array, targets: Array) -> tuple[float, float, int]:
    """Return sums over samples: of the squared errors of all outputs, of L_s, and of correctly classified samples."""
    outputs, losses = network.outputs_and_losses(X, targets)
    right = np.count_nonzero(outputs.argmax(axis=1) == targets.argmax(axis=1))
    return float(np.sum(np.square(outputs - targets))), float(np.sum(losses)), int(right)


def error_sums(network: "Network", X: Array, targets: Array) -> tuple[float, float, float]:
    """Return sums over samples: of the squared errors of all outputs, of L_s, and of the absolute errors."""
    with np.errstate(all="ignore"):
        outputs, losses = network.outputs_and_losses(X, targets)
        difference = outputs - targets
        return float(np.sum(np.square(difference))), float(np.sum(losses)), float(np.sum(np.abs(difference)))


def spread(targets: Array) -> float:
    """Return the MSE of the best constant outputs, which are the means of the targets, shape (n_samples, n_outputs).

    It is NaN if there are no samples.
    """
    return math.nan if not len(targets) else float(np.mean(np.square(targets - targets.mean(axis=0))))


def r2(mse: float, spread: float) -> float:
    """Return R², the part of the targets' spread that is explained: 1 - MSE / spread; NaN if there is none.

    Of several outputs each counts by its spread: scikit-learn calls that "variance_weighted".
    """
    return 1.0 - mse / spread if spread > 0 else math.nan


def errors_in_pieces(network: "Network", X: Array, targets: Array, rows: int) -> Iterator[Score | None]:
    """Score samples of a regression as `score_in_pieces` scores those of classes."""
    sums = partial(error_sums, network)
    for done in _summed(sums, X, targets, rows):
        if done:
            squares, losses, sizes = done
            yield Score(squares / targets.size, losses / len(X), mae=sizes / targets.size)
        else:
            yield None


def score_in_pieces(sums: Sums, X: Array, targets: Array, rows: int) -> Iterator[Score | None]:
    """Score samples in pieces of `rows` rows; yield None after each piece but the last, then the score.

    Parameters
    ----------
    sums : callable
        ``sums(X, targets)`` -> what `score_sums` returns.
    X : ndarray of shape (n_samples, n_inputs)
    targets : ndarray of shape (n_samples, n_outputs)
    rows : int
    """
    for done in _summed(sums, X, targets, rows):
        if done:
            squares, losses, right = done
            yield Score(squares / targets.size, losses / len(X), right / len(X))
        else:
            yield None


def _summed(
    sums: Callable[[Array, Array], tuple[float, float, float]], X: Array, targets: Array, rows: int
) -> Iterator[tuple[float, float, float] | None]:
    """Add up sums over pieces of the samples; yield None after each piece but the last, then the sums."""
    first, second, third = 0.0, 0.0, 0.0
    for start in range(0, len(X), rows):
        more = sums(X[start : start + rows], targets[start : start + rows])
        first, second, third = first + more[0], second + more[1], third + more[2]
        if start + rows < len(X):
            yield None
    yield first, second, third
