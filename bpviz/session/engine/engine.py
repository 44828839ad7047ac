"""What a session does while nobody asks it for anything: one short piece of work at a time, and what it tells."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Protocol

from bpviz.core.training.trainer import NonFiniteError
from bpviz.session.debugging.breakpoint_monitor import BreakpointMonitor
from bpviz.session.debugging.breakpoints import Breakpoint, Hit
from bpviz.session.debugging.watches import Watch
from bpviz.session.diagnostics.gradient_check import TooLargeToCheckError
from bpviz.session.engine.epoch_scorer import EpochScorer
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.events import Event, Failed, State
from bpviz.session.engine.gradient_check_job import GradientCheckJob
from bpviz.session.engine.lockstep import LockstepBranch
from bpviz.session.engine.rate_limit import RateLimit
from bpviz.session.engine.slice_size import SliceSize
from bpviz.session.engine.status_reporter import StatusReporter
from bpviz.session.experiment.experiment import ExperimentError
from bpviz.session.frames.frame_pair import FramePair
from bpviz.session.time_travel.backward_search import BackwardSearch
from bpviz.session.time_travel.branches import BranchError, Branches
from bpviz.session.time_travel.stepper import Scoring, Seek, Stepper
from bpviz.session.training.interventions import EditError
from bpviz.session.training.sample_search import NoSuchSampleError

# A step that takes longer than this is told to be under way, and can be paused.
_AT_ONCE_SECONDS = 0.03
# A branch that is compared may hold the active one up so long before anything else gets its turn.
_LOCK_STEP_SECONDS = 0.03


class NotReadyError(RuntimeError):
    """There is no network to do this with."""


class BackgroundTask(Protocol):
    """Something that is to be done now and then."""

    def changed(self) -> None:
        """Hear that training went on."""

    def soon(self) -> None:
        """Hear that something was done by hand."""

    def seconds_until_due(self) -> float | None:
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
    past_stepper : Stepper or None
        What is on screen while the active branch's own stepper trains on at the live end.
    lockstep : LockstepBranch or None
        Moves the branch that is compared.
    background_task : BackgroundTask or None
        What is to be done now and then.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self.state = State.PREPARING
        self.pace = RateLimit()
        self.event_sender = EventSender(emit, self.pace)
        self.beside = EventSender(emit, self.pace, of_compared=True)
        self.slice_size = SliceSize()
        self.scorer = EpochScorer(self.event_sender, self.pace)
        self.status_reporter = StatusReporter(self.event_sender)
        self.branches: Branches | None = None
        self.past_stepper: Stepper | None = None
        self.lockstep: LockstepBranch | None = None
        self.frames: FramePair | None = None
        self.breakpoints: tuple[Breakpoint, ...] = ()
        self.watches: tuple[Watch, ...] = ()
        self.breakpoint_monitor = BreakpointMonitor((), (1,))
        self.seek: Seek | None = None
        self.search: BackwardSearch | None = None
        self.gradient_check_job = GradientCheckJob()
        self.background_task: BackgroundTask | None = None

    # When there is something to do

    def seconds_until_due(self) -> float | None:
        """Return how long nothing needs to be done: 0 for work at once, None for ever."""
        if self.scorer.is_busy or self.gradient_check_job.is_busy:
            return 0.0
        background_task = self.background_task.seconds_until_due() if self.background_task else None
        waits = [
            wait
            for wait in (self._seconds_until_frame(), self._seconds_until_training(), background_task)
            if wait is not None
        ]
        return min(waits, default=None)

    def _seconds_until_frame(self) -> float | None:
        return self.frames.seconds_until_due(self.state is State.RUNNING) if self.frames else None

    def _seconds_until_training(self) -> float | None:
        if self.seek or self.search or (self.lockstep and self.lockstep.is_behind):
            return 0.0
        if self.state is not State.RUNNING and not self.past_stepper:
            return None
        return self.pace.seconds_to_next_epoch() if self.live().training.position.sample == 0 else 0.0

    def flush(self) -> None:
        """Send what waits to be sent."""
        self.event_sender.flush()
        self.beside.flush()

    def guard(self, work: Callable[[], None]) -> None:
        """Do something; what goes wrong is told, and the session stays usable."""
        try:
            work()
        except NonFiniteError as fault:
            self._stop_for(fault)
        except (NotReadyError, NoSuchSampleError, TooLargeToCheckError) as fault:
            self.event_sender.send(Failed(str(fault)))
        except (BranchError, EditError) as fault:
            self.event_sender.send(Failed(str(fault)))
            self.status_reporter.experiment = None  # a screen may show already what was refused
            self.become(self.state)
        except ExperimentError as fault:
            self.event_sender.send(Failed(refusal(fault)))
        except Exception as fault:  # whatever it is, it must reach the user and leave the loop alive
            self._fail(fault)

    # Work

    def work(self) -> None:
        """Do one piece of what there is to do, some milliseconds long."""
        if self.gradient_check_job.is_busy:
            self.gradient_check_job.work(self.event_sender)
        if self.scorer.is_busy:
            self._score_piece()
            return
        if self.background_task:
            self.background_task.work()
        if self._seconds_until_frame() == 0:
            self._frame_piece()
        elif self._seconds_until_training() == 0:
            self._train_piece()
            if self.status_reporter.is_stale:
                self.become(self.state)
            time.sleep(0)

    def _score_piece(self) -> None:
        record = self.scorer.work()
        is_over = record is not None and record.epoch + 1 >= self.live().training.experiment.epochs
        if is_over and not self.seek and not self.search:
            self._finish()

    def _finish(self) -> None:
        if self.past_stepper:
            self.leave_past()
            self.become(self.state)
        elif self.state is State.RUNNING:
            self.live().trace_next()
            self.status_reporter.send_current_update(self.live(), self.watches)
            self.become(State.FINISHED)

    def _frame_piece(self) -> None:
        assert self.frames is not None
        if frame := self.frames.make_piece():
            self.beside.flush()
            self.event_sender.send(frame)

    def _train_piece(self) -> None:
        if self.search:
            self._search_piece()
        elif self.seek:
            self._seek_piece()
        elif self.lockstep and self.lockstep.is_behind:
            self._follow(self.lockstep)
        else:
            self._run_piece()

    def _run_piece(self) -> None:
        stepper = self.live()
        begin, order = stepper.training.position, stepper.training.trainer.order
        if begin.sample == 0:
            self.pace.epoch_begins()
        try:
            with self.slice_size.measured(stepper.training.trainer):
                scoring = stepper.advance(self.slice_size.samples, scan=self.breakpoint_monitor.scan)
        finally:
            stops = self.breakpoint_monitor.collect(begin, order)
        self.after_update(scoring)
        if self.lockstep and not self.past_stepper:
            self.lockstep.aim(stepper.training.position)
            self._follow(self.lockstep)
        if stops:
            self.stop_at_hit(stops)
        elif scoring is None and stepper.training.position.epoch >= stepper.training.experiment.epochs:
            self._finish()  # in epochs that are trained again there is no record to wait for

    def _seek_piece(self) -> None:
        if self.scorer.is_busy:  # the next epoch to end would take the place of the one that is being scored
            self._score_piece()
            return
        stepper, seek = self.ready(), self.seek
        assert seek is not None
        if stepper.training.position < seek.stop:
            with self.slice_size.measured(stepper.training.trainer):
                scoring = stepper.advance(self.slice_size.samples, until=seek.stop)
            self.after_update(scoring)
        else:
            self.seek = None
            self.after_update(stepper.finish_seek(seek))
            self.open_update()

    def _search_piece(self) -> None:
        assert self.search is not None
        if self.search.work():
            return
        search, self.search = self.search, None
        if search.found is None:
            self.event_sender.send(Failed("No breakpoint that is enabled holds anywhere before this place."))
        self.status_reporter.tell_hits(self.breakpoint_monitor, search.found)
        self.start_seek(self.ready().seek(search.destination))

    def _follow(self, lockstep: LockstepBranch) -> None:
        """Bring the branch that is compared nearer to the active one."""
        try:
            lockstep.work_for(_LOCK_STEP_SECONDS)
        except NonFiniteError as fault:
            lockstep.give_up()
            branch = lockstep.branch
            self.event_sender.send(Failed(f"Branch “{branch.name}”: {branch.stepper.training.stop_message(fault)}."))
        if self.frames and self.state is not State.RUNNING:
            self.frames.restart()
            self.frames.request_again()

    def after_update(self, scoring: Scoring | None) -> None:
        """Have an epoch scored that is over, and drop a frame that no longer shows the network."""
        if self.frames:
            self.frames.restart()
        if self.background_task:
            self.background_task.changed()
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
        return self.past_stepper or self.live()

    def settle(self) -> None:
        """Score to the end whatever is being scored."""
        self.scorer.settle()
        if self.lockstep:
            self.lockstep.settle()

    def leave_past(self) -> None:
        """Let the moment that is looked at be where the active branch stands; its live end waits."""
        self.settle()
        if self.past_stepper:
            live, past_stepper, self.past_stepper = self.live(), self.past_stepper, None
            past_stepper.history.copy_state_from(live.history)
            past_stepper.training.n_scored = live.training.n_scored
            self.session().active.stepper = past_stepper

    def halt(self) -> None:
        """Drop what is under way."""
        self.seek = self.search = None

    def start_seek(self, seek: Seek) -> None:
        """Go to where a step leads: at once where that is near, else bit by bit."""
        self.seek = seek
        until = time.perf_counter() + _AT_ONCE_SECONDS
        while self.seek and time.perf_counter() < until:
            self._seek_piece()
        if self.seek:
            self.become(State.RUNNING)

    def open_update(self) -> None:
        """Tell what is on the table now, and stand there."""
        if self.frames:
            self.frames.restart()
        self.status_reporter.send_current_update(self.ready(), self.watches)
        self.become(State.PAUSED)

    def stop_at_hit(self, hits: list[Hit]) -> None:
        """Stand at the first operation of the next update at which one of its hits is known."""
        stepper = self.live()
        exact = {hit.breakpoint: hit for hit in stepper.hits(self.breakpoint_monitor.armed)}
        first = min((exact.get(hit.breakpoint, hit) for hit in hits), key=lambda hit: hit.position)
        if self.past_stepper:
            stepper.leave()
            self.leave_past()
            self.event_sender.send(Failed(f"The live end has stopped at a breakpoint: {first.describe()}."))
            self.become(self.state)
            return
        self.after_update(stepper.stop_at(first))
        self.status_reporter.tell_hits(self.breakpoint_monitor, first)
        self.open_update()

    def become(self, state: State) -> None:
        """Be in another state, and tell it."""
        self.state = state
        if self.lockstep and self.branches and state is not State.RUNNING and not self.seek:
            self.lockstep.aim(self.ready().training.position)
        self.status_reporter.tell_status(state, self.branches, self.past_stepper, self.breakpoint_monitor)

    def _stop_for(self, fault: NonFiniteError) -> None:
        self.halt()
        sentence = self.live().training.stop_message(fault)
        if self.past_stepper:
            self.leave_past()
        self.event_sender.send(Failed(f"{sentence}, and reset."))
        self.become(State.STOPPED)

    def _fail(self, fault: Exception) -> None:
        self.halt()
        self.past_stepper = None
        if self.frames:
            self.frames.forget()
        details = "".join(traceback.format_exception(fault))
        self.event_sender.send(
            Failed(f"bpviz met a fault of its own ({fault}). Reset starts the experiment again.", details)
        )
        self.become(State.STOPPED)


def refusal(fault: ValueError) -> str:
    """Say that an experiment cannot be run, and why."""
    return f"This experiment cannot be run: {fault}."
