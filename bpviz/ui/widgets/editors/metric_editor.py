"""Editor for a metric of an update: quantity, aggregation, layer, neuron."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QWidget

from bpviz.core.metrics.metric import OF_CLASSES, QUANTITIES, Metric
from bpviz.language import N_, _
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.compact_editors import CompactComboBox, CompactSpinBox
from bpviz.ui.widgets.flow_layout import FlowLayout

_NEURON = "neuron"
_AGGREGATIONS = {"largest": N_("largest"), "smallest": N_("smallest"), "rms": N_("RMS"), _NEURON: N_("neuron")}


class MetricEditor(QWidget):
    """A row of combo and spin boxes; those that do not apply to the quantity are hidden.

    Parameters
    ----------
    sizes : tuple of int
        Widths of all layers, including the input.
    titles : dict of str to str, optional
        Names of quantities that differ from their usual description.
    wraps : bool
        Whether the boxes may take several lines, in a narrow page.
    """

    edited = Signal()

    def __init__(self, sizes: tuple[int, ...], titles: dict[str, str] | None = None, *, wraps: bool = False) -> None:
        super().__init__()
        self._sizes = sizes
        self._titles = {name: quantity.description for name, quantity in QUANTITIES.items()} | (titles or {})
        self.quantity = CompactComboBox(_("Quantity"), _("Quantity of an update"), self._titles)
        self.aggregation = CompactComboBox(_("Measure"), _("How the values of a layer are aggregated"), _AGGREGATIONS)
        self.neuron = CompactSpinBox(_("Neuron"), _("Number of the neuron; for weights, those into this neuron"))
        self.source = CompactSpinBox(
            _("From neuron"), _("Only the weight from this neuron of the previous layer"), _("any")
        )
        self.layer = CompactComboBox(_("Layer"), _("Number of the layer, from 1; the last is the output"), {})
        self._from, self._in = QLabel(_("from")), QLabel(_("layer"))
        self._lay_out(FlowLayout(self, GAP // 2) if wraps else _row(self))
        self._describe_quantities()
        self.set_sizes(sizes)
        for choice in (self.quantity, self.aggregation, self.layer):
            choice.currentIndexChanged.connect(self._adapt)
        for number in (self.neuron, self.source):
            number.edited.connect(self.edited)

    def _lay_out(self, row: QLayout) -> None:
        for widget in (self.quantity, self.aggregation, self.neuron, self._from, self.source, self._in, self.layer):
            row.addWidget(widget)

    def _describe_quantities(self) -> None:
        for index in range(self.quantity.count()):
            about = _(QUANTITIES[self.quantity.itemData(index)].about)
            self.quantity.setItemData(index, about, Qt.ItemDataRole.ToolTipRole)

    # The metric

    def chosen_metric(self) -> Metric:
        """Return the selected metric."""
        quantity = self.quantity.word()
        kind = QUANTITIES[quantity].kind
        if kind == "sample":
            return Metric(quantity)
        if kind == "layer":
            return Metric(quantity, self._layer())
        if self.aggregation.word() != _NEURON:
            return Metric(quantity, self._layer(), self.aggregation.word())
        source = self.source.number() if kind == "weights" else None
        return Metric(quantity, self._layer(), "largest", self.neuron.number(), source)

    def show_metric(self, metric: Metric) -> None:
        """Show a metric, or the nearest one that the current network has."""
        self.quantity.choose(metric.quantity)
        self.layer.choose(str(metric.layer))
        self.aggregation.choose(metric.aggregation if metric.neuron is None else _NEURON)
        self.neuron.show_number(metric.neuron or 0)
        self.source.show_number(metric.source)

    def set_sizes(self, sizes: tuple[int, ...]) -> None:
        """Update the choice of layers and neurons for a new network; keep the layer if it exists."""
        chosen = self.layer.word()
        self._sizes = sizes
        # clear and addItem emit currentIndexChanged for states that are not final.
        self.layer.blockSignals(True)
        self.layer.clear()
        for number in range(1, len(sizes)):
            self.layer.addItem(str(number), str(number))
        self.layer.choose(chosen)
        self.layer.blockSignals(False)
        self._adapt()

    def set_task(self, *, is_classification: bool) -> None:
        """Offer quantities of classes only where there are classes; keep the quantity if it is offered."""
        offered = {name: title for name, title in self._titles.items() if is_classification or name not in OF_CLASSES}
        if self.quantity.count() == len(offered):
            return
        chosen = self.quantity.word()
        # clear and addItem emit currentIndexChanged for states that are not final.
        self.quantity.blockSignals(True)
        self.quantity.clear()
        for name, title in offered.items():
            self.quantity.addItem(title, name)
        self.quantity.choose(chosen)
        self.quantity.blockSignals(False)
        self._describe_quantities()
        self.quantity.updateGeometry()
        self._adapt()

    def _layer(self) -> int:
        return int(self.layer.word())

    @Slot()
    def _adapt(self) -> None:
        """Show only the parts that apply to the quantity."""
        kind = QUANTITIES[self.quantity.word()].kind
        has_neuron = kind in ("neurons", "weights") and self.aggregation.word() == _NEURON
        shown: dict[QWidget, bool] = {
            self.aggregation: kind in ("neurons", "weights"),
            self.neuron: has_neuron,
            self._from: has_neuron and kind == "weights",
            self.source: has_neuron and kind == "weights",
            self._in: kind != "sample",
            self.layer: kind != "sample",
        }
        for widget, is_shown in shown.items():
            widget.setVisible(is_shown)
        self.neuron.set_count(self._sizes[self._layer()])
        self.source.set_count(self._sizes[self._layer() - 1])
        self.edited.emit()


def _row(editor: QWidget) -> QLayout:
    row = QHBoxLayout(editor)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GAP // 2)
    return row
