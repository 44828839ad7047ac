"""Bookmarks: moments of training that have a name."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from bpviz.session.experiment.json_fields import Anything, read_list, read_members
from bpviz.session.experiment.validation import Line, Rule, Whole
from bpviz.session.training.position import Position

MOST_BOOKMARKS, MOST_LETTERS = 200, 60
_NUMBER = Whole(0, 2**53)


@dataclass(frozen=True, order=True)
class Bookmark:
    """A moment with a name.

    Attributes
    ----------
    position : Position
    name : str
        One line, from one to `MOST_LETTERS` characters.
    branch : int
        The number of the branch on which it was made.
    """

    position: Position
    name: str
    branch: int = 0


_BOOKMARK: dict[str, Rule] = {"position": Anything(), "name": Line(MOST_LETTERS), "branch": _NUMBER}
_POSITION: dict[str, Rule] = {"epoch": _NUMBER, "sample": _NUMBER, "operation": _NUMBER}


def to_values(bookmarks: tuple[Bookmark, ...]) -> list[dict[str, Any]]:
    """Return bookmarks as members of a JSON document."""
    return [dataclasses.asdict(each) for each in bookmarks]


def from_values(values: Any) -> tuple[Bookmark, ...]:
    """Read what `to_values` wrote.

    Raises
    ------
    ValueError
        If it is anything else; the sentence says what and where.
    """
    return read_list(values, "bookmarks", MOST_BOOKMARKS, _bookmark)


def _bookmark(values: Any, number: int) -> Bookmark:
    what = f"bookmark {number}"
    given = read_members(values, what, _BOOKMARK, tuple(_BOOKMARK))
    return Bookmark(read_position(given["position"], what), given["name"], given["branch"])


def read_position(values: Any, what: str) -> Position:
    """Return a position from the members that `dataclasses.asdict` makes of it; raises as `read_members`."""
    return Position(**read_members(values, what, _POSITION, tuple(_POSITION)))
