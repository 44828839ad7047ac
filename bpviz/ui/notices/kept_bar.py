"""The line that says that the run which was replaced is kept, and brings it back."""

from __future__ import annotations

from PySide6.QtCore import Slot

from bpviz.language import N_, _, ngettext
from bpviz.session.engine.commands import Undo
from bpviz.session.engine.events import SessionKept, Status
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.action_bar import ActionBar


class KeptBar(ActionBar):
    """Shown after a reset, a preset, a new network or a file has replaced a run, until the next run begins."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("kept", _("The run that was replaced"))
        self._model = model
        self.undo = self.add_button(N_("Undo"), _("Bring the run back  (Ctrl+Z)"), self._bring_back)
        self.add_button(N_("Close"), _("Close this line; File, Recent has the run"), self.hide)
        model.time.kept.connect(self._tell)
        model.experiment_prepared.connect(self.hide)
        model.status_changed.connect(self._hide_when_running)

    @Slot(object)
    def _tell(self, kept: SessionKept) -> None:
        text = ngettext("The run of {count} epoch is kept", "The run of {count} epochs is kept", kept.epochs)
        self.say(text.format(count=formats.count(kept.epochs)))

    @Slot(object)
    def _hide_when_running(self, status: Status) -> None:
        if self._model.is_running:
            self.hide()

    @Slot()
    def _bring_back(self) -> None:
        self._model.post(Undo())
