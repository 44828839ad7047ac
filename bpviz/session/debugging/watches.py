"""Watches: numbers that somebody keeps an eye on while training goes on."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from bpviz.core.metrics.metric import Subject
from bpviz.session.experiment.json_fields import Anything, Maybe, read_list, read_members, read_subject
from bpviz.session.experiment.validation import Rule, Whole
from bpviz.session.training.position import Position

MOST_WATCHES = 100


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

    def problem(self, sizes: tuple[int, ...] | None = None, n_samples: int | None = None) -> str | None:
        """Return what is wrong as a sentence, or None.

        Parameters
        ----------
        sizes : tuple of int, optional
            Widths of all layers of a network, to know whether it has such a place.
        n_samples : int, optional
            The length of a training set, to know whether it has such a sample.
        """
        if self.sample is not None and n_samples is not None and not 0 <= self.sample < n_samples:
            return f"there is no training sample {self.sample}: they go from 0 to {n_samples - 1}"
        return self.subject.problem(sizes)

    def words(self) -> str:
        """Return how it is written."""
        return self.subject.words() if self.sample is None else f"{self.subject.words()} of sample {self.sample}"


@dataclass(frozen=True)
class Watched:
    """The values of all watches, in their order, at one moment."""

    position: Position
    values: tuple[float, ...]


_WATCH: dict[str, Rule] = {"subject": Anything(), "sample": Maybe(Whole(0, 1_000_000))}


def to_values(watches: tuple[Watch, ...]) -> list[dict[str, Any]]:
    """Return watches as members of a JSON document."""
    return [dataclasses.asdict(each) for each in watches]


def from_values(values: Any) -> tuple[Watch, ...]:
    """Read what `to_values` wrote.

    Raises
    ------
    ValueError
        If it is anything else; the sentence says what and where.
    """
    entries = read_list(values, "watches", MOST_WATCHES)
    return tuple(_watch(entry, f"watch {number}") for number, entry in enumerate(entries, start=1))


def _watch(values: Any, what: str) -> Watch:
    given = read_members(values, what, _WATCH, ("subject",))
    return Watch(read_subject(given["subject"], what), given.get("sample"))
