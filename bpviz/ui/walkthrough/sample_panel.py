"""The forward and backward pass of one sample, as heatmaps and as numbers."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QTableView

from bpviz.core.data.split import Split
from bpviz.language import N_, _
from bpviz.session.engine.events import NetworkReady
from bpviz.session.walkthrough.operations import BACKWARD, FORWARD, Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.walkthrough.sample_grid import QUANTITIES, SampleGrid, value_in
from bpviz.ui.walkthrough.sample_table import SampleTable
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked

_EMPTY = N_(
    "Press F11 to take one operation, F10 one sample, and see its deltas.\n"
    "Click a point first and press Ctrl+F10 to take that one."
)
_WHAT = N_("Before and after this update")
_WHAT_IF = N_("Before this update, and after it if it were made: an inspected sample is not trained on")
_NO_MSE = N_("The training set is too large to compute its MSE at every step.")
_LOSS, _MSE = N_("loss {before} → {after}"), N_("MSE over the whole training set {before} → {after}")
#: By whether there is a batch, and whether the update is one in turn.
_CAPTIONS = {
    (False, True): N_("{sample}, {target}: {change}"),
    (False, False): N_("{sample}, {target}, {kind}: {change}"),
    (True, True): N_("{sample}, {target}, in a batch of {batch}: {change}"),
    (True, False): N_("{sample}, {target}, in a batch of {batch}, {kind}: {change}"),
}


class SamplePanel(Panel):
    """Shows the current update up to the current operation; its two arrow buttons step by one operation."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("step", _("Step"), model)
        self.back = self.add_button("◀", _("Step back by one operation"))
        self.forth = self.add_button("▶", _("Step forward by one operation"))
        self.numbers = self.add_toggle(N_("Numbers"), _("Show all numbers of one layer in a table"))
        self.layer = self.add_choice(["Layer 1"], _("The layer whose numbers are shown"))
        self._add_body()
        self.back.clicked.connect(self._go_back)
        self.forth.clicked.connect(self._go_forth)
        self.numbers.toggled.connect(self._choose_page)
        self.layer.currentIndexChanged.connect(self._fill_table)
        self.grid.picked.connect(self._pick)
        model.theme_changed.connect(self._restyle)
        self._restyle(model.theme)
        self._choose_page()

    def _add_body(self) -> None:
        self.empty = empty_page(_(_EMPTY))
        self.grid = SampleGrid()
        self.table = SampleTable(self)
        self.table_view = QTableView()
        self.table_view.setModel(self.table)
        self.table_view.setAccessibleName(_("Numbers of one layer"))
        # A wide layer has a million numbers: only the visible rows are measured.
        self.table_view.horizontalHeader().setResizeContentsPrecision(0)
        self.table_view.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight)
        self.pages = stacked(self.empty, self.grid, self.table_view)
        self.sentence = ElidedLabel()
        self.layout_.addWidget(self.pages, 1)
        self.layout_.addWidget(self.sentence)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self.sentence.setText("")
        self.set_caption("")
        self.grid.clear()
        self.layer.clear()
        self.layer.addItems(
            [_("Layer {number}").format(number=number) for number in range(1, len(prepared.experiment.sizes))]
        )
        self._choose_page()

    @Slot(object)
    def show_update(self, update: TracedUpdate) -> None:
        """Show another update, or the same one with other operations done."""
        self._redraw()
        self._choose_page()

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Mark the selected sample and neuron."""
        self.grid.set_selection(selection)
        if selection.layer is not None and selection.neuron is not None:
            self.layer.setCurrentIndex(selection.layer - 1)
            self.table_view.selectRow(selection.neuron)
        self._redraw()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.grid.set_theme(theme)
        self.table.set_theme(theme)

    # Drawing

    @Slot()
    def _go_back(self) -> None:
        self.model.step("operation", -1)

    @Slot()
    def _go_forth(self) -> None:
        self.model.step("operation")

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._redraw()

    def _redraw(self) -> None:
        update = self.model.conventions.update(self.model.current_update)
        if update is None or not self.is_seen:
            return
        self.grid.show_update(update, self.model.row)
        self.sentence.setText(self._sentence(update))
        self._describe_update()
        self._fill_table()

    @Slot()
    def _choose_page(self) -> None:
        there = self.model.current_update is not None
        page = self.empty if not there else self.table_view if self.numbers.isChecked() else self.grid
        self.pages.setCurrentWidget(page)
        self.layer.setVisible(self.numbers.isChecked())
        for button in (self.back, self.forth):
            button.setVisible(not self.numbers.isChecked())
            button.setEnabled(there)
        self._fill_table()

    @Slot()
    def _fill_table(self) -> None:
        update, layer = self.model.conventions.update(self.model.current_update), self.layer.currentIndex() + 1
        if update is None or not 1 <= layer <= len(update.layers) or not self.numbers.isChecked():
            return
        # From the update itself: the grid has it only once the panel has been visible.
        value = partial(value_in, update, self.model.row)
        columns = {name: value(Operation(name, layer)) for name in (*FORWARD, *BACKWARD, "db")}
        # The trace has all values from the start; those of later operations must not be shown yet.
        to_come = frozenset(name for name in QUANTITIES if not update.is_done(Operation(name, layer)))
        self.table.show_layer(columns, value(Operation("dW", layer)), to_come)
        # Only while the table is shown, since measuring columns takes time.
        self.table_view.resizeColumnsToContents()
        if self.model.selection.layer == layer and self.model.selection.neuron is not None:
            self.table_view.selectRow(self.model.selection.neuron)

    def _pick(self, layer: int, neuron: int) -> None:
        self.model.select(layer=layer, neuron=neuron)

    # Texts

    def _describe_update(self) -> None:
        update, prepared = self.model.conventions.update(self.model.current_update), self.model.prepared
        if update is None or prepared is None:
            return
        row = self.model.row
        text = _(_CAPTIONS[len(update.samples) > 1, update.kind is UpdateKind.IN_TURN]).format(
            sample=update.sample_name(row),
            target=_target(prepared.split, update, row),
            batch=len(update.samples),
            kind=_(update.kind),
            change=_change(_LOSS, float(update.losses_before[row]), float(update.losses_after[row])),
        )
        self._set_caption(text, update)

    def _set_caption(self, text: str, update: TracedUpdate) -> None:
        """Show the effect of the update in the caption, and the details in its tooltip."""
        when = _(_WHAT_IF if update.kind is UpdateKind.INSPECTED else _WHAT)
        before, after = update.mse_before, update.mse_after
        if before is None or after is None:
            self.set_caption(text)
            whole = _(_NO_MSE)
        else:
            self.set_caption(f"{text} · MSE {formats.mse(before)} → {formats.mse(after)}")
            whole = _change(_MSE, before, after)
        self.title_line.caption.setToolTip(f"{text}\n{whole}\n{when}")

    def _sentence(self, update: TracedUpdate) -> str:
        operation = update.operation
        if operation is None:
            return _("Before the first operation: only the input is known.")
        return _("Operation {index} of {count} · {operation}.   Numbers: {numbers}.").format(
            index=update.index, count=len(update.operations), operation=operation.name, numbers=self._numbers()
        )

    def _numbers(self) -> str:
        selection = self.model.selection
        if selection.layer is None:
            return _("RMS of each layer")
        text = _("neuron {neuron} in layer {layer}, RMS in the others")
        return text.format(neuron=selection.neuron, layer=selection.layer)


def _change(what: str, before: float, after: float) -> str:
    text = _(what).format(before=formats.number(before, 5), after=formats.number(after, 5))
    if not math.isfinite(after - before):
        return text
    if after == before:
        return _("{change} (unchanged)").format(change=text)
    sign = "−" if after < before else "+"
    return _("{change} ({difference})").format(
        change=text, difference=f"{sign}{formats.number(abs(after - before), 3)}"
    )


def _target(split: Split, update: TracedUpdate, row: int) -> str:
    """Return the class of a sample, or the targets of a regression in their original units."""
    targets = update.trace.y[row]
    if split.is_classification:
        label = targets.argmax() if update.is_own else split.labels_train[update.samples[row]]
        return split.class_title(int(label))
    values = split.target_scaling.undo(targets)
    return _("target {values}").format(values=", ".join(formats.number(float(value)) for value in values))
