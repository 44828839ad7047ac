"""SecondSession: replays a session on a worker thread of its own, while the window goes on with the first."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from bpviz.language import _
from bpviz.session.engine.commands import Command, GoTo, OpenSession, OpenSnapshot
from bpviz.session.engine.events import Failed, State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position, position_text
from bpviz.session.walkthrough.traced_update import UpdateKind
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.view_model.worker_thread import WorkerThread
from bpviz.ui.widgets.panel import Panel


class SecondSession(QObject):
    """A session with a view model of its own, which panels off the screen show.

    Parameters
    ----------
    parent : QObject

    Attributes
    ----------
    model : ViewModel

    Signals
    -------
    opened
        The session is open, and at rest.
    arrived
        All panels show the position that was asked for.
    failed : str
        A sentence about why it cannot go on.
    """

    opened = Signal()
    arrived = Signal()
    failed = Signal(str)
    _at_rest = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = WorkerThread(self)
        self.model = ViewModel(self._worker.post, Experiment(), self)
        self.model.frame_requests.stay_fine()
        self.model.paint_queue.is_for_all = True  # the window must stay responsive beside it
        self._target: Position | None = None
        self._panels: list[Panel] = []
        self._is_opening = self._is_ended = self._has_update = self._is_answered = False
        self._worker.happened.connect(self.model.receive)
        self.model.current_update_changed.connect(self._take_update)
        self.model.status_changed.connect(self._take_status)
        self.model.frame_changed.connect(self._look)
        self.model.failed.connect(self._fail)
        # Queued: the model may still be about to ask for another frame.
        self._at_rest.connect(self._wait_for_panels, Qt.ConnectionType.QueuedConnection)

    def open(self, command: OpenSnapshot | OpenSession) -> None:
        """Open a session from a snapshot or a file; `opened` follows, or `failed`."""
        self._is_opening = True
        self._worker.start()
        self._worker.post(command)

    def start_empty(self) -> None:
        """Start without a session: an experiment is loaded later."""
        self._worker.start()

    def post(self, command: Command) -> None:
        """Give the session a command."""
        self._worker.post(command)

    def wait_for(self, panel: Panel) -> None:
        """Arrive only when a panel is complete."""
        self._panels.append(panel)
        panel.completed.connect(self._look)

    def go_to(self, position: Position) -> None:
        """Go to a position; `arrived` follows when every panel shows it, or `failed`."""
        self._target, self._has_update, self._is_answered = position, False, False
        self._worker.post(GoTo(position))

    def end(self, shown_on: QWidget | None = None) -> None:
        """End the thread, and delete this object and the widget that shows it; nothing more is told."""
        if self._is_ended:
            return
        self._is_ended, self._target = True, None
        self._panels.clear()
        self._worker.end()
        self._worker.happened.disconnect(self.model.receive)
        self.model.paint_queue.forget()
        # In one turn of the event loop: the model's signals must not reach panels that are gone.
        if shown_on:
            shown_on.hide()
            shown_on.deleteLater()
        self.deleteLater()

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing moves, the latest frame shows the position on screen, and the panels are complete."""
        model, place, frame = self.model, self.model.position, self.model.frame
        if model.prepared is None or place is None or frame is None:
            return False
        if frame.position != Position(place.epoch, place.sample) or frame.beside_is_behind:
            return False
        if not all(panel.is_complete for panel in self._panels):
            return False
        return model.status.state not in (State.RUNNING, State.PREPARING) and model.frame_requests.is_up_to_date

    # A session answers each `GoTo` with an update and then a status. What comes before was on its way already.

    @Slot()
    def _take_update(self) -> None:
        self._has_update = True

    @Slot()
    def _take_status(self) -> None:
        self._is_answered = self._is_answered or self._has_update
        self._look()

    @Slot()
    def _look(self) -> None:
        if (self._is_opening or (self._target is not None and self._is_answered)) and self.is_at_rest:
            self._at_rest.emit()

    @Slot()
    def _wait_for_panels(self) -> None:
        if not self._is_ended:
            self.model.paint_queue.take(self._rest)  # behind the panels that draw what the event brought

    def _rest(self) -> None:
        # A panel may have asked for more meanwhile, such as a finer grid: another frame follows.
        if self._is_ended or not self.is_at_rest:
            return
        if self._is_opening:
            self._is_opening = False
            self.opened.emit()
        elif self._target is not None and self._is_answered:
            target, self._target = self._target, None
            if self._shows(target):
                self.arrived.emit()
            else:
                self.failed.emit(_("There is no {place} in this session.").format(place=position_text(target)))

    def _shows(self, target: Position) -> bool:
        """Return whether a position is on screen; the end of an update is also the beginning of the next."""
        update = self.model.current_update
        if self.model.position == target:
            return True
        is_complete = update is not None and update.kind is UpdateKind.IN_TURN and update.index == target.operation
        return target.operation > 0 and is_complete and self.model.position == update.position  # type: ignore[union-attr]

    @Slot(object)
    def _fail(self, failed: Failed) -> None:
        if not self._is_ended and not failed.is_beside and (self._is_opening or self._target is not None):
            self._is_opening, self._target = False, None
            self.failed.emit(failed.sentence)
