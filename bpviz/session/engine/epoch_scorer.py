"""Scores epochs in pieces, and sends their records with the values of the watches at their ends."""

from __future__ import annotations

from bpviz.session.debugging.evaluation import read_samples, watch_values
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.rate_limit import RateLimit
from bpviz.session.training.epochs import EpochRecord, EpochTable
from bpviz.session.training.training import Scoring, Training


class EpochScorer:
    """Scores one epoch at a time; the previous one is finished first.

    Parameters
    ----------
    event_sender : EventSender
    pace : RateLimit
        Measures how many epochs a second there are.
    """

    def __init__(self, event_sender: EventSender, pace: RateLimit) -> None:
        self._event_sender, self._pace = event_sender, pace
        self._scoring: Scoring | None = None
        self._table: EpochTable | None = None
        self._watched: Watched | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an epoch is being scored."""
        return self._scoring is not None

    def forget(self) -> None:
        """Drop the epoch that is being scored, since its network was replaced."""
        self._scoring = self._watched = None

    def forget_watches(self) -> None:
        """Drop the values read for watches that were replaced."""
        self._watched = None

    def settle(self) -> None:
        """Score the epoch to its end."""
        while self._scoring:
            self.work()

    def take(self, scoring: Scoring, table: EpochTable, training: Training, watches: tuple[Watch, ...]) -> None:
        """Start to score an epoch that has just ended, and read the watches before the network changes again."""
        self.settle()
        self._scoring, self._table = scoring, table
        if watches:
            reading = read_samples(training, training.trainer.next_batch())
            self._watched = Watched(training.position, watch_values(training, watches, reading))

    def work(self) -> EpochRecord | None:
        """Do one piece; return the record with the last.

        Raises
        ------
        NonFiniteError
            As `Training.finish_epoch`.
        """
        assert self._scoring is not None
        assert self._table is not None
        # Taken out while it works: scoring that raises must not be continued.
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
