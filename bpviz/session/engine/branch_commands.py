"""The commands of time: go to any moment, undo, fork, compare; and what becomes of a change made in the past."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from bpviz.session.debugging.breakpoint_monitor import Tripwire
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import Opened, Prepared, State, Taken
from bpviz.session.engine.lockstep import Follower
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import Shown, Wishes
from bpviz.session.frames.frame_maker import FrameMaker, choose_shown
from bpviz.session.frames.frame_pair import FramePair
from bpviz.session.time_travel.branches import BranchError, Branches
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training

_DATA = ("dataset", "samples", "noise", "classes", "data_seed", "test_share", "split_seed")
MOST_LETTERS = 60
# What looks at the past gives no epoch a record: it has one, or gets it from the live end.
_ALL_SCORED = 2**62


class WhatIf:
    """Moves an engine through time and from branch to branch.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._trains_on = False
        self._wishes = Wishes()
        self._told: Experiment | None = None  # the one that was prepared last

    # The stage

    def begin(self, branches: Branches, place: Position | None = None, opened: Opened | None = None) -> None:
        """Stand ready with other branches, at a place if one is given, with what belongs to them."""
        engine = self._engine
        engine.outbox.forget()
        engine.beside.forget()
        engine.scorer.forget()
        engine.halt()
        engine.checkup.forget()
        engine.visitor = engine.follower = None
        engine.branches = branches
        engine.tripwire = Tripwire(engine.breakpoints, engine.live().training.experiment.sizes)
        engine.slices.start_small()  # what was fast for another network may take this one a minute
        self._set_the_stage()
        self._prepare()
        if opened:
            engine.outbox.send(opened)
        if place is None:
            engine.become(State.PAUSED)
        else:
            self._tell_tables()
            engine.set_out(engine.live().depart(place))

    def _set_the_stage(self) -> None:
        """Make what shows the networks that are on screen."""
        engine = self._engine
        training = engine.ready().training
        shown = _shown(training)
        compared = engine.session().compared
        if compared is None or engine.follower is None or engine.follower.branch is not compared:
            engine.follower = Follower(compared, engine.beside) if compared else None
        beside = FrameMaker(compared.stepper.training, shown) if compared else None
        maker = FrameMaker(training, shown)
        maker.wishes = self._wishes
        latest = engine.frames.latest if engine.frames else None
        engine.frames = FramePair(maker, beside, latest)

    def _prepare(self, *, goes_on: bool = False) -> None:
        """Tell of a network unlike the one on screen so far."""
        engine = self._engine
        training = engine.ready().training
        engine.bulletin.forget()
        engine.bulletin.experiment = self._told = training.experiment
        n_parameters = len(training.network.parameters)
        engine.outbox.send(Prepared(training.experiment, training.split, _shown(training), n_parameters, goes_on))

    def _tell_tables(self) -> None:
        branches = self._engine.session()
        compared = branches.compared
        self._engine.flush()
        self._engine.outbox.send(Taken(branches.active.epochs.copy(), compared.epochs.copy() if compared else None))

    def arm(self) -> None:
        """Look for the breakpoints of the engine in the network on screen."""
        engine = self._engine
        tripwire = Tripwire(engine.breakpoints, engine.live().training.experiment.sizes)
        tripwire.keep_counts_of(engine.tripwire)
        engine.tripwire = tripwire

    def set_wishes(self, wishes: Wishes) -> None:
        """Put this into frames from now on."""
        self._wishes = wishes
        if self._engine.frames:
            self._engine.frames.set_wishes(wishes)

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
        if self._trains_on and engine.state is State.RUNNING and not (engine.visitor or engine.errand or engine.search):
            self._begin_visit(live)
        if engine.visitor:
            engine.visitor.history.learn_from(live.history)
        engine.halt()
        engine.set_out(engine.ready().depart(position))

    def _begin_visit(self, live: Stepper) -> None:
        engine = self._engine
        engine.settle()
        engine.visitor = live.twin()
        engine.visitor.training.scored = _ALL_SCORED
        engine.state = State.PAUSED
        self._set_the_stage()

    def go_live(self) -> None:
        """Go to where training has come to, and on if it trains on."""
        engine = self._engine
        if not engine.visitor:
            self.travel(engine.live().history.furthest)
            return
        engine.halt()
        engine.visitor = None
        self._set_the_stage()
        engine.become(State.RUNNING)

    # Changes by hand

    def change(self, make: Callable[[Stepper], None]) -> None:
        """Make a change to what is on screen; in the past, on a branch of its own."""
        engine = self._engine
        engine.settle()
        branches, before = engine.session(), engine.session().active
        branches.change(engine.ready(), make)
        if branches.active is not before:
            engine.visitor = None
            self._set_the_stage()
            self._tell_tables()

    def show_change(self) -> None:
        """Tell what a change has made of what is on screen."""
        engine = self._engine
        if engine.chore:
            engine.chore.soon()
        if engine.frames:
            engine.frames.start_again()
            engine.frames.want_again()
        if engine.state is not State.RUNNING and engine.ready().moment:
            engine.bulletin.tell_table(engine.ready(), engine.watches)
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
        engine.end_visit()
        self._bring(turn(engine.session()))

    def _bring(self, place: Position) -> None:
        """Put the active branch on screen, at a place."""
        engine = self._engine
        training = engine.ready().training
        is_new = self._told is None or self._told.needs_new_network(training.experiment)
        self._set_the_stage()
        if is_new:
            self._prepare(goes_on=True)
        self._tell_tables()
        self.arm()
        if engine.chore:
            engine.chore.soon()
        engine.slices.start_small()
        engine.set_out(engine.live().depart(place))

    # Branches

    def fork(self) -> None:
        """Begin a branch here, and let both go on side by side."""
        engine = self._engine
        engine.settle()
        branches, origin = engine.session(), engine.session().active
        branches.make_room()
        twin = engine.ready().twin()
        engine.end_visit()
        branches.fork(twin, f"fork at epoch {twin.training.position.epoch:,}", by_change=False)
        branches.compare(origin.number)
        self._set_the_stage()
        self._tell_tables()
        self.show_change()

    def show_branch(self, number: int) -> None:
        """Bring a branch to the screen, at the same place if it has come so far."""
        engine = self._engine
        engine.settle()
        engine.halt()
        engine.end_visit()
        here = engine.ready().place
        engine.session().show(number)
        self._bring(min(here, engine.live().history.furthest))

    def compare(self, number: int | None) -> None:
        """Let another branch go beside the active one; None ends that."""
        self._engine.settle()
        self._engine.session().compare(number)
        self._show_who_is_compared()

    def _show_who_is_compared(self) -> None:
        self._set_the_stage()
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
        engine.visitor = None
        self._bring(min(here, engine.live().history.furthest))

    def load_beside(self, experiment: Experiment, name: str) -> None:
        """Begin a branch with another experiment on the same samples, and compare it."""
        engine = self._engine
        training = engine.live().training
        mine, others = dataclasses.asdict(training.experiment), dataclasses.asdict(experiment)
        if unlike := [field for field in _DATA if mine[field] != others[field]]:
            field = unlike[0].replace("_", " ")
            raise BranchError(f"Only experiments on the same samples can be compared: {field} must be the same.")
        engine.session().make_room()
        made = engine.session().add(Training(experiment, training.split), name)
        engine.session().compare(made.number)
        self._show_who_is_compared()


def _shown(training: Training) -> Shown:
    return choose_shown(training.split, len(training.network.parameters))
