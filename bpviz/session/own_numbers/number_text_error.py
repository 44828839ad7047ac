"""The error of a text that is no array of numbers."""

from __future__ import annotations

_LONGEST = 24


class NumberTextError(ValueError):
    """A text cannot be read: the sentence says what is wrong, where, and what to do."""


def quoted(text: str) -> str:
    """Return the beginning of a text on one line, to be quoted in a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
