"""One sample on its way through the network and back, in colours and in numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QStackedWidget, QTableView

from bpviz.session.moment import Moment, Role
from bpviz.session.operations import BACKWARD, FORWARD, Operation
from bpviz.session.records import Prepared
from bpviz.ui import formats
from bpviz.ui.panel import Elided, Panel
from bpviz.ui.step_grid import StepGrid
from bpviz.ui.step_table import StepTable
from bpviz.ui.theme import Theme
from bpviz.ui.view_model import Selection, ViewModel

_EMPTY = (
    "Press F10 to train on the next sample and see its deltas.\n"
    "Click a point first and press Ctrl+F10 to take that one."
)


class StepPanel(Panel):
    """Shows the latest visible update; its two arrows walk through the operations that made it."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("step", "Step", model)
        self.back = self.add_button("◀", "Go back by one operation of this sample (to look; nothing is trained)")
        self.forth = self.add_button("▶", "Go forward by one operation of this sample (to look; nothing is trained)")
        self.numbers = self.add_toggle("Numbers", "Show all numbers of one layer in a table")
        self.layer = self.add_choice(["Layer 1"], "The layer whose numbers are shown")
        self._add_body()
        self.back.clicked.connect(self._go_back)
        self.forth.clicked.connect(self._go_forth)
        self.numbers.toggled.connect(self._choose_page)
        self.layer.currentIndexChanged.connect(self._fill_table)
        self.grid.picked.connect(self._pick)
        model.moment_changed.connect(self._show)
        model.experiment_prepared.connect(self._begin)
        model.selection_changed.connect(self._select)
        model.theme_changed.connect(self._restyle)
        self._restyle(model.theme)
        self._choose_page()

    def _add_body(self) -> None:
        self.empty = QLabel(_EMPTY)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("role", "caption")
        self.grid = StepGrid()
        self.table = StepTable(self)
        self.table_view = QTableView()
        self.table_view.setModel(self.table)
        self.table_view.setAccessibleName("Numbers of one layer")
        # Columns are measured by the rows on screen: a wide layer has a million numbers.
        self.table_view.horizontalHeader().setResizeContentsPrecision(0)
        self.table_view.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight)
        self.pages = QStackedWidget()
        for page in (self.empty, self.grid, self.table_view):
            self.pages.addWidget(page)
        self.sentence = Elided()
        self.layout_.addWidget(self.pages, 1)
        self.layout_.addWidget(self.sentence)
        self.grid.setToolTip("Under each strip: the RMS of the layer, or the value of the chosen neuron")

    # What the model tells

    @Slot(object)
    def _begin(self, prepared: Prepared) -> None:
        self.sentence.setText("")
        self.set_caption("")
        self.layer.clear()
        self.layer.addItems([f"Layer {number}" for number in range(1, len(prepared.experiment.sizes))])
        self._choose_page()

    @Slot(object)
    def _show(self, moment: Moment) -> None:
        self._look()
        self._choose_page()

    @Slot(object)
    def _select(self, selection: Selection) -> None:
        self.grid.set_selection(selection)
        if selection.layer is not None and selection.neuron is not None:
            self.layer.setCurrentIndex(selection.layer - 1)
            self.table_view.selectRow(selection.neuron)
        self._look()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.grid.set_theme(theme)

    # Looking

    @Slot()
    def _go_back(self) -> None:
        self.model.step("operation", -1)

    @Slot()
    def _go_forth(self) -> None:
        self.model.step("operation")

    def _look(self) -> None:
        if self.model.moment is None:
            return
        self.grid.show_moment(self.model.moment, self.model.row)
        self.sentence.setText(self._sentence())
        self._say_what_it_did()
        self._fill_table()

    @Slot()
    def _choose_page(self) -> None:
        there = self.model.moment is not None
        page = self.empty if not there else self.table_view if self.numbers.isChecked() else self.grid
        self.pages.setCurrentWidget(page)
        self.layer.setVisible(self.numbers.isChecked())
        for button in (self.back, self.forth):
            button.setVisible(not self.numbers.isChecked())
            button.setEnabled(there)
        self._fill_table()

    @Slot()
    def _fill_table(self) -> None:
        layer = self.layer.currentIndex() + 1
        if self.model.moment is None or layer < 1 or not self.numbers.isChecked():
            return
        columns = {name: self.grid.value(Operation(name, layer)) for name in (*FORWARD, *BACKWARD, "db")}
        self.table.show_layer(columns, self.grid.value(Operation("dW", layer)))
        self.table_view.resizeColumnsToContents()
        if self.model.selection.layer == layer and self.model.selection.neuron is not None:
            self.table_view.selectRow(self.model.selection.neuron)

    def _pick(self, layer: int, neuron: int) -> None:
        self.model.select(layer=layer, neuron=neuron)

    # Words

    def _say_what_it_did(self) -> None:
        step, prepared = self.model.moment, self.model.prepared
        if step is None or prepared is None:
            return
        sample = int(step.samples[self.model.row])
        before, after = float(step.losses_before[self.model.row]), float(step.losses_after[self.model.row])
        batch = "" if len(step.samples) == 1 else f", in a batch of {len(step.samples)}"
        turn = "" if step.role is Role.IN_TURN else f", {step.role}"
        self.set_caption(
            f"sample {formats.count(sample)}, class {prepared.split.labels_train[sample]}{batch}{turn}: "
            f"loss {formats.number(before, 5)} → {formats.number(after, 5)} ({_change(before, after)})"
        )

    def _sentence(self) -> str:
        moment = self.model.moment
        operation = moment.operation if moment else None
        if operation is None:
            return "Before the first operation: the sample stands at the input."
        formula = self._formula(operation)
        count = f"{moment.index} of {len(moment.operations)}" if moment else ""
        return f"Operation {count} · layer {operation.layer}: {formula}.   Numbers: {self._numbers()}."

    def _numbers(self) -> str:
        selection = self.model.selection
        if selection.layer is None:
            return "RMS of each layer"
        return f"neuron {selection.neuron} in layer {selection.layer}, RMS in the others"

    def _formula(self, operation: Operation) -> str:
        experiment = self.model.experiment
        is_output = operation.layer == len(experiment.sizes) - 1
        activation = experiment.activations[operation.layer - 1]
        mean = ", as the mean over the batch" if self._is_batch() else ""
        output_delta = "delta = error × slope"
        if experiment.loss == "cross_entropy":
            output_delta = "delta = a − y, since error and slope cancel"
        elif activation == "softmax":
            output_delta = "delta = a × (error − sum of error × a)"
        return {
            "z": "z = a of the layer before @ W + b",
            "a": f"a = {activation}(z)",
            "loss": f"loss = {experiment.loss.replace('_', '-')} of a against y = {self._loss()}",
            "error": "error = dL/da" if is_output else f"error = delta of layer {operation.layer + 1} @ its Wᵀ",
            "slope": f"slope = f′(z) of {activation}",
            "delta": output_delta if is_output else "delta = error × slope",
            "dW": f"dW = a of the layer before ⊗ delta{mean}",
            "db": f"db = delta{mean}",
            "update": "W = W − learning rate × dW, and b in the same way",
        }[operation.quantity]

    def _is_batch(self) -> bool:
        return self.model.moment is not None and len(self.model.moment.samples) > 1

    def _loss(self) -> str:
        step = self.model.moment
        return formats.number(float(step.losses_before[self.model.row]), 5) if step else ""


def _change(before: float, after: float) -> str:
    if after == before:
        return "unchanged"
    return ("−" if after < before else "+") + formats.number(abs(after - before), 3)
