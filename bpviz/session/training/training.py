"""Training: a network and its trainer for one experiment, used by the window's worker and the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices
from bpviz.core.datasets import Split, make_split
from bpviz.core.metrics.scores import RegressionScores, Score, errors_in_pieces, r2, score_in_pieces, spread
from bpviz.core.metrics.update_ratio import sample_evenly, update_ratios
from bpviz.core.network import Network
from bpviz.core.optimisers.steps import penalty
from bpviz.core.training.kernel import Kernel, start_compiling
from bpviz.core.training.trainer import NonFiniteError, Trainer
from bpviz.language import _
from bpviz.session.experiment.experiment import LIVE, Experiment
from bpviz.session.training.epochs import EpochRecord, Losses
from bpviz.session.training.first_network import first_network
from bpviz.session.training.interventions import Edit, EditError
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import DrawnSamples

if TYPE_CHECKING:
    from bpviz.core.mistakes.mistake import Planted

Deltas = npt.NDArray[np.float32]
#: Scores an epoch in pieces: yields None after each but the last, then the epoch's record.
Scoring = Iterator[EpochRecord | None]
# Scoring is done in pieces of some milliseconds, so that commands are handled in between.
_PIECE_MULTIPLICATIONS, _MIN_ROWS = 20_000_000, 64
_MAX_EVALUATION_MULTIPLICATIONS = 20_000_000


class Training:
    """A network, its data and its trainer, completely determined by an experiment.

    Parameters
    ----------
    experiment : Experiment
    split : Split, optional
        The experiment's data, if already made.

    Attributes
    ----------
    split : Split
        The samples of the epoch in progress.
    drawn : Split
        The samples with all that the user has drawn and erased; they hold from the next epoch on.
    samples : DrawnSamples
        Knows those of the experiment, and makes the others.
    n_scored : int
        Number of epochs whose record has been made or is being made.

    Raises
    ------
    ExperimentError
        If the experiment has problems.
    ValueError
        If a class is missing from its training samples, or a mistake cannot be planted in the network.
    """

    def __init__(self, experiment: Experiment, split: Split | None = None) -> None:
        self.experiment = experiment.checked()
        self.split = self.drawn = split or make_split(
            experiment.data,
            samples=experiment.samples,
            noise=experiment.noise,
            seed=experiment.data_seed,
            classes=experiment.classes,
            test_share=experiment.test_share,
            split_seed=experiment.split_seed,
            scale=experiment.scale,
        )
        self.samples = DrawnSamples(self.split)
        # Training starts in numpy; the compiled path is used from the epoch in which it is ready. Not before the data
        # are there: the imports of numba and of scikit-learn would take turns.
        start_compiling()
        self.network = first_network(experiment)
        self.trainer = Trainer(
            self.network,
            self.split.X_train,
            self.split.y_train,
            learning_rate=experiment.learning_rate,
            planted=_planted(self.network, experiment.mistakes),
            rule=experiment.rule,
        )
        self.change_hyperparameters(experiment)
        # Scoring takes several pieces of work; it reads a copy, so that training can continue meanwhile.
        self._scoring_network = self.network.copy()
        self._scoring_kernel = Kernel(self._scoring_network)
        self._evaluation_network = self.network.copy()
        self._evaluation_kernel = Kernel(self._evaluation_network)
        self._spreads = spread(self.split.y_train), spread(self.split.y_test)
        self._scoring: Scoring | None = None
        self.n_scored = 0

    def copy(self) -> Training:
        """Return an independent training of the same samples at the same position."""
        other = Training(self.experiment, self.samples.first)
        other.take_samples(self.split, self.drawn)
        other.trainer.numpy_epochs = self.trainer.numpy_epochs
        other.trainer.restore(self.trainer.checkpoint())
        other.n_scored = self.n_scored
        return other

    @property
    def position(self) -> Position:
        """The current position, always between two updates."""
        return Position(self.trainer.epoch, self.trainer.sample)

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Take over the fields in `LIVE` from an experiment; its other fields are ignored."""
        changed = {name: getattr(experiment, name) for name in LIVE}
        self.experiment = dataclasses.replace(self.experiment, **changed).checked()
        self.trainer.learning_rate, self.trainer.schedule = experiment.learning_rate, self.experiment.rate_schedule
        self.trainer.learning.rule = self.experiment.rule
        self.trainer.batch_size = experiment.batch_size
        self.trainer.shuffle_seed = self.experiment.shuffle_seed
        self.network.train_biases = experiment.train_biases

    def edit(self, edit: Edit) -> None:
        """Set a weight or a bias.

        Raises
        ------
        EditError
            If the network has no such parameter, or the value is not finite.
        """
        if problem := edit.problem(self.experiment.sizes):
            raise EditError(problem)
        layer = self.network.layers[edit.layer - 1]
        layer.matrix[-1 if edit.source is None else edit.source, edit.neuron] = edit.value

    def draw(self, drawn: Split) -> None:
        """Train on drawn samples: now if the epoch in progress has no update yet, otherwise from the next epoch on."""
        self.take_samples(self.split, drawn)
        if self.trainer.sample == 0:
            self._take_over()

    def take_samples(self, split: Split, drawn: Split) -> None:
        """Train on other samples from now on, and on others again, if they differ, from the next epoch on."""
        self.drawn = drawn
        if split is not self.split:
            self.split = split
            self.trainer.take_samples(split.X_train, split.y_train)
            self._spreads = spread(split.y_train), spread(split.y_test)

    def _take_over(self) -> None:
        """Train on the samples that were drawn, unless there are none."""
        self.take_samples(self.drawn if len(self.drawn.X_train) else self.split, self.drawn)

    def finish_epoch(self) -> None:
        """Close a complete epoch; `take_scoring` scores it unless it has its record already and is trained again."""
        epoch, statistics = self.trainer.epoch, self.trainer.statistics
        deltas, mistakes = statistics.means(self.trainer.sample), statistics.mistakes
        self._scoring_network.parameters[:] = self.network.parameters
        rate = self.trainer.rate
        self._scoring_kernel.use_compiled()
        self.trainer.finish_epoch()
        if epoch >= self.n_scored:
            self.n_scored = epoch + 1
            self._scoring = self._record(epoch, self.split, self._spreads, (*deltas, mistakes), rate)
        self._take_over()

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
        """Train to the end of the epoch in progress, about `samples` at a time; yield None after each, the record last.

        The iteration may be abandoned: network and position are then between two updates.

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
        """Return the losses of some training samples with other parameters of this network."""
        return self.losses_of(self.split.X_train[chosen], self.split.y_train[chosen], parameters)

    def losses_of(self, x: Array, y: Array, parameters: Array) -> Array:
        """Return the losses of any samples, one a row, with other parameters of this network."""
        self._evaluation_network.parameters[:] = parameters
        with np.errstate(all="ignore"):
            return self._evaluation_network.losses(x, y)

    def mse_with(self, parameters: Array) -> float | None:
        """Return the MSE over the training set with other parameters; None if that takes too long for a single step."""
        targets = self.split.y_train
        if len(parameters) * len(targets) > _MAX_EVALUATION_MULTIPLICATIONS:
            return None
        self._evaluation_network.parameters[:] = parameters
        self._evaluation_kernel.use_compiled()
        squares, *_ = self._evaluation_kernel.score(self.split.X_train, targets)
        return squares / targets.size

    def stop_message(self, fault: NonFiniteError) -> str:
        """Return the message for a training that stopped at a non-finite number: where it stopped, and what to do."""
        return _(
            "Training stopped: {fault}. The network is as it was before that sample. "
            "Lower the learning rate (now {learning_rate:g})"
        ).format(fault=fault, learning_rate=self.trainer.learning_rate)

    def _record(
        self,
        epoch: int,
        split: Split,
        spreads: tuple[float, float],
        statistics: tuple[Deltas, Deltas, int],
        learning_rate: float,
    ) -> Scoring:
        train = yield from self._score(split.X_train, split.y_train)
        test = yield from self._score(split.X_test, split.y_test)
        if not np.isfinite(train.mse):
            raise NonFiniteError(epoch, 0, len(self.network.layers), _("the mean squared error"))
        scores = train.mse, test.mse, train.accuracy, test.accuracy
        ratios = self._update_ratios(split, learning_rate)
        added = penalty((layer.weights for layer in self._scoring_network.layers), self.experiment.rule)
        losses = Losses(train.loss, test.loss, added)
        yield EpochRecord(epoch, *scores, *statistics, ratios, self._regression_scores(spreads, train, test), losses)

    def _regression_scores(self, spreads: tuple[float, float], train: Score, test: Score) -> RegressionScores | None:
        if self.split.is_classification:
            return None
        return RegressionScores(r2(train.mse, spreads[0]), r2(test.mse, spreads[1]), train.mae, test.mae)

    def _update_ratios(self, split: Split, learning_rate: float) -> Deltas:
        chosen = sample_evenly(len(split.X_train), len(self._scoring_network.parameters))
        samples = split.X_train[chosen], split.y_train[chosen]
        return update_ratios(self._scoring_network, *samples, learning_rate)

    def _score(self, X: Array, targets: Array) -> Generator[None, None, Score]:
        if not len(X):  # all test samples are erased
            return Score(np.nan, np.nan)
        rows = max(_MIN_ROWS, _PIECE_MULTIPLICATIONS // len(self.network.parameters))
        if self.split.is_classification:
            pieces = score_in_pieces(self._scoring_kernel.score, X, targets, rows)
        else:
            pieces = errors_in_pieces(self._scoring_network, X, targets, rows)
        for piece in pieces:
            if piece:
                return piece
            yield None
        raise AssertionError("there is always a score at the end")


def _planted(network: Network, mistakes: tuple[str, ...]) -> tuple[Planted, ...]:
    if not mistakes:
        return ()
    from bpviz.core.mistakes.planted import plant_all  # hardly ever needed

    return plant_all(network, mistakes)
