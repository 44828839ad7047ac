"""The state that panels show, and the commands that need this state; the only object that panels know."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.core.surface import Grid
from bpviz.session.debugging.breakpoints import Hits
from bpviz.session.debugging.watches import Watched
from bpviz.session.diagnostics.gradient_check import GradientsChecked
from bpviz.session.diagnostics.plateau import PlateauReport
from bpviz.session.engine import commands
from bpviz.session.engine.commands import Command
from bpviz.session.engine.events import (
    EpochsDone,
    EpochTablesReplaced,
    Event,
    ExperimentChanged,
    Failed,
    NetworkReady,
    SessionOpened,
    State,
    Status,
)
from bpviz.session.experiment.difference import is_another
from bpviz.session.experiment.experiment import LIVE, Experiment
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.view_model.conventions_model import ConventionsModel
from bpviz.ui.view_model.debugger_model import DebuggerModel
from bpviz.ui.view_model.drawing_model import DrawingModel
from bpviz.ui.view_model.effects_model import EffectsModel
from bpviz.ui.view_model.frame_requests import FrameRequests, network_at
from bpviz.ui.view_model.own_numbers_model import OwnNumbersModel
from bpviz.ui.view_model.paint_queue import PaintQueue
from bpviz.ui.view_model.plane_model import PlaneModel
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.time_travel_model import TimeTravelModel

# While training runs, `epochs_added` is emitted at most this often; `epochs` has every record at once.
_TELL_MILLISECONDS, _UNLIMITED_MILLISECONDS = 40, 150


class ViewModel(QObject):
    """Holds what the panels draw, and emits a signal when it changes.

    Parameters
    ----------
    post : callable
        Takes each `Command` for the session, as `Runner.post` does.
    experiment : Experiment
        What trains at first.
    parent : QObject, optional

    Attributes
    ----------
    post : callable
        As above: panels give commands by it that need nothing of this object.
    experiment : Experiment
        What trains now.
    prepared : NetworkReady or None
        Its samples; None until they have been made.
    epochs : EpochTable
        Every epoch so far.
    current_update : TracedUpdate or None
        What is stepped through.
    checked : GradientsChecked or None
        The latest gradient check, which may be of an earlier moment.
    debugger : DebuggerModel
        Breakpoints and watches.
    time : TimeTravelModel
        Branches and bookmarks.
    effects, own_numbers, drawing : EffectsModel, OwnNumbersModel, DrawingModel
        What updates did; the numbers of the user's own program; the points that were drawn.
    frame_requests : FrameRequests
        Knows whether the latest frame shows the present.
    paint_queue : PaintQueue
        In which panels draw while training runs.
    """

    experiment_prepared = Signal(object)
    experiment_changed = Signal(object)
    epochs_added = Signal()
    frame_changed = Signal(object)
    current_update_changed = Signal(object)
    gradients_checked = Signal(object)
    plateau_reported = Signal(object)
    status_changed = Signal(object)
    selection_changed = Signal(object)
    theme_changed = Signal(object)
    failed = Signal(object)
    #: A panel, the argument, has begun to edit the experiment: edits of it in other panels give way.
    edit_begun = Signal(object)

    def __init__(self, post: Callable[[Command], None], experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.post, self.experiment = post, experiment
        self.prepared: NetworkReady | None = None
        self.epochs = EpochTable()
        self.current_update: TracedUpdate | None = None
        self.checked: GradientsChecked | None = None
        self.debugger, self.time = DebuggerModel(post, self), TimeTravelModel(post, self)
        self.effects, self.own_numbers = EffectsModel(self), OwnNumbersModel(post, self)
        self.plane, self.drawing, self.conventions = PlaneModel(self), DrawingModel(self), ConventionsModel(self)
        self.paint_queue, self.frame_requests = PaintQueue(self), FrameRequests(post, self)
        self._move_on_its_way, self._told_length = False, 0
        self._next_move: Command | None = None
        self.status, self.rate = Status(State.PREPARING, None), 0.0
        self.selection, self.theme = Selection(), LIGHT
        self._changed_experiment: Experiment | None = None
        self._told = QTimer(self, singleShot=True, interval=_TELL_MILLISECONDS)
        self._told.timeout.connect(self._tell_epochs)

    # What the user does

    def load(self, experiment: Experiment, *, keeps_points: bool = False) -> None:
        """Load an experiment, with the points that were drawn if wanted; the present network stays until it is ready.

        Breakpoints that were set for another experiment are disabled: they would stop this one without a reason.
        """
        self._changed_experiment, has_points = None, keeps_points and self.drawing.has_points
        self.post(commands.LoadWithPoints(experiment) if has_points else commands.Load(experiment))
        if self.prepared and is_another(self.prepared.experiment, experiment):
            self.debugger.disable_breakpoints()

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Continue with other hyperparameters."""
        self.experiment = self._changed_experiment = experiment
        self.post(commands.ChangeHyperparameters(experiment))
        self.experiment_changed.emit(experiment)

    def stop_after(self, epochs: int) -> None:
        """Set the epoch at which training stops."""
        self.change_hyperparameters(dataclasses.replace(self.experiment, epochs=epochs))

    @Slot()
    def reset(self) -> None:
        """Start the experiment again from its initial parameters."""
        self._changed_experiment = None
        self.post(commands.Reset())

    def step(self, level: str = "operation", count: int = 1) -> None:
        """Step `count` times at a level; a negative count steps back."""
        self._move(commands.Step(level, count))

    def go_to(self, position: Position) -> None:
        """Go to a position that training has reached."""
        self._move(commands.GoTo(position))

    @Slot()
    def go_live(self) -> None:
        """Go to the live end, in place of any move that waits."""
        self._next_move = None
        self.post(commands.GoLive())

    def _move(self, command: Command) -> None:
        """Give a command that changes the position.

        While one move is on its way only the latest further one is kept, so that neither a key held down nor a
        pointer that drags ever queues up.
        """
        if self._move_on_its_way:
            self._next_move = command
        else:
            self._move_on_its_way = True
            self.post(command)

    def take_up(self, sample: int) -> None:
        """Select a training sample, and inspect it unless training runs."""
        self.select(sample=sample)
        if not self.is_running:
            self.post(commands.InspectSample(sample))

    def set_speed(self, epochs_per_second: float | None) -> None:
        """Train at most this many epochs a second; None is unlimited."""
        unlimited = epochs_per_second is None
        self.frame_requests.set_unlimited(unlimited)
        self._told.setInterval(_UNLIMITED_MILLISECONDS if unlimited else _TELL_MILLISECONDS)
        self.post(commands.SetSpeed(epochs_per_second))

    def set_grid(self, grid: Grid) -> None:
        """Set the part of the input plane that frames cover."""
        self.frame_requests.set_grid(grid)

    def request_frame_options(self, who: object, options: FrameOptions) -> None:
        """Set what one panel needs in frames; `FrameOptions()` while it is hidden."""
        self.frame_requests.request_frame_options(who, options)

    def select(self, *, sample: int | None = None, layer: int | None = None, neuron: int | None = None) -> None:
        """Select a sample, a neuron or both; what is not given, or not of the present network, stays selected.

        A panel that is not visible still shows the network before, and can give away its neurons when it comes back.
        """
        changes = {"sample": sample} if sample is not None and self._has_sample(sample) else {}
        if layer is not None and neuron is not None and self._has_neuron(layer, neuron):
            changes |= {"layer": layer, "neuron": neuron}
        self._choose(dataclasses.replace(self.selection, **changes))

    def _has_sample(self, sample: int) -> bool:
        return self.prepared is None or 0 <= sample < len(self.prepared.split.X_train)

    def _has_neuron(self, layer: int, neuron: int) -> bool:
        sizes = self.prepared.experiment.sizes if self.prepared else ()
        return not sizes or (1 <= layer < len(sizes) and 0 <= neuron < sizes[layer])

    def select_nothing(self) -> None:
        """Clear the selection."""
        self._choose(Selection())

    def set_theme(self, theme: Theme) -> None:
        """Change the theme."""
        self.theme = theme
        self.theme_changed.emit(theme)

    # State

    @property
    def position(self) -> Position | None:
        """The position on screen; None without a network."""
        return self.status.position

    @property
    def row(self) -> int:
        """The row of the current update's arrays that belongs to the selected sample."""
        return self.current_update.row_of(self.selection.sample) if self.current_update else 0

    @property
    def is_running(self) -> bool:
        """Whether training runs."""
        return self.status.state is State.RUNNING

    @property
    def is_moving(self) -> bool:
        """Whether a step or another move is in progress."""
        return self._move_on_its_way

    @property
    def frame(self) -> Frame | None:
        """The latest frame; None before the first."""
        return self.frame_requests.frame

    # Events of the session

    @Slot(object)
    def receive(self, event: Event) -> None:
        """Handle one event of the session; events must come in their order."""
        match event:
            case _ if self.effects.take(event) or self.own_numbers.take(event) or self.drawing.take(event):
                pass
            case _ if self.time.take(event):
                pass
            case NetworkReady():
                self._begin(event)
            case EpochsDone():
                self._add_epochs(event)
            case Frame():
                self._show(event)
            case TracedUpdate():
                self._take_update(event)
            case GradientsChecked():
                self.checked = event
                self.gradients_checked.emit(event)
            case PlateauReport():
                self.plateau_reported.emit(event)
            case Watched():
                self.debugger.take_watched(event)
            case Hits():
                self._take_hits(event)
            case EpochTablesReplaced():
                self._take_records(event)
            case SessionOpened():
                self._take_what_was_opened(event)
            case ExperimentChanged():
                self._take_experiment(event.experiment)
            case Status():
                self._take_status(event)
            case Failed():
                self._end_move()
                self.failed.emit(event)

    def _begin(self, prepared: NetworkReady) -> None:
        self.prepared, self.experiment = prepared, self._with_changed_hyperparameters(prepared)
        self.epochs, self.current_update, self.checked, self.rate = EpochTable(), None, None, 0.0
        self._move_on_its_way, self._next_move = False, None
        self.selection = Selection()
        self.frame_requests.begin(self.plane.begin(prepared.split))
        self.debugger.begin()
        self.own_numbers.begin(prepared)
        if not prepared.goes_on:
            self.time.begin()
        self.experiment_prepared.emit(prepared)
        self.experiment_changed.emit(self.experiment)
        self.selection_changed.emit(self.selection)
        self._told_length = 0
        self.epochs_added.emit()
        self.frame_requests.make_stale()

    def _with_changed_hyperparameters(self, prepared: NetworkReady) -> Experiment:
        """Keep changes made while the network was being built: the session handles them after this event."""
        if prepared.goes_on:
            return prepared.experiment
        retuned, self._changed_experiment = self._changed_experiment, None
        changed = {name: getattr(retuned, name) for name in LIVE} if retuned else {}
        return dataclasses.replace(prepared.experiment, **changed)

    def _add_epochs(self, event: EpochsDone) -> None:
        if event.of_compared:
            self.time.add_compared(event.records)
            self._told_length = -1
        else:
            self.epochs.extend(event.records)
            self.rate = event.rate
            self.debugger.take_watched_epochs(event.watched)
            self.frame_requests.make_stale()
        if not (self._told.isActive() and (self.is_running or event.of_compared)):
            self._tell_epochs()

    def _show(self, frame: Frame) -> None:
        self.frame_requests.take(frame)
        self.frame_changed.emit(frame)
        self.frame_requests.painted()

    def _take_records(self, event: EpochTablesReplaced) -> None:
        self.epochs = event.epochs
        self._told_length = -1
        self._tell_epochs()
        self.time.take_compared(event.compared)
        self.frame_requests.make_stale()

    def _take_what_was_opened(self, event: SessionOpened) -> None:
        self.time.set_bookmarks(event.bookmarks)
        self.time.set_lesson(event.lesson)
        self.debugger.set_breakpoints(event.breakpoints)
        self.debugger.set_watches(event.watches)
        self.time.opened.emit()

    def _take_experiment(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.experiment_changed.emit(experiment)

    def _take_update(self, update: TracedUpdate) -> None:
        self.current_update = update
        # The next sample in turn, not yet begun, does not replace the selection of another sample.
        if update.index and self.selection.sample not in update.samples.tolist():
            self.select(sample=int(update.samples[0]))
        self.own_numbers.take_update(update)
        self.current_update_changed.emit(update)
        if update.kind is UpdateKind.APPLIED:  # every other change of the network changes the position
            self.frame_requests.make_stale()
        self._end_move()

    def _take_hits(self, hits: Hits) -> None:
        self.debugger.take_hits(hits)
        if hits.stopped and hits.stopped.neuron:
            layer, neuron = hits.stopped.neuron
            self.select(sample=hits.stopped.sample, layer=layer, neuron=neuron)

    def _end_move(self) -> None:
        self._move_on_its_way = False
        if self._next_move is not None:
            move, self._next_move = self._next_move, None
            self._move(move)

    def _take_status(self, status: Status) -> None:
        shape = len(self.experiment.sizes) - 1, self.experiment.rule.extra_operations
        moved = network_at(status.position, *shape) != network_at(self.status.position, *shape)
        if status.state is not State.RUNNING:
            self._tell_epochs()
        before, self.status = self.status.state, status
        self.frame_requests.is_running = self.is_running
        self.debugger.take_place(None if self.is_running else status.position)
        self.status_changed.emit(status)
        if status.state is not State.RUNNING:
            self.paint_queue.finish()
            self._end_move()
        if moved:
            if before not in (State.RUNNING, State.PREPARING) and not self.is_running:
                self.frame_requests.move()
            self.frame_requests.make_stale()

    def _choose(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            self.plane.follow(selection.sample)
            self.selection_changed.emit(selection)

    @Slot()
    def _tell_epochs(self) -> None:
        if self._told_length != len(self.epochs):
            self._told_length = len(self.epochs)
            self.epochs_added.emit()
            self._told.start()
