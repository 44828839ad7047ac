"""Watches: numbers that somebody keeps an eye on while training goes on."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.core.subjects import Subject
from bpviz.session.position import Position


@dataclass(frozen=True)
class Watch:
    """A number of one training sample, or of whichever is on the table.

    Attributes
    ----------
    subject : Subject
    sample : int or None
        A training sample; None is the one on the table and, at the end of an epoch, the next in turn.
    """

    subject: Subject
    sample: int | None = None

    def words(self) -> str:
        """Return how it is written."""
        return self.subject.words() if self.sample is None else f"{self.subject.words()} of sample {self.sample}"


@dataclass(frozen=True)
class Watched:
    """The values of all watches, in their order, at one moment."""

    position: Position
    values: tuple[float, ...]
