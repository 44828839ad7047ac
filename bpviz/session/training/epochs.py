"""The records of all epochs, stored in columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array
from bpviz.core.metrics.scores import RegressionScores
from bpviz.session.training.delta_records import DeltaRecords, n_rows

COLUMNS = ("epoch", "mse_train", "mse_test", "accuracy_train", "accuracy_test")
#: The columns that a regression has as well; its accuracies are NaN.
REGRESSION_COLUMNS = RegressionScores._fields
#: Mean L_s over the training and the test samples, and what the penalties add to the first: the sum is minimised.
LOSS_COLUMNS = ("loss_train", "loss_test", "penalty")
_NUMBERS = (*COLUMNS, "mistakes", *LOSS_COLUMNS)


class Losses(NamedTuple):
    """Mean L_s over the training and the test samples, and what the penalties add; NaN where it was not kept."""

    train: float = math.nan
    test: float = math.nan
    penalty: float = math.nan


NO_LOSSES = Losses()
Number = TypeVar("Number", bound=np.generic)


@dataclass
class EpochTable:
    """The records of all epochs in growing arrays, which take only a few bytes per number.

    Scores and update ratios are kept for every epoch; of the deltas of single neurons long runs keep averages over
    several epochs, see `DeltaRecords`.
    """

    _numbers: Array = field(default_factory=lambda: np.empty((256, len(_NUMBERS))))
    _deltas: DeltaRecords = field(default_factory=DeltaRecords)
    _updates: npt.NDArray[np.float32] = field(default_factory=lambda: np.empty((256, 0), dtype=np.float32))
    _length: int = 0
    _fits: Array = field(default_factory=lambda: np.empty((256, 0)))

    def __len__(self) -> int:
        return self._length

    def extend(self, records: Iterable[EpochRecord]) -> None:
        """Append records. The arrays double when they are full, so that appending costs the same on average."""
        for record in records:
            if not self._length:
                self._updates = np.empty((len(self._numbers), len(record.update_ratio)), dtype=np.float32)
                self._fits = np.empty((len(self._numbers), len(record.regression or ())))
            if self._length == len(self._numbers):
                self._numbers, self._updates = _doubled(self._numbers), _doubled(self._updates)
                self._fits = _doubled(self._fits)
            kept = (getattr(record, name) for name in (*COLUMNS, "mistakes"))
            self._numbers[self._length] = [*kept, *record.losses]
            self._deltas.append(record.delta_rms, record.delta_mean)
            self._updates[self._length] = record.update_ratio
            self._fits[self._length] = record.regression or ()
            self._length += 1

    def copy(self, length: int | None = None) -> EpochTable:
        """Return an independent copy of all epochs, or of the first `length`."""
        kept = len(self) if length is None else min(len(self), length)
        room = max(kept, 1)
        updates, fits = self._updates[:room].copy(), self._fits[:room].copy()
        return EpochTable(self._numbers[:room].copy(), self._deltas.copy(kept), updates, kept, fits)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return views of all columns, with the shapes that `layout` returns; empty for an empty table."""
        if not self._length:
            return {}
        numbers, updates = self._numbers[: self._length], self._updates[: self._length]
        fits = {"fits": self._fits[: self._length]} if self.is_regression else {}
        return {"numbers": numbers, "deltas": self._deltas.rows, "updates": updates, **fits}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], epochs_per_delta_row: int = 1) -> EpochTable:
        """Return a table with arrays as `arrays` returns them; those of scores and ratios are not copied.

        Those of a file of format 1 to 4 have no losses, which are NaN then.
        """
        if not arrays:
            return cls()
        length, numbers = len(arrays["numbers"]), arrays["numbers"]
        if missing := len(_NUMBERS) - numbers.shape[1]:
            numbers = np.hstack((numbers, np.full((length, missing), np.nan)))
        deltas = DeltaRecords(arrays["deltas"].copy(), length, epochs_per_delta_row)
        return cls(numbers, deltas, arrays["updates"], length, arrays.get("fits", np.empty((length, 0))))

    @property
    def is_regression(self) -> bool:
        """Whether its epochs are those of a regression; False while there are none."""
        return bool(self._fits.shape[1])

    def column(self, name: str) -> Array:
        """Return a view of a column, shape (n_epochs,).

        Columns are `COLUMNS`, "mistakes", `LOSS_COLUMNS` and `REGRESSION_COLUMNS`.

        A classification has NaN in the columns of a regression.
        """
        if name in REGRESSION_COLUMNS:
            fits = self._fits[: self._length]
            return fits[:, REGRESSION_COLUMNS.index(name)] if self.is_regression else np.full(self._length, np.nan)
        return self._numbers[: self._length, _NUMBERS.index(name)]

    @property
    def numbers(self) -> Array:
        """The number of each epoch on screen and in exports: how many passes are complete at its end, from 1.

        The column "epoch" counts from 0, as the article's lines and the session file do.
        """
        return self.column("epoch") + 1

    @property
    def deltas(self) -> DeltaRecords:
        """RMS and mean |delta| of every neuron."""
        return self._deltas

    @property
    def update_ratio(self) -> npt.NDArray[np.float32]:
        """A view of the ratios of RMS update to RMS weight, shape (n_epochs, n_layers)."""
        return self._updates[: self._length]

    def row(self, index: int) -> tuple[int, float, float, float, float]:
        """Return epoch, mse_train, mse_test, accuracy_train, accuracy_test of one row."""
        epoch, mse_train, mse_test, accuracy_train, accuracy_test, *_ = self._numbers[: self._length][index].tolist()
        return int(epoch), mse_train, mse_test, accuracy_train, accuracy_test

    def rows(self) -> Iterable[tuple[int, float, float, float, float]]:
        """Return an iterator over the rows, as `row` returns them."""
        return (self.row(index) for index in range(self._length))


def _doubled(array: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Return an array with room for twice as many rows; memory for the new ones is taken as they are written."""
    made = np.empty((2 * len(array), *array.shape[1:]), dtype=array.dtype)
    made[: len(array)] = array
    return made


def layout(
    length: int,
    sizes: tuple[int, ...],
    epochs_per_delta_row: int = 1,
    *,
    is_regression: bool = False,
    has_losses: bool = True,
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Return name -> (dtype, shape) of the arrays of a table.

    Parameters
    ----------
    length : int
        Number of epochs.
    sizes : tuple of int
        Widths of all layers of the network, the inputs included.
    epochs_per_delta_row : int, optional
        For how many epochs a row of "deltas" stands.
    is_regression : bool
        Whether there are the scores of a regression, "fits".
    has_losses : bool
        Whether there are the losses, which files of formats 1 to 4 do not have.
    """
    if not length:
        return {}
    fits = {"fits": ("<f8", (length, len(REGRESSION_COLUMNS)))} if is_regression else {}
    return {
        "numbers": ("<f8", (length, len(_NUMBERS) - (0 if has_losses else len(LOSS_COLUMNS)))),
        "deltas": ("<f4", (n_rows(length, epochs_per_delta_row), 2, sum(sizes[1:]))),
        "updates": ("<f4", (length, len(sizes) - 1)),
        **fits,
    }


@dataclass(frozen=True)
class EpochRecord:
    """The results of one epoch.

    Attributes
    ----------
    epoch : int
        Counted from 0, as in the article; see `EpochTable.numbers` for what is shown.
    mse_train, mse_test : float
    accuracy_train, accuracy_test : float
        Fractions, 0 to 1; NaN for a regression.
    delta_rms : ndarray of float32
        Root mean square delta of every neuron over the epoch's samples, each at its own update, layer after layer.
    delta_mean : ndarray of float32
        Mean |delta| of every neuron over the same samples.
    mistakes : int
        Number of training samples that were misclassified before their update.
    update_ratio : ndarray of float32, shape (n_layers,)
        RMS of update / RMS of W of every layer at the end of the epoch, over evenly spaced training samples; see
        `bpviz.core.metrics.update_ratio.update_ratios`.
    regression : RegressionScores or None
        None for a classification.
    losses : Losses
    """

    epoch: int
    mse_train: float
    mse_test: float
    accuracy_train: float
    accuracy_test: float
    delta_rms: npt.NDArray[np.float32]
    delta_mean: npt.NDArray[np.float32]
    mistakes: int
    update_ratio: npt.NDArray[np.float32]
    regression: RegressionScores | None = None
    losses: Losses = NO_LOSSES
