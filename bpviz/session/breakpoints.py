"""Breakpoints: conditions on the numbers of an update, and what is kept of where they held."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from bpviz.core.subjects import Subject
from bpviz.session.position import Position

COMPARISONS = ("<", "≤", ">", "≥", "=", "≠")
#: Sentences for the conditions that are a plain yes.
_FLAGS = {
    "misclassified": "the sample is misclassified",
    "not_finite": "a number is not finite",
    "loss_rise": "the loss rose after the update",
}


@dataclass(frozen=True)
class Condition:
    """A number compared with another.

    Attributes
    ----------
    subject : Subject
    comparison : str
        One of `COMPARISONS`.
    value : float
    """

    subject: Subject
    comparison: str
    value: float

    def problem(self, sizes: tuple[int, ...] | None = None) -> str | None:
        """Return what is wrong as a sentence, or None; see `Subject.problem`."""
        if self.comparison not in COMPARISONS:
            return f"no comparison is written {self.comparison!r}; choose one of {' '.join(COMPARISONS)}"
        if not isinstance(self.value, int | float) or not math.isfinite(self.value):
            return f"a condition compares with a finite number, not {self.value!r}"
        return self.subject.problem(sizes)

    def words(self) -> str:
        """Return the condition as it reads, as in "largest |delta| of layer 1 < 1e-05"."""
        if self.subject.quantity in _FLAGS and (self.comparison, self.value) == (">", 0):
            return _FLAGS[self.subject.quantity]
        return f"{self.subject.words()} {self.comparison} {self.value:g}"


@dataclass(frozen=True)
class Breakpoint:
    """Conditions that must all hold for one update.

    Attributes
    ----------
    conditions : tuple of Condition
        At least one.
    enabled : bool
    log_only : bool
        Note where it holds and go on.
    """

    conditions: tuple[Condition, ...]
    enabled: bool = True
    log_only: bool = False

    def problem(self, sizes: tuple[int, ...] | None = None) -> str | None:
        """Return what is wrong as a sentence, or None; see `Subject.problem`."""
        if not self.conditions:
            return "a breakpoint needs at least one condition"
        return next((problem for one in self.conditions if (problem := one.problem(sizes))), None)

    def words(self) -> str:
        """Return its conditions as they read, joined by "and"."""
        return " and ".join(condition.words() for condition in self.conditions)


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

    def words(self) -> str:
        """Return which condition held with which value, where."""
        found = " and ".join(
            f"{condition.words()}: {value:.6g}"
            for condition, value in zip(self.breakpoint.conditions, self.values, strict=True)
        )
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
    return Breakpoint((Condition(Subject(quantity, **place), comparison, value),))


#: Words -> a breakpoint to begin with.
READY_MADE: dict[str, Breakpoint] = {
    "vanishing delta in layer 1": _simple("abs_delta", "<", 1e-5, layer=1),
    "saturated layer 1": _simple("saturated", "≥", 0.5, layer=1),
    "exploding update in layer 1": _simple("update", ">", 1.0, layer=1),
    "first number that is not finite": _simple("not_finite", ">", 0),
    "misclassified sample": _simple("misclassified", ">", 0),
    "loss that rose after the update": _simple("loss_rise", ">", 0),
}


def to_values(breakpoints: tuple[Breakpoint, ...]) -> list[dict[str, Any]]:
    """Return breakpoints as members of a JSON document."""
    return [dataclasses.asdict(each) for each in breakpoints]


def from_values(values: Any) -> tuple[Breakpoint, ...]:
    """Read what `to_values` wrote.

    Raises
    ------
    ValueError
        If it is anything else; the sentence says what and where.
    """
    if not isinstance(values, list):
        raise ValueError("breakpoints are a list")
    return tuple(_one_from(number, value) for number, value in enumerate(values, start=1))


def _one_from(number: int, value: Any) -> Breakpoint:
    try:
        conditions = tuple(
            Condition(Subject(**one["subject"]), one["comparison"], one["value"]) for one in value["conditions"]
        )
        made = Breakpoint(conditions, bool(value.get("enabled", True)), bool(value.get("log_only", False)))
        problem = made.problem()
    except (TypeError, KeyError, AttributeError) as fault:
        raise ValueError(f"breakpoint {number} is not written as bpviz writes it ({fault})") from fault
    if problem:
        raise ValueError(f"breakpoint {number}: {problem}")
    return made
