"""Strict reading of JSON objects: unknown members and invalid values are refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bpviz.core.metrics.metric import AGGREGATIONS, QUANTITIES, Metric
from bpviz.language import _
from bpviz.session.experiment.validation import Integer, OneOf, Rule

_NUMBER = Integer(0, 1_000_000)
# For the parameters that four branches may start from, each in one text.
_SPARE_BYTES, _BYTES_OF_A_CONTAINER = 14_000_000, 1000
_SPARE_VALUES, _VALUES_OF_A_CONTAINER = 10_000, 16
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Nullable:
    """A value that another rule allows, or None."""

    rule: Rule

    def problem(self, value: object) -> str | None:
        """See `bpviz.session.experiment.validation.Rule`."""
        return None if value is None else self.rule.problem(value)


@dataclass(frozen=True)
class AnyValue:
    """Any value; the code that reads its members validates it."""

    def problem(self, value: object) -> str | None:
        """See `bpviz.session.experiment.validation.Rule`."""
        return None


_METRIC: dict[str, Rule] = {
    "quantity": OneOf(tuple(QUANTITIES)),
    "layer": _NUMBER,
    "measure": OneOf(AGGREGATIONS),
    "neuron": Nullable(_NUMBER),
    "source": Nullable(_NUMBER),
}


def check_amount(content: bytes, what: str, most_containers: int, spare_bytes: int = _SPARE_BYTES) -> None:
    """Check how much a JSON text holds before it is parsed: an empty list of two letters takes 64 bytes in memory.

    Parameters
    ----------
    content : bytes
    what : str
        The subject of error messages, e.g. "session.json".
    most_containers : int
        The largest number of objects and lists. Each may have 16 values and 1,000 bytes on average, and all together
        some more, which is several times what bpviz writes. Brackets and commas within strings are counted too.
    spare_bytes : int
        How many bytes it may have besides.

    Raises
    ------
    ValueError
        If the text holds more.
    """
    containers, values = content.count(b"{") + content.count(b"["), content.count(b",")
    most_values = _SPARE_VALUES + _VALUES_OF_A_CONTAINER * containers
    most_bytes = spare_bytes + _BYTES_OF_A_CONTAINER * containers
    if containers > most_containers or values > most_values or len(content) > most_bytes:
        raise ValueError(_("{what} holds more than bpviz would ever write").format(what=what))


def read_members(values: Any, what: str, rules: Mapping[str, Rule], needed: tuple[str, ...]) -> dict[str, Any]:
    """Return the members of a JSON object after validating them.

    Parameters
    ----------
    values : object
        A value returned by `json.loads`.
    what : str
        The subject of error messages, e.g. "breakpoint 2".
    rules : mapping of str to Rule
        The members that the object may have.
    needed : tuple of str
        The members that it must have.

    Raises
    ------
    ValueError
        With a sentence about the first thing that is wrong.
    """
    if not isinstance(values, dict):
        raise ValueError(_("{what}: it must be a JSON object").format(what=what))
    if unknown := sorted(values.keys() - rules.keys()):
        raise ValueError(_("{what}: it has no member called {unknown}").format(what=what, unknown=unknown[0]))
    if missing := [name for name in needed if name not in values]:
        raise ValueError(_("{what}: its member {missing} is missing").format(what=what, missing=missing[0]))
    for name, value in values.items():
        if problem := rules[name].problem(value):
            raise ValueError(f"{what}: {name} {problem}")
    return values


def read_list(values: Any, what: str, most: int, read: Callable[[Any, int], Entry]) -> tuple[Entry, ...]:
    """Read every entry of a JSON list.

    Parameters
    ----------
    values : object
        A value returned by `json.loads`.
    what : str
        The entries' name in error messages, e.g. "breakpoints".
    most : int
        The largest number of entries.
    read : callable
        ``read(entry, number)`` -> the entry read; `number` counts from 1.

    Raises
    ------
    ValueError
        If the value is not a list or is longer than `most`; also what `read` raises.
    """
    if not isinstance(values, list | tuple):
        raise ValueError(_("{what} must be a list").format(what=what))
    if len(values) > most:
        raise ValueError(
            _("there are {n_values:,} {what}; at most {most} are allowed").format(
                n_values=len(values), what=what, most=most
            )
        )
    return tuple(read(entry, number) for number, entry in enumerate(values, start=1))


def metric_to_values(metric: Metric) -> dict[str, Any]:
    """Return the JSON members of a metric. `aggregation` is stored as "measure", as in files of earlier versions."""
    values = dataclasses.asdict(metric)
    return {"measure" if name == "aggregation" else name: value for name, value in values.items()}


def read_metric(values: Any, what: str) -> Metric:
    """Return the metric with members as `metric_to_values` returns them; raises as `read_members`."""
    members = read_members(values, what, _METRIC, ("quantity",))
    metric = Metric(**{"aggregation" if name == "measure" else name: value for name, value in members.items()})
    if problem := metric.problem():
        raise ValueError(f"{what}: {problem}")
    return metric
