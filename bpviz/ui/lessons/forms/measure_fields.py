"""Fields for one measure of a question: a number of the update on screen, or one of an epoch."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from bpviz.core.metrics.metric import Metric
from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.lessons.measures import COLUMN_TITLES, EpochMeasure, Measure, UpdateMeasure
from bpviz.ui.lessons.forms.place_fields import in_line
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.compact_editors import CompactComboBox, CompactSpinBox
from bpviz.ui.widgets.editors.metric_editor import MetricEditor

_KINDS = {"update": N_("of the update on screen"), "epoch": N_("of an epoch")}


class MeasureFields(QWidget):
    """Edits one measure.

    Signals
    -------
    edited
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self._is_filled = False
        self.kind = CompactComboBox(_("Number"), _("Where the number is read off"), _KINDS)
        self.metric_editor, self.over = MetricEditor((1, 1), wraps=True), MetricEditor((1, 1), wraps=True)
        self.divides = QCheckBox(_("divided by"))
        self.divides.setToolTip(_("Ask about the ratio of two numbers"))
        self.column = CompactComboBox(_("Score"), _("Which score of the epoch"), COLUMN_TITLES)
        self.epoch = CompactSpinBox(_("Epoch"), _("Number of complete epochs, from 1"))
        self.since = CompactSpinBox(_("Earlier epoch"), _("Its score is subtracted"), _("nothing"))
        self._of_update, self._of_epoch = QWidget(), QWidget()
        self._lay_out()
        for changed in (self.kind.currentIndexChanged, self.divides.toggled, self.column.currentIndexChanged):
            changed.connect(self._tell)
        for editor in (self.metric_editor, self.over, self.epoch, self.since):
            editor.edited.connect(self._tell)

    def _lay_out(self) -> None:
        epoch = in_line(QLabel(_("at epoch")), self.epoch)
        since = in_line(QLabel(_("minus epoch")), self.since)
        for page, widgets in (
            (self._of_update, (self.metric_editor, self.divides, self.over)),
            (self._of_epoch, (in_line(self.column), in_line(epoch, since))),
        ):
            _stack(page, widgets)
        _stack(self, (in_line(self.kind), self._of_update, self._of_epoch))

    def set_experiment(self, experiment: Experiment) -> None:
        """Offer what the training of an experiment has."""
        self._is_filled = False
        self._experiment = experiment
        for editor in (self.metric_editor, self.over):
            editor.set_sizes(experiment.sizes)
            editor.set_task(is_classification=experiment.is_classification)
        for number in (self.epoch, self.since):
            number.set_count(experiment.epochs + 1)
        self._adapt()

    def first(self) -> Measure:
        """Return a measure to begin with."""
        n_layers = len(self._experiment.sizes) - 1 if self._experiment else 1
        return UpdateMeasure(Metric("delta", n_layers, "rms"))

    def show_measure(self, measure: Measure) -> None:
        """Show a measure."""
        self._is_filled = False
        if isinstance(measure, EpochMeasure):
            self.kind.choose("epoch")
            self.column.choose(measure.column)
            self.epoch.show_number(measure.epoch)
            self.since.show_number(measure.since)
        else:
            self.kind.choose("update")
            self.metric_editor.show_metric(measure.metric)
            self.divides.setChecked(measure.over is not None)
            self.over.show_metric(measure.over or measure.metric)
        self._adapt()
        self._is_filled = True

    def measure(self) -> Measure:
        """Return the measure that is shown."""
        if self.kind.word() == "epoch":
            return EpochMeasure(self.column.word(), self.epoch.value(), self.since.number())
        return UpdateMeasure(
            self.metric_editor.chosen_metric(), self.over.chosen_metric() if self.divides.isChecked() else None
        )

    @Slot()
    def _tell(self) -> None:
        if self._is_filled:
            self._adapt()
            self.edited.emit()

    def _adapt(self) -> None:
        is_of_epoch = self.kind.word() == "epoch"
        self._of_epoch.setVisible(is_of_epoch)
        self._of_update.setVisible(not is_of_epoch)
        self.over.setVisible(self.divides.isChecked())


def _stack(page: QWidget, widgets: tuple[QWidget, ...]) -> None:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP // 2)
    for widget in widgets:
        column.addWidget(widget)
