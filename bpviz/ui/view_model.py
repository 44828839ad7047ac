"""The only object that panels know: what is shown, what is chosen, and what can be asked for."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.core.surface import Grid
from bpviz.session.breakpoints import Hits
from bpviz.session.checking import GradientsChecked
from bpviz.session.epoch_table import EpochTable
from bpviz.session.experiment import LIVE, Experiment
from bpviz.session.moment import Moment, Role
from bpviz.session.operations import operations
from bpviz.session.position import Position
from bpviz.session.records import (
    EpochsDone,
    Event,
    Failed,
    Frame,
    Prepared,
    Retuned,
    Rewritten,
    State,
    Status,
)
from bpviz.session.samples import Choice
from bpviz.session.watches import Watched
from bpviz.ui.commands import Commands
from bpviz.ui.debugger import Debugger
from bpviz.ui.theme import LIGHT, Theme

# While training runs, panels hear of new epochs so often at the most; the record itself has every one at once.
_TELL_MILLISECONDS = 40
# Painting takes the interpreter's lock from a training without limit: the screen then follows ten times a second.
_UNLIMITED_MILLISECONDS = 100
# The screen asks for the next frame when it has had time to paint the last.
_PAINT_MILLISECONDS = 8
# As long as one step follows another so soon, frames are coarse: a fine one would hold the next step up.
_MOVING_MILLISECONDS = 300


@dataclass(frozen=True)
class Selection:
    """What is chosen, for all panels at once.

    Attributes
    ----------
    sample : int or None
        A training sample.
    layer, neuron : int or None
        A neuron: its layer, counted from 1, and its number there, counted from 0. Both or neither.
    """

    sample: int | None = None
    layer: int | None = None
    neuron: int | None = None


class ViewModel(QObject):
    """Holds what the panels draw and tells them when it changes.

    Attributes
    ----------
    experiment : Experiment
        What trains now.
    prepared : Prepared or None
        Its samples; None until they have been made.
    epochs : EpochTable
        Every epoch so far.
    frame : Frame or None
        The latest frame.
    moment : Moment or None
        The update on the table: what is stepped through.
    checked : GradientsChecked or None
        The latest gradient check, which may be of an earlier moment.
    debugger : Debugger
        Breakpoints and watches.
    """

    experiment_prepared = Signal(object)
    experiment_changed = Signal(object)
    epochs_added = Signal()
    frame_changed = Signal(object)
    moment_changed = Signal(object)
    gradients_checked = Signal(object)
    status_changed = Signal(object)
    selection_changed = Signal(object)
    theme_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, commands: Commands, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self.experiment = experiment
        self.prepared: Prepared | None = None
        self.epochs = EpochTable()
        self.frame: Frame | None = None
        self.moment: Moment | None = None
        self.checked: GradientsChecked | None = None
        self.debugger = Debugger(commands, self)
        self._step_on_its_way = False
        self._next_step: tuple[str, int] | None = None
        self.status = Status(State.PREPARING, None)
        self.rate = 0.0
        self.selection = Selection()
        self.theme: Theme = LIGHT
        self._retuned: Experiment | None = None
        self._grid: Grid | None = None
        self._stale, self._asked = True, False
        self._paint_milliseconds = _PAINT_MILLISECONDS
        self._moving = QTimer(self, singleShot=True, interval=_MOVING_MILLISECONDS)
        self._moving.timeout.connect(self._make_stale)
        self._painted = QTimer(self, singleShot=True)
        self._painted.timeout.connect(self._ask_if_stale)
        self._told = QTimer(self, singleShot=True, interval=_TELL_MILLISECONDS)
        self._told.timeout.connect(self._tell_epochs)
        self._told_length = 0

    # What users do

    def load(self, experiment: Experiment) -> None:
        """Ask for a new network; the present one stays until the new one is ready."""
        self._retuned = None
        self._commands.load(experiment)

    def retune(self, experiment: Experiment) -> None:
        """Go on with other values of the fields that may change while training."""
        self.experiment = self._retuned = experiment
        self._commands.retune(experiment)
        self.experiment_changed.emit(experiment)

    def stop_after(self, epochs: int) -> None:
        """Stop when so many epochs are done."""
        self.retune(dataclasses.replace(self.experiment, epochs=epochs))

    @Slot()
    def reset(self) -> None:
        """Go back to the start of the experiment."""
        self._retuned = None
        self._commands.reset()

    @Slot()
    def run(self) -> None:
        """Train."""
        self._commands.run()

    @Slot()
    def pause(self) -> None:
        """Stop where training is."""
        self._commands.pause()

    def step(self, level: str = "operation", count: int = 1) -> None:
        """Go forward by so many steps of a level, or back where `count` is negative.

        While one is on its way only the latest further one is kept, so that a key held down never queues up.
        """
        if self._step_on_its_way:
            self._next_step = (level, count)
        else:
            self._step_on_its_way = True
            self._commands.step(level, count)

    def go(self, index: int) -> None:
        """Go to where so many operations of the update on the table are done."""
        self._commands.go(index)

    def travel(self, position: Position) -> None:
        """Go to a moment of the past, or one that was seen before."""
        self._commands.travel(position)

    def inspect(self, choice: int | Choice) -> None:
        """Put a training sample on the table without training on it: by its number, or the one that fits."""
        self._commands.inspect(choice)

    def take_up(self, sample: int) -> None:
        """Choose a training sample and, where training does not run, look at it."""
        self.select(sample=sample)
        if not self.is_running:
            self.inspect(sample)

    def apply(self, sample: int) -> None:
        """Train visibly on a training sample, out of turn."""
        self._commands.apply(sample)

    @Slot()
    def run_back(self) -> None:
        """Go back to where a breakpoint held last."""
        self._commands.run_back()

    def check_gradients(self, epsilon: float) -> None:
        """Compare the gradients of the update on the table with central differences."""
        self._commands.check_gradients(epsilon)

    def set_pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second; None is unlimited."""
        unlimited = epochs_per_second is None
        self._paint_milliseconds = _UNLIMITED_MILLISECONDS if unlimited else _PAINT_MILLISECONDS
        self._told.setInterval(_UNLIMITED_MILLISECONDS if unlimited else _TELL_MILLISECONDS)
        self._commands.set_pace(epochs_per_second)

    def set_grid(self, grid: Grid) -> None:
        """Say which part of the input plane frames should cover."""
        if grid != self._grid:
            self._grid = grid
            self._make_stale()

    def select(self, *, sample: int | None = None, layer: int | None = None, neuron: int | None = None) -> None:
        """Choose a sample, a neuron or both; what is not given stays chosen."""
        changes = {"sample": sample} if sample is not None else {}
        if layer is not None and neuron is not None:
            changes |= {"layer": layer, "neuron": neuron}
        self._choose(dataclasses.replace(self.selection, **changes))

    def select_nothing(self) -> None:
        """Choose nothing."""
        self._choose(Selection())

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.theme_changed.emit(theme)

    # What is

    @property
    def position(self) -> Position | None:
        """The moment on screen."""
        return self.status.position

    @property
    def row(self) -> int:
        """Which row of the arrays of the update on the table belongs to the chosen sample."""
        return self.moment.row_of(self.selection.sample) if self.moment else 0

    @property
    def is_running(self) -> bool:
        """Whether training goes on."""
        return self.status.state is State.RUNNING

    @property
    def is_stepping(self) -> bool:
        """Whether a step is on its way."""
        return self._step_on_its_way

    @property
    def is_up_to_date(self) -> bool:
        """Whether the latest frame shows the present moment and the whole of the view."""
        return self.shows_the_present and not self._moving.isActive()

    @property
    def shows_the_present(self) -> bool:
        """Whether the latest frame shows the present moment, be it coarsely."""
        return self.frame is not None and not self._stale and not self._asked

    def last_scores(self) -> tuple[int, float, float, float, float] | None:
        """Return epoch, mse_train, mse_test, accuracy_train and accuracy_test of the latest epoch."""
        return self.epochs.row(len(self.epochs) - 1) if len(self.epochs) else None

    # What the session tells

    @Slot(object)
    def receive(self, event: Event) -> None:
        """Take one event of the session, in its order."""
        match event:
            case Prepared():
                self._begin(event)
            case EpochsDone():
                self._add_epochs(event)
            case Frame():
                self._show(event)
            case Moment():
                self._lay_on_the_table(event)
            case GradientsChecked():
                self._take_check(event)
            case Watched():
                self.debugger.take_watched(event)
            case Hits():
                self.debugger.take_hits(event)
            case Rewritten():
                self._forget_epochs(event)
            case Retuned():
                self._take_experiment(event.experiment)
            case Status():
                self._take_status(event)
            case Failed():
                self._end_step()
                self.failed.emit(event)

    def _begin(self, prepared: Prepared) -> None:
        self.prepared, self.experiment = prepared, self._with_what_was_retuned(prepared.experiment)
        self.epochs, self.frame, self.moment, self.checked = EpochTable(), None, None, None
        self.rate, self._asked = 0.0, False
        self._step_on_its_way, self._next_step = False, None
        self.selection = Selection()
        self.debugger.begin()
        self.experiment_prepared.emit(prepared)
        self.experiment_changed.emit(self.experiment)
        self.selection_changed.emit(self.selection)
        self._told_length = 0
        self.epochs_added.emit()
        self._make_stale()

    def _with_what_was_retuned(self, experiment: Experiment) -> Experiment:
        """Keep what was changed while this network was being made: the session comes to that only after it."""
        changed = {name: getattr(self._retuned, name) for name in LIVE} if self._retuned else {}
        return dataclasses.replace(experiment, **changed)

    def _add_epochs(self, event: EpochsDone) -> None:
        self.epochs.extend(event.records)
        self.rate = event.rate
        self.debugger.take_watched_epochs(event.watched)
        if not (self.is_running and self._told.isActive()):
            self._tell_epochs()
        self._make_stale()

    def _show(self, frame: Frame) -> None:
        self.frame, self._asked = frame, False
        self._stale = self._stale or (frame.grid != self._grid and not self._moving.isActive())
        self.frame_changed.emit(frame)
        self._painted.start(self._paint_milliseconds if self.is_running else _PAINT_MILLISECONDS)

    def _forget_epochs(self, event: Rewritten) -> None:
        self.epochs.cut(event.epoch)
        self._told_length = -1
        self._tell_epochs()

    def _take_experiment(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.experiment_changed.emit(experiment)

    def _lay_on_the_table(self, moment: Moment) -> None:
        self.moment = moment
        # A sample that is about to come does not take the choice away from one that somebody looks at.
        if moment.index and self.selection.sample not in moment.samples.tolist():
            self.select(sample=int(moment.samples[0]))
        self.moment_changed.emit(moment)
        if moment.role is Role.APPLIED:  # any other change of the network comes with another position
            self._make_stale()
        self._end_step()

    def _take_check(self, checked: GradientsChecked) -> None:
        self.checked = checked
        self.gradients_checked.emit(checked)

    def _end_step(self) -> None:
        self._step_on_its_way = False
        if self._next_step is not None:
            step, self._next_step = self._next_step, None
            self.step(*step)

    def _take_status(self, status: Status) -> None:
        moved = self._network_at(status.position) != self._network_at(self.status.position)
        if status.state is not State.RUNNING:
            self._tell_epochs()
        before, self.status = self.status.state, status
        self.debugger.take_place(None if self.is_running else status.position)
        self.status_changed.emit(status)
        if status.state is not State.RUNNING:
            self._end_step()
        if moved:
            if before not in (State.RUNNING, State.PREPARING) and not self.is_running:
                self._moving.start()
            self._make_stale()

    def _network_at(self, position: Position | None) -> tuple[int, int, int] | None:
        """Return what the network depends on: of the operations of an update, only the last change it."""
        if position is None:
            return None
        n_layers = len(self.experiment.sizes) - 1
        done = max(position.operation - (len(operations(n_layers)) - n_layers), 0)
        return position.epoch, position.sample, done

    def _choose(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit(selection)

    @Slot()
    def _tell_epochs(self) -> None:
        if self._told_length != len(self.epochs):
            self._told_length = len(self.epochs)
            self.epochs_added.emit()
            self._told.start()

    # When to ask for a frame

    @Slot()
    def _make_stale(self) -> None:
        self._stale = True
        if not (self.is_running and self._painted.isActive()):
            self._ask_if_stale()

    @Slot()
    def _ask_if_stale(self) -> None:
        if self._stale and not self._asked and self._grid is not None and self.prepared is not None:
            self._stale, self._asked = False, True
            self._commands.ask_frame(self._grid.coarser() if self._moving.isActive() else self._grid)
