"""Bookmarks: named positions."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from bpviz.language import _
from bpviz.session.experiment.json_fields import AnyValue, read_list, read_members
from bpviz.session.experiment.validation import Integer, Rule, TextLine
from bpviz.session.training.position import Position

MOST_BOOKMARKS, MOST_LETTERS = 200, 60
_NUMBER = Integer(0, 2**53)


@dataclass(frozen=True, order=True)
class Bookmark:
    """A named position.

    Attributes
    ----------
    position : Position
    name : str
        One line, from one to `MOST_LETTERS` characters.
    branch : int
        The number of its branch.
    """

    position: Position
    name: str
    branch: int = 0


_BOOKMARK: dict[str, Rule] = {"position": AnyValue(), "name": TextLine(MOST_LETTERS), "branch": _NUMBER}
_POSITION: dict[str, Rule] = {"epoch": _NUMBER, "sample": _NUMBER, "operation": _NUMBER}


def to_values(bookmarks: tuple[Bookmark, ...]) -> list[dict[str, Any]]:
    """Return bookmarks as JSON members."""
    return [dataclasses.asdict(each) for each in bookmarks]


def from_values(values: Any) -> tuple[Bookmark, ...]:
    """Return the bookmarks with JSON members as `to_values` returns them.

    Raises
    ------
    ValueError
        If a value is invalid; the message says which one and why.
    """
    return read_list(values, "bookmarks", MOST_BOOKMARKS, _bookmark)


def _bookmark(values: Any, number: int) -> Bookmark:
    what = _("bookmark {number}").format(number=number)
    given = read_members(values, what, _BOOKMARK, tuple(_BOOKMARK))
    return Bookmark(read_position(given["position"], what), given["name"], given["branch"])


def read_position(values: Any, what: str) -> Position:
    """Return the position with JSON members as `dataclasses.asdict` returns them; raises as `read_members`."""
    return Position(**read_members(values, what, _POSITION, tuple(_POSITION)))
