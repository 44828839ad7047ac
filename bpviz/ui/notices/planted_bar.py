"""The line that says that what runs is not backpropagation, as long as a mistake is planted in it."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction

from bpviz.language import N_, _
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.action_bar import ActionBar

_ONE = N_("A mistake is planted in this program: what it computes is not backpropagation.")
_SOME = N_("A mistake is planted in some of the branches: not all of them are backpropagation.")


class PlantedBar(ActionBar):
    """Shown while the program of a branch has a planted mistake; it cannot be closed."""

    def __init__(self, model: ViewModel, find_bug: QAction) -> None:
        super().__init__("planted", _("Planted mistake"))
        self._time = model.time
        self.add_button(
            N_("Find the bug"), _("Point at the operation that is wrong, or show the answer"), find_bug.trigger
        )
        self._time.timeline_changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        branches = self._time.timeline.branches if self._time.timeline else ()
        planted = [bool(branch.experiment.mistakes) for branch in branches]
        if any(planted):
            self.say(_(_ONE) if all(planted) else _(_SOME))
        else:
            self.hide()
