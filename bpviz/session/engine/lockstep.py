"""Keeps the branch that is compared at the position of the active one."""

from __future__ import annotations

import time

from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.slice_size import SliceSize
from bpviz.session.time_travel.branches import Branch
from bpviz.session.training.position import Position
from bpviz.session.training.training import Scoring


class LockstepBranch:
    """Replays or trains a branch until it is at the position of another.

    Parameters
    ----------
    branch : Branch
    event_sender : EventSender
        Sends the records of epochs that the branch reaches for the first time.
    """

    def __init__(self, branch: Branch, event_sender: EventSender) -> None:
        self.branch, self._event_sender = branch, event_sender
        self._slice_size = SliceSize()
        self._scoring: Scoring | None = None
        self._target = branch.stepper.training.position
        self._end: Position | None = None

    @property
    def is_behind(self) -> bool:
        """Whether the branch is not yet at its target."""
        return self._scoring is not None or self.branch.stepper.training.position < self._target

    def aim(self, target: Position) -> None:
        """Set the update to go to, forward or back."""
        self._target = min(Position(target.epoch, target.sample), self._end or target)
        if self._target != self.branch.stepper.training.position:
            self.branch.stepper.seek(self._target)

    def give_up(self) -> None:
        """Go no further from now on, since training met a number that is not finite."""
        self._end = self._target = self.branch.stepper.training.position

    def work(self) -> None:
        """Do one piece, some milliseconds long.

        Raises
        ------
        NonFiniteError
            As `Trainer.advance`.
        """
        if self._scoring:
            self._score()
            return
        stepper = self.branch.stepper
        with self._slice_size.measured(stepper.training.trainer):
            stepper.advance(self._slice_size.samples, until=self._target)
        self._scoring = stepper.training.take_scoring()

    def work_for(self, seconds: float) -> None:
        """Work until the target is reached, or for `seconds` at the most."""
        end = time.perf_counter() + seconds
        while self.is_behind and time.perf_counter() < end:
            self.work()

    def settle(self) -> None:
        """Score the latest epoch to its end."""
        while self._scoring:
            self._score()

    def _score(self) -> None:
        assert self._scoring is not None
        scoring, self._scoring = self._scoring, None
        record = next(scoring)
        if record is None:
            self._scoring = scoring
        else:
            self.branch.epochs.extend([record])
            self._event_sender.put(record)
