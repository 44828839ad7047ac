"""What a step on one sample would do to the loss of every other, to first order and without making it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


class FirstOrder:
    """Predicts from activations and deltas how a step on one sample would change the losses of all.

    A step on sample i changes the loss of sample j, to first order, by ``-learning_rate * g_i @ g_j``, with g the
    gradient of a sample's loss by all weights and biases. In each layer g is outer(a_prev, delta) and, for the biases,
    delta. So the product of two gradients is the sum over layers of ``(a_i @ a_j + 1) * (delta_i @ delta_j)``, and no
    gradient is formed: two products of a matrix with a vector a layer.

    Parameters
    ----------
    inputs : sequence of ndarray, each of shape (n_samples, n_in)
        a_prev of layers 1..L: the inputs of the network, then the activations of all layers but the last.
    deltas : sequence of ndarray, each of shape (n_samples, n_neurons)
        Deltas of layers 1..L, whatever the loss and the activation of the output layer.
    train_biases : bool
        Whether a step changes biases; without them there is no "+ 1".
    """

    def __init__(self, inputs: Sequence[Floats], deltas: Sequence[Floats], *, train_biases: bool) -> None:
        self._layers = tuple(zip(inputs, deltas, strict=True))
        self._bias = 1.0 if train_biases else 0.0

    def change(self, row: int, learning_rate: float) -> Floats:
        """Return the change of every sample's loss by a step on the sample in a row, shape (n_samples,)."""
        with np.errstate(all="ignore"):
            products = ((a @ a[row] + self._bias) * (delta @ delta[row]) for a, delta in self._layers)
            return np.asarray(reduce(np.add, products) * -learning_rate)
