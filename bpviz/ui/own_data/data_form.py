"""DataForm: which columns of a table are inputs, which one is the target, and how they are learned."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from bpviz.core.data.split import TASKS
from bpviz.language import N_, _
from bpviz.session.experiment.table_experiment import guess_inputs, guessed_choice
from bpviz.session.tables.roles import guess_task
from bpviz.session.tables.table import Table
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.form_fields import read_number, write_number

_SCALES = {"none": N_("none"), "standard": N_("standardise"), "minmax": N_("min-max")}


class DataForm(QWidget):
    """The choice of columns; it starts with what is guessed.

    Signals
    -------
    changed
        The inputs, the target or the task are others.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._table: Table | None = None
        self.inputs, self.target, self.task, self.scale = QListWidget(), QComboBox(), QComboBox(), QComboBox()
        self.inputs.setUniformItemSizes(True)
        self.test_share, self.split_seed = QLineEdit("0.3"), QLineEdit("42")
        for task in TASKS:
            self.task.addItem(task, task)
        for word, title in _SCALES.items():
            self.scale.addItem(title, word)
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.target.setMinimumContentsLength(16)
        self._lay_out()
        self.inputs.itemChanged.connect(self.changed)
        self.target.activated.connect(self._choose_target)
        self.task.activated.connect(self.changed)

    def _lay_out(self) -> None:
        rows = {
            _("Target"): (self.target, _("The column to learn")),
            _("Task"): (self.task, _("Learn classes, or numbers")),
            _("Scaling"): (
                self.scale,
                _("Of the inputs, and of the target of a regression; by the training rows alone"),
            ),
            _("Test share"): (self.test_share, _("Fraction of the rows, between 0 and 1, that is kept for the test")),
            _("Split seed"): (self.split_seed, _("Seed of the split into training and test rows")),
        }
        form = QFormLayout()
        form.setSpacing(GAP)
        for title, (editor, tip) in rows.items():
            editor.setToolTip(tip)
            editor.setAccessibleName(title)
            form.addRow(title, editor)
        self.inputs.setAccessibleName(_("Inputs"))
        self.inputs.setToolTip(_("The columns to learn from"))
        of_inputs = QFormLayout()
        of_inputs.addRow(_("Inputs"), self.inputs)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GAP)
        row.addLayout(of_inputs, 1)
        row.addLayout(form, 1)

    def show_table(self, table: Table, *, keeps_choice: bool = False) -> None:
        """Show the columns of a table with guesses, or with the present choice if it has the same columns."""
        keeps_choice = keeps_choice and self._table is not None and self._table.names == table.names
        self._table = table
        if keeps_choice:
            return
        inputs, target, task = guessed_choice(table)
        self.target.clear()
        self.target.addItems(table.names)
        self.target.setCurrentIndex(table.names.index(target))
        self.task.setCurrentIndex(self.task.findData(task))
        self._list_inputs(inputs)

    @Slot()
    def _choose_target(self) -> None:
        if self._table:
            name = self.target_name()
            self.task.setCurrentIndex(self.task.findData(guess_task(self._table.column(name))))
            self._list_inputs(guess_inputs(self._table, name))
            self.changed.emit()

    def _list_inputs(self, chosen: tuple[str, ...]) -> None:
        """List all columns but the target, with a check mark at those that are chosen."""
        assert self._table is not None
        blocked = self.inputs.blockSignals(True)
        self.inputs.clear()
        for name in self._table.names:
            if name != self.target_name():
                item = QListWidgetItem(name)
                item.setFlags(
                    Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                )
                item.setCheckState(Qt.CheckState.Checked if name in chosen else Qt.CheckState.Unchecked)
                self.inputs.addItem(item)
        self.inputs.blockSignals(blocked)

    def input_names(self) -> tuple[str, ...]:
        """Return the columns that are chosen as inputs."""
        items = (self.inputs.item(n) for n in range(self.inputs.count()))
        return tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)

    def target_name(self) -> str:
        """Return the column that is the target."""
        assert self._table is not None
        return self._table.names[self.target.currentIndex()]

    def task_name(self) -> str:
        """Return what is learned."""
        return str(self.task.currentData())

    def show_split(self, values: dict[str, Any]) -> None:
        """Show scaling, test share and split seed."""
        self.scale.setCurrentIndex(self.scale.findData(values["scale"]))
        self.test_share.setText(write_number(values["test_share"]))
        self.split_seed.setText(write_number(values["split_seed"]))

    def split(self) -> dict[str, Any]:
        """Return scaling, test share and split seed as they were typed; they may be invalid."""
        typed = {"test_share": self.test_share.text(), "split_seed": self.split_seed.text()}
        return {"scale": self.scale.currentData()} | {name: read_number(text) for name, text in typed.items()}
