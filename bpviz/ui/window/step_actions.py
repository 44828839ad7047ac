"""What the commands of stepping do, one method for each."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from bpviz.session.training.sample_search import SampleChoice
from bpviz.ui.view_model.view_model import ViewModel


class StepActions(QObject):
    """Gives a view model the commands of a debugger."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    @Slot()
    def step_into(self) -> None:
        """Make the next operation."""
        self._model.step("operation", 1)

    @Slot()
    def back_out(self) -> None:
        """Take the last operation back."""
        self._model.step("operation", -1)

    @Slot()
    def finish_sample(self) -> None:
        """Make all operations up to the end of a sample."""
        self._model.step("sample", 1)

    @Slot()
    def start_sample(self) -> None:
        """Take all operations back to the beginning of a sample."""
        self._model.step("sample", -1)

    @Slot()
    def inspect_chosen(self) -> None:
        """Look at the chosen sample."""
        if self._model.selection.sample is not None:
            self._model.inspect(self._model.selection.sample)

    @Slot()
    def inspect_worst(self) -> None:
        """Look at the training sample with the largest loss."""
        self._model.inspect(SampleChoice.WORST)

    @Slot()
    def inspect_random(self) -> None:
        """Look at any training sample."""
        self._model.inspect(SampleChoice.RANDOM)

    @Slot()
    def inspect_wrong(self) -> None:
        """Look at the next training sample that is misclassified."""
        self._model.inspect(SampleChoice.MISCLASSIFIED)

    @Slot()
    def apply_chosen(self) -> None:
        """Train visibly on the chosen sample, out of turn."""
        if self._model.selection.sample is not None:
            self._model.apply(self._model.selection.sample)
