"""RMS and mean |delta| of every neuron over the epochs, in a bounded number of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array

#: A table that would have more rows is halved: each row then stands for twice as many epochs.
MOST_ROWS = 2048
_FIRST_ROOM = 64
# Values are averaged over epochs after they are raised to these powers: RMS by its squares, means as they are.
_POWERS = np.array([[2.0], [1.0]])

Rows = npt.NDArray[np.float32]


class DeltaRecords:
    """The sizes of all deltas over the epochs; long runs have several epochs in a row, so that memory is bounded.

    Parameters
    ----------
    rows : ndarray of float32, shape (n_rows, 2, n_neurons of all layers), optional
        RMS and mean |delta|; used without copying.
    n_epochs : int, optional
    epochs_per_row : int, optional
        The last row may stand for fewer.
    """

    def __init__(self, rows: Rows | None = None, n_epochs: int = 0, epochs_per_row: int = 1) -> None:
        self._rows: Rows = np.empty((0, 2, 0), dtype=np.float32) if rows is None else rows
        self._n_epochs = n_epochs
        self.epochs_per_row = epochs_per_row

    @property
    def rows(self) -> Rows:
        """A view of all rows, shape (n_rows, 2, n_neurons)."""
        return self._rows[: n_rows(self._n_epochs, self.epochs_per_row)]

    @property
    def n_bytes(self) -> int:
        """The memory that is taken, in bytes."""
        return self._rows.nbytes

    def append(self, rms: npt.NDArray[Any], mean: npt.NDArray[Any]) -> None:
        """Append the values of one epoch, each of shape (n_neurons,)."""
        while self._n_epochs >= MOST_ROWS * self.epochs_per_row:
            self._rows = combined(self.rows, self._n_epochs, self.epochs_per_row, 2)
            self.epochs_per_row *= 2
        row, before = divmod(self._n_epochs, self.epochs_per_row)
        if row == len(self._rows):
            self._rows = _doubled(self._rows, len(rms))
        new = np.array([rms, mean], dtype=np.float64)
        if before:
            new = _with_one_more(self._rows[row].astype(np.float64), before, new)
        self._rows[row] = new
        self._n_epochs += 1

    def copy(self, n_epochs: int) -> DeltaRecords:
        """Return an independent copy of the first epochs.

        Where `n_epochs` ends inside a row, the value of the whole row stands for the epochs of it that are left.
        """
        kept = n_rows(n_epochs, self.epochs_per_row)
        return DeltaRecords(self._rows[:kept].copy(), n_epochs, self.epochs_per_row)

    def at_most(self, most: int) -> Rows:
        """Return at most `most` rows, shape (n_rows, 2, n_neurons), each for `epochs_per_row_at_most(most)` epochs."""
        return combined(self.rows, self._n_epochs, self.epochs_per_row, self._group(most))

    def epochs_per_row_at_most(self, most: int) -> int:
        """Return for how many epochs each row of `at_most` stands."""
        return self._group(most) * self.epochs_per_row

    def _group(self, most: int) -> int:
        return max(n_rows(len(self.rows), most), 1)


def n_rows(n_epochs: int, epochs_per_row: int) -> int:
    """Return how many rows a number of epochs takes."""
    return -(-n_epochs // epochs_per_row)


def combined(rows: Rows, n_epochs: int, epochs_per_row: int, group: int) -> Rows:
    """Return rows that each stand for `group` of the given ones, weighted by their epochs."""
    if group == 1 or not len(rows):
        return rows
    starts = np.arange(0, len(rows), group)
    epochs = np.minimum(n_epochs - epochs_per_row * np.arange(len(rows)), epochs_per_row).astype(np.float64)
    sums = np.add.reduceat(rows.astype(np.float64) ** _POWERS * epochs[:, None, None], starts)
    means = (sums / np.add.reduceat(epochs, starts)[:, None, None]) ** (1 / _POWERS)
    return means.astype(np.float32)


def _with_one_more(mean: Array, n_epochs: int, new: Array) -> Array:
    """Return the average over `n_epochs` and one more."""
    average: Array = ((mean**_POWERS * n_epochs + new**_POWERS) / (n_epochs + 1)) ** (1 / _POWERS)
    return average


def _doubled(rows: Rows, n_neurons: int) -> Rows:
    """Return an array with room for twice as many rows; memory for the new ones is taken as they are written."""
    made = np.empty((max(2 * len(rows), _FIRST_ROOM), 2, n_neurons), dtype=np.float32)
    if len(rows):
        made[: len(rows)] = rows
    return made
