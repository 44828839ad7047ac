"""The state of a session at work, its transitions, and the events that tell of them."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from bpviz.core.training.trainer import NonFiniteError
from bpviz.language import _
from bpviz.session.debugging.breakpoint_monitor import BreakpointMonitor, monitor_of
from bpviz.session.debugging.breakpoints import Breakpoint, Hit
from bpviz.session.debugging.watches import Watch
from bpviz.session.diagnostics.gradient_check import TooLargeToCheckError
from bpviz.session.engine.diagnostic_job import BackgroundTask, DiagnosticJob
from bpviz.session.engine.epoch_scorer import EpochScorer
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.events import Cause, Event, Failed, SessionKept, SessionOpened, State
from bpviz.session.engine.rate_limit import RateLimit
from bpviz.session.engine.session_view import NotMeasurableError, NotReadyError, SessionView
from bpviz.session.engine.slice_size import SliceSize
from bpviz.session.engine.status_reporter import StatusReporter
from bpviz.session.experiment.experiment import ExperimentError, refusal
from bpviz.session.time_travel.backward_search import BackwardSearch
from bpviz.session.time_travel.branches import BranchError, Branches
from bpviz.session.time_travel.stepper import Seek
from bpviz.session.training.early_stopping import EarlyStopping, end_text
from bpviz.session.training.interventions import EditError
from bpviz.session.training.non_finite import first_non_finite
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import NoSuchSampleError

# A seek that takes longer than this is announced as running, and can be paused.
_IMMEDIATE_SECONDS = 0.03


class SessionKeeper(Protocol):
    """Keeps sessions that are replaced."""

    def keep(self) -> SessionKept | None:
        """Keep the present session; return the event to send when it has been replaced, None if it is not kept."""


class Engine:
    """Works for one session at a time, and sends events through `emit`.

    Only the engine changes its own attributes; commands call its methods.

    Parameters
    ----------
    emit : callable
        Takes each `Event`.

    Attributes
    ----------
    state : State
        What the stepper on screen is doing.
    cause : Cause
        Why it stopped.
    view : SessionView
        The branches, and which steppers are on screen.
    breakpoint_monitor : BreakpointMonitor
        Collects hits while training runs.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self.state, self.cause = State.PREPARING, Cause.NONE
        self.rate_limit = RateLimit()
        self.event_sender = EventSender(emit, self.rate_limit)
        self._compared_sender = EventSender(emit, self.rate_limit, of_compared=True)
        self.view = SessionView(self._compared_sender)
        self.reporter = StatusReporter(self.event_sender)
        self.gradient_check_job, self.plateau_job = DiagnosticJob(), DiagnosticJob()
        self.effect_job, self.ledger_job, self.numbers_job = DiagnosticJob(), DiagnosticJob(), DiagnosticJob()
        self.survey_job, self.recorded_job = DiagnosticJob(), DiagnosticJob()
        self.breakpoints: tuple[Breakpoint, ...] = ()
        self.watches: tuple[Watch, ...] = ()
        self.breakpoint_monitor = BreakpointMonitor((), (1,))
        self.early_stopping = EarlyStopping()
        self.seek: Seek | None = None
        self._seek_ends_as = Cause.NONE
        self.search: BackwardSearch | None = None
        self.slice_size = SliceSize()
        self.scorer = EpochScorer(self.event_sender, self.rate_limit)
        self.background_task: BackgroundTask | None = None
        self._keeper: SessionKeeper | None = None

    def set_background_task(self, task: BackgroundTask) -> None:
        """Do a task beside training whenever it is due."""
        self.background_task = task

    def set_keeper(self, keeper: SessionKeeper) -> None:
        """Have sessions kept that are replaced."""
        self._keeper = keeper

    @property
    def diagnostic_jobs(self) -> tuple[DiagnosticJob, ...]:
        """The diagnoses of the session that are made beside other work."""
        return self.gradient_check_job, self.plateau_job, self.effect_job, self.ledger_job, self.numbers_job

    @property
    def recording_jobs(self) -> tuple[DiagnosticJob, ...]:
        """The comparisons with a recording, which need no session: that of one update goes before that of all."""
        return self.recorded_job, self.survey_job

    def flush(self) -> None:
        """Send the events that wait to be sent."""
        self.event_sender.flush()
        self._compared_sender.flush()

    def guard(self, work: Callable[[], None]) -> None:
        """Do something; a fault becomes an event, and the session stays usable."""
        try:
            work()
        except NonFiniteError as fault:
            self._stop_for(fault)
        except (NotReadyError, NoSuchSampleError, TooLargeToCheckError) as fault:
            self.event_sender.send(Failed(str(fault), is_beside=isinstance(fault, NotMeasurableError)))
        except (BranchError, EditError) as fault:
            self.event_sender.send(Failed(str(fault)))
            self.reporter.repeat_experiment()  # the screen may already show what was refused
            self.become(self.state)
        except ExperimentError as fault:
            self.event_sender.send(Failed(refusal(fault)))
        except Exception as fault:  # any fault must reach the user and leave the loop running
            self._fail(fault)

    # Transitions

    def start_session(
        self,
        branches: Branches,
        position: Position | None = None,
        opened: SessionOpened | None = None,
        *,
        keeps: bool = True,
    ) -> None:
        """Replace the session, and keep it; go to a position if one is given, and send what was opened with it."""
        kept = self._keeper.keep() if self._keeper and keeps else None
        for part in (self.event_sender, self._compared_sender, self.scorer):
            part.forget()
        for job in self.diagnostic_jobs:
            job.forget()
        self.halt()
        self.view.open(branches)
        self.breakpoint_monitor = monitor_of(self.breakpoints, self.view.live.training.experiment)
        self.restart_slices()
        self.reporter.send_network(self.view)
        if opened:
            self.event_sender.send(opened)
        if position is None:
            self.become(State.PAUSED, Cause.NONE)
        else:
            self.send_tables()
            self.go_to(position)
        if kept:
            self.event_sender.send(kept)

    def show_active_branch(self, position: Position) -> None:
        """Show the branch that has become the active one, at a position."""
        self.view.refresh()
        if self.reporter.is_other_network(self.view.stepper.training.experiment):
            for job in self.diagnostic_jobs:  # of the network before
                job.forget()
            self.reporter.send_network(self.view, goes_on=True)
        self.send_tables()
        self.arm_breakpoints()
        self.request_background_task()
        self.restart_slices()
        self.start_seek(self.view.live.seek(position))

    def send_tables(self) -> None:
        """Send the epoch records of the branches on screen, in place of those sent before."""
        self.flush()
        self.reporter.send_tables(self.view.branches)

    def restart_slices(self) -> None:
        """Start with short slices: what was fast for one network or batch size can take a minute for another."""
        self.slice_size.start_small()

    def run(self) -> None:
        """Train from here on."""
        self.rate_limit.restart()
        self.become(State.RUNNING)

    def start_search(self, search: BackwardSearch) -> None:
        """Search backward, piece by piece."""
        self.halt()
        self.search = search
        self.become(State.RUNNING)

    def halt(self) -> None:
        """Drop the seek or the search in work."""
        self.seek = self.search = None

    def go_to(self, position: Position, cause: Cause = Cause.NONE) -> None:
        """Start to seek a position with the stepper on screen; see `start_seek`."""
        self.start_seek(self.view.stepper.seek(position), cause)

    def start_seek(self, seek: Seek, cause: Cause = Cause.NONE) -> None:
        """Finish a seek at once where it is short, else piece by piece; `cause` is why it stops at its end."""
        self.seek, self._seek_ends_as = seek, cause
        until = time.perf_counter() + _IMMEDIATE_SECONDS
        while self.seek and time.perf_counter() < until:
            self.seek_piece(self.seek)
        if self.seek:
            self.become(State.RUNNING)

    def enter_past(self) -> None:
        """Show the past with a stepper of its own, while the live one continues to train."""
        self.settle()
        self.view.enter_past()
        self.state = State.PAUSED

    def keep_past(self) -> None:
        """Make the position on screen the active branch's own; its live end stops training."""
        self.settle()
        self.view.keep_past()

    def settle(self) -> None:
        """Score to the end whatever is being scored."""
        self.scorer.settle()
        self.view.settle()

    def after_update(self) -> None:
        """Start to score an epoch that has ended, and drop a frame that no longer shows the network."""
        self.view.restart_frame()
        if self.background_task:
            self.background_task.changed()
        active = self.view.branches.active
        if scoring := active.stepper.training.take_scoring():
            self.scorer.take(scoring, active.epochs, active.stepper.training, self.watches)
        if not self.seek:
            self._send_samples()

    def _send_samples(self) -> None:
        """Send the samples if others hold than before; frames and diagnoses of those before are dropped."""
        if self.reporter.send_samples(self.view):
            self.view.restart_frame()
            for job in self.diagnostic_jobs:
                job.forget()

    def after_change(self) -> None:
        """Send what a change by the user has made of the network on screen."""
        self.request_background_task()
        self.view.repeat_frame()
        self._send_samples()
        stepper = self.view.stepper
        if self.state is not State.RUNNING and stepper.current_update:
            self.reporter.send_current_update(stepper, self.watches)
        if self.state is State.FINISHED and stepper.position.epoch < stepper.training.experiment.epochs:
            self.state, self.cause = State.PAUSED, Cause.NONE
        self.become(self.state)

    def open_update(self, cause: Cause = Cause.NONE) -> None:
        """Send the current update, and pause there."""
        self._send_samples()
        self.view.restart_frame()
        self.reporter.send_current_update(self.view.stepper, self.watches)
        self.become(State.PAUSED, cause)

    def stop_at_hit(self, hits: list[Hit]) -> None:
        """Stop at the first operation of the next update at which the number of one of its hits is known."""
        stepper = self.view.live
        exact = {hit.breakpoint: hit for hit in stepper.hits(self.breakpoint_monitor.armed)}
        first = min((exact.get(hit.breakpoint, hit) for hit in hits), key=lambda hit: hit.position)
        if self.view.past_stepper:
            stepper.leave()
            self.keep_past()
            self.event_sender.send(
                Failed(_("The live end has stopped at a breakpoint: {first}.").format(first=first.describe()))
            )
            self.become(self.state)
            return
        stepper.stop_at(first)
        self.after_update()
        self.reporter.send_hits(self.breakpoint_monitor, first)
        self.open_update(Cause.BREAKPOINT)

    def become(self, state: State, cause: Cause | None = None) -> None:
        """Enter a state, and send it with the position; without a `cause`, that of the same state stays."""
        self.cause = cause if cause is not None else self.cause if state is self.state else Cause.NONE
        self.state = state
        if self.view.lockstep and not self.view.is_empty and state is not State.RUNNING and not self.seek:
            self.view.lockstep.aim(self.view.stepper.training.position)
        self.reporter.send_status(state, self.cause, self.view, self.breakpoint_monitor)

    # Pieces of work

    def score_piece(self) -> None:
        """Do one piece of scoring; the record of the last epoch ends the run."""
        record = self.scorer.work()
        if record is None or self.seek or self.search:
            return
        experiment, losses = self.view.live.training.experiment, self.view.branches.active.epochs.column("mse_test")
        if record.epoch + 1 >= experiment.epochs:
            self.finish()
        elif self.early_stopping.is_due(losses, experiment.patience):
            self.finish(Cause.PATIENCE)

    def finish(self, cause: Cause = Cause.LIMIT) -> None:
        """Stop at the experiment's last epoch, or early."""
        if self.view.past_stepper:
            self.keep_past()
            sentence = end_text(self.view.live.training.experiment, is_early=cause is Cause.PATIENCE)
            self.event_sender.send(Failed(sentence))
            self.become(self.state)
        elif self.state is State.RUNNING:
            self.view.live.trace_next()
            self.reporter.send_current_update(self.view.live, self.watches)
            self.become(State.FINISHED if cause is Cause.LIMIT else State.PAUSED, cause)

    def seek_piece(self, seek: Seek) -> None:
        """Do one piece of a seek; open the update where it ends."""
        if self.scorer.is_busy:  # the next epoch to end would replace the one that is being scored
            self.score_piece()
            return
        stepper = self.view.stepper
        if stepper.training.position < seek.stop:
            with self.slice_size.measured(stepper.training.trainer):
                stepper.advance(self.slice_size.samples, until=seek.stop)
            self.after_update()
        else:
            self.seek = None
            stepper.finish_seek(seek)
            self.after_update()
            self.open_update(self._seek_ends_as)

    def frame_piece(self) -> None:
        """Do one piece of a frame; send the frame with the last."""
        assert self.view.frames is not None
        self._send_samples()
        if frame := self.view.frames.make_piece():
            self._compared_sender.flush()
            is_behind = self.view.lockstep is not None and self.view.lockstep.is_behind
            self.event_sender.send(replace(frame, beside_is_behind=is_behind))

    def train_slice(self) -> list[Hit]:
        """Train the live stepper on one slice of samples; return the hits that call for a stop."""
        stepper = self.view.live
        begin, order = stepper.training.position, stepper.training.trainer.order
        try:
            with self.slice_size.measured(stepper.training.trainer):
                stepper.advance(self.slice_size.samples, scan=self.breakpoint_monitor.scan)
        finally:  # hits before a number that is not finite count too
            stops = self.breakpoint_monitor.collect(begin, order)
        self.after_update()
        return stops

    # What is watched

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Stop at these breakpoints from now on."""
        self.breakpoints = breakpoints
        if not self.view.is_empty:
            self.arm_breakpoints()

    def arm_breakpoints(self) -> None:
        """Look for the breakpoints in the network on screen."""
        monitor = monitor_of(self.breakpoints, self.view.live.training.experiment)
        monitor.keep_counts_of(self.breakpoint_monitor)
        self.breakpoint_monitor = monitor

    def set_watches(self, watches: tuple[Watch, ...]) -> None:
        """Send the values of these watches from now on."""
        self.watches = watches
        self.scorer.forget_watches()
        if not self.view.is_empty:
            self.reporter.send_watched(self.view.stepper, watches)

    def request_background_task(self) -> None:
        """Have the background task done soon, since the user changed something."""
        if self.background_task:
            self.background_task.request()

    # Faults

    def _stop_for(self, fault: NonFiniteError) -> None:
        self.halt()
        training = self.view.live.training
        sentence, neuron = training.stop_message(fault), first_non_finite(training.trainer, fault)
        if self.view.past_stepper:
            self.keep_past()
        self.event_sender.send(Failed(_("{sentence}, and reset.").format(sentence=sentence), neuron=neuron))
        self.become(State.STOPPED, Cause.FAULT)

    def _fail(self, fault: Exception) -> None:
        self.halt()
        self.view.drop_work()
        details = "".join(traceback.format_exception(fault))
        sentence = _("bpviz met a fault of its own ({fault}). Reset starts the experiment again.").format(fault=fault)
        self.event_sender.send(Failed(sentence, details))
        self.become(State.STOPPED, Cause.FAULT)
