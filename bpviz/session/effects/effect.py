"""How an update or an epoch changed the loss of every training sample."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.datasets import Split
from bpviz.core.network import Network
from bpviz.session.effects.replay import MOST_UPDATES, replay_updates, seek_in_pieces, starts_of
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate, network_of

_PIECE_MULTIPLICATIONS, _LEAST_ROWS = 10_000_000, 64


@dataclass(frozen=True)
class Effect:
    """The loss of training samples before and after an update or an epoch. Read-only arrays.

    Attributes
    ----------
    update : TracedUpdate or None
        None for an epoch.
    epoch : int or None
        The number of epochs that were complete before the epoch; None for an update.
    samples : ndarray of int
        The training samples that were looked at: those that are shown.
    before, after : ndarray of shape (n_samples,)
        Their losses.
    n_training : int
        How many training samples there are.
    """

    update: TracedUpdate | None
    epoch: int | None
    samples: Indices
    before: Array
    after: Array
    n_training: int

    @property
    def change(self) -> Array:
        """By how much the loss of each sample changed: below zero where the update helped."""
        with np.errstate(all="ignore"):
            return self.after - self.before


@dataclass(frozen=True)
class Movers:
    """How each update of an epoch changed the loss of one sample. Read-only arrays.

    Attributes
    ----------
    sample : int
        The training sample.
    epoch : int
        The number of epochs that were complete before the first update.
    starts : ndarray of int, shape (n_looked_at,)
        Number of samples of the epoch trained on before each update.
    trained : tuple of ndarray of int
        The training samples of each update.
    change : ndarray of shape (n_looked_at,)
        By how much each update changed the loss of `sample`.
    n_updates : int
        How many updates the epoch has so far; more than were looked at if it is too long.
    """

    sample: int
    epoch: int
    starts: Indices
    trained: tuple[Indices, ...]
    change: Array
    n_updates: int


def effect_of_update(update: TracedUpdate, split: Split, samples: Indices) -> Iterator[Effect | None]:
    """Measure what an update does to the losses of some training samples, exactly and whether it is made or not.

    Yields
    ------
    Effect or None
        None after each piece of some milliseconds; the effect last.
    """
    before = yield from _losses(network_of(update), split, samples)
    after = yield from _losses(network_of(update, after=True), split, samples)
    yield Effect(update, None, samples, before, after, len(split.X_train))


def effect_of_epoch(stepper: Stepper, epoch: int, samples: Indices) -> Iterator[Effect | None]:
    """Measure by replay what a complete epoch did to the losses of some training samples; yield as `effect_of_update`.

    Parameters
    ----------
    stepper : Stepper
        It is moved: pass a copy.
    epoch : int
        The number of epochs that were complete before it.
    samples : ndarray of int
    """
    training = stepper.training
    yield from seek_in_pieces(stepper, Position(epoch))
    before = yield from _losses(training.network.copy(), training.split, samples)
    # Up to the last update, not up to the next epoch, where changes made there by the user would be made, too.
    yield from seek_in_pieces(stepper, Position(epoch, int(starts_of(stepper.history, epoch)[-1])))
    _, parameters = training.trainer.preview(training.trainer.next_batch())
    network = training.network.copy()
    network.parameters[:] = parameters
    after = yield from _losses(network, training.split, samples)
    yield Effect(None, epoch, samples, before, after, len(training.split.X_train))


def movers_in_pieces(stepper: Stepper, epoch: int, sample: int) -> Iterator[Movers | None]:
    """Measure by replay how each update of an epoch changed the loss of a sample; yield as `effect_of_update`.

    Parameters
    ----------
    stepper : Stepper
        It is moved: pass a copy.
    epoch : int
        The number of epochs that were complete before its first update.
    sample : int
    """
    chosen, training = np.array([sample]), stepper.training
    starts = starts_of(stepper.history, epoch)
    trained: list[Indices] = []
    changes: list[float] = []
    for update in replay_updates(stepper, epoch):
        if update is not None:
            before, after = (float(training.losses(chosen, each)[0]) for each in (update.before, update.after))
            trained.append(update.samples)
            changes.append(after - before)
        yield None
    yield Movers(sample, epoch, starts[:MOST_UPDATES], tuple(trained), frozen(changes), len(starts))


def _losses(network: Network, split: Split, samples: Indices) -> Generator[None, None, Array]:
    rows = max(_LEAST_ROWS, _PIECE_MULTIPLICATIONS // len(network.parameters))
    pieces = []
    for start in range(0, len(samples), rows):
        chosen = samples[start : start + rows]
        with np.errstate(all="ignore"):
            pieces.append(network.losses(split.X_train[chosen], split.y_train[chosen]))
        yield None
    return frozen(np.concatenate(pieces))
