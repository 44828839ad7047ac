"""What a session does while nobody asks it for anything: one short piece of work at a time, and what it tells."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Protocol

from bpviz.core.training.trainer import NonFiniteError
from bpviz.session.debugging.breakpoint_monitor import Tripwire
from bpviz.session.debugging.breakpoints import Breakpoint, Hit
from bpviz.session.debugging.watches import Watch
from bpviz.session.diagnostics.gradient_check import TooLargeToCheckError
from bpviz.session.engine.epoch_scorer import Scorer
from bpviz.session.engine.event_sender import Outbox
from bpviz.session.engine.events import Event, Failed, State
from bpviz.session.engine.gradient_check_job import Checkup
from bpviz.session.engine.lockstep import Follower
from bpviz.session.engine.rate_limit import Pace
from bpviz.session.engine.slice_size import Slices
from bpviz.session.engine.status_reporter import Bulletin
from bpviz.session.experiment.experiment import ExperimentError
from bpviz.session.frames.frame_pair import FramePair
from bpviz.session.time_travel.backward_search import BackwardSearch
from bpviz.session.time_travel.branches import BranchError, Branches
from bpviz.session.time_travel.stepper import Errand, Scoring, Stepper
from bpviz.session.training.interventions import EditError
from bpviz.session.training.sample_search import NoSuchSampleError

# A step that takes longer than this is told to be under way, and can be paused.
_AT_ONCE_SECONDS = 0.03
# A branch that is compared may hold the active one up so long before anything else gets its turn.
_LOCK_STEP_SECONDS = 0.03


class NotReadyError(RuntimeError):
    """There is no network to do this with."""


class Chore(Protocol):
    """Something that is to be done now and then."""

    def changed(self) -> None:
        """Hear that training went on."""

    def soon(self) -> None:
        """Hear that something was done by hand."""

    def patience(self) -> float | None:
        """Return how many seconds there are until it is due, None for never."""

    def work(self) -> None:
        """Do it if it is due."""


class Engine:
    """Works for one session at a time and tells what happens through `emit`.

    Parameters
    ----------
    emit : callable
        Takes each `Event`.

    Attributes
    ----------
    state : State
        What is done on screen.
    branches : Branches or None
        None where there is no network.
    visitor : Stepper or None
        What is on screen while the active branch's own stepper trains on at the live end.
    follower : Follower or None
        Moves the branch that is compared.
    chore : Chore or None
        What is to be done now and then.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self.state = State.PREPARING
        self.pace = Pace()
        self.outbox = Outbox(emit, self.pace)
        self.beside = Outbox(emit, self.pace, of_compared=True)
        self.slices = Slices()
        self.scorer = Scorer(self.outbox, self.pace)
        self.bulletin = Bulletin(self.outbox)
        self.branches: Branches | None = None
        self.visitor: Stepper | None = None
        self.follower: Follower | None = None
        self.frames: FramePair | None = None
        self.breakpoints: tuple[Breakpoint, ...] = ()
        self.watches: tuple[Watch, ...] = ()
        self.tripwire = Tripwire((), (1,))
        self.errand: Errand | None = None
        self.search: BackwardSearch | None = None
        self.checkup = Checkup()
        self.chore: Chore | None = None

    # When there is something to do

    def patience(self) -> float | None:
        """Return how long nothing needs to be done: 0 for work at once, None for ever."""
        if self.scorer.is_busy or self.checkup.is_busy:
            return 0.0
        chore = self.chore.patience() if self.chore else None
        waits = [wait for wait in (self._frame_patience(), self._training_patience(), chore) if wait is not None]
        return min(waits, default=None)

    def _frame_patience(self) -> float | None:
        return self.frames.patience(self.state is State.RUNNING) if self.frames else None

    def _training_patience(self) -> float | None:
        if self.errand or self.search or (self.follower and self.follower.is_behind):
            return 0.0
        if self.state is not State.RUNNING and not self.visitor:
            return None
        return self.pace.seconds_to_next_epoch() if self.live().training.position.sample == 0 else 0.0

    def flush(self) -> None:
        """Send what waits to be sent."""
        self.outbox.flush()
        self.beside.flush()

    def guard(self, work: Callable[[], None]) -> None:
        """Do something; what goes wrong is told, and the session stays usable."""
        try:
            work()
        except NonFiniteError as fault:
            self._stop_for(fault)
        except (NotReadyError, NoSuchSampleError, TooLargeToCheckError) as fault:
            self.outbox.send(Failed(str(fault)))
        except (BranchError, EditError) as fault:
            self.outbox.send(Failed(str(fault)))
            self.bulletin.experiment = None  # a screen may show already what was refused
            self.become(self.state)
        except ExperimentError as fault:
            self.outbox.send(Failed(refusal(fault)))
        except Exception as fault:  # whatever it is, it must reach the user and leave the loop alive
            self._fail(fault)

    # Work

    def work(self) -> None:
        """Do one piece of what there is to do, some milliseconds long."""
        if self.checkup.is_busy:
            self.checkup.work(self.outbox)
        if self.scorer.is_busy:
            self._score_piece()
            return
        if self.chore:
            self.chore.work()
        if self._frame_patience() == 0:
            self._frame_piece()
        elif self._training_patience() == 0:
            self._train_piece()
            if self.bulletin.is_stale:
                self.become(self.state)
            time.sleep(0)

    def _score_piece(self) -> None:
        record = self.scorer.work()
        is_over = record is not None and record.epoch + 1 >= self.live().training.experiment.epochs
        if is_over and not self.errand and not self.search:
            self._finish()

    def _finish(self) -> None:
        if self.visitor:
            self.end_visit()
            self.become(self.state)
        elif self.state is State.RUNNING:
            self.live().lay()
            self.bulletin.tell_table(self.live(), self.watches)
            self.become(State.FINISHED)

    def _frame_piece(self) -> None:
        assert self.frames is not None
        if frame := self.frames.make_piece():
            self.beside.flush()
            self.outbox.send(frame)

    def _train_piece(self) -> None:
        if self.search:
            self._search_piece()
        elif self.errand:
            self._errand_piece()
        elif self.follower and self.follower.is_behind:
            self._follow(self.follower)
        else:
            self._run_piece()

    def _run_piece(self) -> None:
        stepper = self.live()
        begin, order = stepper.training.position, stepper.training.trainer.order
        if begin.sample == 0:
            self.pace.epoch_begins()
        try:
            with self.slices.measured(stepper.training.trainer):
                scoring = stepper.advance(self.slices.samples, scan=self.tripwire.scan)
        finally:
            stops = self.tripwire.collect(begin, order)
        self.after_update(scoring)
        if self.follower and not self.visitor:
            self.follower.aim(stepper.training.position)
            self._follow(self.follower)
        if stops:
            self.stop_at_hit(stops)
        elif scoring is None and stepper.training.position.epoch >= stepper.training.experiment.epochs:
            self._finish()  # in epochs that are trained again there is no record to wait for

    def _errand_piece(self) -> None:
        if self.scorer.is_busy:  # the next epoch to end would take the place of the one that is being scored
            self._score_piece()
            return
        stepper, errand = self.ready(), self.errand
        assert errand is not None
        if stepper.training.position < errand.stop:
            with self.slices.measured(stepper.training.trainer):
                scoring = stepper.advance(self.slices.samples, until=errand.stop)
            self.after_update(scoring)
        else:
            self.errand = None
            self.after_update(stepper.arrive(errand))
            self.lay_open()

    def _search_piece(self) -> None:
        assert self.search is not None
        if self.search.work():
            return
        search, self.search = self.search, None
        if search.found is None:
            self.outbox.send(Failed("No breakpoint that is enabled holds anywhere before this place."))
        self.bulletin.tell_hits(self.tripwire, search.found)
        self.set_out(self.ready().depart(search.destination))

    def _follow(self, follower: Follower) -> None:
        """Bring the branch that is compared nearer to the active one."""
        try:
            follower.work_for(_LOCK_STEP_SECONDS)
        except NonFiniteError as fault:
            follower.give_up()
            branch = follower.branch
            self.outbox.send(Failed(f"Branch “{branch.name}”: {branch.stepper.training.sentence(fault)}."))
        if self.frames and self.state is not State.RUNNING:
            self.frames.start_again()
            self.frames.want_again()

    def after_update(self, scoring: Scoring | None) -> None:
        """Have an epoch scored that is over, and drop a frame that no longer shows the network."""
        if self.frames:
            self.frames.start_again()
        if self.chore:
            self.chore.changed()
        if scoring is not None:
            active = self.session().active
            self.scorer.take(scoring, active.epochs, active.stepper.training, self.watches)

    # Where it stands

    def session(self) -> Branches:
        """Return the branches; raises a NotReadyError if there are none."""
        if self.branches is None:
            raise NotReadyError("There is no network yet: choose an experiment that can be run.")
        return self.branches

    def live(self) -> Stepper:
        """Return the active branch's own stepper; raises as `session`."""
        return self.session().active.stepper

    def ready(self) -> Stepper:
        """Return what is on screen; raises as `session`."""
        return self.visitor or self.live()

    def settle(self) -> None:
        """Score to the end whatever is being scored."""
        self.scorer.settle()
        if self.follower:
            self.follower.settle()

    def end_visit(self) -> None:
        """Let the moment that is looked at be where the active branch stands; its live end waits."""
        self.settle()
        if self.visitor:
            live, visitor, self.visitor = self.live(), self.visitor, None
            visitor.history.learn_from(live.history)
            visitor.training.scored = live.training.scored
            self.session().active.stepper = visitor

    def halt(self) -> None:
        """Drop what is under way."""
        self.errand = self.search = None

    def set_out(self, errand: Errand) -> None:
        """Go to where a step leads: at once where that is near, else bit by bit."""
        self.errand = errand
        until = time.perf_counter() + _AT_ONCE_SECONDS
        while self.errand and time.perf_counter() < until:
            self._errand_piece()
        if self.errand:
            self.become(State.RUNNING)

    def lay_open(self) -> None:
        """Tell what is on the table now, and stand there."""
        if self.frames:
            self.frames.start_again()
        self.bulletin.tell_table(self.ready(), self.watches)
        self.become(State.PAUSED)

    def stop_at_hit(self, hits: list[Hit]) -> None:
        """Stand at the first operation of the next update at which one of its hits is known."""
        stepper = self.live()
        exact = {hit.breakpoint: hit for hit in stepper.hits(self.tripwire.armed)}
        first = min((exact.get(hit.breakpoint, hit) for hit in hits), key=lambda hit: hit.position)
        if self.visitor:
            stepper.leave()
            self.end_visit()
            self.outbox.send(Failed(f"The live end has stopped at a breakpoint: {first.words()}."))
            self.become(self.state)
            return
        self.after_update(stepper.stop_at(first))
        self.bulletin.tell_hits(self.tripwire, first)
        self.lay_open()

    def become(self, state: State) -> None:
        """Be in another state, and tell it."""
        self.state = state
        if self.follower and self.branches and state is not State.RUNNING and not self.errand:
            self.follower.aim(self.ready().training.position)
        self.bulletin.tell_status(state, self.branches, self.visitor, self.tripwire)

    def _stop_for(self, fault: NonFiniteError) -> None:
        self.halt()
        sentence = self.live().training.sentence(fault)
        if self.visitor:
            self.end_visit()
        self.outbox.send(Failed(f"{sentence}, and reset."))
        self.become(State.STOPPED)

    def _fail(self, fault: Exception) -> None:
        self.halt()
        self.visitor = None
        if self.frames:
            self.frames.forget()
        details = "".join(traceback.format_exception(fault))
        self.outbox.send(Failed(f"bpviz met a fault of its own ({fault}). Reset starts the experiment again.", details))
        self.become(State.STOPPED)


def refusal(fault: ValueError) -> str:
    """Say that an experiment cannot be run, and why."""
    return f"This experiment cannot be run: {fault}."
