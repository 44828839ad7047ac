"""Trainer: gradient descent epoch by epoch, with checkpoints from which any state is reproduced exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.backprop import Trace
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.network import Network
from bpviz.core.optimisers.learning import HEAD, Learning
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.core.optimisers.schedule import CONSTANT, Schedule
from bpviz.core.training.kernel import Kernel
from bpviz.language import _

if TYPE_CHECKING:
    from bpviz.core.mistakes.mistake import Planted

# In the order of computation: the first quantity that is not finite is the cause, the others follow from it.
_FORWARD, _BACKWARD, _GRADIENTS = ("z", "a"), ("error", "delta"), ("dW", "db")


class NonFiniteError(ArithmeticError):
    """A number stopped being finite. The network keeps the parameters from before that sample.

    Attributes
    ----------
    epoch, sample, layer : int
        Where it occurred first; `sample` is an index in the training set, `layer` counts from 1.
    quantity : str
        Name of the quantity, e.g. "delta" or "the loss".
    """

    def __init__(self, epoch: int, sample: int, layer: int, quantity: str) -> None:
        super().__init__(
            _("{quantity} of layer {layer} stopped being finite in epoch {epoch}, at sample {sample}").format(
                quantity=quantity, layer=layer, epoch=epoch, sample=sample
            )
        )
        self.epoch, self.sample, self.layer, self.quantity = epoch, sample, layer, quantity


@dataclass(frozen=True)
class Checkpoint:
    """Read-only copies of everything that training changes.

    Attributes
    ----------
    epoch, sample : int
    parameters : ndarray of shape (n_parameters,)
    statistics : ndarray
        `Statistics.packed` of the epoch in progress.
    learning : ndarray
        `Learning.packed`.
    """

    epoch: int
    sample: int
    parameters: Array
    statistics: Array
    learning: Array


class Trainer:
    """Trains a network on one training set; it can be stopped after any update.

    Parameters
    ----------
    network : Network
    X : ndarray of shape (n_samples, n_inputs)
    y : ndarray of shape (n_samples, n_outputs)
    learning_rate : float
        Before the schedule. May be changed at any time.
    batch_size : int
        Samples in one update.
    shuffle_seed : int, optional
        Draw the order of each epoch from (shuffle_seed, epoch); None keeps the given order.
    planted : tuple of Planted, optional
        Mistakes to train with instead of the algorithm.
    rule : LearningRule, optional
        By default plain SGD.
    schedule : Schedule, optional
        How the learning rate changes from epoch to epoch; may be changed at any time.

    Attributes
    ----------
    learning : Learning
        The rule, whose coefficients may be changed at any time, and what it remembers.
    epoch : int
        Complete passes made; also the number of the epoch in progress, counted from 0.
    sample : int
        How many samples of the epoch in progress have been trained on.
    numpy_epochs : int
        Number of epochs, from the first, that started on the numpy path. A replay takes the numpy path for them too.
    """

    def __init__(
        self,
        network: Network,
        X: Array,
        y: Array,
        *,
        learning_rate: float,
        batch_size: int = 1,
        shuffle_seed: int | None = None,
        planted: tuple[Planted, ...] = (),
        rule: LearningRule = PLAIN_SGD,
        schedule: Schedule = CONSTANT,
    ) -> None:
        self.network, self.X, self.y = network, X, y
        self.learning_rate, self.batch_size, self.shuffle_seed = learning_rate, batch_size, shuffle_seed
        self.epoch, self.sample = 0, 0
        self.learning, self.schedule = Learning(len(network.parameters), rule), schedule
        self._kernel = Kernel(network, planted, self.learning)
        self.numpy_epochs = 0
        self._order_of: tuple[int, int | None] | None = None
        self._order: Indices = np.arange(0)

    def take_samples(self, X: Array, y: Array) -> None:
        """Train on other samples, in any number; only between two epochs, or before a checkpoint is restored."""
        self.X, self.y, self._order_of = X, y, None

    @property
    def order(self) -> Indices:
        """Indices of the training samples, in the order of the epoch in progress."""
        if self._order_of != (self.epoch, self.shuffle_seed):
            self._order_of = (self.epoch, self.shuffle_seed)
            self._order = np.arange(len(self.X))
            if self.shuffle_seed is not None:
                # From the epoch's own seed, not from one running generator: a replay needs no random state.
                self._order = np.random.default_rng((self.shuffle_seed, self.epoch)).permutation(self._order)
        return self._order

    @property
    def epoch_is_complete(self) -> bool:
        """Whether every sample of the epoch in progress has been trained on; `finish_epoch` is then due."""
        return self.sample >= len(self.X)

    @property
    def statistics(self) -> Statistics:
        """Statistics over the samples trained on in the epoch in progress."""
        return self._kernel.statistics

    @property
    def releases_lock(self) -> bool:
        """Whether `advance` releases the GIL while it computes."""
        return self._kernel.releases_lock(self.batch_size)

    @property
    def rate(self) -> float:
        """The learning rate of the epoch in progress, by the schedule."""
        return self.learning_rate * self.schedule.factor_of(self.epoch, self.learning.plateau.factor)

    @property
    def delta_rms(self) -> Array:
        """Root mean square delta of every neuron over the samples of the epoch in progress, layer after layer."""
        return np.asarray(np.sqrt(self.statistics.squares / max(self.sample, 1)))

    def advance(self, samples: int, scan: Scan | None = None) -> None:
        """Train on about `samples` more samples of the epoch in progress: whole batches, at least one.

        Parameters
        ----------
        samples : int
        scan : Scan, optional
            Conditions to test for every update. At a stop `scan.stopped` is True, and the update that met the
            condition has not been made.

        Raises
        ------
        NonFiniteError
            If a number stops being finite; parameters and position are those before that batch.
        """
        # Non-finite numbers are checked for once per call, not per update: they remain in the parameters or in the sums
        # of the statistics. The first one is located afterwards, by repeating the updates from this checkpoint.
        self._choose_path()
        before, log_state = self.checkpoint(), scan.log_state if scan else None
        batches = max(1, round(samples / self.batch_size))
        chosen = self.order[self.sample : self.sample + batches * self.batch_size]
        done = self._kernel.run(self.X, self.y, chosen, self.rate, self.batch_size, scan, self.epoch)
        self.sample += done
        if scan:
            scan.stopped = done < len(chosen)
        finite = np.isfinite(self.network.parameters).all() and self.learning.is_finite
        if not (finite and self.statistics.is_finite):
            self.restore(before)
            self._locate_non_finite(chosen[:done], scan, log_state)

    def next_batch(self) -> Indices:
        """Return the indices of the samples of the next update."""
        return self.order[self.sample : self.sample + self.batch_size]

    def step(self) -> Trace:
        """Train on the next batch and return the trace of the update.

        Raises
        ------
        NonFiniteError
            As `advance`.
        ValueError
            If the epoch is complete.
        """
        chosen = self.next_batch()
        done = self.apply(chosen)
        deltas = np.hstack([layer.delta for layer in done.layers])
        self.statistics.add(deltas, done.layers[-1].a, done.y)
        self.sample += len(chosen)
        return done

    def apply(self, chosen: Indices) -> Trace:
        """Make one extra update with the given samples; the position in the epoch does not change.

        Raises
        ------
        NonFiniteError
            As `advance`.
        ValueError
            If there are no samples.
        """
        if not len(chosen):
            raise ValueError(_("an update needs at least one sample; after the last of an epoch, call finish_epoch"))
        done, after = self.outcome(chosen)
        with np.errstate(all="ignore"):
            self._check_finite(done, chosen)
        for numbers in (after.parameters, after.learning[HEAD:]):
            if not np.isfinite(numbers).all():
                raise NonFiniteError(self.epoch, int(chosen[0]), self._first_non_finite_layer(numbers), _("the update"))
        self.network.parameters[:], self.learning.packed[:] = after.parameters, after.learning
        return done

    def preview(self, chosen: Indices) -> tuple[Trace, Array]:
        """Return the trace of an update with the given samples, and the parameters after it, bit for bit.

        Nothing is changed. Numbers may be non-finite.
        """
        done, after = self.outcome(chosen)
        return done, after.parameters

    def outcome(self, chosen: Indices) -> tuple[Trace, Checkpoint]:
        """Return the trace of an update with the given samples, and the state after it; see `preview`."""
        return self._outcome(self.X, self.y, chosen)

    def outcome_of(self, x: Array, y: Array) -> tuple[Trace, Checkpoint]:
        """Return as `outcome` what an update with samples that are not in the training set would do.

        Parameters
        ----------
        x : ndarray of shape (n_samples, n_inputs)
        y : ndarray of shape (n_samples, n_outputs)
        """
        return self._outcome(frozen(x), frozen(y), np.arange(len(x)))

    def _outcome(self, X: Array, y: Array, chosen: Indices) -> tuple[Trace, Checkpoint]:
        before = self.checkpoint()
        self._choose_path()
        with np.errstate(all="ignore"):
            done = self._kernel.trace(X[chosen], y[chosen], self.rate)
        # The kernel, not `trace`, gives the parameters: the two differ in the last bits. The batch size decides on the
        # path, so a last batch of only one sample must take that of `advance`.
        self._kernel.run(X, y, chosen, self.rate, max(self.batch_size, len(chosen)))
        after = self.checkpoint()
        self.restore(before)
        return done, after

    def trace(self, chosen: Indices) -> Trace:
        """Return every quantity of an update with the given samples, with the present parameters."""
        return self._kernel.trace(self.X[chosen], self.y[chosen], self.rate)

    def _first_non_finite_layer(self, after: Array) -> int:
        """Return the number, from 1, of the first layer with a non-finite parameter, or number of the optimiser."""
        ends = np.cumsum([layer.n_parameters for layer in self.network.layers])
        first = np.flatnonzero(~np.isfinite(after))[0] % ends[-1]
        return int(np.searchsorted(ends, first, side="right")) + 1

    def finish_epoch(self) -> None:
        """Move to the start of the next epoch and clear the statistics."""
        if self.schedule.name == "plateau":
            squares, *_ = self._kernel.score(self.X, self.y)
            self.learning.plateau = self.learning.plateau.after(squares / self.y.size, self.schedule)
        self.epoch, self.sample = self.epoch + 1, 0
        self.statistics.clear()

    def checkpoint(self) -> Checkpoint:
        """Return a copy of everything that training changes."""
        arrays = self.network.parameters, self.statistics.packed, self.learning.packed
        return Checkpoint(self.epoch, self.sample, *map(frozen, arrays))

    def restore(self, state: Checkpoint) -> None:
        """Restore a checkpoint, earlier or later than the present position, bit for bit."""
        self.epoch, self.sample = state.epoch, state.sample
        self.network.parameters[:] = state.parameters
        self.statistics.packed[:] = state.statistics
        self.learning.packed[:] = state.learning

    def _choose_path(self) -> None:
        """Use for an epoch that is replayed the path that it took first: numba and numpy differ in the last bits."""
        if not self._kernel.use_compiled(self.epoch >= self.numpy_epochs):
            self.numpy_epochs = max(self.numpy_epochs, self.epoch + 1)

    def _locate_non_finite(self, chosen: Indices, scan: Scan | None, log_state: tuple[int, Indices] | None) -> None:
        """Repeat the batches one by one with full traces, up to the first non-finite number, and raise its error."""
        before = self.checkpoint()
        try:
            for _ in range(0, len(chosen), self.batch_size):
                self.step()
        except NonFiniteError:
            if scan and log_state:  # drop hits after the failed update, and log those before it once more
                scan.log_state, sound = log_state, chosen[: self.sample - before.sample]
                self.restore(before)
                rate, size = self.rate, self.batch_size
                self.sample += self._kernel.run(self.X, self.y, sound, rate, size, scan, self.epoch)
            raise

    def _check_finite(self, done: Trace, chosen: Indices) -> None:
        losses = self.network.loss.value(done.layers[-1].z, done.layers[-1].a, done.y)
        for number, quantity, rows in _in_computation_order(done, losses):
            faults = np.flatnonzero(~np.isfinite(rows).all(axis=1))
            if len(faults):
                raise NonFiniteError(self.epoch, int(chosen[faults[0]]), number, quantity)


def _in_computation_order(done: Trace, losses: Array) -> Iterator[tuple[int, str, Array]]:
    """Yield layer, quantity and its values, one row per sample or one for the batch, in order of computation."""
    numbered = list(enumerate(done.layers, start=1))
    for number, layer in numbered:
        yield from ((number, quantity, getattr(layer, quantity)) for quantity in _FORWARD)
    yield len(numbered), _("the loss"), losses[:, None]
    for number, layer in reversed(numbered):
        yield from ((number, quantity, getattr(layer, quantity)) for quantity in _BACKWARD)
        yield from ((number, quantity, getattr(layer, quantity).reshape(1, -1)) for quantity in _GRADIENTS)
