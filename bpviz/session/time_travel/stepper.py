"""Walks through a training: by operations, layers, phases, samples and epochs, forward and back.

It may be driven by hand, as in

    stepper = Stepper(Training(load_preset("article").experiment))
    stepper.step("operation", 3)
    print(stepper.position, stepper.moment.operation)

or in slices, by `bpviz.session.engine.runner.Runner`, which answers commands between them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from bpviz.core.metrics.scan import Scan
from bpviz.session.debugging.breakpoints import Breakpoint, Hit
from bpviz.session.debugging.evaluation import hits_in, scan_of
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.history import BUDGET, History
from bpviz.session.time_travel.step_targets import StepTargets
from bpviz.session.training.epochs import EpochRecord
from bpviz.session.training.interventions import Edit, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update


@dataclass(frozen=True)
class Seek:
    """A way through whole updates up to the one that begins at `stop`, and so many operations of that one."""

    stop: Position
    index: int


class Stepper:
    """Moves through time, and keeps the update that is being looked at on the table.

    Parameters
    ----------
    training : Training
        At its beginning. Only this object may move it from now on.
    budget : int
        How many bytes checkpoints may take.
    history : History, optional
        Of that training, where there is one already.

    Attributes
    ----------
    update : TracedUpdate or None
        The update on the table.
    """

    def __init__(self, training: Training, budget: int = BUDGET, history: History | None = None) -> None:
        self.training = training
        self.history = history or History(training, budget)
        self.current_update: TracedUpdate | None = None
        self._begun = training.position  # where the update on the table begins
        self._stopped: Position | None = None  # the latest hit that was stood at
        self._n_layers = len(training.network.layers)
        self._step_targets = StepTargets(self._n_layers, self.history.starts)

    @property
    def n_operations(self) -> int:
        """How many operations an update has."""
        return len(operations(self._n_layers))

    @property
    def position(self) -> Position:
        """Where training stands, in the middle of an update too."""
        return self.current_update.position if self.current_update and self.is_open else self.training.position

    @property
    def is_open(self) -> bool:
        """Whether the update on the table is the next in turn, not yet made."""
        update = self.current_update
        return update is not None and update.kind is UpdateKind.IN_TURN and update.index < self.n_operations

    @property
    def is_live(self) -> bool:
        """Whether training has not been further than here."""
        return self.training.position >= self.history.furthest

    @property
    def place(self) -> Position:
        """As `position`, but after the last operation of an update still at that update."""
        if self.current_update and self.current_update.kind is UpdateKind.IN_TURN:
            return Position(self._begun.epoch, self._begun.sample, self.current_update.index)
        return self.training.position

    def copy(self) -> Stepper:
        """Return another that stands at the same place, with a network of its own and the same past and future."""
        index = self.place.operation if self.is_open else None
        self.leave()
        training = self.training.copy()
        other = Stepper(training, history=self.history.copy(training))
        if index is not None:
            self.trace_next(index)
            other.trace_next(index)
        return other

    # By hand

    def step(self, level: str = "operation", count: int = 1) -> list[EpochRecord]:
        """Go forward by so many steps of a level, or back where `count` is negative.

        Returns
        -------
        list of EpochRecord
            Of the epochs that were completed for the first time.

        Raises
        ------
        NonFiniteError
            If training meets a number that is not finite.
        ValueError
            If the level is unknown.
        """
        if self.step_through_other_sample(level, count):
            return []
        return self._run_seek(self.seek(self.target(level, count), forward=count > 0))

    def go_to(self, position: Position) -> list[EpochRecord]:
        """Go to any position; raises and returns as `step`."""
        return self._run_seek(self.seek(position))

    def run_to(self, breakpoints: tuple[Breakpoint, ...], epochs: int) -> Hit | None:
        """Train until a breakpoint holds, at most until so many epochs are done; returns where it held.

        Raises
        ------
        NonFiniteError
            If training meets a number that is not finite.
        """
        hits, scan = self.hits_ahead(breakpoints), scan_of(breakpoints)
        if not hits:
            self.pass_by()
        while not hits and self.training.position.epoch < epochs:
            self.advance(len(self.training.split.X_train), scan=scan)
            self._score()
            hits = self.hits(breakpoints) if scan.stopped else []
        if hits:
            self.stop_at(hits[0])
            self._score()
        return hits[0] if hits else None

    def _run_seek(self, seek: Seek) -> list[EpochRecord]:
        records = []
        while self.training.position < seek.stop:
            self.advance(len(self.training.split.X_train), until=seek.stop)
            records += self._score()
        self.finish_seek(seek)
        return records + self._score()

    def _score(self) -> list[EpochRecord]:
        """Return the record of the epoch that ended last, if it has none yet."""
        return [record for record in self.training.take_scoring() or () if record]

    # In slices

    def target(self, level: str, count: int) -> Position:
        """Return where so many steps of a level from here end."""
        return self._step_targets.shift(self.position, level, count)

    def seek(self, target: Position, *, forward: bool = False) -> Seek:
        """Begin the way to a position, back to a checkpoint if need be.

        With `forward`, a position between two updates is come to from behind: the update before it is on the table
        then, with all its operations done.
        """
        self.leave()
        stop, index = Position(target.epoch, target.sample), target.operation
        if forward and index == 0 and stop > Position():
            stop, index = self._step_targets.shift(stop, "sample", -1), self.n_operations
        begun = self.training.position
        self.history.restore_nearest(stop)
        if self.training.position != begun:
            self.current_update = None
        return Seek(stop, index)

    def advance(self, samples: int, *, until: Position | None = None, scan: Scan | None = None) -> None:
        """Train on some samples; see `History.advance`."""
        self.leave()
        self.current_update = None
        self.history.advance(samples, until, scan)

    def rewind_before(self, end: Position) -> None:
        """Go back to the last checkpoint before the update at `end`, or to the beginning."""
        self.current_update = None
        self.history.rewind_before(end)

    def finish_seek(self, seek: Seek) -> None:
        """Trace the update at the end of a seek, and make its operations up to there."""
        if not self.is_open:
            self.trace_next()
        self.go(seek.index)

    # The table

    def trace_next(self, index: int = 0) -> None:
        """Lay the next update in turn on the table, with so many operations done."""
        self.leave()
        self._begun = self.training.position
        self._show(trace_update(self.training, self.training.trainer.next_batch(), UpdateKind.IN_TURN, index=index))

    def go(self, index: int) -> None:
        """Go to where so many operations of the update on the table, not yet made, are done; all of them make it."""
        assert self.current_update is not None
        if index < self.n_operations:
            at = dataclasses.replace(self._begun, operation=index)
            self._show(dataclasses.replace(self.current_update, index=index, position=at))
            return
        made = self.current_update
        self.advance(1)
        self.current_update = dataclasses.replace(made, index=self.n_operations, position=self.training.position)

    def inspect(self, sample: int) -> None:
        """Lay a training sample on the table, all but its update done, and train nothing."""
        self.leave()
        index = self.n_operations - self._n_layers
        self.current_update = trace_update(self.training, np.array([sample]), UpdateKind.INSPECTED, index=index)

    def apply(self, sample: int) -> None:
        """Train on one sample out of turn.

        Raises
        ------
        NonFiniteError
            If a number stops being finite; nothing is changed then.
        """
        self.leave()
        looked_at = trace_update(self.training, np.array([sample]), UpdateKind.APPLIED, index=self.n_operations)
        self.history.intervene(Intervention(self.training.position, sample=sample))
        self.current_update = looked_at

    def edit(self, edit: Edit) -> None:
        """Type in a weight or a bias; the update on the table is laid anew.

        Raises
        ------
        EditError
            As `Training.edit`; nothing is changed then.
        """
        self._change(partial(self.history.intervene, Intervention(self.training.position, edit=edit)))

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Go on with other training options; the update on the table is laid anew."""
        self._change(partial(self.history.change_hyperparameters, experiment))

    def _change(self, make: Callable[[], None]) -> None:
        index = self.place.operation if self.is_open else None
        self.leave()
        if index is not None:
            self.current_update = None  # it shows the network as it was
        try:
            make()
        finally:
            if index is not None:
                self.trace_next(index)

    def step_through_other_sample(self, level: str, count: int) -> bool:
        """Step through the operations of a sample that is not in turn; returns False where that is not meant."""
        update = self.current_update
        if update is None or update.kind is UpdateKind.IN_TURN or level in ("sample", "epoch"):
            return False
        most = self.n_operations - (self._n_layers if update.kind is UpdateKind.INSPECTED else 0)
        # Counted from the middle of time, where there is room on both sides.
        shifted = self._step_targets.shift(Position(1, 0, update.index), level, count)
        inside = min(max(shifted, Position(1)), Position(1, 0, most))
        self.current_update = dataclasses.replace(update, index=inside.operation)
        return True

    def leave(self) -> None:
        """Take what the network shows of a half made update back."""
        if self.is_open and self.current_update is not None:
            self._show(dataclasses.replace(self.current_update, index=0, position=self._begun))

    def _show(self, update: TracedUpdate) -> None:
        """Lay an update in turn on the table; the network has the parameters of the layers that are updated so far."""
        self.current_update = update
        parts = []
        for operation, layer in zip(update.operations[-self._n_layers :], update.layers, strict=True):
            is_new = update.is_done(operation)
            parts += [(layer.W_after if is_new else layer.W).ravel(), layer.b_after if is_new else layer.b]
        self.training.network.parameters[:] = np.concatenate(parts)

    # Breakpoints

    def hits(self, breakpoints: tuple[Breakpoint, ...]) -> list[Hit]:
        """Return where breakpoints hold in the next update in turn, in the order of its operations."""
        if not self.is_open:
            self.trace_next()
        assert self.current_update is not None
        return hits_in(self.current_update, self._begun, breakpoints)

    def hits_ahead(self, breakpoints: tuple[Breakpoint, ...]) -> list[Hit]:
        """Return what stops a run in the rest of the update on the table; one not begun is left to the run."""
        if not (breakpoints and self._has_begun):
            return []
        return [hit for hit in self.hits(breakpoints) if hit.position > self.place and not hit.breakpoint.log_only]

    def stop_at(self, hit: Hit) -> None:
        """Stop at a hit of the next update in turn."""
        self.go(hit.position.operation)
        self._stopped = self.place

    def pass_by(self) -> None:
        """Finish the current update if it has been begun, so that a run does not stop at it once more."""
        if self._has_begun:
            self.go(self.n_operations)

    @property
    def _has_begun(self) -> bool:
        return self.is_open and (self.place.operation > 0 or self.place == self._stopped)
