"""The commands of time: go to any moment, undo, fork, compare; and what becomes of a change made in the past."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from bpviz.session.debugging.breakpoint_monitor import BreakpointMonitor
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import EpochTablesReplaced, NetworkReady, SessionOpened, State
from bpviz.session.engine.lockstep import LockstepBranch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import FrameOptions, ShownSamples
from bpviz.session.frames.frame_maker import FrameMaker, choose_shown_samples
from bpviz.session.frames.frame_pair import FramePair
from bpviz.session.time_travel.branches import BranchError, Branches
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training

_DATA = ("dataset", "samples", "noise", "classes", "data_seed", "test_share", "split_seed")
MOST_LETTERS = 60
# What looks at the past gives no epoch a record: it has one, or gets it from the live end.
_ALL_SCORED = 2**62


class BranchCommands:
    """Moves an engine through time and from branch to branch.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._trains_on = False
        self._options = FrameOptions()
        self._told: Experiment | None = None  # the one that was prepared last

    # The stage

    def begin(self, branches: Branches, place: Position | None = None, opened: SessionOpened | None = None) -> None:
        """Stand ready with other branches, at a place if one is given, with what belongs to them."""
        engine = self._engine
        engine.event_sender.forget()
        engine.beside.forget()
        engine.scorer.forget()
        engine.halt()
        engine.gradient_check_job.forget()
        engine.past_stepper = engine.lockstep = None
        engine.branches = branches
        engine.breakpoint_monitor = BreakpointMonitor(engine.breakpoints, engine.live().training.experiment.sizes)
        engine.slice_size.start_small()  # what was fast for another network may take this one a minute
        self._make_frame_maker()
        self._prepare()
        if opened:
            engine.event_sender.send(opened)
        if place is None:
            engine.become(State.PAUSED)
        else:
            self._tell_tables()
            engine.start_seek(engine.live().seek(place))

    def _make_frame_maker(self) -> None:
        """Make what shows the networks that are on screen."""
        engine = self._engine
        training = engine.ready().training
        shown = _shown(training)
        compared = engine.session().compared
        if compared is None or engine.lockstep is None or engine.lockstep.branch is not compared:
            engine.lockstep = LockstepBranch(compared, engine.beside) if compared else None
        beside = FrameMaker(compared.stepper.training, shown) if compared else None
        maker = FrameMaker(training, shown)
        maker.options = self._options
        latest = engine.frames.latest if engine.frames else None
        engine.frames = FramePair(maker, beside, latest)

    def _prepare(self, *, goes_on: bool = False) -> None:
        """Tell of a network unlike the one on screen so far."""
        engine = self._engine
        training = engine.ready().training
        engine.status_reporter.forget()
        engine.status_reporter.experiment = self._told = training.experiment
        n_parameters = len(training.network.parameters)
        engine.event_sender.send(
            NetworkReady(training.experiment, training.split, _shown(training), n_parameters, goes_on)
        )

    def _tell_tables(self) -> None:
        branches = self._engine.session()
        compared = branches.compared
        self._engine.flush()
        self._engine.event_sender.send(
            EpochTablesReplaced(branches.active.epochs.copy(), compared.epochs.copy() if compared else None)
        )

    def arm(self) -> None:
        """Look for the breakpoints of the engine in the network on screen."""
        engine = self._engine
        breakpoint_monitor = BreakpointMonitor(engine.breakpoints, engine.live().training.experiment.sizes)
        breakpoint_monitor.keep_counts_of(engine.breakpoint_monitor)
        engine.breakpoint_monitor = breakpoint_monitor

    def set_frame_options(self, options: FrameOptions) -> None:
        """Put this into frames from now on."""
        self._options = options
        if self._engine.frames:
            self._engine.frames.set_frame_options(options)

    # To and fro

    def set_trains_on(self, on: bool) -> None:
        """Say whether the live end trains on while one looks at the past."""
        self._trains_on = on

    def travel(self, position: Position) -> None:
        """Go to a position, not beyond where training has been."""
        engine = self._engine
        live = engine.live()
        end = live.history.furthest
        if end < Position(position.epoch, position.sample):
            position = end
        if (
            self._trains_on
            and engine.state is State.RUNNING
            and not (engine.past_stepper or engine.seek or engine.search)
        ):
            self._enter_past(live)
        if engine.past_stepper:
            engine.past_stepper.history.copy_state_from(live.history)
        engine.halt()
        engine.start_seek(engine.ready().seek(position))

    def _enter_past(self, live: Stepper) -> None:
        engine = self._engine
        engine.settle()
        engine.past_stepper = live.copy()
        engine.past_stepper.training.n_scored = _ALL_SCORED
        engine.state = State.PAUSED
        self._make_frame_maker()

    def go_live(self) -> None:
        """Go to where training has come to, and on if it trains on."""
        engine = self._engine
        if not engine.past_stepper:
            self.travel(engine.live().history.furthest)
            return
        engine.halt()
        engine.past_stepper = None
        self._make_frame_maker()
        engine.become(State.RUNNING)

    # Changes by hand

    def change(self, make: Callable[[Stepper], None]) -> None:
        """Make a change to what is on screen; in the past, on a branch of its own."""
        engine = self._engine
        engine.settle()
        branches, before = engine.session(), engine.session().active
        branches.change(engine.ready(), make)
        if branches.active is not before:
            engine.past_stepper = None
            self._make_frame_maker()
            self._tell_tables()

    def show_change(self) -> None:
        """Tell what a change has made of what is on screen."""
        engine = self._engine
        if engine.background_task:
            engine.background_task.soon()
        if engine.frames:
            engine.frames.restart()
            engine.frames.request_again()
        if engine.state is not State.RUNNING and engine.ready().current_update:
            engine.status_reporter.send_current_update(engine.ready(), engine.watches)
        engine.become(engine.state)

    def undo(self) -> None:
        """Take back the last change of the active branch."""
        self._turn_to(Branches.undo)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._turn_to(Branches.redo)

    def _turn_to(self, turn: Callable[[Branches], Position]) -> None:
        engine = self._engine
        engine.settle()
        engine.halt()
        engine.leave_past()
        self._bring(turn(engine.session()))

    def _bring(self, place: Position) -> None:
        """Put the active branch on screen, at a place."""
        engine = self._engine
        training = engine.ready().training
        is_new = self._told is None or self._told.needs_new_network(training.experiment)
        self._make_frame_maker()
        if is_new:
            self._prepare(goes_on=True)
        self._tell_tables()
        self.arm()
        if engine.background_task:
            engine.background_task.soon()
        engine.slice_size.start_small()
        engine.start_seek(engine.live().seek(place))

    # Branches

    def fork(self) -> None:
        """Begin a branch here, and let both go on side by side."""
        engine = self._engine
        engine.settle()
        branches, origin = engine.session(), engine.session().active
        branches.check_room()
        copied = engine.ready().copy()
        engine.leave_past()
        branches.fork(copied, f"fork at epoch {copied.training.position.epoch:,}", by_change=False)
        branches.compare(origin.number)
        self._make_frame_maker()
        self._tell_tables()
        self.show_change()

    def show_branch(self, number: int) -> None:
        """Bring a branch to the screen, at the same place if it has come so far."""
        engine = self._engine
        engine.settle()
        engine.halt()
        engine.leave_past()
        here = engine.ready().place
        engine.session().show(number)
        self._bring(min(here, engine.live().history.furthest))

    def compare(self, number: int | None) -> None:
        """Let another branch go beside the active one; None ends that."""
        self._engine.settle()
        self._engine.session().compare(number)
        self._show_who_is_compared()

    def _show_who_is_compared(self) -> None:
        self._make_frame_maker()
        self._tell_tables()
        self.show_change()

    def rename_branch(self, number: int, name: str) -> None:
        """Give a branch another name."""
        name = " ".join(name.split())
        if not name or not name.isprintable() or len(name) > MOST_LETTERS:
            raise BranchError(f"A branch is called by 1 to {MOST_LETTERS} characters: type another name.")
        self._engine.session().rename(number, name)
        self._engine.become(self._engine.state)

    def delete_branch(self, number: int) -> None:
        """Forget a branch."""
        engine = self._engine
        engine.settle()
        here, before = engine.ready().place, engine.session().active
        engine.session().delete(number)
        if engine.session().active is before:
            self._show_who_is_compared()
            return
        engine.halt()
        engine.past_stepper = None
        self._bring(min(here, engine.live().history.furthest))

    def load_beside(self, experiment: Experiment, name: str) -> None:
        """Begin a branch with another experiment on the same samples, and compare it."""
        engine = self._engine
        training = engine.live().training
        mine, others = dataclasses.asdict(training.experiment), dataclasses.asdict(experiment)
        if unlike := [field for field in _DATA if mine[field] != others[field]]:
            field = unlike[0].replace("_", " ")
            raise BranchError(f"Only experiments on the same samples can be compared: {field} must be the same.")
        engine.session().check_room()
        made = engine.session().add(Training(experiment, training.split), name)
        engine.session().compare(made.number)
        self._show_who_is_compared()


def _shown(training: Training) -> ShownSamples:
    return choose_shown_samples(training.split, len(training.network.parameters))
