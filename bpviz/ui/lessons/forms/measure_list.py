"""The numbers of a question: a list of measures, and the fields of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.lessons.measures import Measure, describe_measure
from bpviz.session.lessons.question_json import MOST_CHOICES
from bpviz.ui.lessons.forms.measure_fields import MeasureFields
from bpviz.ui.lessons.forms.place_fields import in_line
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.editors.lines import ListLines

_LINES = 3


class MeasureList(QWidget):
    """Lists measures, each with the place that stands for its value in the reason: {0} for the first."""

    def __init__(self) -> None:
        super().__init__()
        self.measures: list[Measure] = []
        self.list, self.fields = ListLines(_LINES), MeasureFields()
        self.list.setAccessibleName(_("Measures of the question"))
        self.add = _button(_("Add"), _("Add a measure that the answer follows from, or that the reason names"))
        self.up = _button(_("Up"), _("Move the measure up"))
        self.delete = _button(_("Delete"), _("Delete the chosen measure"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        for widget in (self.list, in_line(self.add, self.up, self.delete), self.fields):
            column.addWidget(widget)
        self.add.clicked.connect(self._add)
        self.up.clicked.connect(self._move_up)
        self.delete.clicked.connect(self._delete)
        self.list.currentRowChanged.connect(self._show_chosen)
        self.fields.edited.connect(self._take)

    def show_measures(self, experiment: Experiment, measures: Sequence[Measure]) -> None:
        """Show the measures of a question about the training of an experiment."""
        self.fields.set_experiment(experiment)
        self.measures = list(measures)
        self._show(0)

    @Slot()
    def _add(self) -> None:
        """Add a number like the chosen one, which is then changed."""
        row = self.list.currentRow()
        self.measures.append(self.measures[row] if row >= 0 else self.fields.first())
        self._show(len(self.measures) - 1)
        self.fields.kind.setFocus()

    @Slot()
    def _move_up(self) -> None:
        row = self.list.currentRow()
        self.measures.insert(row - 1, self.measures.pop(row))
        self._show(row - 1)

    @Slot()
    def _delete(self) -> None:
        row = self.list.currentRow()
        del self.measures[row]
        self._show(min(row, len(self.measures) - 1))

    @Slot()
    def _take(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.measures[row] = self.fields.measure()
            self._name(row)

    def _show(self, row: int) -> None:
        with QSignalBlocker(self.list):
            self.list.clear()
            for number in range(len(self.measures)):
                self.list.addItem("")
                self._name(number)
            self.list.setCurrentRow(row if self.measures else -1)
        self._show_chosen()

    def _name(self, row: int) -> None:
        self.list.item(row).setText(f"{{{row}}}  {describe_measure(self.measures[row])}")

    @Slot()
    def _show_chosen(self) -> None:
        row = self.list.currentRow()
        self.fields.setVisible(row >= 0)
        self.delete.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)
        self.add.setEnabled(len(self.measures) < MOST_CHOICES)
        if row >= 0:
            self.fields.show_measure(self.measures[row])


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
