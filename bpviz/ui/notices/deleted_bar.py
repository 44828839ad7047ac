"""The line that says that a branch was deleted, and brings it back."""

from __future__ import annotations

from PySide6.QtCore import Slot

from bpviz.language import N_, _
from bpviz.session.engine.commands import Undo
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.action_bar import ActionBar


class DeletedBar(ActionBar):
    """Shown after a branch was deleted, as long as undo brings it back."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("deleted", _("The branch that was deleted"))
        self._model = model
        self._told: int | None = None
        self.undo = self.add_button(N_("Undo"), _("Bring the branch back  (Ctrl+Z)"), self._bring_back)
        self.add_button(N_("Close"), _("Close this line; Undo brings the branch back all the same"), self.hide)
        model.time.timeline_changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        timeline = self._model.time.timeline
        deleted = timeline.deleted if timeline else None
        number = deleted.number if deleted else None
        if number != self._told and deleted:
            self.say(_("Branch “{name}” was deleted").format(name=deleted.name))
        elif deleted is None:
            self.hide()
        self._told = number

    @Slot()
    def _bring_back(self) -> None:
        self._model.post(Undo())
