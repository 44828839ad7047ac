"""A gradient check that is done piece by piece, between other work."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.session.diagnostics.gradient_check import GradientsChecked, check_in_pieces
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.walkthrough.traced_update import TracedUpdate, network_of


class GradientCheckJob:
    """Does one gradient check at a time, in pieces; a new one replaces the one in work."""

    def __init__(self) -> None:
        self._pieces: Iterator[GradientsChecked | None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a check is in work."""
        return self._pieces is not None

    def begin(self, update: TracedUpdate, epsilon: float) -> None:
        """Start to check the gradients of an update."""
        trace = update.trace
        self._pieces = check_in_pieces(network_of(update), trace.x, trace.y, update.samples, update.position, epsilon)

    def forget(self) -> None:
        """Drop the check in work."""
        self._pieces = None

    def work(self, event_sender: EventSender) -> None:
        """Do one piece, and send what it has found.

        Raises
        ------
        TooLargeToCheckError
            At the first piece, if the check would take minutes.
        """
        assert self._pieces is not None
        # Taken out while it works: a check that raises must not be continued.
        pieces, self._pieces = self._pieces, None
        for found in pieces:
            if found:
                event_sender.send(found)
            self._pieces = pieces
            return
