"""One line of training through time: what was changed by hand, checkpoints, and how to reach any update again."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.core.metrics.scan import Scan
from bpviz.core.training.trainer import Checkpoint
from bpviz.session.experiment.experiment import LIVE, Experiment
from bpviz.session.training.interventions import EditError, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training

#: Bytes that checkpoints may take.
BUDGET = 256 * 2**20
_MOST_CHECKPOINTS = 4096
# Between two checkpoints of an epoch lies so much work, and so many updates, unless there are too many of them.
_MULTIPLICATIONS, _LEAST_SAMPLES = 4_000_000, 50
# The latest checkpoints stay when others are thinned out, where there is room: most steps back are short.
_LATEST = 16


@dataclass(frozen=True)
class HistoryCheckpoint:
    """A checkpoint, and how many interventions had been made by then."""

    checkpoint: Checkpoint
    n_made: int

    def at(self) -> Position:
        """Return the update that comes next."""
        return Position(self.checkpoint.epoch, self.checkpoint.sample)

    @property
    def bytes(self) -> int:
        """How much room it takes."""
        return self.checkpoint.parameters.nbytes + self.checkpoint.statistics.nbytes


@dataclass(frozen=True)
class HistoryState:
    """All that a history knows but where it stands."""

    interventions: tuple[Intervention, ...]
    checkpoints: tuple[HistoryCheckpoint, ...]
    furthest: Position


class History:
    """Moves a training to and fro, bit for bit.

    Parameters
    ----------
    training : Training
        At its beginning. Only this object may advance it from now on.
    budget : int
        How many bytes checkpoints may take; they thin out with age.

    Attributes
    ----------
    interventions : list of Intervention
        In the order of time, those that lie ahead of the present place included: they are made again when it comes
        to them.
    furthest : Position
        The latest update that training has come to.
    first : Experiment
        As training began.
    """

    def __init__(self, training: Training, budget: int = BUDGET) -> None:
        self.training = training
        self.first = training.experiment
        self.interventions: list[Intervention] = []
        self._budget = budget
        self.furthest = training.position
        self._n_made = 0
        self._latest: Intervention | None = None
        self._checkpoints = [self._checkpoint()]

    @property
    def here(self) -> Position:
        """The update that comes next."""
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
        self._make_what_is_due()
        self._keep_a_checkpoint()
        self.furthest = max(self.furthest, self.here)

    def _at_most(self, samples: int, until: Position | None) -> int:
        """Return how many of so many samples lie before the next intervention and before `until`."""
        ahead = [change.at for change in self.interventions[self._n_made :][:1]] + ([until] if until else [])
        here = self.here
        return min([samples, *(stop.sample - here.sample for stop in ahead if stop.epoch == here.epoch)])

    def _make_what_is_due(self) -> None:
        while self._n_made < len(self.interventions) and self.interventions[self._n_made].at == self.here:
            self._make(self.interventions[self._n_made])

    def _make(self, change: Intervention) -> None:
        if change.experiment is not None:
            self.training.change_hyperparameters(self._with_present_limit(change.experiment))
        if change.edit is not None:
            self.training.edit(change.edit)
        if change.sample is not None:
            self.training.trainer.apply(np.array([change.sample]))
        self._n_made += 1

    def _with_present_limit(self, experiment: Experiment) -> Experiment:
        """When to stop is no part of the past."""
        return dataclasses.replace(experiment, epochs=self.training.experiment.epochs)

    # By hand

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Go on with other values of the fields that may change while a network trains."""
        if self.is_changed_by(experiment):
            self.intervene(Intervention(self.here, experiment=experiment))
        self.training.change_hyperparameters(experiment)

    def is_changed_by(self, experiment: Experiment) -> bool:
        """Say whether going on as another experiment is a change: when to stop is none."""
        present = {name: getattr(self.training.experiment, name) for name in LIVE - {"epochs"}}
        return any(getattr(experiment, name) != value for name, value in present.items())

    def intervene(self, change: Intervention) -> None:
        """Make a change here; what lay ahead, and was trained before, no longer holds.

        An edit that goes on with the one made last takes its place: both are one change.

        Raises
        ------
        NonFiniteError
            As `Trainer.apply`; nothing is changed then.
        EditError
            As `Training.edit`; nothing is changed then.
        """
        before = self._n_made
        if self._goes_on_with_the_last(change):
            self._n_made -= 1
        else:
            self._latest = None  # a drag whose first value is refused must not go on with what came before it
        ahead = self.interventions[self._n_made :]
        latest = change.alone()
        self.interventions[self._n_made :] = [latest]
        try:
            self._make(change)
        except (ArithmeticError, EditError):
            self.interventions[self._n_made :] = ahead
            self._n_made = before
            raise
        self._latest = latest
        self.furthest = self.here
        self.training.scored = min(self.training.scored, self.here.epoch)
        known = (each for each in self._checkpoints if each.at() <= self.here and each.n_made < self._n_made)
        self._checkpoints = [*known, self._checkpoint()]

    def _goes_on_with_the_last(self, change: Intervention) -> bool:
        """Return whether a change is to take the place of the latest, which nobody has taken back since."""
        last = self.interventions[self._n_made - 1] if self._n_made else None
        if last is None or last is not self._latest or change.edit is None or last.at != change.at:
            return False
        return change.edit.goes_on_with(last.edit)

    def take_back(self) -> HistoryState:
        """Take the last intervention back, and all that came after it; training stands before it somewhere.

        Returns
        -------
        Past
            What `restore` needs to bring that back.
        """
        before = HistoryState(tuple(self.interventions), tuple(self._checkpoints), self.furthest)
        last = self.interventions.pop()
        self.furthest = last.at
        self.training.scored = min(self.training.scored, last.at.epoch)
        self._checkpoints = [
            checkpoint for checkpoint in self._checkpoints if checkpoint.n_made <= len(self.interventions)
        ]
        self._return_to(len(self._checkpoints) - 1)
        return before

    def restore(self, past: HistoryState, scored: int) -> None:
        """Know what was known before; training stands at the beginning, with so many epochs scored."""
        self.interventions, self._checkpoints = list(past.interventions), list(past.checkpoints)
        self.furthest, self.training.scored = past.furthest, scored
        self._return_to(0)

    # Of two

    def copy(self, training: Training) -> History:
        """Return a history of another training, that stands at the same place, with the same past and future."""
        other = History(training, self._budget)
        other.first, other._n_made = self.first, self._n_made
        other.learn_from(self)
        return other

    def learn_from(self, other: History) -> None:
        """Know what another has come to, that began in the same way and had the same changes so far."""
        self.interventions, self._checkpoints = other.interventions.copy(), other._checkpoints.copy()
        self.furthest = other.furthest

    def forget_future(self) -> None:
        """Let training have come only to here."""
        self.interventions = self.interventions[: self._n_made]
        self.furthest = self.here
        self._checkpoints = [checkpoint for checkpoint in self._checkpoints if checkpoint.at() <= self.here]

    # Back

    def restore_nearest(self, to: Position) -> None:
        """Stand as near before the update at `to` as can be without training: at a checkpoint, or here."""
        target = Position(to.epoch, to.sample)
        number = bisect_right(self._checkpoints, target, key=HistoryCheckpoint.at) - 1
        if target < self.here or self._checkpoints[number].at() > self.here:
            self._return_to(number)

    def rewind_before(self, end: Position) -> None:
        """Go back to the last checkpoint before the update at `end`, or to the beginning."""
        self._return_to(
            max(bisect_left(self._checkpoints, Position(end.epoch, end.sample), key=HistoryCheckpoint.at) - 1, 0)
        )

    def _return_to(self, number: int) -> None:
        checkpoint = self._checkpoints[number]
        self.training.trainer.restore(checkpoint.checkpoint)
        self._n_made = checkpoint.n_made
        self.training.change_hyperparameters(self._with_present_limit(self.experiment_after(checkpoint.n_made)))

    def experiment_after(self, n_made: int) -> Experiment:
        """Return the experiment in force after so many interventions."""
        changed = [change.experiment for change in self.interventions[:n_made] if change.experiment]
        return changed[-1] if changed else self.first

    def starts(self, epoch: int) -> Indices:
        """Return how many samples of an epoch are trained on before each of its updates."""
        samples = len(self.training.split.X_train)
        sizes = [(0, self._batch_size_before(epoch))]
        sizes += [
            (change.at.sample, change.experiment.batch_size)
            for change in self.interventions
            if change.experiment and change.at.epoch == epoch
        ]
        ends = [*(start for start, _ in sizes[1:]), samples]
        return np.concatenate([np.arange(start, end, size) for (start, size), end in zip(sizes, ends, strict=True)])

    def _batch_size_before(self, epoch: int) -> int:
        """Return the batch size in force when an epoch begins."""
        sizes = [
            change.experiment.batch_size
            for change in self.interventions
            if change.experiment and change.at.epoch < epoch
        ]
        return sizes[-1] if sizes else self.first.batch_size

    # Checkpoints

    @property
    def checkpoints(self) -> tuple[HistoryCheckpoint, ...]:
        """The checkpoints that are kept, in the order of time."""
        return tuple(self._checkpoints)

    @property
    def n_made(self) -> int:
        """How many interventions lie before here."""
        return self._n_made

    def _checkpoint(self) -> HistoryCheckpoint:
        return HistoryCheckpoint(self.training.trainer.checkpoint(), self._n_made)

    def _keep_a_checkpoint(self) -> None:
        last, here = self._checkpoints[-1].at(), self.here
        if here <= last:
            return
        samples = here.sample - (last.sample if last.epoch == here.epoch else 0)
        work = samples * len(self.training.network.parameters)
        if here.sample == 0 or (work >= _MULTIPLICATIONS and samples >= _LEAST_SAMPLES):
            self._checkpoints.append(self._checkpoint())
            self._thin_out()

    def _thin_out(self) -> None:
        """Drop every second of the older checkpoints, but never the first, where there are too many."""
        most = min(_MOST_CHECKPOINTS, max(self._budget // self._checkpoints[-1].bytes, 2))
        if len(self._checkpoints) > most:
            latest = min(_LATEST, most // 2)
            self._checkpoints = self._checkpoints[:-latest:2] + self._checkpoints[-latest:]
