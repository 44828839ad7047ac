"""Work that is done beside training: a diagnosis that is made piece by piece, and a task that is due now and then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bpviz.session.diagnostics.gradient_check import GradientsChecked
from bpviz.session.diagnostics.plateau import PlateauReport
from bpviz.session.effects.effect import Effect, Movers
from bpviz.session.effects.ledger import Ledger, LedgerProgress
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.session.recording.survey import Survey
from bpviz.session.recording.verdict import RecordedUpdateChecked

#: Makes a diagnosis in pieces: yields None after each piece, and what it has found where it has found something.
Pieces = Iterator[
    GradientsChecked
    | PlateauReport
    | Effect
    | Movers
    | Ledger
    | LedgerProgress
    | NumbersChecked
    | Survey
    | RecordedUpdateChecked
    | None
]


class BackgroundTask(Protocol):
    """Work that is due now and then, beside training."""

    def changed(self) -> None:
        """Take note that training continued."""

    def request(self) -> None:
        """Take note of a change by the user, which training cannot bring back."""

    def seconds_until_due(self) -> float | None:
        """Return the number of seconds until the task is due, None for never."""

    def run(self) -> None:
        """Do the task if it is due."""


class DiagnosticJob:
    """Makes one diagnosis of its kind at a time, in pieces; a new one replaces the one in work."""

    def __init__(self) -> None:
        self._pieces: Pieces | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a diagnosis is in work."""
        return self._pieces is not None

    def begin(self, pieces: Pieces) -> None:
        """Start to make a diagnosis."""
        self._pieces = pieces

    def forget(self) -> None:
        """Drop the diagnosis in work."""
        self._pieces = None

    def work(self, event_sender: EventSender) -> None:
        """Do one piece, and send what it has found.

        Raises
        ------
        TooLargeToCheckError
            At the first piece, if a gradient check would take minutes.
        """
        assert self._pieces is not None
        # Taken out while it works: a diagnosis that raises must not be continued.
        pieces, self._pieces = self._pieces, None
        for found in pieces:
            if found:
                event_sender.send(found)
            self._pieces = pieces
            return
