"""Buttons that show the branches of the session and switch between them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from bpviz.language import _
from bpviz.session.engine.commands import ShowBranch
from bpviz.session.time_travel.timeline import BranchInfo, Timeline
from bpviz.session.training.position import position_text
from bpviz.ui.view_model.view_model import ViewModel

_LETTERS = 9
_MOST_CHANGES = 6


class BranchChips(QWidget):
    """One button for each branch, in order of creation; none while there is only one branch."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__()
        self._model = model
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self.chips: list[_Chip] = []
        model.time.timeline_changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        timeline = self._model.time.timeline
        branches = timeline.branches if timeline and len(timeline.branches) > 1 else ()
        # Buttons are reused while the branches are the same, which keeps the keyboard focus.
        if [chip.number for chip in self.chips] != [branch.number for branch in branches]:
            self._make([branch.number for branch in branches])
        for chip, branch in zip(self.chips, branches, strict=True):
            assert timeline
            chip.describe(branch, timeline)

    def _make(self, numbers: list[int]) -> None:
        for chip in self.chips:
            self._row.removeWidget(chip)
            # deleteLater acts in the next turn of the event loop; until then the button would still be visible.
            chip.hide()
            chip.deleteLater()
        self.chips = [_Chip(number) for number in numbers]
        for chip in self.chips:
            chip.clicked.connect(partial(self._choose, chip.number))
            self._row.addWidget(chip)

    def _choose(self, number: int) -> None:
        self._model.post(ShowBranch(number))
        self._show()  # undo the checked state of the click: the switch may fail


class _Chip(QToolButton):
    """The button of one branch, with its name elided to a few letters."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self._name = number, ""
        self.setProperty("role", "flat")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def describe(self, branch: BranchInfo, timeline: Timeline) -> None:
        """Show the name and state of a branch."""
        self.setChecked(branch.number == timeline.active)
        self.setToolTip(_tip(branch, timeline))
        if branch.name != self._name:
            self._name = branch.name
            self.setAccessibleName(_("Branch {name}").format(name=branch.name))
            self._elide()

    def changeEvent(self, event: QEvent) -> None:
        """Elide the name again for a new font size."""
        if event.type() == QEvent.Type.FontChange:
            self._elide()
        super().changeEvent(event)

    def _elide(self) -> None:
        metrics = self.fontMetrics()
        room = metrics.averageCharWidth() * _LETTERS
        self.setText(metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room).replace("&", "&&"))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint, so that the name is not clipped."""
        return self.sizeHint()


def _tip(branch: BranchInfo, timeline: Timeline) -> str:
    parent = timeline.branch(branch.parent)
    lines = [branch.name]
    if parent:
        lines.append(
            _("forked from {name} at {position_text}").format(
                name=parent.name, position_text=position_text(branch.forked_at)
            )
        )
    if branch.number == timeline.compared:
        lines.append(_("compared with the active branch, dashed in the plots"))
    changes = [f"{position_text(position)}: {words}" for position, words in branch.interventions]
    lines += changes[:_MOST_CHANGES]
    if len(changes) > _MOST_CHANGES:
        lines.append(_("and {n_changes:,} more changes").format(n_changes=len(changes) - _MOST_CHANGES))
    return "\n".join(lines)
