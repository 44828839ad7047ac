"""Where moments lie on the timeline, and the names of bookmarks beside one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import Position

MARGIN = 8.0
_WIDEST_NAME, _NARROWEST_NAME, _POLE, _APART = 120.0, 16.0, 8.0, 6.0


@dataclass(frozen=True)
class Scale:
    """From moments to pixels and back.

    Attributes
    ----------
    width : int
        Of the track, in pixels.
    epochs : int
        How many lie on it, at least 1.
    samples : int
        How many make an epoch, at least 1.
    """

    width: int
    epochs: int
    samples: int

    @property
    def length(self) -> float:
        """How many pixels there are from the start to the live end."""
        return max(self.width - 2 * MARGIN, 1.0)

    def x(self, position: Position) -> float:
        """Return where a moment lies; what is further than the end lies at the end."""
        done = position.epoch + min(position.sample / self.samples, 1.0)
        return MARGIN + min(done / self.epochs, 1.0) * self.length

    def epoch(self, x: float) -> int:
        """Return the epoch that lies nearest."""
        share = (x - MARGIN) / self.length
        return round(min(max(share, 0.0), 1.0) * self.epochs)


@dataclass(frozen=True)
class Flag:
    """A bookmark on the track.

    Attributes
    ----------
    bookmark : Bookmark
    x : float
        Where its pole stands.
    area : QRectF
        What is clicked on: pole and name.
    name : QRectF
        The room of its name, empty where there is none.
    """

    bookmark: Bookmark
    x: float
    area: QRectF
    name: QRectF


def place_flags(
    bookmarks: tuple[Bookmark, ...], scale: Scale, height: float, width_of: Callable[[str], float]
) -> tuple[Flag, ...]:
    """Give every bookmark a pole, and its name as much room as there is up to the next one.

    Parameters
    ----------
    bookmarks : tuple of Bookmark
        In the order of time.
    scale : Scale
    height : float
        Of a name.
    width_of : callable
        Returns how wide a text is.
    """
    places = [scale.x(each.position) for each in bookmarks]
    flags: list[Flag] = []
    taken = 0.0
    nexts = [*places, scale.width - MARGIN][1:]
    for bookmark, x, following in zip(bookmarks, places, nexts, strict=True):
        wanted = min(width_of(bookmark.name) + 2, _WIDEST_NAME)
        right, left = following - x - _POLE - _APART, x - _POLE - taken
        if x == places[-1] and right < wanted <= left:  # the last one may write to the left of its pole
            name = QRectF(x - _APART - wanted, 0, wanted, height)
        else:
            name = QRectF(x + _POLE, 0, min(wanted, right), height) if right >= _NARROWEST_NAME else QRectF()
        area = QRectF(x - 2, 0, _POLE + 2, height).united(name)
        taken = area.right() + _APART
        flags.append(Flag(bookmark, x, area, name))
    return tuple(flags)
