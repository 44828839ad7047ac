"""A list of the weights into and out of one neuron, ranked by size."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QSize, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from bpviz.core.data.split import subscript
from bpviz.language import N_, _
from bpviz.session.frames.network_numbers import RankedWeight
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.cell_table import Column, RecordTable

_DIGITS, _ROWS = 4, 5
_COLUMNS = (
    Column(N_("neuron"), N_("The neuron at the other end of the weight, the largest weight first")),
    Column("W", N_("The weight"), is_number=True),
    Column(N_("carries"), N_("a × W for a weight into the neuron, W × delta back for one out of it"), is_number=True),
)
_NOTHING = "–"


class _Table(RecordTable):
    def __init__(self, parent: QObject) -> None:
        super().__init__(_COLUMNS, parent)
        self.weights: tuple[RankedWeight, ...] = ()

    def tell(self, weights: tuple[RankedWeight, ...]) -> None:
        same = len(weights) == len(self.weights)
        self.weights = weights
        if same:
            self.touch()
        else:
            self.refresh()

    def n_rows(self) -> int:
        return len(self.weights)

    def text(self, row: int, column: int) -> str:
        weight = self.weights[row]
        if column == 0:
            return _other_end(weight)
        value = weight.weight if column == 1 else weight.carried
        return _NOTHING if value is None else formats.number(value, _DIGITS)

    def tip(self, row: int, column: int) -> str:
        weight = self.weights[row]
        carried = _("not computed yet") if weight.carried is None else formats.exact(weight.carried)
        where = (
            _("{other_end} of layer {layer}").format(other_end=_other_end(weight), layer=weight.layer)
            if weight.layer
            else _other_end(weight)
        )
        return _("{where}\nW {exact}\ncarries {carried}").format(
            where=where, exact=formats.exact(weight.weight), carried=carried
        )


class WeightList(QWidget):
    """Lists the weights of the selected neuron, beside the picture.

    Signals
    -------
    chosen : int, int
        Layer, from 1, and neuron at the other end of a weight whose row was clicked.
    """

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.title, self.view = QLabel(), QTableView()
        self.title.setProperty("role", "caption")
        self.table = _Table(self)
        self.view.setModel(self.table)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setShowGrid(False)
        self.view.setAccessibleName(_("Weights of the selected neuron"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setTabKeyNavigation(False)
        self.view.verticalHeader().hide()
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.view, 1)
        self.make_room()

    def make_room(self) -> None:
        """Fit columns and rows to the font size."""
        metrics = self.view.fontMetrics()
        widest = max(metrics.horizontalAdvance(formats.number(value, _DIGITS)) for value in (-0.00088888, -8.8888e-88))
        for column in (1, 2):
            self.view.setColumnWidth(column, widest + GAP)
        self.view.verticalHeader().setDefaultSectionSize(metrics.height() + 4)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the width of all columns, and the height of title, header and a few rows."""
        metrics = self.view.fontMetrics()
        numbers = sum(self.view.columnWidth(column) for column in (1, 2))
        return QSize(
            metrics.horizontalAdvance(_("from {name}").format(name="000")) + numbers + 3 * GAP,
            (_ROWS + 2) * (metrics.height() + 4),
        )

    def tell(self, layer: int, neuron: int, weights: tuple[RankedWeight, ...]) -> None:
        """Show the weights of a neuron."""
        into = sum(weight.is_into for weight in weights)
        out = (
            _(", {n_weights} to layer {layer}").format(n_weights=len(weights) - into, layer=layer + 1)
            if len(weights) > into
            else ""
        )
        source = _("layer {layer}").format(layer=layer - 1) if layer > 1 else _("the input")
        self.title.setText(_("Layer {layer}, neuron {neuron}").format(layer=layer, neuron=neuron))
        self.title.setToolTip(
            _("{into} weights from {source}{out}, each kind ranked by size").format(into=into, source=source, out=out)
        )
        self.table.tell(weights)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        weight = self.table.weights[index.row()]
        if weight.layer:
            self.chosen.emit(weight.layer, weight.neuron)


def _other_end(weight: RankedWeight) -> str:
    name = str(weight.neuron) if weight.layer else f"x{subscript(weight.neuron + 1)}"
    return (_("from {name}") if weight.is_into else _("to {name}")).format(name=name)
