"""Table model of the samples behind a cell of the confusion matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject

from bpviz.core.arrays import Array, Indices
from bpviz.core.data.split import Split
from bpviz.language import _
from bpviz.session.frames.predictions import Predictions
from bpviz.ui.confusion.cell import Cell
from bpviz.ui.style import formats
from bpviz.ui.widgets.cell_table import SortedColumn, SortedTable


class SampleList(SortedTable):
    """Shows a row for each sample of a cell: its number, loss, outputs and inputs, in the order of one of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers: Indices = np.empty(0, dtype=np.intp)
        self._what_a_click_does = ""

    def tell(self, predictions: Predictions, cell: Cell, inputs: Array, split: Split, what_a_click_does: str) -> None:
        """Show the samples of a cell.

        Parameters
        ----------
        predictions : Predictions
        cell : Cell
        inputs : ndarray of shape (n_there, n_inputs)
            Inputs of all samples of the set, as the network sees them.
        split : Split
            Names classes and inputs, and knows the units of inputs.
        what_a_click_does : str
            For the tooltips.
        """
        rows = cell.rows(predictions)
        columns = _columns(predictions, rows, cell, inputs, split)
        self._what_a_click_does = what_a_click_does
        is_same = [each.title for each in columns] == [each.title for each in self.columns]
        if not is_same:
            self.sorted_by, self.descends = 0, False
        numbers = predictions.samples[rows]
        order = self.in_order(columns, np.arange(len(numbers)))
        if is_same and np.array_equal(numbers[order], self.samples):  # keeps the current row
            self._numbers, self.columns, self.rows = numbers, columns, order
            self.touch()
            return
        self.beginResetModel()
        self._numbers, self.columns, self.rows = numbers, columns, order
        self.endResetModel()

    @property
    def samples(self) -> Indices:
        """Numbers of the samples, in the order of the rows."""
        return self._numbers[self.rows]

    def listed(self) -> Indices:
        """Return all rows, in the order of the numbers of their samples."""
        return np.arange(len(self._numbers))

    def place_of(self, sample: int | None) -> int | None:
        """Return the row of a sample, None if it is not listed."""
        if sample is None:
            return None
        found = np.flatnonzero(self.samples == sample)
        return int(found[0]) if len(found) else None

    # Cells

    def tip(self, row: int, column: int) -> str:
        """Return what is in a cell, and what a click does."""
        return f"{self.columns[column].tip}: {self.text(row, column)}\n{self._what_a_click_does}"


def _columns(
    predictions: Predictions, rows: Indices, cell: Cell, inputs: Array, split: Split
) -> tuple[SortedColumn, ...]:
    samples, names = predictions.samples[rows], split.output_names
    made = [SortedColumn(_("Sample"), _("Number of the sample"), samples, _counts(samples), "100,000")]
    for is_wanted, title, classes in (
        (cell.true is None, _("True"), predictions.labels[rows]),
        (cell.predicted is None, _("Predicted"), predictions.predicted[rows]),
    ):
        if is_wanted:
            made.append(
                SortedColumn(
                    title, _("{title} class").format(title=title), classes, _named(classes, names), max(names, key=len)
                )
            )
    losses = predictions.losses[rows]
    made.append(SortedColumn(_("Loss"), _("Loss of the sample"), losses, _numbers(losses)))
    for number, values in enumerate(predictions.outputs[rows].T):
        title = split.class_title(number)
        made.append(
            SortedColumn(f"a {names[number]}", _("Output for {title}").format(title=title), values, _numbers(values, 3))
        )
    for name, values in zip(split.input_names, split.scaling.undo(inputs[samples]).T, strict=True):
        made.append(SortedColumn(name, _("Input {name}").format(name=name), values, _numbers(values)))
    return tuple(made)


def _counts(values: Indices) -> Callable[[int], str]:
    return lambda row: formats.count(int(values[row]))


def _named(values: Indices, names: tuple[str, ...]) -> Callable[[int], str]:
    return lambda row: names[values[row]]


def _numbers(values: npt.NDArray[np.floating], digits: int = 4) -> Callable[[int], str]:
    return lambda row: formats.number(float(values[row]), digits)
