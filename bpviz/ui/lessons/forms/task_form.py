"""The form for the task of a step: what is to be done, and the condition that holds when it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QStackedWidget, QVBoxLayout, QWidget

from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.lessons.editing import is_done_at_start
from bpviz.session.lessons.lesson import LessonStep
from bpviz.session.lessons.measures import COLUMN_TITLES
from bpviz.session.lessons.tasks import (
    ColumnBelow,
    Condition,
    NeuronSelected,
    OperationDone,
    PositionReached,
    SampleSelected,
    Task,
)
from bpviz.ui.lessons.forms.form_page import FormPage
from bpviz.ui.lessons.forms.place_fields import NeuronFields, PositionFields, in_line, n_samples_of, operations_of
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.compact_editors import CompactComboBox, CompactLineEdit, CompactSpinBox
from bpviz.ui.widgets.editors.lines import TextLines
from bpviz.ui.widgets.form_fields import choice, read_number, write_number

_KINDS: dict[str, type] = {
    "operation": OperationDone,
    "position": PositionReached,
    "neuron": NeuronSelected,
    "sample": SampleSelected,
    "column": ColumnBelow,
}
_TITLES = {
    "operation": N_("An operation is done"),
    "position": N_("A position is reached"),
    "neuron": N_("A neuron is selected"),
    "sample": N_("A sample is selected"),
    "column": N_("A score is low enough"),
}
_LINES = {
    "operation": N_("Of the update on screen, by a step or in slow motion"),
    "position": N_("This one or a later one"),
    "neuron": N_("A certain one, or any of a layer"),
    "sample": N_("A certain one of the training samples"),
    "column": N_("MSE or accuracy of the latest epoch is below a number"),
}


class TaskForm(FormPage):
    """Edits the task of a step."""

    def __init__(self) -> None:
        super().__init__(_("Task of step {number}"))
        self.text = TextLines(3)
        self.kind = choice(_TITLES, _LINES)
        self.operation = CompactComboBox(_("Operation"), _("The operation that must be done"), {"0": "z"})
        self.just = QCheckBox(_("as the latest one"))
        self.just.setToolTip(_("The task is done only while no later operation is"))
        self.position, self.neuron = PositionFields(), NeuronFields(any_word=_("any"))
        self.sample = CompactSpinBox(_("Sample"), _("Number of the training sample, from 0"))
        self.column_ = CompactComboBox(_("Score"), _("What must become low enough"), COLUMN_TITLES)
        self.below = CompactLineEdit(_("Limit"), _("Number to compare with, such as 0.5 or 1e-5"))
        self._fields = QStackedWidget()
        self.add_field(_("What is to be done"), self.text, _("What the lesson asks its audience to do"))
        self.add_field(_("It is done when"), self.kind, _("The program sees by itself that the task is done"))
        for widget in (
            *(in_line(self.operation, self.just), self.position, self.neuron, self.sample),
            in_line(self.column_, QLabel(_("below")), self.below),
        ):
            self._fields.addWidget(_at_top(widget))
        self.column.addWidget(self._fields)
        self.column.addStretch(1)
        self.kind.currentIndexChanged.connect(self._adapt)

    @Slot()
    def _adapt(self) -> None:
        self._fields.setCurrentIndex([*_KINDS].index(self.kind.currentData()))

    def fill(self, step: LessonStep, panels: Mapping[str, str]) -> None:
        """See `FormPage`."""
        experiment, scene = step.scene.experiment, step.scene
        self.text.setPlainText(step.task.text if step.task else "")
        self._offer_operations(experiment)
        self.operation.setCurrentIndex(min(scene.position.operation, self.operation.count() - 1))  # the next one
        self.neuron.show_neuron(experiment.sizes, scene.layer or 1, None)
        self.sample.set_count(n_samples_of(experiment))
        self.sample.show_number(scene.sample or 0)
        self.position.show_position(experiment, scene.position)
        self.just.setChecked(False)
        self.below.clear()
        until = step.task.until if step.task else PositionReached(scene.position)
        kind = next(name for name, each in _KINDS.items() if isinstance(until, each))
        self.kind.setCurrentIndex(self.kind.findData(kind if step.task else "operation"))
        self._show_condition(until, experiment)
        self._adapt()

    def _offer_operations(self, experiment: Experiment) -> None:
        self.operation.clear()
        for number, each in enumerate(operations_of(experiment)):
            self.operation.addItem(each.name, str(number))

    def _show_condition(self, until: Condition, experiment: Experiment) -> None:
        match until:
            case OperationDone(operation, just):
                self.operation.setCurrentIndex(operations_of(experiment).index(operation))
                self.just.setChecked(just)
            case PositionReached(position):
                self.position.show_position(experiment, position)
            case NeuronSelected(layer, neuron):
                self.neuron.show_neuron(experiment.sizes, layer, neuron)
            case SampleSelected(sample):
                self.sample.show_number(sample)
            case ColumnBelow(column, below):
                self.column_.choose(column)
                self.below.setText(write_number(below))

    def with_part(self, step: LessonStep) -> LessonStep:
        """See `FormPage`."""
        task = Task(self.text.toPlainText().strip(), self._condition(step.scene.experiment))
        if is_done_at_start(task.until, step.scene):
            raise ValueError(_("this is so already when the step begins: choose something that is still to be done"))
        return replace(step, task=task)

    def _condition(self, experiment: Experiment) -> Condition:
        match self.kind.currentData():
            case "operation":
                operation = operations_of(experiment)[int(self.operation.word())]
                return OperationDone(operation, self.just.isChecked())
            case "position":
                return PositionReached(self.position.position())
            case "neuron":
                layer, neuron = self.neuron.chosen()
                return NeuronSelected(layer or 1, neuron)
            case "sample":
                return SampleSelected(self.sample.value())
            case _:
                return ColumnBelow(self.column_.word(), self._limit())

    def _limit(self) -> float:
        number = read_number(self.below.text().replace("−", "-"))
        if not isinstance(number, int | float):
            raise ValueError(_("the score is compared with a number, such as 0.5 or 1e-5"))
        return number

    def without_part(self, step: LessonStep) -> LessonStep:
        """See `FormPage`."""
        return replace(step, task=None)


def _at_top(widget: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, GAP)
    column.addWidget(widget)
    column.addStretch(1)
    return page
