"""The size of an update relative to the weights that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.arrays import Array

if TYPE_CHECKING:
    from bpviz.core.network import Network

_MOST_SAMPLES, _LEAST_SAMPLES = 64, 4
# Some milliseconds of work; only networks of more than 100,000 parameters exceed it.
_MULTIPLICATIONS = 20_000_000


def sample_evenly(n_samples: int, n_parameters: int) -> slice:
    """Return a slice of up to 64 evenly spaced samples, fewer for a large network."""
    most = min(_MOST_SAMPLES, max(_MULTIPLICATIONS // (3 * n_parameters), _LEAST_SAMPLES))
    return slice(0, None, max(-(-n_samples // most), 1))


def update_ratios(network: Network, X: Array, y: Array, learning_rate: float) -> npt.NDArray[np.float32]:
    """Return RMS of update / RMS of W of every layer, over updates with single samples.

    The update of W for one sample is learning_rate * outer(a_prev, delta), whose squares sum up to
    ``learning_rate**2 * (a_prev @ a_prev) * (delta @ delta)``: no outer product is formed. Single samples are used for
    every batch size, so that ratios of different batch sizes can be compared. A usual value is about 1e-3: with a much
    larger ratio the weights fluctuate, with a much smaller one they hardly change.

    Parameters
    ----------
    network : Network
        It is read, never changed.
    X : ndarray of shape (n_samples, n_inputs)
    y : ndarray of shape (n_samples, n_outputs)
    learning_rate : float

    Returns
    -------
    ndarray of float32, shape (n_layers,)
        Read-only. Infinite if all weights are zero and the update is not; NaN if both are zero or a number is not
        finite.
    """
    with np.errstate(all="ignore"):
        zs, activations = backprop.forward(network, X)
        _, _, deltas = backprop.backward(network, zs, activations, y)
        inputs = [X, *activations[:-1]]
        squares = [_squares(a) @ _squares(delta) / len(X) for a, delta in zip(inputs, deltas, strict=True)]
        sizes = [np.vdot(layer.weights, layer.weights) for layer in network.layers]
        # The number of weights cancels in the ratio of the two means.
        ratios = (learning_rate * np.sqrt(np.array(squares) / np.array(sizes))).astype(np.float32)
    ratios.flags.writeable = False
    return ratios


def _squares(rows: Array) -> Array:
    return np.asarray(np.einsum("ij,ij->i", rows, rows))
