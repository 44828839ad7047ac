"""How deltas shrink or grow from layer to layer, as a table: the output on top, as backpropagation goes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from bpviz.session.diagnostics.layer_diagnosis import LayerDiagnosis
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.cell_table import Column, RecordTable

_COLUMNS = (
    Column("layer", "Counted from 1; the output is on top", is_number=True),
    Column("largest", "The largest |delta| of the layer's neurons", is_number=True),
    Column("RMS delta", "The root mean square delta of the layer's neurons", is_number=True),
    Column(
        "× weights",
        "RMS error of this layer over RMS delta of the layer above: what the weights did",
        is_number=True,
    ),
    Column("× slopes", "RMS delta over RMS error: what the slopes did", is_number=True),
    Column("change", "Against the layer above, and by what"),
)
_SENTENCE = len(_COLUMNS) - 1


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


# In characters.
_LEAST_SENTENCE = 14


class LayerTable(QTableView):
    """A line for each layer.

    Signals
    -------
    opened : int
        A layer whose line was double-clicked on, or on which Enter was pressed.
    """

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._table = _Table(self)
        self.setModel(self._table)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAccessibleName("Deltas layer by layer")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(_SENTENCE, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(self._open)

    def tell(self, stories: tuple[LayerDiagnosis, ...]) -> None:
        """Show a story; what is current stays so."""
        self._table.tell(stories)

    def make_room(self) -> None:
        """Make room for numbers in the size of the program's text."""
        for column in range(_SENTENCE):
            number = self.fontMetrics().horizontalAdvance("0.000123" if column else "") + GAP
            self.setColumnWidth(column, max(self.horizontalHeader().sectionSizeHint(column), number))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the sentences out where they would have no room; they stay in the tooltips."""
        numbers = sum(self.columnWidth(column) for column in range(_SENTENCE))
        room = self.viewport().width() - numbers
        self.setColumnHidden(_SENTENCE, room < self.fontMetrics().averageCharWidth() * _LEAST_SENTENCE)
        super().resizeEvent(event)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._table.stories[index.row()].layer)


def _row(story: LayerDiagnosis) -> tuple[str, ...]:
    by_weights = "" if story.by_weights is None else formats.number(story.by_weights, 3)
    sizes = (formats.number(value, 3) for value in (story.largest, story.rms))
    return (str(story.layer), *sizes, by_weights, formats.number(story.by_slopes, 3), story.sentence)
