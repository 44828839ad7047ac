"""Validation rules for single values, with an error message for each invalid one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Rule(Protocol):
    """A validation rule for one value."""

    def problem(self, value: object) -> str | None:
        """Return what is wrong with `value`, as the rest of a sentence that begins with its name, or None."""


@dataclass(frozen=True)
class Integer:
    """A whole number from `least` to `most`."""

    least: int
    most: int

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return None
        return f"must be a whole number from {self.least:,} to {self.most:,}, not {shown(value)}"


@dataclass(frozen=True)
class Real:
    """A number from `least` to `most`; with `above`, greater than `least`."""

    least: float
    most: float
    above: bool = False

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        if isinstance(value, int | float) and not isinstance(value, bool) and self._holds(value):
            return None
        begin = "greater than" if self.above else "from"
        end = "up to" if self.above else "to"
        return f"must be a number {begin} {self.least:,.12g} {end} {self.most:,.12g}, not {shown(value)}"

    def _holds(self, value: float) -> bool:
        # NaN and infinity fail these comparisons, and integers too large for a float can be compared.
        low_enough = self.least < value if self.above else self.least <= value
        return low_enough and value <= self.most


@dataclass(frozen=True)
class OneOf:
    """One of several words."""

    choices: tuple[str, ...]

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        return None if value in self.choices else f"must be one of {', '.join(self.choices)}, not {shown(value)}"


@dataclass(frozen=True)
class TextLine:
    """One line of printable text, of 1 to `most` characters."""

    most: int

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        if isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) <= len(value) <= self.most:
            return None
        return f"must be one line of 1 to {self.most} characters"


@dataclass(frozen=True)
class Text:
    """Any text of at most `most` characters."""

    most: int

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        if isinstance(value, str) and len(value) <= self.most:
            return None
        return f"must be a text of at most {self.most:,} characters"


@dataclass(frozen=True)
class Instance:
    """A value of a class, or None."""

    kind: type

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        return None if value is None or isinstance(value, self.kind) else f"must be a {self.kind.__name__.lower()}"


@dataclass(frozen=True)
class Boolean:
    """True or false."""

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        return None if isinstance(value, bool) else f"must be true or false, not {shown(value)}"


@dataclass(frozen=True)
class ListOf:
    """A list of at most `most` values, each of which must satisfy one rule."""

    each: Rule
    most: int

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        if not isinstance(value, tuple | list):
            return f"must be a list, not {shown(value)}"
        if len(value) > self.most:
            return f"may have at most {self.most} entries, not {len(value)}"
        found = (self.each.problem(entry) for entry in value)
        return next((f"entry {number}: {problem}" for number, problem in enumerate(found, 1) if problem), None)


def shown(value: object) -> str:
    """Return a rejected value as text of at most 40 characters."""
    if value == "":
        return "nothing"
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
