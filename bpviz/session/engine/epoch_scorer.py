"""Scores epochs in pieces, and sends their records with the watches at their ends."""

from __future__ import annotations

from bpviz.session.debugging.evaluation import read_samples, watch_values
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.rate_limit import RateLimit
from bpviz.session.training.epochs import EpochRecord, EpochTable
from bpviz.session.training.training import Scoring, Training


class EpochScorer:
    """Works on one epoch at a time; the one before is finished first.

    Parameters
    ----------
    event_sender : EventSender
    pace : RateLimit
        Hears when an epoch is over.
    """

    def __init__(self, event_sender: EventSender, pace: RateLimit) -> None:
        self._event_sender, self._pace = event_sender, pace
        self._scoring: Scoring | None = None
        self._table: EpochTable | None = None
        self._watched: Watched | None = None

    @property
    def is_busy(self) -> bool:
        """Whether there is work."""
        return self._scoring is not None

    def forget(self) -> None:
        """Drop the epoch in work: its network is no more."""
        self._scoring = self._watched = None

    def forget_watches(self) -> None:
        """Drop what was read for other watches."""
        self._watched = None

    def settle(self) -> None:
        """Work to the end."""
        while self._scoring:
            self.work()

    def take(self, scoring: Scoring, table: EpochTable, training: Training, watches: tuple[Watch, ...]) -> None:
        """Begin with an epoch that has just ended, and read the watches while the network is as it was then."""
        self.settle()
        self._scoring, self._table = scoring, table
        if watches:
            reading = read_samples(training, training.trainer.next_batch())
            self._watched = Watched(training.position, watch_values(training, watches, reading))

    def work(self) -> EpochRecord | None:
        """Do a piece; returns the record with the last.

        Raises
        ------
        NonFiniteError
            As `Training.finish_epoch`.
        """
        assert self._scoring is not None
        assert self._table is not None
        # Set aside while it works: scoring that fails is at its end, and anything else that fails leaves it be.
        scoring, self._scoring = self._scoring, None
        record = next(scoring)
        if record is None:
            self._scoring = scoring
            return None
        self._pace.epoch_ends()
        self._table.extend([record])
        self._event_sender.put(record, self._watched)
        self._watched = None
        return record
