"""The line that says that a change in the past has started a branch, and trains it beside the one it came from."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction

from bpviz.language import N_, _
from bpviz.session.engine.commands import Run
from bpviz.session.time_travel.timeline import BranchInfo, Timeline
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.action_bar import ActionBar


class StartedBar(ActionBar):
    """Shown after a change in the past has started a branch, until that is trained, compared or left.

    Parameters
    ----------
    model : ViewModel
    compare : QAction
        Arranges the panels for two branches, and compares the active one with the one it came from.
    """

    def __init__(self, model: ViewModel, compare: QAction) -> None:
        super().__init__("started", _("The branch that was started"))
        self._model, self._compare = model, compare
        self._known: frozenset[int] = frozenset()
        self.both = self.add_button(
            N_("Train both, side by side"), _("Compare the two branches, and run  (Ctrl+4, F5)"), self._train_both
        )
        self.add_button(N_("Close"), _("Close this line; the old branch stays"), self.hide)
        model.time.timeline_changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        timeline = self._model.time.timeline
        known, self._known = (
            self._known,
            frozenset(each.number for each in timeline.branches) if timeline else frozenset(),
        )
        parent = _parent_of_new(timeline) if timeline else None
        if timeline is None or parent is None:
            self.hide()
        elif timeline.active not in known:
            self.say(
                _("Changed in the past: training goes on here on a new branch, “{name}” stays as it was").format(
                    name=parent.name
                )
            )

    @Slot()
    def _train_both(self) -> None:
        self._compare.trigger()
        self._model.post(Run())


def _parent_of_new(timeline: Timeline) -> BranchInfo | None:
    """Return the parent of the active branch, if that has a change of its own, no update and no comparison yet."""
    active = timeline.branch(timeline.active)
    if active is None or timeline.compared is not None or active.furthest != active.forked_at:
        return None
    is_changed = any(at == active.forked_at for at, _description in active.interventions)
    return timeline.branch(active.parent) if is_changed else None
