"""History: the interventions and checkpoints of a training, from which any update is reproduced by replay."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.core.metrics.scan import Scan
from bpviz.core.training.trainer import Checkpoint
from bpviz.language import _
from bpviz.session.experiment.experiment import LIVE, Experiment
from bpviz.session.training.interventions import EditError, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import SampleCounts, Stroke, amount_problem, holding, net_strokes
from bpviz.session.training.training import Training

#: Most bytes that checkpoints may use.
BUDGET = 256 * 2**20
_MAX_CHECKPOINTS = 4096
# Within an epoch a checkpoint is made after this much work and this many samples, so that a replay takes milliseconds
# and checkpoints do not slow down training.
_MULTIPLICATIONS, _MIN_SAMPLES = 4_000_000, 50
# The latest checkpoints are not thinned out: most steps back are short.
_LATEST = 16


@dataclass(frozen=True)
class HistoryCheckpoint:
    """A checkpoint, and the number of interventions applied before it."""

    checkpoint: Checkpoint
    n_interventions: int

    @property
    def position(self) -> Position:
        """Where the next update begins."""
        return Position(self.checkpoint.epoch, self.checkpoint.sample)

    @property
    def bytes(self) -> int:
        """Size of its arrays in bytes."""
        return self.checkpoint.parameters.nbytes + self.checkpoint.statistics.nbytes


def position_of(checkpoint: HistoryCheckpoint) -> Position:
    """Return the position of a checkpoint: a key for `bisect`."""
    return checkpoint.position


@dataclass(frozen=True)
class HistoryState:
    """Everything in a history except the current position."""

    interventions: tuple[Intervention, ...]
    checkpoints: tuple[HistoryCheckpoint, ...]
    furthest: Position
    numpy_epochs: int


class History:
    """Moves a training forward and back; every position is reproduced bit for bit.

    Parameters
    ----------
    training : Training
        At epoch 0. Only this object may advance it from now on.
    budget : int
        Most bytes that checkpoints may use; older ones are thinned out.

    Attributes
    ----------
    interventions : list of Intervention
        In the order of their positions. Those after the current position are applied again when a replay reaches it.
    furthest : Position
        The latest position that training has reached.
    first : Experiment
        The experiment at the start of training, before all interventions.
    """

    def __init__(self, training: Training, budget: int = BUDGET) -> None:
        self.training = training
        self.first = training.experiment
        self.interventions: list[Intervention] = []
        self._budget = budget
        self.furthest = training.position
        self._n_applied = 0
        self._latest: Intervention | None = None
        self._checkpoints = [self._checkpoint()]

    @property
    def position(self) -> Position:
        """The current position, between two updates."""
        return self.training.position

    # Forward

    def advance(self, samples: int, until: Position | None = None, scan: Scan | None = None) -> None:
        """Train on about `samples` more samples of the epoch in progress, not beyond `until`.

        Raises
        ------
        NonFiniteError
            As `Trainer.advance`.
        """
        trainer = self.training.trainer
        trainer.advance(self._at_most(samples, until), scan)
        if trainer.epoch_is_complete:
            self.training.finish_epoch()
        self._apply_due_interventions()
        self._add_checkpoint_if_due()
        self.furthest = max(self.furthest, self.position)

    def _at_most(self, samples: int, until: Position | None) -> int:
        """Return `samples`, reduced so that training stops at the next intervention and at `until`."""
        # An intervention belongs between two updates: training past it would make it at a later one than before.
        ahead = [change.at for change in self.interventions[self._n_applied :][:1]] + ([until] if until else [])
        here = self.position
        return min([samples, *(stop.sample - here.sample for stop in ahead if stop.epoch == here.epoch)])

    def _apply_due_interventions(self) -> None:
        while self._n_applied < len(self.interventions) and self.interventions[self._n_applied].at == self.position:
            self._apply(self.interventions[self._n_applied])

    def _apply(self, change: Intervention) -> None:
        if change.experiment is not None:
            self.training.change_hyperparameters(self._with_current_epochs(change.experiment))
        if change.edit is not None:
            self.training.edit(change.edit)
        if change.sample is not None:
            self.training.trainer.apply(np.array([change.sample]))
        if change.stroke is not None:
            self._draw(change.stroke)
        self._n_applied += 1

    def _draw(self, stroke: Stroke) -> None:
        strokes = [*(each for _at, each in self.strokes(self._n_applied)), stroke]
        if problem := stroke.problem(SampleCounts.of(self.training.drawn)) or amount_problem(strokes):
            raise EditError(_("{clause}.").format(clause=problem))
        self.training.draw(self.training.samples.after(strokes))

    def _with_current_epochs(self, experiment: Experiment) -> Experiment:
        """Return an experiment with the current number of epochs, which is not part of the history."""
        return dataclasses.replace(experiment, epochs=self.training.experiment.epochs)

    # Changes by the user

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Change the fields in `LIVE`, as an intervention if more than the number of epochs changes."""
        if self.is_changed_by(experiment):
            self.intervene(Intervention(self.position, experiment=experiment))
        self.training.change_hyperparameters(experiment)

    def is_changed_by(self, experiment: Experiment) -> bool:
        """Return whether a field in `LIVE` other than the number of epochs differs."""
        present = {name: getattr(self.training.experiment, name) for name in LIVE - {"epochs"}}
        return any(getattr(experiment, name) != value for name, value in present.items())

    def intervene(self, change: Intervention) -> None:
        """Make a change at the current position and discard everything trained after it.

        An edit of the same drag replaces the one before, so that a drag is one change to undo.

        Raises
        ------
        NonFiniteError
            As `Trainer.apply`; nothing is changed then.
        EditError
            As `Training.edit`; nothing is changed then.
        """
        before = self._n_applied
        if self._replaces_latest(change):
            self._n_applied -= 1
        else:
            self._latest = None  # after a refused edit, a drag must not replace the change made before the drag
        ahead = self.interventions[self._n_applied :]
        latest = change.alone()
        self.interventions[self._n_applied :] = [latest]
        try:
            self._apply(change)
        except (ArithmeticError, EditError):
            self.interventions[self._n_applied :] = ahead
            self._n_applied = before
            raise
        self._latest = latest
        self._set_furthest(self.position)
        self.training.n_scored = min(self.training.n_scored, self.position.epoch)
        # Drop the checkpoints after this position, and that of an edit which this one replaces.
        kept = (
            each
            for each in self._checkpoints
            if each.position <= self.position and each.n_interventions < self._n_applied
        )
        self._checkpoints = [*kept, self._checkpoint()]

    def _replaces_latest(self, change: Intervention) -> bool:
        """Return whether an edit replaces the latest one: same drag, and not undone since."""
        last = self.interventions[self._n_applied - 1] if self._n_applied else None
        if last is None or last is not self._latest or change.edit is None or last.at != change.at:
            return False
        return change.edit.goes_on_with(last.edit)

    def undo_last(self) -> HistoryState:
        """Undo the last intervention and everything trained after it; go to a checkpoint before it.

        Returns
        -------
        HistoryState
            The state before the undo, to pass to `restore` for a redo.
        """
        numpy_epochs = self.training.trainer.numpy_epochs
        before = HistoryState(tuple(self.interventions), tuple(self._checkpoints), self.furthest, numpy_epochs)
        last = self.interventions.pop()
        self._set_furthest(last.at)
        self.training.n_scored = min(self.training.n_scored, last.at.epoch)
        self._checkpoints = [
            checkpoint for checkpoint in self._checkpoints if checkpoint.n_interventions <= len(self.interventions)
        ]
        self._return_to(len(self._checkpoints) - 1)
        return before

    def restore(self, past: HistoryState, scored: int) -> None:
        """Replace the history's state and go to the first checkpoint; `scored` epochs have their records."""
        self.interventions, self._checkpoints = list(past.interventions), list(past.checkpoints)
        self.furthest, self.training.n_scored = past.furthest, scored
        self.training.trainer.numpy_epochs = past.numpy_epochs
        self._return_to(0)

    # Copies

    def copy(self, training: Training) -> History:
        """Return a history with the same state for another training at the same position."""
        other = History(training, self._budget)
        other.first, other._n_applied = self.first, self._n_applied
        other.copy_state_from(self)
        return other

    def copy_state_from(self, other: History) -> None:
        """Take over the interventions and checkpoints of a history of the same training that has gone further."""
        self.interventions, self._checkpoints = other.interventions.copy(), other._checkpoints.copy()
        self.furthest = other.furthest
        self.training.trainer.numpy_epochs = other.training.trainer.numpy_epochs

    def forget_future(self) -> None:
        """Discard all interventions and checkpoints after the current position."""
        self.interventions = self.interventions[: self._n_applied]
        self._set_furthest(self.position)
        self._checkpoints = [
            each
            for each in self._checkpoints
            if each.position <= self.position and each.n_interventions <= self._n_applied
        ]

    def _set_furthest(self, position: Position) -> None:
        """Forget everything trained after a position, and on which path its epochs began."""
        self.furthest = position
        trainer = self.training.trainer
        trainer.numpy_epochs = min(trainer.numpy_epochs, position.epoch + 1)

    # Back

    def restore_nearest(self, to: Position) -> None:
        """Restore the last checkpoint at or before the update at `to`, unless the current position is nearer to it."""
        target = Position(to.epoch, to.sample)
        number = bisect_right(self._checkpoints, target, key=position_of) - 1
        if target < self.position or self._checkpoints[number].position > self.position:
            self._return_to(number)

    def rewind_before(self, end: Position) -> None:
        """Restore the last checkpoint before the update at `end`, or the first one."""
        self._return_to(max(bisect_left(self._checkpoints, Position(end.epoch, end.sample), key=position_of) - 1, 0))

    def _return_to(self, number: int) -> None:
        # Hyperparameters are not in a checkpoint: they follow from the interventions applied before it.
        checkpoint = self._checkpoints[number]
        self.training.trainer.restore(checkpoint.checkpoint)
        self._n_applied = checkpoint.n_interventions
        self.training.change_hyperparameters(
            self._with_current_epochs(self.experiment_after(checkpoint.n_interventions))
        )
        self._redraw()
        # Thinning may have dropped the checkpoint after an intervention and kept the one before it.
        self._apply_due_interventions()

    def strokes(self, count: int | None = None) -> list[tuple[Position, Stroke]]:
        """Return what was drawn and where, by the first `count` interventions, or by all."""
        return [(change.at, change.stroke) for change in self.interventions[:count] if change.stroke]

    def net_strokes(self) -> tuple[Stroke, ...]:
        """Return strokes, of which there are few, with the effect of all that were made up to the current position."""
        made, samples = [stroke for _, stroke in self.strokes(self._n_applied)], self.training.samples
        return net_strokes(samples.first, samples.after(made), made)

    def samples_in(self, epoch: int) -> tuple[int, int]:
        """Return how many of the strokes hold in an epoch, and the number of its training samples."""
        return holding(self.strokes(), epoch, len(self.training.samples.first.X_train))

    def _redraw(self) -> None:
        """Train on the samples that follow from the interventions applied."""
        made, samples = self.strokes(self._n_applied), self.training.samples
        held, _ = holding(made, self.position.epoch, len(samples.first.X_train))
        strokes = [stroke for _, stroke in made]
        self.training.take_samples(samples.after(strokes[:held]), samples.after(strokes))

    def experiment_after(self, count: int) -> Experiment:
        """Return the experiment after the first `count` interventions."""
        changed = [change.experiment for change in self.interventions[:count] if change.experiment]
        return changed[-1] if changed else self.first

    def starts(self, epoch: int) -> Indices:
        """Return the number of samples before each update of an epoch, which depends on changes of the batch size."""
        _, samples = self.samples_in(epoch)
        sizes = [(0, self._batch_size_before(epoch))]
        sizes += [
            (change.at.sample, change.experiment.batch_size)
            for change in self.interventions
            if change.experiment and change.at.epoch == epoch
        ]
        ends = [*(start for start, _ in sizes[1:]), samples]
        return np.concatenate([np.arange(start, end, size) for (start, size), end in zip(sizes, ends, strict=True)])

    def _batch_size_before(self, epoch: int) -> int:
        """Return the batch size at the start of an epoch."""
        sizes = [
            change.experiment.batch_size
            for change in self.interventions
            if change.experiment and change.at.epoch < epoch
        ]
        return sizes[-1] if sizes else self.first.batch_size

    # Checkpoints

    @property
    def checkpoints(self) -> tuple[HistoryCheckpoint, ...]:
        """The checkpoints, in the order of their positions."""
        return tuple(self._checkpoints)

    @property
    def n_applied(self) -> int:
        """Number of interventions applied up to the current position."""
        return self._n_applied

    def _checkpoint(self) -> HistoryCheckpoint:
        return HistoryCheckpoint(self.training.trainer.checkpoint(), self._n_applied)

    def _add_checkpoint_if_due(self) -> None:
        last, here = self._checkpoints[-1].position, self.position
        if here <= last:
            return
        samples = here.sample - (last.sample if last.epoch == here.epoch else 0)
        work = samples * len(self.training.network.parameters)
        if here.sample == 0 or (work >= _MULTIPLICATIONS and samples >= _MIN_SAMPLES):
            self._checkpoints.append(self._checkpoint())
            self._thin_out()

    def _thin_out(self) -> None:
        """Drop every second of the older checkpoints if there are too many.

        Old checkpoints become sparse, recent ones stay dense, and memory is bounded whatever the number of epochs. The
        first one stays: it is the only state from which the whole training can be replayed. Checkpoints before and
        after an intervention may be dropped independently, since restoring one sets the interventions applied.
        """
        most = min(_MAX_CHECKPOINTS, max(self._budget // self._checkpoints[-1].bytes, 2))
        if len(self._checkpoints) > most:
            latest = min(_LATEST, most // 2)
            self._checkpoints = self._checkpoints[:-latest:2] + self._checkpoints[-latest:]
