"""Director: brings the program to the scene of a lesson's step, by the commands that a user would give."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.session.engine.commands import Pause
from bpviz.session.engine.events import NetworkReady, State
from bpviz.session.lessons.lesson import Scene
from bpviz.session.lessons.situation import Situation
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.ui.view_model.view_model import ViewModel

_BUSY = (State.RUNNING, State.PREPARING)


class Director(QObject):
    """Loads the experiment of a scene where another one is on screen, and goes to its position.

    One command is given at a time, each when the session has done the one before.

    Signals
    -------
    arrived
        The session is at the position that was asked for.
    """

    arrived = Signal()

    def __init__(self, model: ViewModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._scene: Scene | None = None
        self._target: Position | None = None
        self._is_loading = self._is_settling = False
        self._asked_at: object = None
        model.experiment_prepared.connect(self._note_network)
        model.status_changed.connect(self._advance)
        model.current_update_changed.connect(self._advance)

    def show_scene(self, scene: Scene) -> None:
        """Show a scene; the run on screen is kept as for any other experiment that is loaded."""
        self._scene, self._target, self._asked_at, self._is_settling = scene, scene.position, None, False
        self._is_loading = not self._is_unchanged(scene)
        if self._is_loading:
            self._model.load(scene.experiment)
        else:
            self._set_out()

    def stay_at(self, scene: Scene) -> None:
        """Take a scene for the one on screen, which the user may have left."""
        self.stop()
        self._scene = scene

    def go_to(self, position: Position) -> None:
        """Go to another position of the scene on screen."""
        self._target, self._asked_at, self._is_settling = position, None, False
        self._set_out()

    def stop(self) -> None:
        """Leave the session where it is."""
        self._scene = self._target = None
        self._is_loading = False

    @property
    def is_on_its_way(self) -> bool:
        """Whether the position that was asked for is not reached yet."""
        return self._target is not None

    @property
    def is_at_scene(self) -> bool:
        """Whether the update on screen is the one that the scene begins with."""
        if self._scene is None or (update := self._update_here()) is None:
            return False
        at, wanted = self._model.position, self._scene.position
        is_same = at is not None and (at.epoch, at.sample) == (wanted.epoch, wanted.sample)
        return is_same and update.kind is UpdateKind.IN_TURN

    def situation(self) -> Situation:
        """Return what is on screen."""
        model, chosen = self._model, self._model.selection
        return Situation(model.position, self._update_here(), model.epochs, chosen.sample, chosen.layer, chosen.neuron)

    def _update_here(self) -> TracedUpdate | None:
        """Return the current update; None if it is still that of the position before, as for a moment after a move."""
        update, here = self._model.current_update, self._model.position
        if update is None or here is None:
            return None
        at = update.position
        return update if (at.epoch, at.sample) == (here.epoch, here.sample) else None

    def _is_unchanged(self, scene: Scene) -> bool:
        """Return whether the scene's experiment is on screen, without changes made by the user."""
        prepared, timeline = self._model.prepared, self._model.time.timeline
        if prepared is None or not scene.trains(prepared.experiment) or not scene.trains(self._model.experiment):
            return False
        return timeline is None or (len(timeline.branches) == 1 and not timeline.branches[0].interventions)

    def _set_out(self) -> None:
        if self._model.is_running:
            self._model.post(Pause())
        else:
            self._advance()

    @Slot(object)
    def _note_network(self, prepared: NetworkReady) -> None:
        if self._scene is not None and self._scene.trains(prepared.experiment):
            self._is_loading = False  # the status that follows has its position

    @Slot()
    def _advance(self) -> None:
        """Give the next command on the way to the target, unless one is still being done."""
        status = self._model.status
        if self._target is None or self._is_loading or status.position is None or status.state in _BUSY:
            return
        if status.position == self._target:
            self._settle(self._target)
        elif (here := (status.position, status.is_live)) != self._asked_at:
            self._asked_at = here
            self._move(status.position, self._target, status.furthest or status.position)

    def _move(self, here: Position, target: Position, furthest: Position) -> None:
        if target <= furthest:
            self._model.go_to(target)
        elif here != furthest:
            self._model.go_live()
        elif here.epoch < target.epoch:
            self._model.step("epoch", target.epoch - here.epoch)
        elif here.sample < target.sample:
            self._model.step("sample", max((target.sample - here.sample) // self._model.experiment.batch_size, 1))
        else:
            self._model.step("operation", target.operation - here.operation)

    def _settle(self, target: Position) -> None:
        """Arrive when the update that begins here is on screen.

        A step ends with the update that it made, and a new network has none yet.
        """
        update = self._update_here()
        if update and update.kind is UpdateKind.IN_TURN and update.index == target.operation:
            self._arrive()
        elif not self._is_settling:
            self._is_settling = True
            self._model.go_to(target)

    def _clear_selection(self, scene: Scene) -> None:
        """Clear a selection that the scene has not."""
        chosen = self._model.selection
        if (chosen.sample is not None and scene.sample is None) or (chosen.layer is not None and scene.layer is None):
            self._model.select_nothing()

    def _arrive(self) -> None:
        self._target = None
        if self._scene is not None:
            self._clear_selection(self._scene)
            self._model.select(sample=self._scene.sample, layer=self._scene.layer, neuron=self._scene.neuron)
        self.arrived.emit()
