"""Fields for a place in a network or in its training: a sample, a neuron, or a position."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from bpviz.core.datasets import count_training_samples
from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.compact_editors import CompactComboBox, CompactSpinBox
from bpviz.ui.widgets.flow_layout import FlowLayout


def operations_of(experiment: Experiment) -> tuple[Operation, ...]:
    """Return the operations of an update of an experiment's network, in their order."""
    return operations(len(experiment.sizes) - 1, experiment.rule.extra_operations)


def n_samples_of(experiment: Experiment) -> int:
    """Return the number of an experiment's training samples."""
    return count_training_samples(experiment.data, experiment.samples, experiment.test_share)


def in_line(*widgets: QWidget) -> QWidget:
    """Return widgets side by side, in several lines where one is too narrow."""
    line = QWidget()
    flow = FlowLayout(line, GAP // 2)
    for widget in widgets:
        flow.addWidget(widget)
    return line


class NeuronFields(QWidget):
    """A layer and a neuron of it.

    Parameters
    ----------
    none_word : str
        What no layer is called; "" if there must be one.
    any_word : str
        What any neuron is called; "" if there must be one.
    """

    def __init__(self, none_word: str = "", any_word: str = "") -> None:
        super().__init__()
        self._none_word = none_word
        self._sizes: tuple[int, ...] = (1, 1)
        self.layer = CompactComboBox(_("Layer"), _("Number of the layer, from 1; the last is the output"), {"1": "1"})
        self.neuron = CompactSpinBox(_("Neuron"), _("Number of the neuron in its layer, from 0"), any_word)
        self._named = in_line(QLabel(_("neuron")), self.neuron)
        flow = FlowLayout(self, GAP // 2)
        for widget in (QLabel(_("layer")), self.layer, self._named):
            flow.addWidget(widget)
        self.layer.currentIndexChanged.connect(self._adapt)

    def show_neuron(self, sizes: tuple[int, ...], layer: int | None, neuron: int | None) -> None:
        """Show a neuron of a network with layers of these widths, the inputs first."""
        self._sizes = sizes
        self.layer.clear()
        if self._none_word:
            self.layer.addItem(self._none_word, "0")
        for number in range(1, len(sizes)):
            self.layer.addItem(str(number), str(number))
        self.layer.choose(str(layer or 0))
        self._adapt()
        self.neuron.show_number(neuron if neuron is not None or self.neuron.minimum() < 0 else 0)

    def chosen(self) -> tuple[int | None, int | None]:
        """Return layer and neuron; no layer has no neuron."""
        layer = int(self.layer.word())
        return (layer, self.neuron.number()) if layer else (None, None)

    @Slot()
    def _adapt(self) -> None:
        layer = int(self.layer.currentData() or 0)
        self._named.setVisible(layer > 0)
        self.neuron.set_count(self._sizes[layer] if 0 < layer < len(self._sizes) else 1)


class PositionFields(QWidget):
    """An epoch, a sample and a number of operations."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch = CompactSpinBox(_("Epoch"), _("Number of complete epochs"))
        self.sample = CompactSpinBox(_("Sample"), _("Number of samples of this epoch that are done"))
        self.operation = CompactSpinBox(_("Operation"), _("Number of operations of the update that are done"))
        flow = FlowLayout(self, GAP // 2)
        for text, field in ((_("epoch"), self.epoch), (_("sample"), self.sample), (_("operation"), self.operation)):
            flow.addWidget(in_line(QLabel(text), field))

    def show_position(self, experiment: Experiment, position: Position) -> None:
        """Show a position in the training of an experiment."""
        self.epoch.set_count(experiment.epochs + 1)
        self.sample.set_count(n_samples_of(experiment))
        self.operation.set_count(len(operations_of(experiment)))
        for field, number in zip((self.epoch, self.sample, self.operation), _parts(position), strict=True):
            field.show_number(number)

    def position(self) -> Position:
        """Return the position."""
        return Position(self.epoch.value(), self.sample.value(), self.operation.value())


def _parts(position: Position) -> tuple[int, int, int]:
    return position.epoch, position.sample, position.operation
