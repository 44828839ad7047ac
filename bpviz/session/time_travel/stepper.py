"""Stepper: step through training by operations, layers, phases, samples and epochs, forward and back.

It can be used directly, as in

    stepper = Stepper(Training(load_preset("article").experiment))
    stepper.step("operation", 3)
    print(stepper.position, stepper.current_update.operation)

or in slices, by `bpviz.session.engine.runner.Runner`, which handles commands between them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.metrics.scan import Scan
from bpviz.session.debugging.breakpoints import Breakpoint, Hit
from bpviz.session.debugging.evaluation import hits_in, scan_of
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.history import BUDGET, History
from bpviz.session.time_travel.step_targets import StepTargets
from bpviz.session.training.epochs import EpochRecord, EpochTable
from bpviz.session.training.interventions import Edit, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import Stroke
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_own, trace_update


@dataclass(frozen=True)
class Seek:
    """The target of a seek: the update that starts at `stop`, with `index` of its operations done."""

    stop: Position
    index: int


class Stepper:
    """Moves a training to any position, and keeps a trace of the current update.

    Parameters
    ----------
    training : Training
        At epoch 0. Only this object may move it from now on.
    budget : int
        Most bytes that checkpoints may use.
    history : History, optional
        The training's history, if there is one already.

    Attributes
    ----------
    current_update : TracedUpdate or None
        The update that is shown: the next in turn, or one of an inspected or applied sample.
    """

    def __init__(self, training: Training, budget: int = BUDGET, history: History | None = None) -> None:
        self.training = training
        self.history = history or History(training, budget)
        self.current_update: TracedUpdate | None = None
        self._begun = training.position  # where the current update starts
        self._stopped: Position | None = None  # where the latest hit stopped a run
        self._n_layers = len(training.network.layers)
        self._extra = training.experiment.rule.extra_operations
        self._step_targets = StepTargets(self._n_layers, self.history.starts, self._extra)

    @property
    def n_operations(self) -> int:
        """Number of operations of an update."""
        return len(operations(self._n_layers, self._extra))

    @property
    def position(self) -> Position:
        """The current position, with the number of operations done of the current update."""
        return self.current_update.position if self.current_update and self.is_open else self.training.position

    @property
    def is_open(self) -> bool:
        """Whether the current update is the next in turn and not yet completed."""
        update = self.current_update
        return update is not None and update.kind is UpdateKind.IN_TURN and update.index < self.n_operations

    @property
    def is_live(self) -> bool:
        """Whether the position is the latest that training has reached."""
        return self.training.position >= self.history.furthest

    @property
    def place(self) -> Position:
        """As `position`, but after the last operation of an update it is still that update, not the next one."""
        if self.current_update and self.current_update.kind is UpdateKind.IN_TURN:
            return Position(self._begun.epoch, self._begun.sample, self.current_update.index)
        return self.training.position

    def copy(self) -> Stepper:
        """Return an independent stepper at the same position, with a copy of the network and of the history."""
        index = self.place.operation if self.is_open else None
        self.leave()
        training = self.training.copy()
        other = Stepper(training, history=self.history.copy(training))
        if index is not None:
            self.trace_next(index)
            other.trace_next(index)
        return other

    # In one call

    def step(self, level: str = "operation", count: int = 1) -> list[EpochRecord]:
        """Make `count` steps of a level, forward or, if negative, back.

        Returns
        -------
        list of EpochRecord
            The records of the epochs that were completed for the first time.

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
        """Seek a position; raises and returns as `step`."""
        return self._run_seek(self.seek(position))

    def run_to(self, breakpoints: tuple[Breakpoint, ...], epochs: int, table: EpochTable | None = None) -> Hit | None:
        """Train until a breakpoint holds or `epochs` epochs are complete; return the hit, or None.

        Parameters
        ----------
        breakpoints : tuple of Breakpoint
        epochs : int
        table : EpochTable, optional
            Gets the records of epochs that are completed for the first time.

        Raises
        ------
        NonFiniteError
            If training meets a number that is not finite.
        """
        hits, scan = self.hits_ahead(breakpoints), scan_of(breakpoints)
        if not hits:
            self.pass_by()
            self._score_into(table)
        while not hits and self.training.position.epoch < epochs:
            self.advance(len(self.training.split.X_train), scan=scan)
            self._score_into(table)
            hits = self.hits(breakpoints) if scan.stopped else []
        if hits:
            self.stop_at(hits[0])
            self._score_into(table)
        return hits[0] if hits else None

    def _score_into(self, table: EpochTable | None) -> None:
        records = self._score()
        if table is not None:
            table.extend(records)

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
        """Return the position after `count` steps of a level."""
        return self._step_targets.shift(self.position, level, count)

    def seek(self, target: Position, *, forward: bool = False) -> Seek:
        """Start a seek, going back to a checkpoint if necessary.

        With `forward`, a position between two updates is shown as the end of the update before it, with all of its
        operations done.
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
        """Restore the last checkpoint before the update at `end`, or the first one."""
        self.current_update = None
        self.history.rewind_before(end)

    def finish_seek(self, seek: Seek) -> None:
        """Trace the update at the end of a seek, and make its operations up to there."""
        if not self.is_open:
            self.trace_next()
        self.go(seek.index)

    # The current update

    def trace_next(self, index: int = 0) -> None:
        """Make the next update in turn the current one, with `index` operations done."""
        self.leave()
        self._begun = self.training.position
        self._show(trace_update(self.training, self.training.trainer.next_batch(), UpdateKind.IN_TURN, index=index))

    def go(self, index: int) -> None:
        """Set how many operations of the current update, not yet completed, are done; with all of them it is made."""
        assert self.current_update is not None
        # Operations of an unfinished update only change what is shown; the update itself is made by the kernel, like in
        # a run, so that stepping and running give the same bits.
        if index < self.n_operations:
            at = dataclasses.replace(self._begun, operation=index)
            self._show(dataclasses.replace(self.current_update, index=index, position=at))
            return
        made, split = self.current_update, self.training.split
        self.advance(1)
        if self.training.split is not split:  # the samples of the update may not exist any more
            self.trace_next()
            return
        self.current_update = dataclasses.replace(made, index=self.n_operations, position=self.training.position)

    def inspect(self, sample: int) -> None:
        """Show the update of a training sample up to its gradients, without changing parameters."""
        self.leave()
        index = self.n_operations - self._n_layers
        self.current_update = trace_update(self.training, np.array([sample]), UpdateKind.INSPECTED, index=index)

    def inspect_own(self, x: Array, y: Array) -> None:
        """Show the update of a sample of the user's own, without changing parameters.

        It begins with no operation done; another own sample in its place has as many done as the one before.
        """
        self.leave()
        before = self.current_update
        index = before.index if before is not None and before.is_own else 0
        self.current_update = trace_own(self.training, x, y, index=index)

    def apply(self, sample: int) -> None:
        """Make an extra update with one sample.

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
        """Set a weight or a bias; the current update is traced again.

        Raises
        ------
        EditError
            As `Training.edit`; nothing is changed then.
        """
        self._change(partial(self.history.intervene, Intervention(self.training.position, edit=edit)))

    def draw(self, stroke: Stroke) -> None:
        """Draw or erase samples; an update of samples that may not exist any more is replaced by the next in turn.

        Raises
        ------
        EditError
            As `History.intervene`; nothing is changed then.
        """
        split = self.training.split
        self._change(partial(self.history.intervene, Intervention(self.training.position, stroke=stroke)))
        if self.current_update and self.training.split is not split:
            self.trace_next()

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Change hyperparameters; the current update is traced again."""
        self._change(partial(self.history.change_hyperparameters, experiment))

    def _change(self, make: Callable[[], None]) -> None:
        index = self.place.operation if self.is_open else None
        self.leave()
        if index is not None:
            self.current_update = None  # its trace is of the parameters before the change
        try:
            make()
        finally:
            if index is not None:
                self.trace_next(index)

    def step_through_other_sample(self, level: str, count: int) -> bool:
        """Step through an inspected or applied update; return False if the step is not within such an update."""
        update = self.current_update
        if update is None or update.kind is UpdateKind.IN_TURN or level in ("sample", "epoch"):
            return False
        most = self.n_operations - (self._n_layers if update.kind is UpdateKind.INSPECTED else 0)
        # Computed at epoch 1, so that a step back past the first operation does not end at the start of training.
        shifted = self._step_targets.shift(Position(1, 0, update.index), level, count)
        inside = min(max(shifted, Position(1)), Position(1, 0, most))
        self.current_update = dataclasses.replace(update, index=inside.operation)
        return True

    def leave(self) -> None:
        """Restore the parameters from before the current update if it is not completed."""
        if self.is_open and self.current_update is not None:
            self._show(dataclasses.replace(self.current_update, index=0, position=self._begun))

    def _show(self, update: TracedUpdate) -> None:
        """Make an update in turn the current one, and give the network the parameters of its operations done so far."""
        self.current_update = update
        parts = []
        for operation, layer in zip(update.operations[-self._n_layers :], update.layers, strict=True):
            is_new = update.is_done(operation)
            parts += [(layer.W_after if is_new else layer.W).ravel(), layer.b_after if is_new else layer.b]
        self.training.network.parameters[:] = np.concatenate(parts)

    # Breakpoints

    def hits(self, breakpoints: tuple[Breakpoint, ...]) -> list[Hit]:
        """Return the hits of breakpoints in the next update in turn, in the order of its operations."""
        if not self.is_open:
            self.trace_next()
        assert self.current_update is not None
        return hits_in(self.current_update, self._begun, breakpoints)

    def hits_ahead(self, breakpoints: tuple[Breakpoint, ...]) -> list[Hit]:
        """Return the hits that stop a run in the remaining operations of the current update, if it has been begun."""
        if not (breakpoints and self._has_begun):
            return []
        return [hit for hit in self.hits(breakpoints) if hit.position > self.place and not hit.breakpoint.log_only]

    def stop_at(self, hit: Hit) -> None:
        """Go to the operation of a hit in the next update in turn, and stop there."""
        self.go(hit.position.operation)
        self._stopped = self.place

    def pass_by(self) -> None:
        """Finish the current update if it has been begun, so that a run does not stop at it once more."""
        if self._has_begun:
            self.go(self.n_operations)

    @property
    def _has_begun(self) -> bool:
        return self.is_open and (self.place.operation > 0 or self.place == self._stopped)
