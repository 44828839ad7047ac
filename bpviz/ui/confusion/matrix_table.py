"""Table model of a confusion matrix, with recall at the right, precision below and the accuracy in the corner."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont

from bpviz.core.metrics.confusion import ConfusionMatrix
from bpviz.language import N_, _
from bpviz.ui.confusion import confusion_words as words
from bpviz.ui.confusion.cell import Cell
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.widgets.cell_table import BOLD, CellTable, Role

RECALL, PRECISION = N_("Recall %"), N_("Precision %")
#: The same where there is little room.
_SHORT = {RECALL: N_("Rec. %"), PRECISION: N_("Prec. %")}
_MOST = 255


def short(name: str) -> str:
    """Return the short form of a heading, where there is one."""
    return next((_(shorter) for heading, shorter in _SHORT.items() if _(heading) == name), name)


class MatrixTable(CellTable):
    """Shows counts, coloured by their logarithm, so that a single mistake is seen beside hundreds of right samples.

    Attributes
    ----------
    matrix : ConfusionMatrix or None
    names : tuple of str
        Names of the classes.
    listed : Cell or None
        The cell whose samples are listed.
    of_selected : Cell or None
        The cell in which the selected sample is counted.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matrix: ConfusionMatrix | None = None
        self.names: tuple[str, ...] = ()
        self.listed: Cell | None = None
        self.of_selected: Cell | None = None
        self._theme: Theme = LIGHT
        self._colours = np.zeros((0, 0, 3), dtype=np.uint8)

    def show_matrix(self, matrix: ConfusionMatrix | None, names: tuple[str, ...]) -> None:
        """Show a matrix, or nothing."""
        if matrix is not None and self.matrix is not None and names == self.names:
            if not np.array_equal(matrix.counts, self.matrix.counts):
                self.matrix = matrix
                self._restyle()
            return
        self.beginResetModel()
        self.matrix, self.names = matrix, names if matrix is not None else ()
        self._choose_colours()
        self.endResetModel()

    def mark(self, listed: Cell | None, of_selected: Cell | None) -> None:
        """Mark the cell whose samples are listed, and that of the selected sample."""
        if (listed, of_selected) != (self.listed, self.of_selected):
            self.listed, self.of_selected = listed, of_selected
            self.touch()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self._restyle()

    def _restyle(self) -> None:
        self._choose_colours()
        self.touch()

    def _choose_colours(self) -> None:
        if self.matrix is None:
            return
        sizes = np.log1p(self.matrix.counts)
        places = sizes / max(float(sizes.max(initial=0.0)), 1.0)
        table = colours.lookup(colours.count_map(self._theme))
        self._colours = table[np.ceil(_MOST * places).astype(np.uint8)]

    # Cells

    def cell(self, row: int, column: int) -> Cell:
        """Return which samples a cell is about."""
        n_classes = len(self.names)
        return Cell(row if row < n_classes else None, column if column < n_classes else None)

    def place(self, cell: Cell) -> tuple[int, int]:
        """Return row and column of a cell."""
        last = len(self.names)
        return last if cell.true is None else cell.true, last if cell.predicted is None else cell.predicted

    def n_rows(self) -> int:
        """Return the number of rows: the classes and the precision."""
        return len(self.names) + 1 if self.names else 0

    def n_columns(self) -> int:
        """Return the number of columns: the classes and the recall."""
        return self.n_rows()

    def share(self, cell: Cell) -> float:
        """Return recall, precision or accuracy of a cell that is no count; NaN if it is undefined."""
        assert self.matrix is not None
        if cell.true is not None:
            return float(self.matrix.recall[cell.true])
        return self.matrix.accuracy if cell.predicted is None else float(self.matrix.precision[cell.predicted])

    def text(self, row: int, column: int) -> str:
        """Return a count or a share."""
        cell = self.cell(row, column)
        if self.matrix is not None and cell.is_count:
            return formats.count(int(self.matrix.counts[row, column]))
        return words.share(self.share(cell))

    def accessible_text(self, row: int, column: int) -> str:
        """Return what is in a cell, in a sentence."""
        return self.describe(row, column)

    def describe(self, row: int, column: int) -> str:
        """Return what is in a cell, in a sentence."""
        assert self.matrix is not None
        return words.cell_text(self.matrix, self.cell(row, column), self.names)

    def tip(self, row: int, column: int) -> str:
        """Return what is in a cell, and what a click does."""
        return f"{self.describe(row, column)}\n{_(words.HINT)}"

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return the alignment of numbers, to the centre of their cells."""
        return Qt.AlignmentFlag.AlignCenter

    def ink(self, row: int, column: int) -> QColor:
        """Return a muted colour for zeros and for what is undefined."""
        cell = self.cell(row, column)
        if self.matrix is not None and cell.is_count:
            is_quiet = not self.matrix.counts[row, column]
        else:
            is_quiet = math.isnan(self.share(cell))
        return QColor(self._theme.muted if is_quiet else self._theme.ink)

    def light(self, row: int, column: int) -> QColor | None:
        """Return the colour of a count."""
        return QColor(*self._colours[row, column].tolist()) if self.cell(row, column).is_count else None

    def font(self, row: int, column: int) -> QFont | None:
        """Return a bold font for what is classified rightly."""
        return BOLD if row == column < len(self.names) else None

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Role.DisplayRole) -> object:
        """Return the name of a class, or that of the shares; the tooltip has all of a name that is elided."""
        if kind not in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole):
            return None
        is_across = orientation is Qt.Orientation.Horizontal
        if section >= len(self.names):
            return _(RECALL) if is_across else _(PRECISION)
        name = self.names[section]
        text = _("predicted {name}") if is_across else _("true {name}")
        return name if kind == Role.DisplayRole else text.format(name=name)
