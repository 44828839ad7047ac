"""Texts of the confusion matrix: shares, why some of them are undefined, and hints."""

from __future__ import annotations

import csv
import io
import math

from bpviz.core.metrics.confusion import ConfusionMatrix
from bpviz.language import N_, _, ngettext
from bpviz.session.frames.predictions import Predictions
from bpviz.ui.confusion.cell import Cell
from bpviz.ui.style import formats

NO_NETWORK = N_("Press F5 to train, or F10 to take one sample.")
NO_CLASSES = N_(
    "This experiment is a regression: it has no classes,\nand so no confusion matrix. Choose a classification."
)
WAITING = N_("Waiting for the predictions…")
HINT = N_("Click a cell, or press Enter, to list its samples")
TRAINING_ROW = N_("Click or press Enter to select this sample, and to inspect it unless training runs")
TEST_ROW = N_("Test samples are not trained on: no update can be made with them, and no other panel shows them")
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
    counted, there = formats.count(matrix.n_samples), samples(predictions.n_there)
    if matrix.n_samples != predictions.n_there:
        there = _("{part} of {whole}").format(part=counted, whole=there)
    return _("accuracy {percent} · {samples}").format(percent=percent(matrix.accuracy), samples=there)


def cell_text(matrix: ConfusionMatrix, cell: Cell, names: tuple[str, ...]) -> str:
    """Return what is in a cell, in a sentence."""
    if cell.true is not None and cell.predicted is not None:
        count, row = int(matrix.counts[cell.true, cell.predicted]), int(matrix.counts[cell.true].sum())
        of_class = (
            _(", {percent} of true {names}").format(percent=percent(count / row), names=names[cell.true]) if row else ""
        )
        return f"{cell.describe(names)}: {samples(count)}{of_class}"
    if cell.true is not None:
        return _recall(matrix, cell.true, names[cell.true])
    if cell.predicted is not None:
        return _precision(matrix, cell.predicted, names[cell.predicted])
    right, total = int(matrix.right.sum()), matrix.n_samples
    if not total:
        return _("Accuracy is undefined: there are no samples (0 of 0)")
    return _("Accuracy {percent}: {count} of {samples} right").format(
        percent=percent(matrix.accuracy), count=formats.count(right), samples=samples(total)
    )


def _recall(matrix: ConfusionMatrix, number: int, name: str) -> str:
    right, total = int(matrix.counts[number, number]), int(matrix.counts[number].sum())
    if not total:
        return _("Recall of {name} is undefined: none of the samples is of this class (0 of 0)").format(name=name)
    counts = _("{count} of {samples} of the class predicted as it").format(
        count=formats.count(right), samples=samples(total)
    )
    return _("Recall of {name} {percent}: {counts}{against_others}").format(
        name=name,
        percent=percent(float(matrix.recall[number])),
        counts=counts,
        against_others=_against_others(matrix, number),
    )


def _precision(matrix: ConfusionMatrix, number: int, name: str) -> str:
    right, total = int(matrix.counts[number, number]), int(matrix.counts[:, number].sum())
    if not total:
        return _("Precision of {name} is undefined: no sample is predicted as this class (0 of 0)").format(name=name)
    counts = _("{count} of {samples} predicted as the class are of it").format(
        count=formats.count(right), samples=samples(total)
    )
    return _("Precision of {name} {percent}: {counts}{against_others}").format(
        name=name,
        percent=percent(float(matrix.precision[number])),
        counts=counts,
        against_others=_against_others(matrix, number),
    )


def _against_others(matrix: ConfusionMatrix, number: int) -> str:
    """Return the accuracy of telling a class from all others."""
    right = matrix.counts[number, number]
    wrong = matrix.counts[number].sum() + matrix.counts[:, number].sum() - 2 * right
    return _("; accuracy against all other classes {percent}").format(
        percent=percent(1 - int(wrong) / matrix.n_samples)
    )


def samples(count: int) -> str:
    """Return e.g. "1 sample", "1,400 samples"."""
    return ngettext("{count} sample", "{count} samples", count).format(count=formats.count(count))


def as_csv(matrix: ConfusionMatrix, names: tuple[str, ...]) -> str:
    """Return the matrix as CSV: a line for each true class with its recall, then precision, then the accuracy.

    What is undefined is empty.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_("true \\ predicted"), *names, _("recall")])
    for name, counts, recall in zip(names, matrix.counts.tolist(), matrix.recall.tolist(), strict=True):
        writer.writerow([name, *counts, _known(recall)])
    writer.writerow([_("precision"), *map(_known, matrix.precision.tolist()), ""])
    writer.writerow([_("accuracy"), _known(matrix.accuracy), *[""] * len(names)])
    return text.getvalue()


def _known(value: float) -> str:
    return "" if math.isnan(value) else repr(value)
