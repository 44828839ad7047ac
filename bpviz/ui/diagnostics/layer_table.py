"""A table of the deltas of all layers, from the output layer down, in the order of backpropagation."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from bpviz.language import N_, _
from bpviz.session.diagnostics.layer_diagnosis import LayerDiagnosis
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.cell_table import Column, RecordTable

_COLUMNS = (
    Column(N_("layer"), N_("Number of the layer, from 1; the output layer is at the top"), is_number=True),
    Column(N_("largest"), N_("Largest |delta| of the layer's neurons"), is_number=True),
    Column(N_("RMS delta"), N_("Root mean square of the layer's deltas"), is_number=True),
    Column(
        N_("× weights"),
        N_("RMS error of this layer / RMS delta of the layer above: the effect of the weights"),
        is_number=True,
    ),
    Column(N_("× slopes"), N_("RMS delta / RMS error: the effect of the slopes"), is_number=True),
    Column(N_("change"), N_("Change from the layer above, and its cause")),
)
_LARGEST, _SENTENCE = 1, len(_COLUMNS) - 1


class _Table(RecordTable):
    def __init__(self, parent: QObject) -> None:
        super().__init__(_COLUMNS, parent)
        self.stories: tuple[LayerDiagnosis, ...] = ()
        self._cells: list[tuple[str, ...]] = []

    def tell(self, stories: tuple[LayerDiagnosis, ...]) -> None:
        same = len(stories) == len(self.stories)
        if not same:
            self.beginResetModel()
        self.stories, self._cells = stories, [_row(story) for story in stories]
        if not same:
            self.endResetModel()
        else:
            self.touch()

    def n_rows(self) -> int:
        return len(self._cells)

    def text(self, row: int, column: int) -> str:
        return self._cells[row][column]

    def tip(self, row: int, column: int) -> str:
        return self._cells[row][_SENTENCE]


# Minimum width of the sentence in characters.
_LEAST_SENTENCE = 14


class LayerTable(QTableView):
    """Table view with a row for each layer.

    Signals
    -------
    opened : int
        Layer whose row was double-clicked or activated with Enter.
    """

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._table = _Table(self)
        self.setModel(self._table)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAccessibleName(_("Deltas layer by layer"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(_SENTENCE, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(self._open)

    def tell(self, stories: tuple[LayerDiagnosis, ...]) -> None:
        """Show the diagnosis of all layers, and keep the current row."""
        self._table.tell(stories)

    def make_room(self) -> None:
        """Fit the columns of numbers to the font size."""
        for column in range(_SENTENCE):
            number = self.fontMetrics().horizontalAdvance("0.000123" if column else "") + GAP
            self.setColumnWidth(column, max(self.horizontalHeader().sectionSizeHint(column), number))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the sentences, which are also in the tooltips, and then the largest deltas if there is no room."""
        self.setColumnHidden(_LARGEST, False)
        numbers = sum(self.columnWidth(column) for column in range(_SENTENCE))
        room = self.viewport().width() - numbers
        self.setColumnHidden(_SENTENCE, room < self.fontMetrics().averageCharWidth() * _LEAST_SENTENCE)
        self.setColumnHidden(_LARGEST, room < 0)
        super().resizeEvent(event)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._table.stories[index.row()].layer)


def _row(story: LayerDiagnosis) -> tuple[str, ...]:
    by_weights = "" if story.by_weights is None else formats.number(story.by_weights, 3)
    sizes = (formats.number(value, 3) for value in (story.largest, story.rms))
    return (str(story.layer), *sizes, by_weights, formats.number(story.by_slopes, 3), story.sentence)
