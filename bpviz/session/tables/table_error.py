"""The error of a table that cannot be read or used, and how its cells are quoted."""

from __future__ import annotations

_LONGEST = 24


class TableError(ValueError):
    """A table cannot be read or used: the sentence says what is wrong, where, and what to do."""


class ReadingCancelledError(Exception):
    """The user stopped the reading of a table."""


def quoted(text: str) -> str:
    """Return the beginning of a text on one line, to be quoted in a sentence."""
    line = " ".join(text[: 4 * _LONGEST].split())
    return line if len(line) <= _LONGEST and len(text) <= 4 * _LONGEST else f"{line[: _LONGEST - 1]}…"
