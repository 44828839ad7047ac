"""The ledger of an epoch: a row for each of its updates, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, Indices, frozen, rms
from bpviz.core.metrics.scores import score_in_pieces
from bpviz.core.training.kernel import Kernel
from bpviz.session.effects.replay import MOST_UPDATES, ReplayedUpdate, replay_updates, starts_of
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training

# The MSE is computed after every update. Where that would be more multiplications than these, which take some ten
# seconds, it is computed over fewer samples, and where even these few are too many, for fewer updates.
_MULTIPLICATIONS, _LEAST_SCORED = 20_000_000_000, 100
_PIECE_MULTIPLICATIONS, _LEAST_ROWS = 20_000_000, 64
_PROGRESS_EVERY = 20


@dataclass(frozen=True)
class Ledger:
    """What each update of an epoch did. Read-only arrays; a row is an update: of one sample, or of a batch.

    Attributes
    ----------
    epoch : int
        The number of epochs that were complete before the first update.
    starts : ndarray of int, shape (n_rows,)
        Number of samples of the epoch trained on before each update.
    samples : tuple of ndarray of int
        The training samples of each update.
    n_right : ndarray of int, shape (n_rows,)
        How many of them were classified rightly before it.
    loss_before, loss_after : ndarray of shape (n_rows,)
        Their mean loss before the update and after it.
    delta_rms : ndarray of shape (n_rows, n_layers)
        RMS delta of layers 1..L over the neurons and these samples.
    update_norm : ndarray of shape (n_rows,)
        Euclidean norm of the change of all weights and biases.
    mse_before, mse_after : ndarray of shape (n_rows,)
        MSE over the training samples, or `n_scored` of them, before the update and after it.
    n_updates : int
        How many updates the epoch has so far; more than rows if it is too long.
    is_complete : bool
        Whether these are all that it will have.
    n_scored, n_training : int
        How many training samples the MSE is computed over, and how many there are.
    n_changes : int
        How many changes the user made in the course of the epoch. They belong to no row.
    """

    epoch: int
    starts: Indices
    samples: tuple[Indices, ...]
    n_right: Indices
    loss_before: Array
    loss_after: Array
    delta_rms: Array
    update_norm: Array
    mse_before: Array
    mse_after: Array
    n_updates: int
    is_complete: bool
    n_scored: int
    n_training: int
    n_changes: int

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.starts)

    @property
    def sizes(self) -> Indices:
        """The number of samples of each update."""
        return np.array([len(samples) for samples in self.samples], dtype=np.intp)

    @property
    def loss_change(self) -> Array:
        """By how much each update changed the mean loss of its own samples."""
        return self.loss_after - self.loss_before

    @property
    def mse_change(self) -> Array:
        """By how much each update changed the training MSE."""
        return self.mse_after - self.mse_before


@dataclass(frozen=True)
class LedgerProgress:
    """How many rows of a ledger are made, and how many there will be."""

    done: int
    total: int


def ledger_in_pieces(stepper: Stepper, epoch: int) -> Iterator[Ledger | LedgerProgress | None]:
    """Make the ledger of an epoch by replay.

    Parameters
    ----------
    stepper : Stepper
        It is moved: pass a copy.
    epoch : int
        The number of epochs that were complete before its first update.

    Yields
    ------
    Ledger, LedgerProgress or None
        None after each piece of some milliseconds, the progress now and then, the ledger last.
    """
    n_updates, n_rows, scored = _extent(stepper, epoch)
    yield LedgerProgress(0, n_rows)
    scorer, rows = _Scorer(stepper.training, scored), _Rows()
    for update in replay_updates(stepper, epoch):
        yield None
        if update is None:
            continue
        before = yield from scorer.mse(update.before)
        after = yield from scorer.mse(update.after)
        rows.add(stepper.training, update, before, after)
        if len(rows.starts) >= n_rows:
            break
        if len(rows.starts) % _PROGRESS_EVERY == 0:
            yield LedgerProgress(len(rows.starts), n_rows)
    yield rows.ledger(stepper, epoch, n_updates, len(scored))


def _extent(stepper: Stepper, epoch: int) -> tuple[int, int, Indices]:
    """Return the number of updates, of rows, and the samples over which the MSE is computed."""
    n_updates, n_training = len(starts_of(stepper.history, epoch)), len(stepper.training.split.X_train)
    passes = max(_MULTIPLICATIONS // len(stepper.training.network.parameters), 1)
    rows = min(n_updates, MOST_UPDATES, max(passes // min(_LEAST_SCORED, n_training), 1))
    scored = min(max(passes // max(rows, 1), min(_LEAST_SCORED, n_training)), n_training)
    return n_updates, rows, np.linspace(0, n_training - 1, scored).astype(np.intp)


class _Scorer:
    """Computes the MSE with given parameters in pieces; that of the same parameters again costs nothing."""

    def __init__(self, training: Training, scored: Indices) -> None:
        self._network = training.network.copy()
        self._kernel = Kernel(self._network)
        self._x, self._y = training.split.X_train[scored], training.split.y_train[scored]
        self._rows = max(_LEAST_ROWS, _PIECE_MULTIPLICATIONS // len(self._network.parameters))
        self._latest: tuple[Array, float] | None = None

    def mse(self, parameters: Array) -> Generator[None, None, float]:
        # The parameters after an update are those before the next one, unless the user has changed them in between.
        if self._latest and np.array_equal(self._latest[0], parameters):
            return self._latest[1]
        self._network.parameters[:] = parameters
        self._kernel.use_compiled()
        for piece in score_in_pieces(self._kernel.score, self._x, self._y, self._rows):
            if piece:
                self._latest = parameters, piece.mse
            else:
                yield None
        assert self._latest is not None
        return self._latest[1]


class _Rows:
    """Collects the rows of a ledger."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self._samples: list[Indices] = []
        self._n_right: list[int] = []
        self._numbers: list[tuple[float, ...]] = []
        self._deltas: list[list[float]] = []

    def add(self, training: Training, update: ReplayedUpdate, mse_before: float, mse_after: float) -> None:
        """Add the row of an update."""
        outputs, targets = update.trace.layers[-1].a, update.trace.y
        self.starts.append(update.start)
        self._samples.append(update.samples)
        self._n_right.append(int(np.count_nonzero(outputs.argmax(axis=-1) == targets.argmax(axis=-1))))
        losses = (float(training.losses(update.samples, each).mean()) for each in (update.before, update.after))
        with np.errstate(all="ignore"):
            norm = float(np.linalg.norm(update.after - update.before))
        self._numbers.append((*losses, norm, mse_before, mse_after))
        self._deltas.append([rms(layer.delta) for layer in update.trace.layers])

    def ledger(self, stepper: Stepper, epoch: int, n_updates: int, n_scored: int) -> Ledger:
        """Return the ledger of the rows so far."""
        history = stepper.history
        is_complete = Position(epoch + 1) <= history.furthest
        n_changes = sum(change.at.epoch == epoch for change in history.interventions)
        loss_before, loss_after, norm, mse_before, mse_after = map(frozen, zip(*self._numbers, strict=True))
        starts, n_right = (_indices(each) for each in (self.starts, self._n_right))
        deltas, samples = frozen(self._deltas), tuple(self._samples)
        means, scores = (loss_before, loss_after), (mse_before, mse_after)
        n_samples = n_scored, len(stepper.training.split.X_train)
        numbers = *means, deltas, norm, *scores
        return Ledger(epoch, starts, samples, n_right, *numbers, n_updates, is_complete, *n_samples, n_changes)


def _indices(values: list[int]) -> Indices:
    made = np.array(values, dtype=np.intp)
    made.flags.writeable = False
    return made
