"""What the network predicts for the training and the test samples."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.confusion import ConfusionMatrix
from bpviz.core.network import Network
from bpviz.core.surface import Outputs


@dataclass(frozen=True, eq=False)
class Predictions:
    """Predictions for the training or the test samples of a classification. Read-only arrays.

    Attributes
    ----------
    samples : ndarray of int, shape (n_samples,)
        Numbers of the samples: all, or evenly spaced ones if there are too many.
    labels, predicted : ndarray of int, shape (n_samples,)
        Their true and their predicted classes.
    outputs : ndarray of float32, shape (n_samples, n_classes)
        Outputs of the network.
    losses : ndarray of shape (n_samples,)
    n_there : int
        How many samples the set has.
    """

    samples: Indices
    labels: Indices
    predicted: Indices
    outputs: Outputs
    losses: Array
    n_there: int

    def confusion(self) -> ConfusionMatrix:
        """Return the confusion matrix."""
        return ConfusionMatrix.of(self.labels, self.predicted, self.outputs.shape[1])


def predict_in_pieces(
    network: Network, inputs_and_targets: tuple[Array, Array], labels: Indices, pieces: Iterable[Indices]
) -> Generator[None, None, Predictions]:
    """Predict the samples whose numbers are in `pieces`; yield None after each piece, and return the predictions."""
    X, y = inputs_and_targets
    samples, outputs, losses = [np.empty(0, dtype=np.intp)], [np.empty((0, y.shape[1]))], [np.empty(0)]
    for chosen in pieces:
        with np.errstate(all="ignore"):
            a, loss = network.outputs_and_losses(X[chosen], y[chosen])
        samples.append(chosen)
        outputs.append(a)
        losses.append(loss)
        yield None
    numbers, a = np.concatenate(samples), np.concatenate(outputs)
    with np.errstate(all="ignore"):
        in_short = a.astype(np.float32)
    arrays = numbers, labels[numbers], a.argmax(axis=1), in_short, np.concatenate(losses)
    for array in arrays:
        array.flags.writeable = False
    return Predictions(*arrays, n_there=len(X))
