"""The commands of a session: train, step, look, watch. Those of time and branches are in `branch_commands`."""

from __future__ import annotations

import numpy as np

from bpviz.core.surface import Grid
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine.branch_commands import WhatIf
from bpviz.session.engine.engine import Engine, NotReadyError, refusal
from bpviz.session.engine.events import Failed, State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import Wishes
from bpviz.session.time_travel.backward_search import BackwardSearch
from bpviz.session.time_travel.branches import Branches
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import Choice, find_sample
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import Moment, Role


class Conductor:
    """Does with an engine what is asked.

    Parameters
    ----------
    engine : Engine
    what_if : WhatIf
        Knows where a change leads to.
    """

    def __init__(self, engine: Engine, what_if: WhatIf) -> None:
        self._engine, self._what_if = engine, what_if
        self._rng = np.random.default_rng()

    def load(self, experiment: Experiment) -> None:
        """Make data and network, and stand ready."""
        engine = self._engine
        before = engine.state if engine.branches else State.STOPPED
        engine.become(State.PREPARING)
        try:
            training = Training(experiment)
        except ValueError as fault:
            engine.outbox.send(Failed(refusal(fault)))
            engine.become(before)
            return
        self._what_if.begin(Branches.begin(training))

    def reset(self) -> None:
        """Make the same network anew."""
        training = self._engine.live().training
        self._what_if.begin(Branches.begin(Training(training.experiment, training.split)))

    def run(self) -> None:
        """Train on."""
        engine = self._engine
        stepper = engine.ready()
        if engine.visitor:
            self._what_if.go_live()
            return
        if stepper.position.epoch >= (epochs := stepper.training.experiment.epochs):
            raise NotReadyError(f"Epoch {epochs:,} is reached: raise “stop after”, or reset to train again.")
        engine.halt()
        if ahead := stepper.hits_ahead(engine.tripwire.armed):
            engine.stop_at_hit(ahead)
            return
        engine.after_update(stepper.pass_by())
        engine.pace.restart()
        engine.become(State.RUNNING)

    def run_back(self) -> None:
        """Look for the last hit before here."""
        engine = self._engine
        stepper = engine.ready()
        wanted = tuple(each for each in engine.tripwire.armed if not each.log_only)
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
            engine.set_out(engine.ready().depart(origin))
        elif engine.state is State.RUNNING:
            engine.halt()
            engine.ready().lay()
            engine.lay_open()
        elif engine.visitor:
            engine.end_visit()
            engine.become(engine.state)

    def step(self, level: str, count: int) -> None:
        """Step."""
        engine = self._engine
        stepper = engine.ready()
        engine.halt()
        if stepper.step_aside(level, count):
            engine.lay_open()
            return
        target = stepper.target(level, count)
        if engine.visitor:  # it shows what has been, and trains nothing
            target = min(target, engine.live().history.furthest)
        engine.set_out(stepper.depart(target, forward=count > 0))

    def go(self, index: int) -> None:
        """Go to an operation of the update on the table."""
        moment, place = self._on_the_table(), self._engine.ready().place
        if moment.role is Role.IN_TURN:
            self._what_if.travel(Position(place.epoch, place.sample, index))
        else:
            self.step("operation", index - moment.index)

    def inspect(self, choice: int | Choice) -> None:
        """Lay a sample on the table to be looked at."""
        engine = self._engine
        stepper = engine.ready()
        moment = stepper.moment
        before = int(moment.samples[0]) if moment and moment.role is Role.INSPECTED else None
        sample = find_sample(stepper.training, choice, before, self._rng)
        engine.halt()
        stepper.inspect(sample)
        engine.lay_open()

    def apply(self, sample: int) -> None:
        """Train on a sample out of turn."""
        find_sample(self._engine.ready().training, sample, None, self._rng)
        self._engine.halt()
        self._what_if.change(lambda stepper: stepper.apply(sample))
        self._engine.after_update(None)
        self._engine.lay_open()

    def edit(self, edit: Edit) -> None:
        """Type in a weight or a bias."""
        self._what_if.change(lambda stepper: stepper.edit(edit))
        self._what_if.show_change()

    def retune(self, experiment: Experiment) -> None:
        """Go on with other training options."""
        engine = self._engine
        if engine.ready().history.is_changed_by(experiment):
            self._what_if.change(lambda stepper: stepper.retune(experiment))
            engine.slices.start_small()  # one sample at a time takes many times longer than a large batch
        else:  # when to stop is no change
            for stepper in {engine.ready(), engine.live()}:
                stepper.retune(experiment)
        engine.bulletin.experiment = engine.ready().training.experiment
        if engine.state is State.FINISHED and engine.ready().position.epoch < experiment.epochs:
            engine.state = State.PAUSED
        self._what_if.show_change()

    def check_gradients(self, epsilon: float) -> None:
        """Compare the gradients of the update on the table with central differences, while other work goes on."""
        self._engine.checkup.begin(self._on_the_table(), epsilon)

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Look for these."""
        self._engine.breakpoints = breakpoints
        if self._engine.branches:
            self._what_if.arm()

    def set_watches(self, watches: tuple[Watch, ...]) -> None:
        """Tell the values of these."""
        engine = self._engine
        engine.watches = watches
        engine.scorer.forget_watches()
        if engine.branches:
            engine.bulletin.tell_watched(engine.ready(), watches)

    def set_pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second."""
        self._engine.pace.limit(epochs_per_second)

    def set_wishes(self, wishes: Wishes) -> None:
        """Put this into frames as well."""
        self._what_if.set_wishes(wishes)

    def ask_frame(self, grid: Grid) -> None:
        """Make a frame."""
        if self._engine.frames:
            self._engine.frames.want(grid)

    def _on_the_table(self) -> Moment:
        if (moment := self._engine.ready().moment) is None:
            raise NotReadyError("There is no sample on the table: take a step first (F11).")
        return moment
