"""Breakpoints: conditions on the numbers of an update, and what is kept of where they held."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from bpviz.core.metrics.metric import Metric
from bpviz.core.metrics.scan import COMPARISONS
from bpviz.session.experiment.json_fields import Anything, metric_to_values, read_list, read_members, read_metric
from bpviz.session.experiment.validation import OneOf, Rule, Switch, shown
from bpviz.session.training.position import Position

MOST_BREAKPOINTS, MOST_CONDITIONS = 100, 4
#: Quantity -> how it reads where more than 0 is a plain yes.
FLAGS = {
    "misclassified": "the sample is misclassified",
    "not_finite": "a number is not finite",
    "loss_rise": "the loss rose after the update",
}


@dataclass(frozen=True)
class Condition:
    """A number compared with another.

    Attributes
    ----------
    metric : Metric
    comparison : str
        One of `COMPARISONS`.
    value : float
    """

    metric: Metric
    comparison: str
    value: float

    def problem(self, sizes: tuple[int, ...] | None = None) -> str | None:
        """Return what is wrong as a sentence, or None; see `Metric.problem`."""
        if self.comparison not in COMPARISONS:
            return f"no comparison is written {self.comparison!r}; choose one of {' '.join(COMPARISONS)}"
        if not _is_finite(self.value):
            return f"a condition compares with a finite number, not {shown(self.value)}"
        return self.metric.problem(sizes)

    @property
    def is_flag(self) -> bool:
        """Whether it is a plain yes, which reads without a comparison."""
        return self.metric.quantity in FLAGS and (self.comparison, self.value) == (">", 0)

    def describe(self) -> str:
        """Return the condition as it reads, as in "largest |delta| of layer 1 < 1e-05"."""
        if self.is_flag:
            return FLAGS[self.metric.quantity]
        return f"{self.metric.describe()} {self.comparison} {self.value:.12g}"

    def words_with(self, found: float) -> str:
        """Return the condition with the value that made it hold, as in "loss > 0.5: 0.71"."""
        says_all = self.is_flag and self.metric.quantity != "loss_rise"
        return self.describe() if says_all else f"{self.describe()}: {found:.6g}"


@dataclass(frozen=True)
class Breakpoint:
    """Conditions that must all hold for one update.

    Attributes
    ----------
    conditions : tuple of Condition
        From one to `MOST_CONDITIONS`.
    enabled : bool
    log_only : bool
        Note where it holds and go on.
    """

    conditions: tuple[Condition, ...]
    enabled: bool = True
    log_only: bool = False

    def problem(self, sizes: tuple[int, ...] | None = None) -> str | None:
        """Return what is wrong as a sentence, or None; see `Metric.problem`."""
        if not self.conditions:
            return "a breakpoint needs at least one condition"
        if len(self.conditions) > MOST_CONDITIONS:
            return f"a breakpoint has at most {MOST_CONDITIONS} conditions, not {len(self.conditions)}"
        return next((problem for one in self.conditions if (problem := one.problem(sizes))), None)

    def describe(self) -> str:
        """Return its conditions as they read, joined by "and"."""
        return " and ".join(condition.describe() for condition in self.conditions)


@dataclass(frozen=True)
class Hit:
    """An update for which a breakpoint held.

    Attributes
    ----------
    position : Position
        At the operation after which it was known to hold.
    sample : int
        The training sample, the first of a batch.
    breakpoint : Breakpoint
    values : tuple of float
        What its conditions found, in their order.
    """

    position: Position
    sample: int
    breakpoint: Breakpoint
    values: tuple[float, ...]

    def describe(self) -> str:
        """Return which condition held with which value, where."""
        pairs = zip(self.breakpoint.conditions, self.values, strict=True)
        found = " and ".join(condition.words_with(value) for condition, value in pairs)
        return f"{found}, at sample {self.sample:,} of epoch {self.position.epoch:,}"


@dataclass(frozen=True)
class Hits:
    """Where breakpoints held lately.

    Attributes
    ----------
    counts : tuple of int
        How often each breakpoint has held since it was made, in their order.
    new : tuple of Hit
        Those since the last event of this kind; of very many only the latest.
    stopped : Hit or None
        The one at which training stands now.
    """

    counts: tuple[int, ...]
    new: tuple[Hit, ...]
    stopped: Hit | None


def _simple(quantity: str, comparison: str, value: float, **place: Any) -> Breakpoint:
    return Breakpoint((Condition(Metric(quantity, **place), comparison, value),))


#: Words -> a breakpoint to begin with.
READY_MADE: dict[str, Breakpoint] = {
    "vanishing delta in layer 1": _simple("abs_delta", "<", 1e-5, layer=1),
    "saturated layer 1": _simple("saturated", "≥", 0.5, layer=1),
    "exploding update in layer 1": _simple("update", ">", 1.0, layer=1),
    "first number that is not finite": _simple("not_finite", ">", 0),
    "misclassified sample": _simple("misclassified", ">", 0),
    "loss that rose after the update": _simple("loss_rise", ">", 0),
}


_BREAKPOINT: dict[str, Rule] = {"conditions": Anything(), "enabled": Switch(), "log_only": Switch()}
_CONDITION: dict[str, Rule] = {"subject": Anything(), "comparison": OneOf(COMPARISONS), "value": Anything()}


def armed(breakpoints: tuple[Breakpoint, ...], sizes: tuple[int, ...]) -> tuple[Breakpoint, ...]:
    """Return those that are enabled and for which a network of such widths has a place."""
    return tuple(each for each in breakpoints if each.enabled and each.problem(sizes) is None)


def to_values(breakpoints: tuple[Breakpoint, ...]) -> list[dict[str, Any]]:
    """Return breakpoints as members of a JSON document."""
    return [dataclasses.asdict(each) | {"conditions": _conditions_to_values(each)} for each in breakpoints]


def _conditions_to_values(breakpoint_: Breakpoint) -> list[dict[str, Any]]:
    return [
        {"subject": metric_to_values(each.metric), "comparison": each.comparison, "value": each.value}
        for each in breakpoint_.conditions
    ]


def from_values(values: Any) -> tuple[Breakpoint, ...]:
    """Read what `to_values` wrote.

    Raises
    ------
    ValueError
        If it is anything else; the sentence says what and where.
    """
    return read_list(values, "breakpoints", MOST_BREAKPOINTS, _breakpoint)


def _breakpoint(values: Any, number: int) -> Breakpoint:
    what = f"breakpoint {number}"
    given = read_members(values, what, _BREAKPOINT, ("conditions",))
    conditions = read_list(
        given["conditions"],
        f"conditions of {what}",
        MOST_CONDITIONS,
        lambda each, n: _condition(each, f"{what}, condition {n}"),
    )
    made = Breakpoint(conditions, given.get("enabled", True), given.get("log_only", False))
    if problem := made.problem():
        raise ValueError(f"{what}: {problem}")
    return made


def _condition(values: Any, what: str) -> Condition:
    given = read_members(values, what, _CONDITION, ("subject", "comparison", "value"))
    made = Condition(read_metric(given["subject"], what), given["comparison"], given["value"])
    if problem := made.problem():
        raise ValueError(f"{what}: {problem}")
    return dataclasses.replace(made, value=float(made.value))


def _is_finite(value: object) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number that no float can hold
        return False
