"""Breakpoints: conditions on the metrics of an update, and the records of their hits."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from bpviz.core.metrics.metric import Metric, bounds
from bpviz.core.metrics.scan import COMPARISONS
from bpviz.language import N_, _
from bpviz.session.experiment.json_fields import AnyValue, metric_to_values, read_list, read_members, read_metric
from bpviz.session.experiment.validation import Boolean, OneOf, Rule, shown
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operation_text

MOST_BREAKPOINTS, MOST_CONDITIONS = 100, 4
#: Quantity -> the text of the condition "greater than 0", for quantities that are 0 or 1 or whose sign matters.
FLAGS = {
    "misclassified": N_("the sample is misclassified"),
    "not_finite": N_("a number is not finite"),
    "loss_rise": N_("the loss rose after the update"),
}


@dataclass(frozen=True)
class Condition:
    """A comparison of a metric with a value.

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
            return _("there is no comparison {comparison!r}; choose one of {comparisons}").format(
                comparison=self.comparison, comparisons=" ".join(COMPARISONS)
            )
        if not _is_finite(self.value):
            return _("the value of a condition must be a finite number, not {shown}").format(shown=shown(self.value))
        return self.metric.problem(sizes)

    def never_holds(self) -> str | None:
        """Return why the condition can never be true, as a sentence, or None if it can."""
        low, high = bounds(self.metric)
        impossible = {
            "<": self.value <= low,
            "≤": self.value < low,
            ">": self.value >= high,
            "≥": self.value > high,
            "=": not low <= self.value <= high,
        }
        if not impossible.get(self.comparison, False):
            return None
        limit = _("below {low:g}").format(low=low) if self.value <= low else _("above {high:g}").format(high=high)
        return _("this can never hold: {metric} is never {limit}").format(metric=self.metric.describe(), limit=limit)

    @property
    def is_flag(self) -> bool:
        """Whether the condition is a flag, described without a comparison."""
        return self.metric.quantity in FLAGS and (self.comparison, self.value) == (">", 0)

    def describe(self) -> str:
        """Return the condition as text, e.g. "largest |delta| of layer 1 < 1e-05"."""
        if self.is_flag:
            return _(FLAGS[self.metric.quantity])
        return f"{self.metric.describe()} {self.comparison} {self.value:.12g}"

    def describe_with_value(self, found: float) -> str:
        """Return the condition with the metric's value, e.g. "loss > 0.5: 0.71"."""
        says_all = self.is_flag and self.metric.quantity != "loss_rise"
        return self.describe() if says_all else f"{self.describe()}: {found:.6g}"


@dataclass(frozen=True)
class Breakpoint:
    """A breakpoint: it holds for an update if all of its conditions do.

    Attributes
    ----------
    conditions : tuple of Condition
        From one to `MOST_CONDITIONS`.
    enabled : bool
    log_only : bool
        Whether to log hits and continue instead of stopping.
    """

    conditions: tuple[Condition, ...]
    enabled: bool = True
    log_only: bool = False

    def problem(self, sizes: tuple[int, ...] | None = None) -> str | None:
        """Return what is wrong as a sentence, or None; see `Metric.problem`."""
        if not self.conditions:
            return _("a breakpoint needs at least one condition")
        if len(self.conditions) > MOST_CONDITIONS:
            return _("a breakpoint has at most {most_conditions} conditions, not {n_conditions}").format(
                most_conditions=MOST_CONDITIONS, n_conditions=len(self.conditions)
            )
        return next((problem for one in self.conditions if (problem := one.problem(sizes))), None)

    def describe(self) -> str:
        """Return the conditions as text, joined by "and"."""
        return _(" and ").join(condition.describe() for condition in self.conditions)


@dataclass(frozen=True)
class Hit:
    """An update for which a breakpoint held.

    Attributes
    ----------
    position : Position
        The position after the operation at which the breakpoint was known to hold.
    sample : int
        The training sample; for a batch, its first.
    breakpoint : Breakpoint
    values : tuple of float
        The metric's value for each condition.
    neuron : (int, int) or None
        Layer and neuron of the first of these values that belongs to one; None also if the update was not traced.
    """

    position: Position
    sample: int
    breakpoint: Breakpoint
    values: tuple[float, ...]
    neuron: tuple[int, int] | None = None

    def describe(self) -> str:
        """Return the conditions with their values, and where they held."""
        pairs = zip(self.breakpoint.conditions, self.values, strict=True)
        found = _(" and ").join(condition.describe_with_value(value) for condition, value in pairs)
        return _("{found}, at sample {sample:,} of epoch {epoch:,}").format(
            found=found, sample=self.sample, epoch=self.position.epoch
        )

    def describe_fully(self, n_layers: int, extra: tuple[str, ...] = ()) -> str:
        """Return the same with the operation after which the breakpoint was known to hold."""
        return f"{self.describe()}, {operation_text(self.position.operation, n_layers, extra)}"


@dataclass(frozen=True)
class Hits:
    """The hits of breakpoints since the last event of this kind.

    Attributes
    ----------
    counts : tuple of int
        Number of hits of each breakpoint since it was made.
    new : tuple of Hit
        The new hits; only the latest if there are very many.
    stopped : Hit or None
        The hit at which training has stopped, if it has.
    """

    counts: tuple[int, ...]
    new: tuple[Hit, ...]
    stopped: Hit | None


def _simple(quantity: str, comparison: str, value: float, **place: Any) -> Breakpoint:
    return Breakpoint((Condition(Metric(quantity, **place), comparison, value),))


#: Name on screen -> a predefined breakpoint.
READY_MADE: dict[str, Breakpoint] = {
    N_("vanishing delta in layer 1"): _simple("abs_delta", "<", 1e-5, layer=1),
    N_("saturated layer 1"): _simple("saturated", "≥", 0.5, layer=1),
    N_("exploding update in layer 1"): _simple("update", ">", 1.0, layer=1),
    N_("first number that is not finite"): _simple("not_finite", ">", 0),
    N_("misclassified sample"): _simple("misclassified", ">", 0),
    N_("loss that rose after the update"): _simple("loss_rise", ">", 0),
}


_BREAKPOINT: dict[str, Rule] = {"conditions": AnyValue(), "enabled": Boolean(), "log_only": Boolean()}
_CONDITION: dict[str, Rule] = {"subject": AnyValue(), "comparison": OneOf(COMPARISONS), "value": AnyValue()}


def armed(breakpoints: tuple[Breakpoint, ...], sizes: tuple[int, ...]) -> tuple[Breakpoint, ...]:
    """Return the breakpoints that are enabled and valid for a network of these widths."""
    return tuple(each for each in breakpoints if each.enabled and each.problem(sizes) is None)


def to_values(breakpoints: tuple[Breakpoint, ...]) -> list[dict[str, Any]]:
    """Return breakpoints as JSON members."""
    return [dataclasses.asdict(each) | {"conditions": _conditions_to_values(each)} for each in breakpoints]


def _conditions_to_values(breakpoint_: Breakpoint) -> list[dict[str, Any]]:
    return [
        {"subject": metric_to_values(each.metric), "comparison": each.comparison, "value": each.value}
        for each in breakpoint_.conditions
    ]


def from_values(values: Any) -> tuple[Breakpoint, ...]:
    """Return the breakpoints with JSON members as `to_values` returns them.

    Raises
    ------
    ValueError
        If a value is invalid; the message says which one and why.
    """
    return read_list(values, "breakpoints", MOST_BREAKPOINTS, _breakpoint)


def _breakpoint(values: Any, number: int) -> Breakpoint:
    what = _("breakpoint {number}").format(number=number)
    given = read_members(values, what, _BREAKPOINT, ("conditions",))
    conditions = read_list(
        given["conditions"],
        _("conditions of {what}").format(what=what),
        MOST_CONDITIONS,
        lambda each, n: _condition(each, _("{what}, condition {n}").format(what=what, n=n)),
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
    except OverflowError:  # an integer too large for a float
        return False
