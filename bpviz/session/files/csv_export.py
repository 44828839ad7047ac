"""Exports for other programs: epoch records, hits and ledgers as CSV, weights as a numpy archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.session.debugging.breakpoints import Hit
from bpviz.session.effects.ledger import Ledger
from bpviz.session.files.safe_write import write_atomically
from bpviz.session.sharing.numbers import Numbers, csv_text
from bpviz.session.sharing.panel_numbers import history_numbers
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.training import Training


def write_numbers(path: Path, numbers: Numbers, *, n_planted: int = 0) -> None:
    """Write numbers as CSV; a run with planted mistakes has a column more, which says so in every row.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    content = csv_text(numbers, n_planted=n_planted).encode()
    write_atomically(path, lambda file: file.write(content))


def write_history(table: EpochTable, path: Path, *, n_planted: int = 0) -> None:
    """Write the epoch records as CSV, one row per epoch, numbers in full precision, accuracy as a fraction, 0 to 1.

    A regression has R² and the mean absolute error in place of accuracy. Losses are means of L_s, and what is minimised
    is the training loss plus the penalty; both are NaN in epochs of old files. The epoch of a row is the number of
    passes that are complete, from 1.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    write_numbers(path, history_numbers(table), n_planted=n_planted)


def write_weights(training: Training, path: Path) -> None:
    """Write W1, b1, W2, ... and the experiment, as JSON, to an archive for `numpy.load`.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    arrays = {"experiment": np.array(training.experiment.to_json())}
    for number, layer in enumerate(training.network.layers, start=1):
        arrays |= {f"W{number}": layer.weights, f"b{number}": layer.bias}
    write_atomically(path, lambda file: np.savez(file, allow_pickle=False, **arrays))


HIT_COLUMNS = ("hit", "epoch", "samples_done", "operations_done", "sample", "condition", "value")


def write_hits(path: Path, hits: Iterable[Hit], *, n_planted: int = 0) -> None:
    """Write hits as CSV, one row per condition of each hit, oldest first, numbers in full precision.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    rows = (row for number, hit in enumerate(hits, start=1) for row in _rows(number, hit))
    write_numbers(path, Numbers(HIT_COLUMNS, rows), n_planted=n_planted)


LEDGER_COLUMNS = ("epoch", "samples_done", "samples", "n_samples", "n_right", "loss_before", "loss_after")
LEDGER_SCORES = ("update_norm", "mse_before", "mse_after")


def write_ledger(path: Path, ledger: Ledger, rows: Indices, *, n_planted: int = 0) -> None:
    """Write some rows of a ledger as CSV in the given order, numbers in full precision.

    The samples of a batch are in one column, separated by spaces; `delta_rms_1` and so on are RMS deltas of the layers.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    layers = tuple(f"delta_rms_{number}" for number in range(1, ledger.delta_rms.shape[1] + 1))
    columns = (*LEDGER_COLUMNS, *layers, *LEDGER_SCORES)
    found = (_ledger_row(ledger, row) for row in rows.tolist())
    write_numbers(path, Numbers(columns, found), n_planted=n_planted)


def _ledger_row(ledger: Ledger, row: int) -> tuple[object, ...]:
    samples = ledger.samples[row].tolist()
    where = ledger.epoch, int(ledger.starts[row]), " ".join(map(str, samples)), len(samples), int(ledger.n_right[row])
    losses = float(ledger.loss_before[row]), float(ledger.loss_after[row])
    scores = (float(each[row]) for each in (ledger.update_norm, ledger.mse_before, ledger.mse_after))
    return (*where, *losses, *ledger.delta_rms[row].tolist(), *scores)


def _rows(number: int, hit: Hit) -> Iterator[tuple[object, ...]]:
    where = (number, hit.position.epoch, hit.position.sample, hit.position.operation, hit.sample)
    for condition, value in zip(hit.breakpoint.conditions, hit.values, strict=True):
        yield (*where, condition.describe(), float(value))
