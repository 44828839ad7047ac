"""Slots of the stepping actions."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from bpviz.session.engine.commands import ApplySample, InspectSample
from bpviz.session.training.sample_search import SampleChoice
from bpviz.ui.view_model.view_model import ViewModel


class StepActions(QObject):
    """Calls the view model for each stepping action."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    @Slot()
    def step_into(self) -> None:
        """Execute the next operation."""
        self._model.step("operation", 1)

    @Slot()
    def back_out(self) -> None:
        """Step back by one operation."""
        self._model.step("operation", -1)

    @Slot()
    def finish_sample(self) -> None:
        """Execute all remaining operations of the sample, or those of the next one."""
        self._model.step("sample", 1)

    @Slot()
    def start_sample(self) -> None:
        """Step back to the start of the sample, or of the previous one."""
        self._model.step("sample", -1)

    @Slot()
    def inspect_chosen(self) -> None:
        """Inspect the selected sample."""
        if self._model.selection.sample is not None:
            self._model.post(InspectSample(self._model.selection.sample))

    @Slot()
    def inspect_worst(self) -> None:
        """Inspect the training sample with the largest loss."""
        self._model.post(InspectSample(SampleChoice.WORST))

    @Slot()
    def inspect_random(self) -> None:
        """Inspect a random training sample."""
        self._model.post(InspectSample(SampleChoice.RANDOM))

    @Slot()
    def inspect_wrong(self) -> None:
        """Inspect the next misclassified training sample."""
        self._model.post(InspectSample(SampleChoice.MISCLASSIFIED))

    @Slot()
    def apply_chosen(self) -> None:
        """Train on the selected sample, out of turn."""
        if self._model.selection.sample is not None:
            self._model.post(ApplySample(self._model.selection.sample))
