"""Watches: numbers that somebody keeps an eye on while training goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bpviz.core.metrics.metric import Metric
from bpviz.session.experiment.json_fields import Anything, Maybe, metric_to_values, read_list, read_members, read_metric
from bpviz.session.experiment.validation import Rule, Whole
from bpviz.session.training.position import Position

MOST_WATCHES = 100


@dataclass(frozen=True)
class Watch:
    """A number of one training sample, or of whichever is on the table.

    Attributes
    ----------
    metric : Metric
    sample : int or None
        A training sample; None is the one on the table and, at the end of an epoch, the next in turn.
    """

    metric: Metric
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
        return self.metric.problem(sizes)

    def describe(self) -> str:
        """Return how it is written."""
        return self.metric.describe() if self.sample is None else f"{self.metric.describe()} of sample {self.sample}"


@dataclass(frozen=True)
class Watched:
    """The values of all watches, in their order, at one moment."""

    position: Position
    values: tuple[float, ...]


_WATCH: dict[str, Rule] = {"subject": Anything(), "sample": Maybe(Whole(0, 1_000_000))}


def to_values(watches: tuple[Watch, ...]) -> list[dict[str, Any]]:
    """Return watches as members of a JSON document."""
    return [{"subject": metric_to_values(each.metric), "sample": each.sample} for each in watches]


def from_values(values: Any) -> tuple[Watch, ...]:
    """Read what `to_values` wrote.

    Raises
    ------
    ValueError
        If it is anything else; the sentence says what and where.
    """
    return read_list(values, "watches", MOST_WATCHES, _watch)


def _watch(values: Any, number: int) -> Watch:
    what = f"watch {number}"
    given = read_members(values, what, _WATCH, ("subject",))
    return Watch(read_metric(given["subject"], what), given.get("sample"))
