"""How large an update is beside the weights that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.arrays import Array

if TYPE_CHECKING:
    from bpviz.core.network import Network

_MOST_SAMPLES, _LEAST_SAMPLES = 64, 4
# Some milliseconds; only networks of more than 100,000 parameters come to it.
_MULTIPLICATIONS = 20_000_000


def sample_evenly(n_samples: int, n_parameters: int) -> slice:
    """Return up to 64 evenly spaced samples, and fewer for a network so large that they would take long."""
    most = min(_MOST_SAMPLES, max(_MULTIPLICATIONS // (3 * n_parameters), _LEAST_SAMPLES))
    return slice(0, None, max(-(-n_samples // most), 1))


def update_ratios(network: Network, X: Array, y: Array, learning_rate: float) -> npt.NDArray[np.float32]:
    """Return RMS of update / RMS of W of every layer, over the updates that each sample alone would make.

    The update of W for one sample is learning_rate * outer(a_prev, delta), whose squares sum up to
    ``learning_rate**2 * (a_prev @ a_prev) * (delta @ delta)``: no outer product is formed. Where training goes by
    batches the same is asked of single samples, so that numbers compare between batch sizes. About 1e-3 is what one
    likes to see: a much larger ratio shakes the weights, a much smaller one hardly moves them.

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
        Read-only. Infinite for weights that are all zero and would be changed, NaN where they would not, and where
        numbers have left their range.
    """
    with np.errstate(all="ignore"):
        _, activations = backprop.forward(network, X)
        _, _, deltas = backprop.backward(network, activations, y)
        inputs = [X, *activations[:-1]]
        squares = [_squares(a) @ _squares(delta) / len(X) for a, delta in zip(inputs, deltas, strict=True)]
        sizes = [np.vdot(layer.weights, layer.weights) for layer in network.layers]
        # Both are means over the same weights, whose number cancels.
        ratios = (learning_rate * np.sqrt(np.array(squares) / np.array(sizes))).astype(np.float32)
    ratios.flags.writeable = False
    return ratios


def _squares(rows: Array) -> Array:
    return np.asarray(np.einsum("ij,ij->i", rows, rows))
