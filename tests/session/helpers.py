"""Helpers of the session's tests: small experiments, and a runner on a thread of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from threading import Condition, Thread
from types import TracebackType
from typing import Self, TypeVar

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.training.trainer import NonFiniteError
from bpviz.session.engine.commands import Load, Run
from bpviz.session.engine.events import EpochsDone, Event, Failed, NetworkReady, State, Status
from bpviz.session.engine.runner import Runner
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.history import History
from bpviz.session.training.epochs import EpochRecord
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training

SMALL = Experiment(samples=40, hidden=(4, 3), activations=("sigmoid", "tanh", "sigmoid"), epochs=5, learning_rate=0.1)
#: Its first epoch takes seconds on either path, in many slices.
LONG = Experiment(samples=100_000, hidden=(300, 300), activations=("sigmoid",) * 3, epochs=5)
#: Its numbers leave the range of a float64 at the first samples,
EXPLOSIVE = Experiment(samples=40, hidden=(4, 3), activations=("none",) * 3, epochs=50, learning_rate=5.0)
#: and here after some epochs.
GROWING = dataclasses.replace(EXPLOSIVE, activations=("sigmoid", "sigmoid", "none"), learning_rate=3.0)

# Only a loop that hangs is ever waited for so long.
_DEADLINE_SECONDS = 60

Kind = TypeVar("Kind", bound=Event)


def train_to_the_fault(training: Training) -> NonFiniteError:
    """Train until a number leaves its range."""
    try:
        while True:
            training.run_epoch()
    except NonFiniteError as fault:
        return fault


def advance(history: History, samples: int, until: Position | None = None) -> list[EpochRecord]:
    """Train on, and return the record of the epoch that ended, if one did for the first time."""
    history.advance(samples, until)
    return [record for record in history.training.take_scoring() or () if record]


def epoch_record(
    epoch: int,
    *,
    mse: float = 0.1,
    accuracy: float = 0.5,
    rms: Array | None = None,
    mistakes: int = 0,
    ratios: tuple[float, ...] = (1e-3, 2e-3, 4e-3),
) -> EpochRecord:
    """Make a record whose training and test scores are the same, and whose mean |delta| is half the RMS."""
    squares = np.zeros(9) if rms is None else rms
    deltas = squares.astype(np.float32), (squares / 2).astype(np.float32)
    return EpochRecord(epoch, mse, mse, accuracy, accuracy, *deltas, mistakes, np.array(ratios, dtype=np.float32))


class Driver:
    """A runner at work on a thread, and all that it emitted.

    Each `expect` goes on from where the last one found what it looked for.
    """

    def __init__(self, experiment: Experiment | None = None) -> None:
        self.events: list[Event] = []
        self._arrived = Condition()
        self._read = 0
        self.runner = Runner(self._take)
        self._thread = Thread(target=self.runner.loop, name="runner under test")
        self._experiment = experiment

    def __enter__(self) -> Self:
        self._thread.start()
        if self._experiment:
            self.runner.post(Load(self._experiment))
            self.expect_state(State.PAUSED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runner.close()
        self._thread.join(_DEADLINE_SECONDS)
        assert not self._thread.is_alive(), "the loop did not end"

    def expect(self, kind: type[Kind], matches: Callable[[Kind], bool] = lambda event: True) -> Kind:
        """Wait for the next event of a kind."""
        with self._arrived:
            found = self._arrived.wait_for(lambda: self._find(kind, matches), _DEADLINE_SECONDS)
        assert found, f"no such {kind.__name__} came; the last events were {self.events[-3:]}"
        return found

    def expect_state(self, state: State) -> Status:
        """Wait for the next status of a state."""
        return self.expect(Status, lambda status: status.state is state)

    def run_to_the_end(self) -> list[EpochRecord]:
        """Run until the experiment's last epoch; return the records since the network was made."""
        self.runner.post(Run())
        self.expect_state(State.FINISHED)
        return self.records()

    def records(self) -> list[EpochRecord]:
        """Return the epochs of the latest network so far, in the order in which they came."""
        start = max(index for index, event in enumerate(self.events) if isinstance(event, NetworkReady))
        batches = [event.records for event in self.events[start:] if isinstance(event, EpochsDone)]
        return [record for batch in batches for record in batch]

    def failures(self) -> list[Failed]:
        """Return what went wrong so far."""
        return [event for event in self.events if isinstance(event, Failed)]

    def _take(self, event: Event) -> None:
        with self._arrived:
            self.events.append(event)
            self._arrived.notify_all()

    def _find(self, kind: type[Kind], matches: Callable[[Kind], bool]) -> Kind | None:
        for index in range(self._read, len(self.events)):
            event = self.events[index]
            if isinstance(event, kind) and matches(event):
                self._read = index + 1
                return event
        return None
