"""Watches: metrics whose values are shown while training runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bpviz.core.metrics.metric import Metric
from bpviz.language import _
from bpviz.session.experiment.json_fields import (
    AnyValue,
    Nullable,
    metric_to_values,
    read_list,
    read_members,
    read_metric,
)
from bpviz.session.experiment.validation import Integer, Rule
from bpviz.session.training.position import Position

MOST_WATCHES = 100


@dataclass(frozen=True)
class Watch:
    """A metric of a certain training sample, or of the current update.

    Attributes
    ----------
    metric : Metric
    sample : int or None
        A training sample; None for the current update or, between epochs, the next one.
    """

    metric: Metric
    sample: int | None = None

    def problem(self, sizes: tuple[int, ...] | None = None, n_samples: int | None = None) -> str | None:
        """Return what is wrong as a sentence, or None.

        Parameters
        ----------
        sizes : tuple of int, optional
            Widths of all layers. If given, the metric's layer and neurons must exist in that network.
        n_samples : int, optional
            Size of the training set. If given, the sample must exist.
        """
        if self.sample is not None and n_samples is not None and not 0 <= self.sample < n_samples:
            return _("there is no training sample {sample}: choose one from 0 to {n_samples}").format(
                sample=self.sample, n_samples=n_samples - 1
            )
        return self.metric.problem(sizes)

    def describe(self) -> str:
        """Return the watch's name on screen."""
        return (
            self.metric.describe()
            if self.sample is None
            else _("{metric} of sample {sample}").format(metric=self.metric.describe(), sample=self.sample)
        )


@dataclass(frozen=True)
class Watched:
    """The values of all watches at one position."""

    position: Position
    values: tuple[float, ...]


_WATCH: dict[str, Rule] = {"subject": AnyValue(), "sample": Nullable(Integer(0, 1_000_000))}


def to_values(watches: tuple[Watch, ...]) -> list[dict[str, Any]]:
    """Return watches as JSON members."""
    return [{"subject": metric_to_values(each.metric), "sample": each.sample} for each in watches]


def from_values(values: Any) -> tuple[Watch, ...]:
    """Return the watches with JSON members as `to_values` returns them.

    Raises
    ------
    ValueError
        If a value is invalid; the message says which one and why.
    """
    return read_list(values, "watches", MOST_WATCHES, _watch)


def _watch(values: Any, number: int) -> Watch:
    what = _("watch {number}").format(number=number)
    given = read_members(values, what, _WATCH, ("subject",))
    return Watch(read_metric(given["subject"], what), given.get("sample"))
