"""Training as a walk through samples and epochs, with checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bpviz.core import backprop
from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.backprop import Trace
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.network import Network
from bpviz.core.training.kernel import Kernel

# In the order in which they are computed, which is the order in which a fault shows.
_FORWARD, _BACKWARD, _GRADIENTS = ("z", "a"), ("error", "delta"), ("dW", "db")


class NonFiniteError(ArithmeticError):
    """Training met a number that is not finite. The network has the parameters from before that sample.

    Attributes
    ----------
    epoch, sample, layer : int
        Where it first stood; `sample` counts the training set, `layer` from 1.
    quantity : str
        Which of the algorithm's quantities it was.
    """

    def __init__(self, epoch: int, sample: int, layer: int, quantity: str) -> None:
        super().__init__(f"{quantity} of layer {layer} stopped being finite in epoch {epoch}, at sample {sample}")
        self.epoch, self.sample, self.layer, self.quantity = epoch, sample, layer, quantity


@dataclass(frozen=True)
class Checkpoint:
    """All that changes while a network trains, as read-only copies."""

    epoch: int
    sample: int
    parameters: Array
    statistics: Array


class Trainer:
    """Trains a network on one training set, epoch by epoch, stoppable after any update.

    Parameters
    ----------
    network : Network
    X : ndarray of shape (n_samples, n_inputs)
    y : ndarray of shape (n_samples, n_outputs)
    learning_rate : float
        May be changed at any time.
    batch_size : int
        Samples in one update.
    shuffle_seed : int, optional
        Draw the order of each epoch from (shuffle_seed, epoch); None keeps the given order.

    Attributes
    ----------
    epoch : int
        Complete passes made; also the number of the epoch in progress, counted from 0.
    sample : int
        How many samples of the epoch in progress have been trained on.
    numpy_epochs : int
        So many epochs from the start have been begun on the numpy path; they take it again when they are replayed.
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
    ) -> None:
        self.network, self.X, self.y = network, X, y
        self.learning_rate, self.batch_size, self.shuffle_seed = learning_rate, batch_size, shuffle_seed
        self.epoch, self.sample = 0, 0
        self._kernel = Kernel(network)
        self.numpy_epochs = 0
        self._order_of: tuple[int, int | None] | None = None
        self._order: Indices = np.arange(0)

    @property
    def order(self) -> Indices:
        """The order of samples in the epoch in progress."""
        if self._order_of != (self.epoch, self.shuffle_seed):
            self._order_of = (self.epoch, self.shuffle_seed)
            self._order = np.arange(len(self.X))
            if self.shuffle_seed is not None:
                self._order = np.random.default_rng((self.shuffle_seed, self.epoch)).permutation(self._order)
        return self._order

    @property
    def epoch_is_complete(self) -> bool:
        """Whether every sample of the epoch in progress has been trained on; `finish_epoch` is then due."""
        return self.sample >= len(self.X)

    @property
    def statistics(self) -> Statistics:
        """What is gathered over the samples of the epoch in progress."""
        return self._kernel.statistics

    @property
    def releases_lock(self) -> bool:
        """Whether `advance` leaves the interpreter to other threads while it computes."""
        return self._kernel.releases_lock and self.batch_size == 1

    @property
    def delta_rms(self) -> Array:
        """Root mean square delta of every neuron over the samples of the epoch in progress, layer after layer."""
        return np.asarray(np.sqrt(self.statistics.squares / max(self.sample, 1)))

    def advance(self, samples: int, scan: Scan | None = None) -> None:
        """Train on about `samples` more samples of this epoch: whole batches, at least one, none beyond its end.

        Parameters
        ----------
        samples : int
        scan : Scan, optional
            What to look for. At a stop, `scan.stopped`, training stands before the update for which it was called.

        Raises
        ------
        NonFiniteError
            If a number stops being finite; parameters and position are then those before that batch.
        """
        self._choose_path()
        before, noted = self.checkpoint(), scan.noted if scan else None
        batches = max(1, round(samples / self.batch_size))
        chosen = self.order[self.sample : self.sample + batches * self.batch_size]
        done = self._kernel.run(self.X, self.y, chosen, self.learning_rate, self.batch_size, scan, self.epoch)
        self.sample += done
        if scan:
            scan.stopped = done < len(chosen)
        if not (np.isfinite(self.network.parameters).all() and self.statistics.is_finite):
            self.restore(before)
            self._walk_to_the_fault(chosen[:done], scan, noted)

    def next_batch(self) -> Indices:
        """Return the samples of the next update in this epoch."""
        return self.order[self.sample : self.sample + self.batch_size]

    def step(self) -> Trace:
        """Train on the next batch by way of `backprop.trace`, and return what it did.

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
        """Make one update with the given samples, out of turn: the position does not move.

        Raises
        ------
        NonFiniteError
            As `advance`.
        ValueError
            If there are no samples.
        """
        if not len(chosen):
            raise ValueError("an update needs at least one sample; after the last of an epoch, call finish_epoch")
        done, after = self.preview(chosen)
        with np.errstate(all="ignore"):
            self._refuse_non_finite(done, chosen)
        if not np.isfinite(after).all():
            raise NonFiniteError(self.epoch, int(chosen[0]), self._layer_that_holds(after), "the update")
        self.network.parameters[:] = after
        return done

    def preview(self, chosen: Indices) -> tuple[Trace, Array]:
        """Return the trace of an update with the given samples, and the parameters it would lead to, bit for bit.

        Nothing is changed. Numbers need not be finite.
        """
        before = self.checkpoint()
        self._choose_path()
        with np.errstate(all="ignore"):
            done = backprop.trace(self.network, self.X[chosen], self.y[chosen])
        # A last batch of one sample is a batch all the same: it takes the path that `advance` takes.
        self._kernel.run(self.X, self.y, chosen, self.learning_rate, max(self.batch_size, len(chosen)))
        after = frozen(self.network.parameters)
        self.restore(before)
        return done, after

    def _layer_that_holds(self, after: Array) -> int:
        """Return the first layer in which parameters are not finite."""
        ends = np.cumsum([layer.n_parameters for layer in self.network.layers])
        return int(np.searchsorted(ends, np.flatnonzero(~np.isfinite(after))[0], side="right")) + 1

    def finish_epoch(self) -> None:
        """Go on to the next epoch, after the last sample of this one."""
        self.epoch, self.sample = self.epoch + 1, 0
        self.statistics.clear()

    def checkpoint(self) -> Checkpoint:
        """Copy everything that training changes."""
        return Checkpoint(self.epoch, self.sample, frozen(self.network.parameters), frozen(self.statistics.packed))

    def restore(self, state: Checkpoint) -> None:
        """Go back, or forward, to a checkpoint: bit for bit."""
        self.epoch, self.sample = state.epoch, state.sample
        self.network.parameters[:] = state.parameters
        self.statistics.packed[:] = state.statistics

    def _choose_path(self) -> None:
        """Take the same path again for an epoch that is trained again: its numbers would differ in their last bits."""
        if not self._kernel.use_compiled(self.epoch >= self.numpy_epochs):
            self.numpy_epochs = max(self.numpy_epochs, self.epoch + 1)

    def _walk_to_the_fault(self, chosen: Indices, scan: Scan | None, noted: tuple[int, Indices] | None) -> None:
        before = self.checkpoint()
        try:
            for _ in range(0, len(chosen), self.batch_size):
                self.step()
        except NonFiniteError:
            if scan and noted:  # what was looked at behind the fault is no part of training
                scan.noted, sound = noted, chosen[: self.sample - before.sample]
                self.restore(before)
                rate, size = self.learning_rate, self.batch_size
                self.sample += self._kernel.run(self.X, self.y, sound, rate, size, scan, self.epoch)
            raise

    def _refuse_non_finite(self, done: Trace, chosen: Indices) -> None:
        losses = self.network.loss.value(done.layers[-1].a, done.y)
        for number, quantity, rows in _in_order(done, losses):
            faults = np.flatnonzero(~np.isfinite(rows).all(axis=1))
            if len(faults):
                raise NonFiniteError(self.epoch, int(chosen[faults[0]]), number, quantity)


def _in_order(done: Trace, losses: Array) -> Iterator[tuple[int, str, Array]]:
    """Yield layer, quantity and its values with a row for each sample, or one row for the whole batch."""
    numbered = list(enumerate(done.layers, start=1))
    for number, layer in numbered:
        yield from ((number, quantity, getattr(layer, quantity)) for quantity in _FORWARD)
    yield len(numbered), "the loss", losses[:, None]
    for number, layer in reversed(numbered):
        yield from ((number, quantity, getattr(layer, quantity)) for quantity in _BACKWARD)
        yield from ((number, quantity, getattr(layer, quantity).reshape(1, -1)) for quantity in _GRADIENTS)
