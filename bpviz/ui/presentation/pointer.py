"""The mouse pointer of a presentation: with a ring that the last row sees, as a pen, or hidden."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication

from bpviz.ui.style.theme import Theme

# As parts of the height of the screen. The pointer of many desktops can be no wider than 256 pixels.
_RING, _LINE, _HALO, _DOT = 1 / 10, 1 / 150, 1 / 60, 1 / 90
_MOST_PIXELS = 256


class Look(Enum):
    """How the pointer looks."""

    USUAL = "usual"
    RING = "ring"
    PEN = "pen"
    HIDDEN = "hidden"


class Pointer:
    """Sets the pointer of the whole program.

    A pointer is moved by the desktop, so that it follows the hand also while the program paints.
    """

    def __init__(self) -> None:
        self.look = Look.USUAL

    def show(self, look: Look, theme: Theme, height: int) -> None:
        """Use a look, in the colours of a theme, for a screen of so many pixels in height."""
        if self.look is not Look.USUAL:
            QApplication.restoreOverrideCursor()
        self.look = look
        if look is Look.HIDDEN:
            QApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
        elif look is not Look.USUAL:
            made = _ring(theme, height) if look is Look.RING else _pen(theme, height)
            QApplication.setOverrideCursor(QCursor(made))


def _ring(theme: Theme, height: int) -> QPixmap:
    return _circles(height, theme, round(min(_RING * height, _MOST_PIXELS)), has_ring=True)


def _pen(theme: Theme, height: int) -> QPixmap:
    return _circles(height, theme, round(3 * _DOT * height), has_ring=False)


def _circles(height: int, theme: Theme, size: int, *, has_ring: bool) -> QPixmap:
    """Return a dot in the middle of a picture, and a ring at its edge if wanted, both with edges of paper."""
    picture = QPixmap(size | 1, size | 1)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle, radius = QPointF(picture.rect().center()) + QPointF(0.5, 0.5), (size - _HALO * height) / 2
    for share, colour in ((_HALO, theme.paper), (_LINE, theme.danger)):
        if has_ring:
            painter.setPen(QPen(QColor(colour), share * height))
            painter.drawEllipse(middle, radius, radius)
        dot = QPen(QColor(colour), _DOT * height * (1.6 if colour == theme.paper else 1.0))
        dot.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(dot)
        painter.drawPoint(middle)
    painter.end()
    return picture
