"""Table model of the samples behind a cell of the confusion matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt

from bpviz.core.arrays import Array, Indices
from bpviz.core.data.split import Split
from bpviz.language import _
from bpviz.session.frames.predictions import Predictions
from bpviz.ui.confusion.cell import Cell
from bpviz.ui.style import formats
from bpviz.ui.widgets.cell_table import CellTable, Role

_WIDEST = "−1.234e−88"


@dataclass(frozen=True)
class SampleColumn:
    """A column of the list.

    Attributes
    ----------
    title, tip : str
    values : ndarray of shape (n_rows,)
        What the samples are sorted by.
    text : callable
        ``text(row)`` -> the text of a cell.
    widest : str
        The widest text.
    """

    title: str
    tip: str
    values: npt.NDArray[np.floating] | Indices
    text: Callable[[int], str]
    widest: str = _WIDEST


class SampleList(CellTable):
    """Shows a row for each sample of a cell: its number, loss, outputs and inputs, in the order of one of them.

    Attributes
    ----------
    samples : ndarray of int
        Numbers of the samples, in the order of the rows.
    columns : tuple of SampleColumn
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.samples: Indices = np.empty(0, dtype=np.intp)
        self.columns: tuple[SampleColumn, ...] = ()
        self._order: Indices = np.empty(0, dtype=np.intp)
        self._sorted_by, self._descends = 0, False
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
            self._sorted_by, self._descends = 0, False
        order = self._ordered(columns)
        samples = predictions.samples[rows][order]
        if is_same and np.array_equal(samples, self.samples):  # keeps the current row
            self.columns, self._order = columns, order
            self.touch()
            return
        self.beginResetModel()
        self.samples, self.columns, self._order = samples, columns, order
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the samples by a column; those with equal values stay in the order of their numbers."""
        self.beginResetModel()
        self._sorted_by, self._descends = max(column, 0), order is Qt.SortOrder.DescendingOrder
        by_number = self.samples[np.argsort(self._order)]
        self._order = self._ordered(self.columns)
        self.samples = by_number[self._order]
        self.endResetModel()

    def _ordered(self, columns: tuple[SampleColumn, ...]) -> Indices:
        if not columns:
            return np.empty(0, dtype=np.intp)
        values = columns[self._sorted_by].values
        return np.argsort(-values if self._descends else values, kind="stable")

    def place_of(self, sample: int | None) -> int | None:
        """Return the row of a sample, None if it is not listed."""
        if sample is None:
            return None
        found = np.flatnonzero(self.samples == sample)
        return int(found[0]) if len(found) else None

    # Cells

    def n_rows(self) -> int:
        """Return the number of samples."""
        return len(self.samples)

    def n_columns(self) -> int:
        """Return the number of columns."""
        return len(self.columns)

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        return self.columns[column].text(int(self._order[row]))

    def tip(self, row: int, column: int) -> str:
        """Return what is in a cell, and what a click does."""
        return f"{self.columns[column].tip}: {self.text(row, column)}\n{self._what_a_click_does}"

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return the alignment of numbers, to the right."""
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Role.DisplayRole) -> object:
        """Return the title, tooltip or alignment of a column."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        match kind:
            case Role.DisplayRole:
                arrow = (" ▾" if self._descends else " ▴") if section == self._sorted_by else ""
                return f"{self.columns[section].title}{arrow}"
            case Role.ToolTipRole:
                return _("{tip}\nClick to sort").format(tip=self.columns[section].tip)
            case Role.TextAlignmentRole:
                return self.alignment(section)
        return None


def _columns(
    predictions: Predictions, rows: Indices, cell: Cell, inputs: Array, split: Split
) -> tuple[SampleColumn, ...]:
    samples, names = predictions.samples[rows], split.output_names
    made = [SampleColumn(_("Sample"), _("Number of the sample"), samples, _counts(samples), "100,000")]
    for is_wanted, title, classes in (
        (cell.true is None, _("True"), predictions.labels[rows]),
        (cell.predicted is None, _("Predicted"), predictions.predicted[rows]),
    ):
        if is_wanted:
            made.append(
                SampleColumn(
                    title, _("{title} class").format(title=title), classes, _named(classes, names), max(names, key=len)
                )
            )
    losses = predictions.losses[rows]
    made.append(SampleColumn(_("Loss"), _("Loss of the sample"), losses, _numbers(losses)))
    for number, values in enumerate(predictions.outputs[rows].T):
        title = split.class_title(number)
        made.append(
            SampleColumn(f"a {names[number]}", _("Output for {title}").format(title=title), values, _numbers(values, 3))
        )
    for name, values in zip(split.input_names, split.scaling.undo(inputs[samples]).T, strict=True):
        made.append(SampleColumn(name, _("Input {name}").format(name=name), values, _numbers(values)))
    return tuple(made)


def _counts(values: Indices) -> Callable[[int], str]:
    return lambda row: formats.count(int(values[row]))


def _named(values: Indices, names: tuple[str, ...]) -> Callable[[int], str]:
    return lambda row: names[values[row]]


def _numbers(values: npt.NDArray[np.floating], digits: int = 4) -> Callable[[int], str]:
    return lambda row: formats.number(float(values[row]), digits)
