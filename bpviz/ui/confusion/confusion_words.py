"""Texts of the confusion matrix: shares, why some of them are undefined, and hints."""

from __future__ import annotations

import csv
import io
import math

from bpviz.core.metrics.confusion import ConfusionMatrix
from bpviz.session.frames.predictions import Predictions
from bpviz.ui.confusion.cell import Cell
from bpviz.ui.style import formats

NO_NETWORK = "Press F5 to train, or F10 to take one sample."
NO_CLASSES = "This experiment is a regression: it has no classes,\nand so no confusion matrix. Choose a classification."
WAITING = "Waiting for the predictions…"
HINT = "Click a cell, or press Enter, to list its samples"
TRAINING_ROW = "Click or press Enter to select this sample, and to inspect it unless training runs"
TEST_ROW = "Test samples are not trained on: no update can be made with them, and no other panel shows them"
UNDEFINED = "–"


def share(value: float) -> str:
    """Return a fraction as a percentage with one decimal; only 1 is 100, and what is undefined is a dash."""
    if math.isnan(value):
        return UNDEFINED
    if value in (0.0, 1.0):
        return f"{100 * value:.0f}"
    return f"{min(max(100 * value, 0.1), 99.9):.1f}"


def percent(value: float) -> str:
    """Return a fraction as `share` does, with its unit."""
    return UNDEFINED if math.isnan(value) else f"{share(value)} %"


def caption(matrix: ConfusionMatrix, predictions: Predictions) -> str:
    """Return the accuracy, and how many samples are counted."""
    counted, there = formats.count(matrix.n_samples), formats.count(predictions.n_there)
    of = counted if matrix.n_samples == predictions.n_there else f"{counted} of {there}"
    return f"accuracy {percent(matrix.accuracy)} · {of} {'sample' if predictions.n_there == 1 else 'samples'}"


def cell_text(matrix: ConfusionMatrix, cell: Cell, names: tuple[str, ...]) -> str:
    """Return what is in a cell, in a sentence."""
    if cell.true is not None and cell.predicted is not None:
        count, row = int(matrix.counts[cell.true, cell.predicted]), int(matrix.counts[cell.true].sum())
        of_class = f", {percent(count / row)} of true {names[cell.true]}" if row else ""
        return f"{cell.describe(names)}: {samples(count)}{of_class}"
    if cell.true is not None:
        return _recall(matrix, cell.true, names[cell.true])
    if cell.predicted is not None:
        return _precision(matrix, cell.predicted, names[cell.predicted])
    right, total = int(matrix.right.sum()), matrix.n_samples
    if not total:
        return "Accuracy is undefined: there are no samples (0 of 0)"
    return f"Accuracy {percent(matrix.accuracy)}: {formats.count(right)} of {samples(total)} right"


def _recall(matrix: ConfusionMatrix, number: int, name: str) -> str:
    right, total = int(matrix.counts[number, number]), int(matrix.counts[number].sum())
    if not total:
        return f"Recall of {name} is undefined: none of the samples is of this class (0 of 0)"
    counts = f"{formats.count(right)} of {samples(total)} of the class predicted as it"
    return f"Recall of {name} {percent(float(matrix.recall[number]))}: {counts}{_against_others(matrix, number)}"


def _precision(matrix: ConfusionMatrix, number: int, name: str) -> str:
    right, total = int(matrix.counts[number, number]), int(matrix.counts[:, number].sum())
    if not total:
        return f"Precision of {name} is undefined: no sample is predicted as this class (0 of 0)"
    counts = f"{formats.count(right)} of {samples(total)} predicted as the class are of it"
    return f"Precision of {name} {percent(float(matrix.precision[number]))}: {counts}{_against_others(matrix, number)}"


def _against_others(matrix: ConfusionMatrix, number: int) -> str:
    """Return the accuracy of telling a class from all others."""
    right = matrix.counts[number, number]
    wrong = matrix.counts[number].sum() + matrix.counts[:, number].sum() - 2 * right
    return f"; accuracy against all other classes {percent(1 - int(wrong) / matrix.n_samples)}"


def samples(count: int) -> str:
    """Return e.g. "1 sample", "1,400 samples"."""
    return f"{formats.count(count)} {'sample' if count == 1 else 'samples'}"


def as_csv(matrix: ConfusionMatrix, names: tuple[str, ...]) -> str:
    """Return the matrix as CSV: a line for each true class with its recall, then precision, then the accuracy.

    What is undefined is empty.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["true \\ predicted", *names, "recall"])
    for name, counts, recall in zip(names, matrix.counts.tolist(), matrix.recall.tolist(), strict=True):
        writer.writerow([name, *counts, _known(recall)])
    writer.writerow(["precision", *map(_known, matrix.precision.tolist()), ""])
    writer.writerow(["accuracy", _known(matrix.accuracy), *[""] * len(names)])
    return text.getvalue()


def _known(value: float) -> str:
    return "" if math.isnan(value) else repr(value)
