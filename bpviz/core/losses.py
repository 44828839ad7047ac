"""Loss functions: a table from a name to L_s, the loss of a sample, and its derivative dL_s/da.

Cross-entropy is computed from z, not from a: a is rounded to 0 or 1 where z is large, and its logarithm has no digits
left long before that.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array

# Bounds that keep the quotients of dL_s/da finite if an output is exactly 0 or 1.
TINY = 1e-300
NEARLY_ONE = 1.0 - np.finfo(np.float64).epsneg


@dataclass(frozen=True)
class Loss:
    """A loss function of the outputs (the last axis).

    Attributes
    ----------
    name : str
        Its name in experiments, on screen and on the command line.
    value : callable
        ``value(z, a, y)`` -> L_s of each sample, shape ``a.shape[:-1]``; z and a are those of the output layer.
    error : callable
        ``error(a, y)`` -> dL_s/da, of the shape of a.
    cancels_slope : bool
        Whether error times slope of the output is exactly a - y. delta is then computed as that difference, since one
        factor may overflow and the other underflow where their product does neither.
    """

    name: str
    value: Callable[[Array, Array, Array], Array]
    error: Callable[[Array, Array], Array]
    cancels_slope: bool = False


def _half_squares(z: Array, a: Array, y: Array) -> Array:
    difference = a - y
    return np.asarray(0.5 * np.sum(difference * difference, axis=-1))


def _half_squares_error(a: Array, y: Array) -> Array:
    return a - y


def _binary_cross_entropy(z: Array, a: Array, y: Array) -> Array:
    # ln(1 + e^z) - y z, without overflow, and with all digits where the two terms nearly cancel.
    return np.asarray(np.sum(np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z))), axis=-1))


def _binary_cross_entropy_error(a: Array, y: Array) -> Array:
    inside = np.clip(a, TINY, NEARLY_ONE)
    return (inside - y) / (inside * (1.0 - inside))


def _categorical_cross_entropy(z: Array, a: Array, y: Array) -> Array:
    # The sum of y (ln(sum of e^z) - z). The largest z is subtracted first: its own power is then 1, and log1p keeps the
    # digits of the others.
    winner = np.argmax(z, axis=-1, keepdims=True)
    largest = np.take_along_axis(z, winner, axis=-1)
    powers = np.exp(z - largest)
    np.put_along_axis(powers, winner, 0.0, axis=-1)
    return np.asarray(np.sum(y * (largest - z + np.log1p(np.sum(powers, axis=-1, keepdims=True))), axis=-1))


def _categorical_cross_entropy_error(a: Array, y: Array) -> Array:
    return -y / np.maximum(a, TINY)


_MSE = Loss("mse", _half_squares, _half_squares_error)
_BINARY = Loss("cross_entropy", _binary_cross_entropy, _binary_cross_entropy_error, True)
_CATEGORICAL = Loss("cross_entropy", _categorical_cross_entropy, _categorical_cross_entropy_error, True)

#: Activation of the output layer -> cross-entropy for it. MSE is defined for every output.
_CROSS_ENTROPY = {"sigmoid": _BINARY, "softmax": _CATEGORICAL}
LOSSES = ("mse", "cross_entropy")


def fits(name: str, output_activation: str) -> bool:
    """Return whether the loss `name` is defined for the values of an output layer's activation."""
    return name == "mse" or (name == "cross_entropy" and output_activation in _CROSS_ENTROPY)


def loss_for(name: str, output_activation: str) -> Loss:
    """Return the loss function for an output layer.

    After sigmoid, cross-entropy is binary, summed over independent outputs; after softmax it is categorical, over one
    distribution.

    Raises
    ------
    ValueError
        If there is no such loss, or cross-entropy is requested for outputs that are not between 0 and 1.
    """
    if name not in LOSSES:
        raise ValueError(f"no loss is called {name!r}; choose one of {', '.join(LOSSES)}")
    if not fits(name, output_activation):
        raise ValueError(
            "cross_entropy needs outputs between 0 and 1: "
            f"give the output layer sigmoid or softmax, not {output_activation}"
        )
    return _MSE if name == "mse" else _CROSS_ENTROPY[output_activation]
