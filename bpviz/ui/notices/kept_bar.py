"""The line that says that the run which was replaced is kept, and brings it back."""

from __future__ import annotations

from PySide6.QtCore import Slot

from bpviz.session.engine.commands import Undo
from bpviz.session.engine.events import SessionKept, Status
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.action_bar import ActionBar


class KeptBar(ActionBar):
    """Shown after a reset, a preset, a new network or a file has replaced a run, until the next run begins."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("kept", "The run that was replaced")
        self._model = model
        self.undo = self.add_button("Undo", "Bring the run back  (Ctrl+Z)", self._bring_back)
        self.add_button("Close", "Close this line; File, Recent has the run", self.hide)
        model.time.kept.connect(self._tell)
        model.experiment_prepared.connect(self.hide)
        model.status_changed.connect(self._hide_when_running)

    @Slot(object)
    def _tell(self, kept: SessionKept) -> None:
        epochs = "1 epoch" if kept.epochs == 1 else f"{formats.count(kept.epochs)} epochs"
        self.say(f"The run of {epochs} is kept")

    @Slot(object)
    def _hide_when_running(self, status: Status) -> None:
        if self._model.is_running:
            self.hide()

    @Slot()
    def _bring_back(self) -> None:
        self._model.post(Undo())
