"""Running sums over the samples of an epoch, collected during training."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, apart


class Statistics:
    """Sums over the samples trained on so far, in one packed vector that a checkpoint copies and restores.

    Parameters
    ----------
    n_neurons : int
        Number of neurons in all layers, without the inputs.

    Attributes
    ----------
    packed : ndarray of shape (2 * n_neurons + 1,)
        `squares`, `sizes` and the number of mistakes.
    squares, sizes : ndarray of shape (n_neurons,)
        Views of `packed`: sums of delta**2 and of |delta| of each neuron, layer after layer.
    """

    def __init__(self, n_neurons: int) -> None:
        self.packed: Array = apart(2 * n_neurons + 1)
        self.squares, self.sizes = self.packed[:n_neurons], self.packed[n_neurons:-1]

    @property
    def mistakes(self) -> int:
        """Number of samples that were misclassified before their update."""
        return int(self.packed[-1])

    @property
    def is_finite(self) -> bool:
        """Whether every delta so far, and its square, was finite."""
        return bool(np.isfinite(self.packed).all())

    def add(self, deltas: Array, outputs: Array, y: Array) -> None:
        """Add the deltas and outputs of some samples.

        Parameters
        ----------
        deltas : ndarray of shape (n_samples, n_neurons)
            Overwritten with the absolute values.
        outputs, y : ndarray of shape (n_samples, n_outputs)
        """
        with np.errstate(all="ignore"):
            self.squares += np.einsum("ij,ij->j", deltas, deltas)
            self.sizes += np.abs(deltas, out=deltas).sum(axis=0)
        self.packed[-1] += np.count_nonzero(_largest(outputs) != _largest(y))

    def means(self, samples: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return RMS delta and mean |delta| of each neuron over a number of samples, as read-only arrays."""
        n = max(samples, 1)
        with np.errstate(all="ignore"):
            both = np.sqrt(self.squares / n).astype(np.float32), (self.sizes / n).astype(np.float32)
        for array in both:
            array.flags.writeable = False
        return both

    def clear(self) -> None:
        """Reset all sums to 0."""
        self.packed[:] = 0.0


def _largest(values: Array) -> npt.NDArray[np.intp] | npt.NDArray[np.bool_]:
    """Return the column of each row's largest value; for two columns by a comparison, ten times faster than argmax."""
    return values[:, 1] > values[:, 0] if values.shape[1] == 2 else values.argmax(axis=1)
