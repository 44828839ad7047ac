"""Objects of a JSON document, read strictly: every member is known, and every value keeps its rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpviz.core.metrics.metric import MEASURES, QUANTITIES, Subject
from bpviz.session.experiment.validation import OneOf, Rule, Whole

_NUMBER = Whole(0, 1_000_000)


@dataclass(frozen=True)
class Maybe:
    """What another rule allows, or nothing."""

    rule: Rule

    def problem(self, value: object) -> str | None:
        """See `bpviz.session.experiment.validation.Rule`."""
        return None if value is None else self.rule.problem(value)


@dataclass(frozen=True)
class Anything:
    """Any value: whoever reads it further judges it."""

    def problem(self, value: object) -> str | None:
        """See `bpviz.session.experiment.validation.Rule`."""
        return None


_SUBJECT: dict[str, Rule] = {
    "quantity": OneOf(tuple(QUANTITIES)),
    "layer": _NUMBER,
    "measure": OneOf(MEASURES),
    "neuron": Maybe(_NUMBER),
    "source": Maybe(_NUMBER),
}


def read_members(values: Any, what: str, rules: Mapping[str, Rule], needed: tuple[str, ...]) -> dict[str, Any]:
    """Return the members of a JSON object.

    Parameters
    ----------
    values : object
        What `json.loads` made of it.
    what : str
        How sentences about it begin, as in "breakpoint 2".
    rules : mapping of str to Rule
        The members that it may have.
    needed : tuple of str
        Those that it must have.

    Raises
    ------
    ValueError
        With a sentence about the first thing that is wrong.
    """
    if not isinstance(values, dict):
        raise ValueError(f"{what}: it must be a JSON object")
    if unknown := sorted(values.keys() - rules.keys()):
        raise ValueError(f"{what}: it has no member called {unknown[0]}")
    if missing := [name for name in needed if name not in values]:
        raise ValueError(f"{what}: its member {missing[0]} is missing")
    for name, value in values.items():
        if problem := rules[name].problem(value):
            raise ValueError(f"{what}: {name} {problem}")
    return values


def read_list(values: Any, what: str, most: int) -> list[Any]:
    """Return the entries of a JSON list; raises a ValueError if it is none, or is longer than `most`."""
    if not isinstance(values, list | tuple):
        raise ValueError(f"{what} must be a list")
    if len(values) > most:
        raise ValueError(f"there are {len(values):,} {what}, and {most} is the most")
    return list(values)


def read_subject(values: Any, what: str) -> Subject:
    """Return a subject from the members that `dataclasses.asdict` makes of it; raises as `read_members`."""
    subject = Subject(**read_members(values, what, _SUBJECT, ("quantity",)))
    if problem := subject.problem():
        raise ValueError(f"{what}: {problem}")
    return subject
