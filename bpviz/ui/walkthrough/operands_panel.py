"""The arrays that the current operation reads and writes, as heatmaps and as numbers."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSignalBlocker, Slot

from bpviz.language import N_, _
from bpviz.session.engine.events import NetworkReady
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.sharing.panel_numbers import operand_numbers
from bpviz.session.walkthrough.operands import Operand, operands
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.walkthrough.operand_labels import neuron_names
from bpviz.ui.walkthrough.operand_view import OperandView
from bpviz.ui.widgets.array_table import ArrayTable, ArrayView
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked

_EMPTY = N_("Press F11 to take one operation, F10 one sample.\nThe arrays that it reads and writes are shown here.")
_HINT = N_("Click a cell, or use the arrow keys, to read its value here.")


class OperandsPanel(Panel):
    """Shows the arrays that the current operation reads and writes."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("operands", _("Operands"), model)
        self.common = self.add_toggle(
            N_("Common scale"), _("One colour scale for all signed operands, or one for each")
        )
        self.numbers = self.add_toggle(N_("Numbers"), _("Show one operand as a table of numbers"))
        self.which = self.add_choice([N_("Operand")], _("The operand whose numbers are shown"))
        self.copy = self.add_button(
            N_("Copy CSV"), _("Copy the selected cells, or all, as CSV (Ctrl+C: separated by tabs)")
        )
        self._add_body()
        self.common.toggled.connect(self.view.set_common_scale)
        self.numbers.toggled.connect(self._choose_page)
        self.which.currentIndexChanged.connect(self._fill_table)
        self.copy.clicked.connect(self._copy)
        self.view.picked.connect(self._pick)
        self.view.cell_focused.connect(self._show_readout)
        self.table_view.clicked.connect(self._pick_in_table)
        model.theme_changed.connect(self._restyle)
        model.conventions.changed.connect(self._follow_conventions)
        self._restyle(model.theme)
        self._choose_page()

    def _add_body(self) -> None:
        self.empty = empty_page(_(_EMPTY))
        self.view = OperandView()
        self.table = ArrayTable(self)
        self.table_view = ArrayView(self.table)
        self.table_view.setAccessibleName(_("Numbers of one operand"))
        self.pages = stacked(self.empty, self.view, self.table_view)
        self.readout = ElidedLabel()
        self.layout_.addWidget(self.pages, 1)
        self.layout_.addWidget(self.readout)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self.view.show_operands(())
        self.set_caption("")
        self._choose_page()

    @Slot(object)
    def show_update(self, update: TracedUpdate) -> None:
        """Show another update, or the same one with other operations done."""
        self._show_operands()
        self.set_caption(_description(update))
        self._choose_page()

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Mark the selected sample and neuron."""
        self.view.set_selection(selection)
        if self.model.current_update is not None:
            self._show_operands()
            self._fill_table()

    @Slot()
    def _follow_conventions(self) -> None:
        if self.model.current_update is not None:
            self.show_update(self.model.current_update)

    def _show_operands(self) -> None:
        if shown := self.model.conventions.update(self.model.current_update):
            self.view.show_operands(operands(shown, self.model.row))

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.view.set_theme(theme)
        self.table.set_theme(theme)

    def shown_numbers(self) -> Numbers | None:
        """Return all operands."""
        return operand_numbers(self.view.operands) if self.view.operands else None

    # Contents

    @Slot()
    def _choose_page(self) -> None:
        there, as_numbers = self.model.current_update is not None, self.numbers.isChecked()
        self.pages.setCurrentWidget(self.empty if not there else self.table_view if as_numbers else self.view)
        self.which.setVisible(as_numbers)
        self.copy.setVisible(as_numbers)
        self.common.setVisible(not as_numbers)
        self.copy.setEnabled(there)
        self._name_operands()
        self._show_readout(self.view.accessibleDescription())

    def _name_operands(self) -> None:
        """Fill the combo box with the operands; keep the current one if it exists, or else show the result."""
        names = [operand.name for operand in self.view.operands]
        before, offered = self.which.currentText(), [self.which.itemText(n) for n in range(self.which.count())]
        if names and names != offered:
            # Filling the combo box would otherwise select and show each operand in turn.
            with QSignalBlocker(self.which):
                self.which.clear()
                self.which.addItems(names)
                self.which.setCurrentText(before if before in names else names[-1])
        self._fill_table()

    @Slot()
    def _fill_table(self) -> None:
        if self.numbers.isChecked() and (operand := self._operand()):
            rows, columns = operand.values.shape
            layers = (operand.row_layer, rows), (operand.column_layer, columns)
            names = [neuron_names(*each, operand.first) for each in layers]
            self.table.show_array(operand.values, *names)

    def _operand(self) -> Operand | None:
        index = self.which.currentIndex()
        return self.view.operands[index] if 0 <= index < len(self.view.operands) else None

    @Slot(str)
    def _show_readout(self, text: str) -> None:
        there = self.model.current_update is not None
        hint = "" if self.model.theme.is_for_lecture else _(_HINT)  # nobody clicks on a projection or in a film
        self.readout.setText((text or hint) if there and not self.numbers.isChecked() else "")

    # User actions

    @Slot(int, int)
    def _pick(self, layer: int, neuron: int) -> None:
        self.model.select(layer=layer, neuron=neuron)

    @Slot(QModelIndex)
    def _pick_in_table(self, index: QModelIndex) -> None:
        operand = self._operand()
        if operand and (found := operand.neuron_at(index.row(), index.column())):
            self._pick(*found)

    @Slot()
    def _copy(self) -> None:
        self.table_view.copy(",")


def _description(update: TracedUpdate) -> str:
    operation, samples = update.operation, len(update.samples)
    if operation is None:
        return _("before the first operation")
    text = _("{operation} · {index} of {count}")
    if samples > 1 and operation.phase in ("gradients", "update"):
        text = _("{operation}, mean over {samples} samples · {index} of {count}")
    return text.format(operation=operation.name, samples=samples, index=update.index, count=len(update.operations))
