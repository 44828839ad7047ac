"""One network in training on one experiment's data: what the window's worker and the command line both drive."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterator

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices
from bpviz.core.datasets import Split, make_split
from bpviz.core.metrics.scores import Score, score_in_pieces
from bpviz.core.metrics.update_ratio import sample_evenly, update_ratios
from bpviz.core.network import Network
from bpviz.core.training.kernel import Kernel, start_compiling
from bpviz.core.training.trainer import NonFiniteError, Trainer
from bpviz.session.experiment.experiment import LIVE, Experiment
from bpviz.session.training.epochs import EpochRecord
from bpviz.session.training.interventions import Edit, EditError
from bpviz.session.training.position import Position

Deltas = npt.NDArray[np.float32]
#: Scores an epoch in pieces: yields None after each but the last, then the epoch's record.
Scoring = Iterator[EpochRecord | None]
# Some milliseconds of work between two looks at the commands.
_PIECE_MULTIPLICATIONS, _LEAST_ROWS = 20_000_000, 64
_MOST_JUDGED_MULTIPLICATIONS = 20_000_000


class Training:
    """A network, its data and its trainer, made from an experiment's seeds and nothing else.

    Parameters
    ----------
    experiment : Experiment
    split : Split, optional
        The experiment's data, where it has been made already.

    Attributes
    ----------
    scored : int
        So many epochs have their record, or are about to get it.

    Raises
    ------
    ExperimentError
        If the experiment has problems.
    ValueError
        If a class is missing from its training samples.
    """

    def __init__(self, experiment: Experiment, split: Split | None = None) -> None:
        self.experiment = experiment.checked()
        start_compiling()  # it is ready some epochs later, or at once where it has been compiled before
        self.split = split or make_split(
            experiment.dataset,
            samples=experiment.samples,
            noise=experiment.noise,
            seed=experiment.data_seed,
            classes=experiment.classes,
            test_share=experiment.test_share,
            split_seed=experiment.split_seed,
        )
        self.network = Network.build(
            experiment.sizes,
            experiment.activations,
            initializer=experiment.initializer,
            seed=experiment.seed,
            loss=experiment.loss,
        )
        self.trainer = Trainer(
            self.network, self.split.X_train, self.split.y_train, learning_rate=experiment.learning_rate
        )
        self.change_hyperparameters(experiment)
        # Scoring may be spread over time; it reads a copy, so that training can go on or be stepped meanwhile.
        self._scored = self.network.copy()
        self._scorer = Kernel(self._scored)
        self._judged = self.network.copy()
        self._judge = Kernel(self._judged)
        self._scoring: Scoring | None = None
        self.scored = 0

    def copy(self) -> Training:
        """Return another training of the same samples that stands at the same place."""
        other = Training(self.experiment, self.split)
        other.trainer.numpy_epochs = self.trainer.numpy_epochs
        other.trainer.restore(self.trainer.checkpoint())
        other.scored = self.scored
        return other

    @property
    def position(self) -> Position:
        """How far training has come."""
        return Position(self.trainer.epoch, self.trainer.sample)

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Go on with another learning rate, batch size, order or limit; the other fields are not looked at."""
        changed = {name: getattr(experiment, name) for name in LIVE}
        self.experiment = dataclasses.replace(self.experiment, **changed).checked()
        self.trainer.learning_rate = experiment.learning_rate
        self.trainer.batch_size = experiment.batch_size
        self.trainer.shuffle_seed = self.experiment.shuffle_seed
        self.network.train_biases = experiment.train_biases

    def edit(self, edit: Edit) -> None:
        """Type in a weight or a bias.

        Raises
        ------
        EditError
            If the network has no such parameter, or the value is not finite.
        """
        if problem := edit.problem(self.experiment.sizes):
            raise EditError(problem)
        layer = self.network.layers[edit.layer - 1]
        layer.matrix[-1 if edit.source is None else edit.source, edit.neuron] = edit.value

    def finish_epoch(self) -> None:
        """Close a complete epoch; `take_scoring` scores it unless it has its record already and is trained again."""
        epoch, statistics = self.trainer.epoch, self.trainer.statistics
        deltas, mistakes = statistics.means(self.trainer.sample), statistics.mistakes
        self._scored.parameters[:] = self.network.parameters
        rate = self.trainer.learning_rate
        self._scorer.use_compiled()
        self.trainer.finish_epoch()
        if epoch >= self.scored:
            self.scored = epoch + 1
            self._scoring = self._record(epoch, deltas, mistakes, rate)

    def take_scoring(self) -> Scoring | None:
        """Return what scores the epoch that ended last, once; None if it has its record.

        Returns
        -------
        iterator or None
            Scores the epoch piece by piece and yields its record last. It must be exhausted before the next epoch
            ends, and raises a NonFiniteError if the loss over the training set is not finite.
        """
        scoring, self._scoring = self._scoring, None
        return scoring

    def run_epoch(self) -> EpochRecord:
        """Train to the end of the epoch in progress and return its record.

        Raises
        ------
        NonFiniteError
            As `Trainer.advance`.
        """
        return next(record for record in self.run_in_slices(len(self.split.X_train)) if record)

    def run_in_slices(self, samples: int) -> Iterator[EpochRecord | None]:
        """Train to the end of the epoch in progress by about `samples` at a time; yields its record last.

        Whoever stops iterating leaves the network and the position at a whole update.

        Raises
        ------
        NonFiniteError
            As `Trainer.advance`.
        """
        while not self.trainer.epoch_is_complete:
            self.trainer.advance(samples)
            yield None
        self.finish_epoch()
        yield from self.take_scoring() or ()

    def losses(self, chosen: Indices, parameters: Array) -> Array:
        """Return the loss of each of some training samples, for parameters of this network's shape."""
        self._judged.parameters[:] = parameters
        with np.errstate(all="ignore"):
            outputs = self._judged.feed_forward(self.split.X_train[chosen])
            return self._judged.loss.value(outputs, self.split.y_train[chosen])

    def mse_with(self, parameters: Array) -> float | None:
        """Return the mean squared error over the training set, None where that takes too long to ask at every step."""
        targets = self.split.y_train
        if len(parameters) * len(targets) > _MOST_JUDGED_MULTIPLICATIONS:
            return None
        self._judged.parameters[:] = parameters
        self._judge.use_compiled()
        squares, _ = self._judge.score(self.split.X_train, targets)
        return squares / targets.size

    def sentence(self, fault: NonFiniteError) -> str:
        """Say where training stopped, and what to do."""
        return (
            f"Training stopped: {fault}. The network is as it was before that sample. "
            f"Lower the learning rate (now {self.trainer.learning_rate:g})"
        )

    def _record(self, epoch: int, deltas: tuple[Deltas, Deltas], mistakes: int, learning_rate: float) -> Scoring:
        train = yield from self._score(self.split.X_train, self.split.y_train)
        test = yield from self._score(self.split.X_test, self.split.y_test)
        if not np.isfinite(train.mse):
            raise NonFiniteError(epoch, 0, len(self.network.layers), "the mean squared error")
        scores = train.mse, test.mse, train.accuracy, test.accuracy
        yield EpochRecord(epoch, *scores, *deltas, mistakes, self._update_ratios(learning_rate))

    def _update_ratios(self, learning_rate: float) -> Deltas:
        X, y = self.split.X_train, self.split.y_train
        chosen = sample_evenly(len(X), len(self._scored.parameters))
        return update_ratios(self._scored, X[chosen], y[chosen], learning_rate)

    def _score(self, X: Array, targets: Array) -> Generator[None, None, Score]:
        rows = max(_LEAST_ROWS, _PIECE_MULTIPLICATIONS // len(self.network.parameters))
        for piece in score_in_pieces(self._scorer.score, X, targets, rows):
            if piece:
                return piece
            yield None
        raise AssertionError("there is always a score at the end")
