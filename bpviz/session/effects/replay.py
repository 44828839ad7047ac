"""Replay of the updates of an epoch, one by one, on a stepper that nobody else uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.backprop import Trace
from bpviz.session.time_travel.history import History
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position

#: Of a longer epoch only the first updates are looked at.
MOST_UPDATES = 5_000
# The way to an epoch is replayed in pieces of some milliseconds.
_PIECE_MULTIPLICATIONS = 2_000_000


@dataclass(frozen=True)
class ReplayedUpdate:
    """One update of an epoch. Read-only arrays.

    Attributes
    ----------
    start : int
        Number of samples of the epoch trained on before it.
    samples : ndarray of int
        Its training samples: one, or a batch.
    trace : Trace
        Computed with the parameters before it.
    before, after : ndarray of shape (n_parameters,)
        All parameters before the update and after it, without changes made by the user between two updates.
    """

    start: int
    samples: Indices
    trace: Trace
    before: Array
    after: Array


def epoch_of(position: Position, furthest: Position) -> int | None:
    """Return the epoch whose updates belong to a position: the one in progress, or else the last complete one.

    Parameters
    ----------
    position : Position
    furthest : Position
        The latest position that training has reached.

    Returns
    -------
    int or None
        The number of epochs that were complete before its first update; None if no update has been made yet.
    """
    in_progress = (position.sample or position.operation) and Position(position.epoch) < furthest
    if in_progress:
        return position.epoch
    return position.epoch - 1 if position.epoch else None


def starts_of(history: History, epoch: int) -> Indices:
    """Return the number of samples before each update of an epoch that has been made so far."""
    starts, furthest = history.starts(epoch), history.furthest
    if furthest.epoch == epoch:
        starts = starts[starts < furthest.sample]
    frozen_starts: Indices = starts[:0] if furthest.epoch < epoch else starts.copy()
    frozen_starts.flags.writeable = False
    return frozen_starts


def seek_in_pieces(stepper: Stepper, target: Position) -> Iterator[None]:
    """Go to where the update at a position begins; yield after each piece of some milliseconds."""
    stop = stepper.seek(target).stop
    samples = max(1, _PIECE_MULTIPLICATIONS // len(stepper.training.network.parameters))
    while stepper.training.position < stop:
        stepper.advance(samples, until=stop)
        yield


def replay_updates(stepper: Stepper, epoch: int) -> Iterator[ReplayedUpdate | None]:
    """Replay the updates of an epoch in their order, as far as training has come, and at most `MOST_UPDATES`.

    Parameters
    ----------
    stepper : Stepper
        It is moved: pass a copy.
    epoch : int
        The number of epochs that were complete before the first of the updates.

    Yields
    ------
    ReplayedUpdate or None
        None after each piece of the way to the epoch; then every update.
    """
    yield from seek_in_pieces(stepper, Position(epoch))
    training, trainer = stepper.training, stepper.training.trainer
    for start in starts_of(stepper.history, epoch)[:MOST_UPDATES].tolist():
        samples = trainer.next_batch().copy()
        samples.flags.writeable = False
        before = frozen(training.network.parameters)
        # Not the parameters after `advance`, which makes the user's changes that follow the update, too.
        trace, after = trainer.preview(samples)
        yield ReplayedUpdate(start, samples, trace, before, after)
        stepper.advance(1)
