"""Board: panels side by side in a widget that is never seen, and their picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpviz.ui.style import theme as themes
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.pictures import drawn_anew

# So many lines of text are as high as a picture, where it has enough pixels to read them.
_LINES, _LEAST_PIXELS = 40, 14
_MOST_ROWS = 2
MakePanel = Callable[[str], Panel]


class Board(QWidget):
    """Panels with their title lines, and a caption below them; it is never on the screen.

    Parameters
    ----------
    keys : tuple of str
        The panels, in the order in which they are placed.
    make : callable
        Makes the panel of a key.
    theme : Theme
    size : QSize
        Of the picture, in pixels.
    has_caption : bool
    """

    def __init__(
        self, keys: tuple[str, ...], make: MakePanel, theme: Theme, size: QSize, *, has_caption: bool = True
    ) -> None:
        super().__init__()
        self.setObjectName("board")
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        themes.dress(self, theme)
        self._size, self._theme = size, theme
        self._tiles = [_tile(make(key)) for key in keys]
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        _place(self._grid, self._tiles)
        self._caption = QLabel(wordWrap=False)
        self._caption.setObjectName("film_caption")
        self._caption.setVisible(has_caption)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addLayout(self._grid, 1)
        column.addWidget(self._caption)

    def set_caption(self, text: str) -> None:
        """Set the line below the panels, as rich text."""
        self._caption.setText(text)

    def open(self) -> None:
        """Give the panels their size, and let them draw."""
        scale = self._scale()
        self.resize(math.ceil(self._size.width() / scale), math.ceil(self._size.height() / scale))
        self.show()

    def _scale(self) -> float:
        """Return how many pixels of the picture a pixel of the widgets takes: panels that need more room get it."""
        self.ensurePolished()
        line = self.fontMetrics().height()
        usual = max(self._size.height() / _LINES, _LEAST_PIXELS) / line
        least = self.layout().totalMinimumSize()
        fits = min(self._size.width() / max(least.width(), 1), self._size.height() / max(least.height(), 1))
        return min(usual, fits)

    def paint_in_pieces(self) -> Iterator[QImage]:
        """Paint the picture piece by piece; the same image, complete after the last piece."""
        image = QImage(self._size, QImage.Format.Format_RGB32)
        image.fill(QColor(self._theme.paper))
        themes.dress_all(self, self._theme)
        scale = self._size.width() / self.width()
        for part in (*self._tiles, self._caption):
            if part.isVisible():
                self._paint(part, image, scale)
                yield image

    def _paint(self, part: QWidget, image: QImage, scale: float) -> None:
        painter = QPainter(image)
        painter.scale(scale, scale)
        place = part.mapTo(self, QPoint())
        painter.setClipRect(QRect(place, part.size()))
        try:
            with drawn_anew(part):
                QWidget.render(part, painter, place)
        finally:
            painter.end()

    def picture(self) -> QImage:
        """Return the whole picture."""
        *_, image = self.paint_in_pieces()
        return image


def _tile(panel: Panel) -> QWidget:
    """Return a panel below its title line, as a dock shows it."""
    tile = QWidget()
    tile.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # tiles of a row are equally wide
    column = QVBoxLayout(tile)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(panel.title_line)
    column.addWidget(panel, 1)
    panel.take_over()
    return tile


def _place(grid: QGridLayout, tiles: list[QWidget]) -> None:
    """Place up to two side by side, three with the first one large, more in two rows."""
    if len(tiles) <= _MOST_ROWS:
        places = [(0, column, 1, 1) for column in range(len(tiles))]
    elif len(tiles) == 3:
        places = [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]
    else:
        columns = math.ceil(len(tiles) / _MOST_ROWS)
        places = [(index // columns, index % columns, 1, 1) for index in range(len(tiles))]
    for tile, place in zip(tiles, places, strict=True):
        grid.addWidget(tile, *place)
        for column in range(place[1], place[1] + place[3]):
            grid.setColumnStretch(column, 1)
        for row in range(place[0], place[0] + place[2]):
            grid.setRowStretch(row, 1)
