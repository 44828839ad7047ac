"""What a session does, one short piece of work at a time, and what it tells."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable

import numpy as np

from bpviz.core.surface import Grid
from bpviz.core.trainer import NonFiniteError
from bpviz.session.breakpoints import Breakpoint, Hit
from bpviz.session.bulletin import Bulletin
from bpviz.session.checking import TooLargeToCheckError
from bpviz.session.checkup import Checkup
from bpviz.session.experiment import Experiment, ExperimentError
from bpviz.session.frames import FrameMaker, choose_shown
from bpviz.session.moment import Moment, Role
from bpviz.session.outbox import Outbox
from bpviz.session.pace import Pace
from bpviz.session.position import Position
from bpviz.session.records import Event, Failed, Prepared, State
from bpviz.session.samples import Choice, NoSuchSampleError, find_sample
from bpviz.session.scoring import Scorer
from bpviz.session.search import BackwardSearch
from bpviz.session.slices import Slices
from bpviz.session.stepper import Errand, Scoring, Stepper
from bpviz.session.training import Training
from bpviz.session.tripwire import Tripwire
from bpviz.session.watches import Watch

# A step that takes longer than this is told to be under way, and can be paused.
_AT_ONCE_SECONDS = 0.03


class NotReadyError(RuntimeError):
    """There is no network to do this with."""


class Conductor:
    """Drives one `Stepper` at a time and tells what happens through `emit`.

    Parameters
    ----------
    emit : callable
        Takes each `Event`.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._state = State.PREPARING
        self._pace = Pace()
        self._outbox = Outbox(emit, self._pace)
        self._slices = Slices()
        self._scorer = Scorer(self._outbox, self._pace)
        self._bulletin = Bulletin(self._outbox)
        self._stepper: Stepper | None = None
        self._frames: FrameMaker | None = None
        self._breakpoints: tuple[Breakpoint, ...] = ()
        self._watches: tuple[Watch, ...] = ()
        self._tripwire = Tripwire((), (1,))
        self._errand: Errand | None = None
        self._search: BackwardSearch | None = None
        self._checkup = Checkup()
        self._rng = np.random.default_rng()

    # When there is something to do

    def patience(self) -> float | None:
        """Return how long nothing needs to be done: 0 for work at once, None for ever."""
        if self._scorer.is_busy or self._checkup.is_busy:
            return 0.0
        waits = [wait for wait in (self._frame_patience(), self._training_patience()) if wait is not None]
        return min(waits, default=None)

    def _frame_patience(self) -> float | None:
        return self._frames.patience(self._state is State.RUNNING) if self._frames else None

    def _training_patience(self) -> float | None:
        if self._state is not State.RUNNING:
            return None
        is_paced = not self._errand and not self._search and self._ready().training.position.sample == 0
        return self._pace.seconds_to_next_epoch() if is_paced else 0.0

    def flush(self) -> None:
        """Send what waits to be sent."""
        self._outbox.flush()

    def guard(self, work: Callable[[], None]) -> None:
        """Do something; what goes wrong is told, and the conductor stays usable."""
        try:
            work()
        except NonFiniteError as fault:
            self._stop_at(fault)
        except (NotReadyError, NoSuchSampleError, TooLargeToCheckError) as fault:
            self._outbox.send(Failed(str(fault)))
        except ExperimentError as fault:
            self._outbox.send(Failed(_refusal(fault)))
        except Exception as fault:  # whatever it is, it must reach the user and leave the loop alive
            self._fail(fault)

    # Work

    def work(self) -> None:
        """Do one piece of what there is to do, some milliseconds long."""
        if self._checkup.is_busy:
            self._checkup.work(self._outbox)
        if self._scorer.is_busy:
            self._score_piece()
        elif self._frame_patience() == 0:
            self._frame_piece()
        elif self._training_patience() == 0:
            self._train_piece()
            if self._bulletin.is_stale:
                self._become(self._state)
            time.sleep(0)

    def _score_piece(self) -> None:
        record = self._scorer.work()
        training = self._ready().training
        is_over = record is not None and record.epoch + 1 >= training.experiment.epochs
        if is_over and self._state is State.RUNNING and not self._errand and not self._search:
            self._become(State.FINISHED)

    def _frame_piece(self) -> None:
        assert self._frames is not None
        if frame := self._frames.make_piece():
            self._outbox.send(frame)

    def _train_piece(self) -> None:
        if self._search:
            self._search_piece()
        elif self._errand:
            self._errand_piece()
        else:
            self._run_piece()

    def _run_piece(self) -> None:
        stepper = self._ready()
        begin, order = stepper.training.position, stepper.training.trainer.order
        if begin.sample == 0:
            self._pace.epoch_begins()
        try:
            with self._slices.measured(stepper.training.trainer):
                scoring = stepper.advance(self._slices.samples, scan=self._tripwire.scan)
        finally:
            stops = self._tripwire.collect(begin, order)
        self._after_update(scoring)
        if stops:
            self._stop_at_hit(stops)
        elif scoring is None and stepper.training.position.epoch >= stepper.training.experiment.epochs:
            self._become(State.FINISHED)  # in epochs that are trained again there is no record to wait for

    def _errand_piece(self) -> None:
        stepper, errand = self._ready(), self._errand
        assert errand is not None
        if stepper.training.position < errand.stop:
            with self._slices.measured(stepper.training.trainer):
                scoring = stepper.advance(self._slices.samples, until=errand.stop)
            self._after_update(scoring)
        else:
            self._errand = None
            self._after_update(stepper.arrive(errand))
            self._lay_open()

    def _search_piece(self) -> None:
        assert self._search is not None
        if self._search.work():
            return
        search, self._search = self._search, None
        if search.found is None:
            self._outbox.send(Failed("No breakpoint that is enabled holds anywhere before this place."))
        self._bulletin.tell_hits(self._tripwire, search.found)
        self._set_out(self._ready().depart(search.destination))

    def _after_update(self, scoring: Scoring | None) -> None:
        if self._frames:
            self._frames.start_again()
        if scoring is not None:
            self._scorer.take(scoring, self._ready().training, self._watches)

    # What commands do

    def load(self, experiment: Experiment) -> None:
        """Make data and network, and stand ready."""
        before = self._state if self._stepper else State.STOPPED
        self._become(State.PREPARING)
        try:
            training = Training(experiment)
        except ValueError as fault:
            self._outbox.send(Failed(_refusal(fault)))
            self._become(before)
            return
        self._stand_ready(training)

    def reset(self) -> None:
        """Make the same network anew."""
        training = self._ready().training
        self._stand_ready(Training(training.experiment, training.split))

    def _stand_ready(self, training: Training) -> None:
        self._outbox.forget()
        self._scorer.forget()
        self._errand = self._search = None
        self._checkup.forget()
        n_parameters = len(training.network.parameters)
        shown = choose_shown(training.split, n_parameters)
        self._stepper, self._frames = Stepper(training), FrameMaker(training, shown)
        self._bulletin.experiment = training.experiment
        self._tripwire = Tripwire(self._breakpoints, training.experiment.sizes)
        self._slices.start_small()  # what was fast for another network may take this one a minute
        self._outbox.send(Prepared(training.experiment, training.split, shown, n_parameters))
        self._become(State.PAUSED)

    def run(self) -> None:
        """Train on."""
        stepper = self._ready()
        if stepper.position.epoch >= (epochs := stepper.training.experiment.epochs):
            raise NotReadyError(f"Epoch {epochs:,} is reached: raise “stop after”, or reset to train again.")
        self._halt()
        if ahead := stepper.hits_ahead(self._tripwire.armed):
            self._stop_at_hit(ahead)
            return
        self._after_update(stepper.pass_by())
        self._pace.restart()
        self._become(State.RUNNING)

    def run_back(self) -> None:
        """Look for the last hit before here."""
        stepper = self._ready()
        wanted = tuple(each for each in self._tripwire.armed if not each.log_only)
        if not wanted:
            raise NotReadyError("There is no breakpoint to go back to: add one, or enable it (F9).")
        self._halt()
        self._search = BackwardSearch(stepper, wanted)
        self._become(State.RUNNING)

    def pause(self) -> None:
        """Stop where training is; a search goes back to where it began."""
        if self._state is not State.RUNNING:
            return
        if self._search:
            origin = self._search.origin
            self._halt()
            self._set_out(self._ready().depart(origin))
            return
        self._halt()
        self._ready().lay()
        self._lay_open()

    def step(self, level: str, count: int) -> None:
        """Step."""
        stepper = self._ready()
        self._halt()
        if stepper.step_aside(level, count):
            self._lay_open()
        else:
            self._set_out(stepper.depart(stepper.target(level, count), forward=count > 0))

    def go(self, index: int) -> None:
        """Go to an operation of the update on the table."""
        moment, place = self._on_the_table(), self._ready().place
        if moment.role is Role.IN_TURN:
            self.travel(Position(place.epoch, place.sample, index))
        else:
            self.step("operation", index - moment.index)

    def travel(self, position: Position) -> None:
        """Go to a position."""
        stepper = self._ready()
        self._halt()
        self._set_out(stepper.depart(position))

    def inspect(self, choice: int | Choice) -> None:
        """Lay a sample on the table to be looked at."""
        stepper = self._ready()
        moment = stepper.moment
        before = int(moment.samples[0]) if moment and moment.role is Role.INSPECTED else None
        sample = find_sample(stepper.training, choice, before, self._rng)
        self._halt()
        stepper.inspect(sample)
        self._lay_open()

    def apply(self, sample: int) -> None:
        """Train on a sample out of turn."""
        stepper = self._ready()
        find_sample(stepper.training, sample, None, self._rng)
        self._halt()
        stepper.apply(sample)
        self._after_update(None)
        self._lay_open()

    def retune(self, experiment: Experiment) -> None:
        """Go on with other training options."""
        stepper = self._ready()
        index = stepper.place.operation if stepper.is_open else None
        stepper.leave()
        stepper.history.retune(experiment)
        self._bulletin.experiment = stepper.training.experiment
        self._slices.start_small()  # one sample at a time takes many times longer than a large batch
        if index is not None:
            stepper.lay(index)
            self._bulletin.tell_table(stepper, self._watches)
        if self._state is State.FINISHED and stepper.position.epoch < experiment.epochs:
            self._become(State.PAUSED)

    def check_gradients(self, epsilon: float) -> None:
        """Compare the gradients of the update on the table with central differences, while other work goes on."""
        self._checkup.begin(self._on_the_table(), epsilon)

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Look for these."""
        self._breakpoints = breakpoints
        if self._stepper:
            tripwire = Tripwire(breakpoints, self._stepper.training.experiment.sizes)
            tripwire.keep_counts_of(self._tripwire)
            self._tripwire = tripwire

    def set_watches(self, watches: tuple[Watch, ...]) -> None:
        """Tell the values of these."""
        self._watches = watches
        self._scorer.forget_watches()
        if self._stepper:
            self._bulletin.tell_watched(self._stepper, watches)

    def set_pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second."""
        self._pace.limit(epochs_per_second)

    def ask_frame(self, grid: Grid) -> None:
        """Make a frame."""
        if self._frames:
            self._frames.want(grid)

    # What becomes of it

    def _ready(self) -> Stepper:
        if self._stepper is None:
            raise NotReadyError("There is no network yet: choose an experiment that can be run.")
        return self._stepper

    def _on_the_table(self) -> Moment:
        if (moment := self._ready().moment) is None:
            raise NotReadyError("There is no sample on the table: take a step first (F11).")
        return moment

    def _halt(self) -> None:
        """Drop what is under way."""
        self._errand = self._search = None

    def _set_out(self, errand: Errand) -> None:
        """Go to where a step leads: at once where that is near, else bit by bit."""
        self._errand = errand
        until = time.perf_counter() + _AT_ONCE_SECONDS
        while self._errand and time.perf_counter() < until:
            self._errand_piece()
        if self._errand:
            self._become(State.RUNNING)

    def _lay_open(self) -> None:
        """Tell what is on the table now, and stand there."""
        if self._frames:
            self._frames.start_again()
        self._bulletin.tell_table(self._ready(), self._watches)
        self._become(State.PAUSED)

    def _stop_at_hit(self, hits: list[Hit]) -> None:
        """Stand at the first operation of the next update at which one of its hits is known."""
        stepper = self._ready()
        exact = {hit.breakpoint: hit for hit in stepper.hits(self._tripwire.armed)}
        first = min((exact.get(hit.breakpoint, hit) for hit in hits), key=lambda hit: hit.position)
        self._after_update(stepper.stop_at(first))
        self._bulletin.tell_hits(self._tripwire, first)
        self._lay_open()

    def _become(self, state: State) -> None:
        self._state = state
        self._bulletin.tell_status(state, self._stepper, self._tripwire)

    def _stop_at(self, fault: NonFiniteError) -> None:
        self._halt()
        self._outbox.send(Failed(f"{self._ready().training.sentence(fault)}, and reset."))
        self._become(State.STOPPED)

    def _fail(self, fault: Exception) -> None:
        self._halt()
        if self._frames:
            self._frames.forget()
        details = "".join(traceback.format_exception(fault))
        self._outbox.send(
            Failed(f"bpviz met a fault of its own ({fault}). Reset starts the experiment again.", details)
        )
        self._become(State.STOPPED)


def _refusal(fault: ValueError) -> str:
    return f"This experiment cannot be run: {fault}."
