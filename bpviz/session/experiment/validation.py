"""Validation rules for single values, with an error message for each invalid one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bpviz.language import _


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
        return _("must be a whole number from {least:,} to {most:,}, not {shown}").format(
            least=self.least, most=self.most, shown=shown(value)
        )


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
        text = _("must be a number from {least:,.12g} to {most:,.12g}, not {value}")
        if self.above:
            text = _("must be a number greater than {least:,.12g} up to {most:,.12g}, not {value}")
        return text.format(least=self.least, most=self.most, value=shown(value))

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
        return (
            None
            if value in self.choices
            else _("must be one of {choices}, not {shown}").format(choices=", ".join(self.choices), shown=shown(value))
        )


@dataclass(frozen=True)
class TextLine:
    """One line of printable text, of 1 to `most` characters."""

    most: int

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        if isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) <= len(value) <= self.most:
            return None
        return _("must be one line of 1 to {most} characters").format(most=self.most)


@dataclass(frozen=True)
class Text:
    """Any text of at most `most` characters."""

    most: int

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        if isinstance(value, str) and len(value) <= self.most:
            return None
        return _("must be a text of at most {most:,} characters").format(most=self.most)


@dataclass(frozen=True)
class Instance:
    """A value of a class, or None."""

    kind: type

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        return (
            None
            if value is None or isinstance(value, self.kind)
            else _("must be a {name}").format(name=self.kind.__name__.lower())
        )


@dataclass(frozen=True)
class Boolean:
    """True or false."""

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        return None if isinstance(value, bool) else _("must be true or false, not {shown}").format(shown=shown(value))


@dataclass(frozen=True)
class ListOf:
    """A list of at most `most` values, each of which must satisfy one rule."""

    each: Rule
    most: int

    def problem(self, value: object) -> str | None:
        """See `Rule`."""
        if not isinstance(value, tuple | list):
            return _("must be a list, not {shown}").format(shown=shown(value))
        if len(value) > self.most:
            return _("may have at most {most} entries, not {count}").format(most=self.most, count=len(value))
        found = (self.each.problem(entry) for entry in value)
        return next(
            (
                _("entry {number}: {problem}").format(number=number, problem=problem)
                for number, problem in enumerate(found, 1)
                if problem
            ),
            None,
        )


def shown(value: object) -> str:
    """Return a rejected value as text of at most 40 characters."""
    if value == "":
        return _("nothing")
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
