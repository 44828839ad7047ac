"""Analytic gradients against numerical ones, by central differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.arrays import Array
from bpviz.core.network import NeuralNetwork

EPSILON = 1e-5
# Right gradients lie closer together than this.
TOLERANCE = 1e-5
# A component a thousand times below the layer's largest is compared on that scale: below it
# the numerical gradient has no digits of its own left.
_RELATIVE_FLOOR = 1e-3


@dataclass(frozen=True)
class LayerCheck:
    """How far the two gradients of one layer lie apart.

    Attributes
    ----------
    layer : int
        Counted from 1.
    worst : float
        The largest relative error over its weights and biases; below `TOLERANCE` where backpropagation is right.
    analytic, numerical : ndarray of shape (n_parameters,)
        dLoss/dW row by row, then dLoss/db.
    """

    layer: int
    worst: float
    analytic: Array
    numerical: Array


def numerical_gradient(network: NeuralNetwork, x: Array, y: Array, epsilon: float = EPSILON) -> Array:
    """Return (loss(p + epsilon) - loss(p - epsilon)) / (2 epsilon) for every parameter p.

    The network is left as it was.
    """
    probe = network.copy()
    gradient = np.empty_like(probe.parameters)
    for index, value in enumerate(network.parameters):
        losses = []
        for moved in (value + epsilon, value - epsilon):
            probe.parameters[index] = moved
            losses.append(float(np.mean(probe.loss.value(probe.feed_forward(x), y))))
        probe.parameters[index] = value
        gradient[index] = (losses[0] - losses[1]) / (2 * epsilon)
    return gradient


def relative_error(analytic: Array, numerical: Array, smallest: float = np.finfo(np.float64).tiny) -> Array:
    """Return |a - n| / max(|a|, |n|), with a floor of a thousandth of the largest component, or of `smallest`."""
    scale = np.maximum(np.abs(analytic), np.abs(numerical))
    floor = max(_RELATIVE_FLOOR * float(scale.max(initial=0.0)), smallest)
    return np.asarray(np.abs(analytic - numerical) / np.maximum(scale, floor))


def check(network: NeuralNetwork, x: npt.ArrayLike, y: npt.ArrayLike, epsilon: float = EPSILON) -> list[LayerCheck]:
    """Compare the gradients of every layer, for one sample or the mean loss of a batch.

    Parameters
    ----------
    network : NeuralNetwork
    x : array_like of shape (n_inputs,) or (n_samples, n_inputs)
    y : array_like of shape (n_outputs,) or (n_samples, n_outputs)
    epsilon : float
        Half the distance of the central difference.

    Returns
    -------
    list of LayerCheck
        Layers 1..L.
    """
    done = backprop.trace(network, x, y)
    # What rounding leaves of the difference of two equal losses; it counts as much as the tolerance and no more,
    # or the vanishing gradients of a deep network would look wrong.
    rounding = np.finfo(np.float64).eps * max(1.0, done.loss) / epsilon
    numerical, start, checks = numerical_gradient(network, done.x, done.y, epsilon), 0, []
    for number, layer in enumerate(done.layers, start=1):
        analytic = np.concatenate((layer.dW.ravel(), layer.db))
        there = numerical[start : start + len(analytic)]
        checks.append(
            LayerCheck(number, float(relative_error(analytic, there, rounding / TOLERANCE).max()), analytic, there)
        )
        start += len(analytic)
    return checks
