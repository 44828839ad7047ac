"""Sharing: the experiment and position as one line or a few, copied and pasted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from bpviz.language import N_, _
from bpviz.session.engine.events import Failed, State, Status
from bpviz.session.sharing.share_text import Shared, ShareError, as_command, as_text, read_shared
from bpviz.session.training.position import Position
from bpviz.ui.view_model.view_model import ViewModel

_BY_HAND = N_(
    "What was changed by hand, drawn or planted in this run is not in what was copied: it gives other numbers there."
)


class ShareActions(QObject):
    """Copies the experiment and position, and pastes them.

    Parameters
    ----------
    parent : QObject
    model : ViewModel
    show_failure : callable
        Called with a `Failed` if something cannot be shared or pasted, or is left out.
    """

    def __init__(self, parent: QObject, model: ViewModel, show_failure: Callable[[Failed], None]) -> None:
        super().__init__(parent)
        self._model, self._show_failure = model, show_failure
        self._wanted: Position | None = None
        self._has_begun = False
        model.experiment_prepared.connect(self._forget_what_has_begun)
        model.status_changed.connect(self._go_on)

    @Slot()
    def copy_command(self) -> None:
        """Copy the line of the command line that opens this experiment at this position."""
        self._copy(as_command)

    @Slot()
    def copy_text(self) -> None:
        """Copy the experiment and the position as a few lines."""
        self._copy(as_text)

    @Slot()
    def paste(self) -> None:
        """Load the experiment in the clipboard, and go to its position."""
        try:
            shared = read_shared(QGuiApplication.clipboard().text())
        except ShareError as fault:
            self._say(str(fault))
            return
        self._model.load(shared.experiment)
        self.go_to(shared.position)

    def go_to(self, position: Position | None) -> None:
        """Train up to a position once the network that is being loaded is ready, and show it."""
        self._wanted, self._has_begun = position, True  # until the network is ready

    def _copy(self, write: Callable[[Shared], str]) -> None:
        position, timeline = self._model.position, self._model.time.timeline
        try:
            text = write(Shared(self._model.experiment, position if position != Position() else None))
        except ShareError as fault:
            self._say(str(fault))
            return
        QGuiApplication.clipboard().setText(text)
        branch = timeline.branch(timeline.active) if timeline else None
        is_changed = self._model.drawing.has_points or bool(self._model.experiment.mistakes)
        if is_changed or (branch is not None and branch.interventions):
            self._show_failure(Failed(_(_BY_HAND)))

    def _say(self, problem: str) -> None:
        self._show_failure(Failed(f"{problem[0].upper()}{problem[1:]}."))

    @Slot()
    def _forget_what_has_begun(self) -> None:
        self._has_begun = False

    @Slot(object)
    def _go_on(self, status: Status) -> None:
        wanted, furthest = self._wanted, status.furthest
        if wanted is None or status.state is not State.PAUSED or status.position is None:
            return
        if furthest is not None and furthest >= Position(wanted.epoch, wanted.sample):
            self._wanted = None
            self._model.go_to(wanted)
        elif not self._has_begun:
            self._has_begun = True
            self._model.step("epoch", wanted.epoch + bool(wanted.sample))
        elif status.position != Position():
            self._wanted = None  # somebody stopped it on the way
