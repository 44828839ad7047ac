"""A vertical colour bar with tick labels that are never clipped."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.theme import GAP, LIGHT, Theme

_WIDTH = 12
Ticks = list[tuple[float, str]]


class ColourBar(QWidget):
    """A vertical colour bar; a tick is a fraction of the bar, 0 (bottom) to 1 (top), and a text.

    Parameters
    ----------
    name : str
        Accessible name.
    widest : str
        The widest tick text, which sets the width of the widget.
    above, below : float
        Lines of text to leave free, so that the bar is aligned with the plot next to it.
    """

    def __init__(self, name: str, widest: str, *, above: float = 0.5, below: float = 0.5) -> None:
        super().__init__()
        self._above, self._below = above, below
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._widest = widest
        self._theme: Theme = LIGHT
        self._map: pg.ColorMap | None = None
        self._image = QImage()
        self.ticks: Ticks = []

    def show_scale(self, theme: Theme, colour_map: pg.ColorMap) -> None:
        """Set the theme and the colour map; nothing is repainted if both are unchanged."""
        if theme is self._theme and colour_map is self._map:
            return
        pixels = colours.lookup(colour_map)[::-1].copy()
        # One pixel wide: the painter stretches it. The copy owns its pixels, since QImage does not keep the buffer.
        self._image = QImage(pixels.tobytes(), 1, len(pixels), 3, QImage.Format.Format_RGB888).copy()
        self._theme, self._map = theme, colour_map
        self.updateGeometry()
        self.update()

    def show_ticks(self, ticks: Ticks) -> None:
        """Set the tick labels; they are repainted only if they changed."""
        if ticks != self.ticks:
            self.ticks = ticks
            self.update()

    def set_widest(self, text: str) -> None:
        """Set the widest tick text."""
        if text != self._widest:
            self._widest = text
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size of the bar with its widest tick label."""
        return QSize(_WIDTH + GAP + self.fontMetrics().horizontalAdvance(self._widest), 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar and its tick labels."""
        line = self.fontMetrics().height()
        top, bottom = round(self._above * line), round(self._below * line)
        bar = QRect(0, top, _WIDTH, self.height() - top - bottom)
        painter = QPainter(self)
        painter.drawImage(bar, self._image)
        painter.setPen(QColor(self._theme.hairline))
        painter.drawRect(bar.adjusted(0, 0, -1, -1))
        painter.setPen(QColor(self._theme.muted))
        for place, text in self.ticks:
            y = bar.bottom() - round(place * (bar.height() - 1))
            box = QRect(_WIDTH + GAP // 2, y - line // 2, self.width(), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
