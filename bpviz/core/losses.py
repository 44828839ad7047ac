"""Loss functions: a table from a name to L_s, the loss of a sample, and its derivative dL_s/da.

Cross-entropy is computed from z, not from a: a is rounded to 0 or 1 where z is large, and its logarithm has no digits
left long before that.

Every L_s is a sum over outputs: mse is half the squares of a - y, mae its absolute values, huber half the squares where
|a - y| is at most 1, and |a - y| - 1/2 beyond.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array
from bpviz.language import _

# Bounds that keep the quotients of dL_s/da finite if an output is exactly 0 or 1.
TINY = 1e-300
NEARLY_ONE = 1.0 - np.finfo(np.float64).epsneg
#: Where the Huber loss changes from half the square of a - y to its distance: as in PyTorch's HuberLoss.
HUBER_DELTA = 1.0


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
    has_kink : bool
        Whether L_s has no derivative where an output is exactly its target; the error there is 0.
    """

    name: str
    value: Callable[[Array, Array, Array], Array]
    error: Callable[[Array, Array], Array]
    cancels_slope: bool = False
    has_kink: bool = False


def _half_squares(z: Array, a: Array, y: Array) -> Array:
    difference = a - y
    return np.asarray(0.5 * np.sum(difference * difference, axis=-1))


def _half_squares_error(a: Array, y: Array) -> Array:
    return a - y


def _huber(z: Array, a: Array, y: Array) -> Array:
    distance = np.abs(a - y)
    inside = np.minimum(distance, HUBER_DELTA)  # delta |d| - delta^2 / 2 outside, d^2 / 2 inside: one product for both
    return np.asarray(np.sum(inside * (distance - 0.5 * inside), axis=-1))


def _huber_error(a: Array, y: Array) -> Array:
    return np.clip(a - y, -HUBER_DELTA, HUBER_DELTA)


def _distances(z: Array, a: Array, y: Array) -> Array:
    return np.asarray(np.sum(np.abs(a - y), axis=-1))


def _distances_error(a: Array, y: Array) -> Array:
    return np.sign(a - y)


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


_OF_EVERY_OUTPUT = {
    "mse": Loss("mse", _half_squares, _half_squares_error),
    "huber": Loss("huber", _huber, _huber_error),
    "mae": Loss("mae", _distances, _distances_error, has_kink=True),
}
_BINARY = Loss("cross_entropy", _binary_cross_entropy, _binary_cross_entropy_error, True)
_CATEGORICAL = Loss("cross_entropy", _categorical_cross_entropy, _categorical_cross_entropy_error, True)

#: Activation of the output layer -> cross-entropy for it. The other losses are defined for every output.
_CROSS_ENTROPY = {"sigmoid": _BINARY, "softmax": _CATEGORICAL}
LOSSES = ("mse", "cross_entropy", "huber", "mae")


def fits(name: str, output_activation: str) -> bool:
    """Return whether the loss `name` is defined for the values of an output layer's activation."""
    return name in _OF_EVERY_OUTPUT or (name == "cross_entropy" and output_activation in _CROSS_ENTROPY)


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
        raise ValueError(
            _("no loss is called {name!r}; choose one of {losses}").format(name=name, losses=", ".join(LOSSES))
        )
    if not fits(name, output_activation):
        raise ValueError(
            _(
                "cross_entropy needs outputs between 0 and 1: "
                "give the output layer sigmoid or softmax, not {output_activation}"
            ).format(output_activation=output_activation)
        )
    return _OF_EVERY_OUTPUT.get(name) or _CROSS_ENTROPY[output_activation]
