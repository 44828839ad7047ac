"""The commands of a session: train, step, look, watch. Those of time and branches are in `branch_commands`."""

from __future__ import annotations

import numpy as np

from bpviz.core.surface import Grid
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine.branch_commands import BranchCommands
from bpviz.session.engine.engine import Engine, NotReadyError, refusal
from bpviz.session.engine.events import Failed, State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.time_travel.backward_search import BackwardSearch
from bpviz.session.time_travel.branches import Branches
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice, find_sample
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind


class TrainingCommands:
    """Does with an engine what is asked.

    Parameters
    ----------
    engine : Engine
    branch_commands : BranchCommands
        Knows where a change leads to.
    """

    def __init__(self, engine: Engine, branch_commands: BranchCommands) -> None:
        self._engine, self._branch_commands = engine, branch_commands
        self._rng = np.random.default_rng()

    def load(self, experiment: Experiment) -> None:
        """Make data and network, and stand ready."""
        engine = self._engine
        before = engine.state if engine.branches else State.STOPPED
        engine.become(State.PREPARING)
        try:
            training = Training(experiment)
        except ValueError as fault:
            engine.event_sender.send(Failed(refusal(fault)))
            engine.become(before)
            return
        self._branch_commands.begin(Branches.begin(training))

    def reset(self) -> None:
        """Make the same network anew."""
        training = self._engine.live().training
        self._branch_commands.begin(Branches.begin(Training(training.experiment, training.split)))

    def run(self) -> None:
        """Train on."""
        engine = self._engine
        stepper = engine.ready()
        if engine.past_stepper:
            self._branch_commands.go_live()
            return
        if stepper.position.epoch >= (epochs := stepper.training.experiment.epochs):
            raise NotReadyError(f"Epoch {epochs:,} is reached: raise “stop after”, or reset to train again.")
        engine.halt()
        if ahead := stepper.hits_ahead(engine.breakpoint_monitor.armed):
            engine.stop_at_hit(ahead)
            return
        engine.after_update(stepper.pass_by())
        engine.pace.restart()
        engine.become(State.RUNNING)

    def run_back(self) -> None:
        """Look for the last hit before here."""
        engine = self._engine
        stepper = engine.ready()
        wanted = tuple(each for each in engine.breakpoint_monitor.armed if not each.log_only)
        if not wanted:
            raise NotReadyError("There is no breakpoint to go back to: add one, or enable it (F9).")
        engine.halt()
        engine.search = BackwardSearch(stepper, wanted)
        engine.become(State.RUNNING)

    def pause(self) -> None:
        """Stop where training is; a search goes back to where it began."""
        engine = self._engine
        if engine.search:
            origin = engine.search.origin
            engine.halt()
            engine.start_seek(engine.ready().seek(origin))
        elif engine.state is State.RUNNING:
            engine.halt()
            engine.ready().trace_next()
            engine.open_update()
        elif engine.past_stepper:
            engine.leave_past()
            engine.become(engine.state)

    def step(self, level: str, count: int) -> None:
        """Step."""
        engine = self._engine
        stepper = engine.ready()
        engine.halt()
        if stepper.step_through_other_sample(level, count):
            engine.open_update()
            return
        target = stepper.target(level, count)
        if engine.past_stepper:  # it shows what has been, and trains nothing
            target = min(target, engine.live().history.furthest)
        engine.start_seek(stepper.seek(target, forward=count > 0))

    def go(self, index: int) -> None:
        """Go to an operation of the update on the table."""
        update, place = self._current_update(), self._engine.ready().place
        if update.kind is UpdateKind.IN_TURN:
            self._branch_commands.travel(Position(place.epoch, place.sample, index))
        else:
            self.step("operation", index - update.index)

    def inspect(self, choice: int | SampleChoice) -> None:
        """Lay a sample on the table to be looked at."""
        engine = self._engine
        stepper = engine.ready()
        update = stepper.current_update
        before = int(update.samples[0]) if update and update.kind is UpdateKind.INSPECTED else None
        sample = find_sample(stepper.training, choice, before, self._rng)
        engine.halt()
        stepper.inspect(sample)
        engine.open_update()

    def apply(self, sample: int) -> None:
        """Train on a sample out of turn."""
        find_sample(self._engine.ready().training, sample, None, self._rng)
        self._engine.halt()
        self._branch_commands.change(lambda stepper: stepper.apply(sample))
        self._engine.after_update(None)
        self._engine.open_update()

    def edit(self, edit: Edit) -> None:
        """Type in a weight or a bias."""
        self._branch_commands.change(lambda stepper: stepper.edit(edit))
        self._branch_commands.show_change()

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Go on with other training options."""
        engine = self._engine
        if engine.ready().history.is_changed_by(experiment):
            self._branch_commands.change(lambda stepper: stepper.change_hyperparameters(experiment))
            engine.slice_size.start_small()  # one sample at a time takes many times longer than a large batch
        else:  # when to stop is no change
            for stepper in {engine.ready(), engine.live()}:
                stepper.change_hyperparameters(experiment)
        engine.status_reporter.experiment = engine.ready().training.experiment
        if engine.state is State.FINISHED and engine.ready().position.epoch < experiment.epochs:
            engine.state = State.PAUSED
        self._branch_commands.show_change()

    def check_gradients(self, epsilon: float) -> None:
        """Compare the gradients of the update on the table with central differences, while other work goes on."""
        self._engine.gradient_check_job.begin(self._current_update(), epsilon)

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Look for these."""
        self._engine.breakpoints = breakpoints
        if self._engine.branches:
            self._branch_commands.arm()

    def set_watches(self, watches: tuple[Watch, ...]) -> None:
        """Tell the values of these."""
        engine = self._engine
        engine.watches = watches
        engine.scorer.forget_watches()
        if engine.branches:
            engine.status_reporter.tell_watched(engine.ready(), watches)

    def set_pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second."""
        self._engine.pace.limit(epochs_per_second)

    def set_frame_options(self, options: FrameOptions) -> None:
        """Put this into frames as well."""
        self._branch_commands.set_frame_options(options)

    def ask_frame(self, grid: Grid) -> None:
        """Make a frame."""
        if self._engine.frames:
            self._engine.frames.request(grid)

    def _current_update(self) -> TracedUpdate:
        if (update := self._engine.ready().current_update) is None:
            raise NotReadyError("There is no sample on the table: take a step first (F11).")
        return update
