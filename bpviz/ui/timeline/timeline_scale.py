"""Mapping of positions to pixels on the timeline, and placement of bookmark names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from PySide6.QtCore import QRectF

from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import Position
from bpviz.ui.style import formats

MARGIN = 8.0
_WIDEST_NAME, _NARROWEST_NAME, _POLE, _APART = 120.0, 16.0, 8.0, 6.0
_BETWEEN_LABELS = 24.0


@dataclass(frozen=True)
class Scale:
    """Maps positions to pixels and back.

    Attributes
    ----------
    width : int
        Width of the track in pixels.
    epochs : int
        Number of epochs on the track, at least 1.
    samples : int
        Number of samples in an epoch, at least 1.
    """

    width: int
    epochs: int
    samples: int

    @property
    def length(self) -> float:
        """The distance from the start to the live end in pixels."""
        return max(self.width - 2 * MARGIN, 1.0)

    def x(self, position: Position) -> float:
        """Return the x of a position, clipped to the live end."""
        done = position.epoch + min(position.sample / self.samples, 1.0)
        return MARGIN + min(done / self.epochs, 1.0) * self.length

    def epoch(self, x: float) -> int:
        """Return the epoch nearest to an x."""
        share = (x - MARGIN) / self.length
        return round(min(max(share, 0.0), 1.0) * self.epochs)


@dataclass(frozen=True)
class AxisLabel:
    """A number on the axis: its text, the x of its tick, and the left edge of the text."""

    text: str
    x: float
    left: float


def axis_labels(scale: Scale, width_of: Callable[[str], float]) -> tuple[AxisLabel, ...]:
    """Return the numbers of the axis: multiples of 1, 2 or 5 times a power of ten, as close as can be read.

    Parameters
    ----------
    scale : Scale
    width_of : callable
        Returns the width of a text.
    """
    least = width_of(formats.count(scale.epochs)) + _BETWEEN_LABELS
    step = next(each for each in _steps() if each * scale.length / scale.epochs >= least or each >= scale.epochs)
    labels = []
    for epoch in range(0, scale.epochs + 1, step):
        text, x = formats.count(epoch), scale.x(Position(epoch))
        left = min(max(x - width_of(text) / 2, 0.0), scale.width - width_of(text))
        labels.append(AxisLabel(text, x, left))
    return tuple(labels)


def _steps() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 50 and so on."""
    return (factor * 10**power for power in count() for factor in (1, 2, 5))


@dataclass(frozen=True)
class BookmarkFlag:
    """The geometry of a bookmark on the track.

    Attributes
    ----------
    bookmark : Bookmark
    x : float
        The x of its pole.
    area : QRectF
        The clickable area: pole and name.
    name : QRectF
        The rectangle of its name; empty if there is no room for it.
    """

    bookmark: Bookmark
    x: float
    area: QRectF
    name: QRectF


def place_flags(
    bookmarks: tuple[Bookmark, ...], scale: Scale, height: float, width_of: Callable[[str], float]
) -> tuple[BookmarkFlag, ...]:
    """Place a pole for each bookmark, and its name in the space up to the next one.

    Parameters
    ----------
    bookmarks : tuple of Bookmark
        Bookmarks in order of time.
    scale : Scale
    height : float
        Height of a name.
    width_of : callable
        Returns the width of a text.
    """
    places = [scale.x(each.position) for each in bookmarks]
    flags: list[BookmarkFlag] = []
    taken = 0.0
    nexts = [*places, scale.width - MARGIN][1:]
    for bookmark, x, following in zip(bookmarks, places, nexts, strict=True):
        wanted = min(width_of(bookmark.name) + 2, _WIDEST_NAME)
        right, left = following - x - _POLE - _APART, x - _POLE - taken
        if x == places[-1] and right < wanted <= left:  # only the last name may be to the left of its pole
            name = QRectF(x - _APART - wanted, 0, wanted, height)
        else:
            name = QRectF(x + _POLE, 0, min(wanted, right), height) if right >= _NARROWEST_NAME else QRectF()
        area = QRectF(x - 2, 0, _POLE + 2, height).united(name)
        taken = area.right() + _APART
        flags.append(BookmarkFlag(bookmark, x, area, name))
    return tuple(flags)
