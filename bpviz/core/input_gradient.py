"""The gradient of the loss with respect to the inputs: which of them make the loss of a sample."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array


def input_gradient(W: Array, delta: Array) -> Array:
    """Return dL_s/dx of a sample, or of each sample of a batch.

    With z_1 = x @ W_1 + b_1 and delta_1 = dL_s/dz_1 the chain rule gives dL_s/dx_i as the sum over the neurons j of
    layer 1 of delta_1j * W_1ij, or for all inputs

        dL_s/dx = delta_1 @ W_1.T

    It is what the error of a layer before the first would be. Where it is positive, a larger input raises the loss.

    Parameters
    ----------
    W : ndarray of shape (n_inputs, n_neurons)
        The weights of layer 1.
    delta : ndarray of shape (n_neurons,) or (n_samples, n_neurons)
        The deltas of layer 1.

    Returns
    -------
    ndarray of shape (n_inputs,) or (n_samples, n_inputs)
    """
    return np.asarray(delta @ W.T)
