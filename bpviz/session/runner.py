"""The loop that a worker thread runs: run, pause, step, reset, stop. It knows no Qt.

Commands may be given from any thread. They are obeyed between two slices of work, and a slice takes a few
milliseconds, so that an answer never waits for the end of an epoch.
"""

from __future__ import annotations

import dataclasses
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from threading import Condition

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.core.surface import Grid
from bpviz.core.trainer import NonFiniteError, Trainer
from bpviz.session.experiment import Experiment, ExperimentError
from bpviz.session.frames import FrameMaker, choose_shown
from bpviz.session.looking import look
from bpviz.session.moment import Role
from bpviz.session.operations import operations
from bpviz.session.outbox import Outbox
from bpviz.session.pace import Pace
from bpviz.session.records import EpochRecord, Event, Failed, Prepared, State, Status
from bpviz.session.training import Training

# A slice ends with a rest, in which another thread can take the interpreter's lock. Without that lock it may last
# longer: taking it again can mean waiting for a window that is being painted.
_SLICE_SECONDS, _UNLOCKED_SLICE_SECONDS = 0.001, 0.008
_MOST_SLICE_SAMPLES = 100_000
_STATUS_SECONDS = 0.1


class NotReadyError(RuntimeError):
    """There is no network to do this with."""


class Runner:
    """Drives one `Training` at a time and tells what happens through `emit`.

    Parameters
    ----------
    emit : callable
        Takes each `Event`, on the thread that runs `loop`.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._wake = Condition()
        self._commands: deque[Callable[[], None]] = deque()
        self._closed = False
        self._state = State.PREPARING
        self._pace = Pace()
        self._outbox = Outbox(emit, self._pace)
        self._training: Training | None = None
        self._frames: FrameMaker | None = None
        self._scoring: Iterator[EpochRecord | None] | None = None
        self._slice_samples, self._status_sent = 1, 0.0

    # Commands, from any thread

    def load(self, experiment: Experiment) -> None:
        """Make the experiment's data and network, and stand ready at its start."""
        self._post(partial(self._load, experiment))

    def reset(self) -> None:
        """Go back to the start of the experiment."""
        self._post(self._reset)

    def run(self) -> None:
        """Train until paused, or until the experiment's number of epochs is reached."""
        self._post(self._run)

    def pause(self) -> None:
        """Stop where training is, in the middle of an epoch too."""
        self._post(self._pause)

    def step(self, level: str = "operation", count: int = 1) -> None:
        """Make one update visibly."""
        self._post(partial(self._step, None))

    def apply(self, sample: int) -> None:
        """Make one update with a training sample chosen by hand, out of turn."""
        self._post(partial(self._step, sample))

    def retune(self, experiment: Experiment) -> None:
        """Go on with another learning rate, batch size, order or number of epochs."""
        self._post(partial(self._retune, experiment))

    def set_pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second; None is as many as the machine can."""
        self._post(partial(self._pace.limit, epochs_per_second))

    def ask_frame(self, grid: Grid) -> None:
        """Ask for one frame, with the surface over `grid`; the latest asked is the one that is made."""
        self._post(partial(self._ask_frame, grid))

    def close(self) -> None:
        """End the loop."""
        with self._wake:
            self._closed = True
            self._wake.notify()

    def _post(self, command: Callable[[], None]) -> None:
        with self._wake:
            self._commands.append(command)
            self._wake.notify()

    # The loop

    def loop(self) -> None:
        """Obey and work until closed."""
        while not self._closed:
            self._rest(self._patience())
            while self._commands and not self._closed:
                self._guard(self._commands.popleft())
            if not self._closed:
                self._guard(self._work)

    def _patience(self) -> float | None:
        """Return how long nothing needs to be done: 0 for work at once, None for ever."""
        if self._scoring:
            return 0.0
        waits = [wait for wait in (self._frame_patience(), self._training_patience()) if wait is not None]
        return min(waits, default=None)

    def _frame_patience(self) -> float | None:
        return self._frames.patience(self._state is State.RUNNING) if self._frames else None

    def _training_patience(self) -> float | None:
        if self._state is not State.RUNNING:
            return None
        return self._pace.seconds_to_next_epoch() if self._ready().position.sample == 0 else 0.0

    def _rest(self, patience: float | None) -> None:
        if patience == 0:
            return
        self._outbox.flush()
        with self._wake:
            if not self._commands and not self._closed:
                self._wake.wait(patience)

    def _work(self) -> None:
        if self._scoring:
            self._score_piece()
        elif self._frame_patience() == 0:
            self._frame_piece()
        elif self._training_patience() == 0:
            self._train_slice()

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except NonFiniteError as fault:
            self._stop_at(fault)
        except NotReadyError as fault:
            self._outbox.send(Failed(str(fault)))
        except ExperimentError as fault:
            self._outbox.send(Failed(_refusal(fault)))
        except Exception as fault:  # whatever it is, it must reach the user and leave the loop alive
            self._fail(fault)

    # Work

    def _train_slice(self) -> None:
        training, started = self._ready(), time.perf_counter()
        if training.position.sample == 0:
            self._pace.epoch_begins()
        training.trainer.advance(self._slice_samples)
        self._fit_slice(training.trainer, time.perf_counter() - started)
        self._after_update(training)
        if started - self._status_sent > _STATUS_SECONDS:
            self._become(State.RUNNING)
        time.sleep(0)

    def _fit_slice(self, trainer: Trainer, seconds: float) -> None:
        target = _UNLOCKED_SLICE_SECONDS if trainer.releases_lock else _SLICE_SECONDS
        wanted = self._slice_samples * target / max(seconds, 1e-9)
        # The last slice of an epoch is cut short, so that it says nothing about a longer one.
        most = self._slice_samples if trainer.epoch_is_complete else 2 * self._slice_samples
        self._slice_samples = int(min(max(wanted, 1), most, _MOST_SLICE_SAMPLES))

    def _after_update(self, training: Training) -> None:
        if self._frames:
            self._frames.start_again()
        if training.trainer.epoch_is_complete:
            while self._scoring:
                self._score_piece()
            self._scoring = training.finish_epoch()

    def _score_piece(self) -> None:
        assert self._scoring is not None
        # Set aside while it works: scoring that fails is at its end, and anything else that fails leaves it be.
        scoring, self._scoring = self._scoring, None
        record = next(scoring)
        if record is None:
            self._scoring = scoring
        else:
            self._pace.epoch_ends()
            self._outbox.put(record)
            if self._state is State.RUNNING and record.epoch + 1 >= self._ready().experiment.epochs:
                self._become(State.FINISHED)

    def _frame_piece(self) -> None:
        assert self._frames is not None
        if frame := self._frames.make_piece():
            self._outbox.send(frame)

    # What commands do

    def _load(self, experiment: Experiment) -> None:
        before = self._state if self._training else State.STOPPED
        self._become(State.PREPARING)
        try:
            training = Training(experiment)
        except ValueError as fault:
            self._outbox.send(Failed(_refusal(fault)))
            self._become(before)
            return
        self._stand_ready(training)

    def _reset(self) -> None:
        training = self._ready()
        self._stand_ready(Training(training.experiment, training.split))

    def _stand_ready(self, training: Training) -> None:
        self._outbox.forget()
        shown = choose_shown(training.split, len(training.network.parameters))
        self._training, self._frames, self._scoring = training, FrameMaker(training, shown), None
        self._slice_samples = 1  # what was fast for another network may take this one a minute
        self._outbox.send(Prepared(training.experiment, training.split, shown, len(training.network.parameters)))
        self._become(State.PAUSED)

    def _run(self) -> None:
        training = self._ready()
        if training.trainer.epoch >= training.experiment.epochs:
            raise NotReadyError(
                f"Epoch {training.experiment.epochs:,} is reached: raise “stop after”, or reset to train again."
            )
        self._pace.restart()
        self._become(State.RUNNING)

    def _pause(self) -> None:
        if self._state is State.RUNNING:
            self._become(State.PAUSED)

    def _step(self, sample: int | None) -> None:
        self._pause()
        training = self._ready()
        chosen = training.trainer.next_batch() if sample is None else _one_of(sample, len(training.split.X_train))
        role = Role.IN_TURN if sample is None else Role.APPLIED
        moment = look(training, chosen, role, index=len(operations(len(training.network.layers))))
        if sample is None:
            training.trainer.step()
        else:
            training.trainer.apply(chosen)
        self._after_update(training)
        self._outbox.send(dataclasses.replace(moment, position=training.position))
        self._become(State.PAUSED)

    def _retune(self, experiment: Experiment) -> None:
        training = self._ready()
        training.retune(experiment)
        self._slice_samples = 1  # one sample at a time takes many times longer than a large batch
        if self._state is State.FINISHED and training.trainer.epoch < experiment.epochs:
            self._become(State.PAUSED)

    def _ask_frame(self, grid: Grid) -> None:
        if self._frames:
            self._frames.want(grid)

    # What becomes of it

    def _ready(self) -> Training:
        if self._training is None:
            raise NotReadyError("There is no network yet: choose an experiment that can be run.")
        return self._training

    def _become(self, state: State) -> None:
        self._state, self._status_sent = state, time.perf_counter()
        position = self._training.position if self._training else None
        self._outbox.send(Status(state, position))

    def _stop_at(self, fault: NonFiniteError) -> None:
        self._outbox.send(Failed(f"{self._ready().sentence(fault)}, and reset."))
        self._become(State.STOPPED)

    def _fail(self, fault: Exception) -> None:
        if self._frames:
            self._frames.forget()
        details = "".join(traceback.format_exception(fault))
        self._outbox.send(
            Failed(f"bpviz met a fault of its own ({fault}). Reset starts the experiment again.", details)
        )
        self._become(State.STOPPED)


def _one_of(sample: int, samples: int) -> Indices:
    if not 0 <= sample < samples:
        raise NotReadyError(f"There is no training sample {sample:,}: they go from 0 to {samples - 1:,}.")
    return np.array([sample])


def _refusal(fault: ValueError) -> str:
    return f"This experiment cannot be run: {fault}."
