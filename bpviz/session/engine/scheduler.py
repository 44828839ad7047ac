"""Which piece of work a session does next, and when."""

from __future__ import annotations

import time

from bpviz.core.training.trainer import NonFiniteError
from bpviz.language import _
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import Cause, Failed, State
from bpviz.session.engine.lockstep import LockstepBranch
from bpviz.session.time_travel.backward_search import BackwardSearch

# The compared branch may delay the active one by at most this long before other work gets its turn.
_LOCKSTEP_SECONDS = 0.03


class Scheduler:
    """Chooses and does the pieces of an engine's work, each some milliseconds long, so that commands are soon answered.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def seconds_until_due(self) -> float | None:
        """Return the number of seconds until there is work: 0 for now, None until the next command."""
        engine = self._engine
        jobs = (*engine.diagnostic_jobs, *engine.recording_jobs)
        if engine.scorer.is_busy or any(job.is_busy for job in jobs):
            return 0.0
        task = engine.background_task.seconds_until_due() if engine.background_task else None
        waits = (self._seconds_until_frame(), self._seconds_until_training(), task)
        return min((wait for wait in waits if wait is not None), default=None)

    def _seconds_until_frame(self) -> float | None:
        frames = self._engine.view.frames
        return frames.seconds_until_due(self._engine.state is State.RUNNING) if frames else None

    def _seconds_until_training(self) -> float | None:
        engine, view = self._engine, self._engine.view
        if engine.seek or engine.search or (view.lockstep and view.lockstep.is_behind):
            return 0.0
        if engine.state is not State.RUNNING and not view.past_stepper:
            return None
        is_between_epochs = view.live.training.position.sample == 0
        return engine.rate_limit.seconds_to_next_epoch() if is_between_epochs else 0.0

    def work(self) -> None:
        """Do one piece of work that is due.

        Scoring comes first, since the next epoch to end would replace the one that is being scored. A frame comes
        before training, which would otherwise never leave time for one.
        """
        engine = self._engine
        for job in (*engine.diagnostic_jobs, *engine.recording_jobs):
            if job.is_busy:
                job.work(engine.event_sender)
                time.sleep(0)  # as below: a long diagnosis is many short calls of numpy
        if engine.scorer.is_busy:
            engine.score_piece()
            return
        if engine.background_task:
            engine.background_task.run()
        if self._seconds_until_frame() == 0:
            engine.frame_piece()
        elif self._seconds_until_training() == 0:
            self._train_piece()
            if engine.reporter.is_stale:
                engine.become(engine.state)
            time.sleep(0)  # lets the GUI thread take the interpreter's lock

    def _train_piece(self) -> None:
        engine, lockstep = self._engine, self._engine.view.lockstep
        if engine.search:
            self._search_piece(engine.search)
        elif engine.seek:
            engine.seek_piece(engine.seek)
        elif lockstep and lockstep.is_behind:
            self._catch_up(lockstep)
        else:
            self._run_piece()

    def _run_piece(self) -> None:
        engine, lockstep = self._engine, self._engine.view.lockstep
        training = engine.view.live.training
        if training.position.sample == 0:
            engine.rate_limit.epoch_begins()
        stops = engine.train_slice()
        if lockstep and not engine.view.past_stepper:
            lockstep.aim(training.position)
            self._catch_up(lockstep)
        if stops:
            engine.stop_at_hit(stops)
        elif not engine.scorer.is_busy and training.position.epoch >= training.experiment.epochs:
            engine.finish()  # epochs that are replayed have their records: there is none to wait for

    def _search_piece(self, search: BackwardSearch) -> None:
        engine = self._engine
        if search.work():
            return
        engine.halt()
        if search.found is None:
            engine.event_sender.send(Failed(_("No enabled breakpoint holds anywhere before this position.")))
        engine.reporter.send_hits(engine.breakpoint_monitor, search.found)
        engine.go_to(search.destination, Cause.BREAKPOINT if search.found else Cause.NONE)

    def _catch_up(self, lockstep: LockstepBranch) -> None:
        """Bring the compared branch nearer to the position of the active one."""
        try:
            lockstep.work_for(_LOCKSTEP_SECONDS)
        except NonFiniteError as fault:
            lockstep.give_up()
            branch = lockstep.branch
            sentence = _("Branch “{name}”: {stop_message}.").format(
                name=branch.name, stop_message=branch.stepper.training.stop_message(fault)
            )
            self._engine.event_sender.send(Failed(sentence, is_beside=True))
        if self._engine.state is not State.RUNNING:
            self._engine.view.repeat_frame()
