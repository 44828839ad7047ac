"""Board: panels side by side in a widget that is never on the screen, and their picture."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTableView, QVBoxLayout, QWidget

from bpviz.ui.style import theme as themes
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.pictures import drawn_anew

# So many lines of text are as high as a picture, where it has enough pixels to read them.
_LINES, _LEAST_PIXELS = 40, 14


class Board(QWidget):
    """Panels with their title lines, and a caption below them; it is never on the screen.

    Parameters
    ----------
    theme : Theme
    size : QSize
        Of the picture, in pixels.
    has_caption : bool
    """

    def __init__(self, theme: Theme, size: QSize, *, has_caption: bool = True) -> None:
        super().__init__()
        self.setObjectName("board")
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        themes.dress(self, theme)
        self._size, self._theme, self._has_caption = size, theme, has_caption
        self._made: dict[str, QWidget] = {}
        self._panels: list[Panel] = []
        self._tiles: list[QWidget] = []
        self._caption = QLabel(self)
        self._caption.setVisible(has_caption)

    @property
    def shown_tiles(self) -> tuple[QWidget, ...]:
        """The panels that are shown, with their title lines, in their order."""
        return tuple(self._tiles)

    def lacks(self, keys: tuple[str, ...]) -> list[str]:
        """Return which panels are still to be added."""
        return [key for key in keys if key not in self._made]

    def add(self, panel: Panel) -> None:
        """Add a panel, which `open` shows."""
        panel.prepare_for_picture()
        for area in (*panel.findChildren(QTableView), *panel.findChildren(QPlainTextEdit)):  # nobody can scroll it
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._panels.append(panel)
        self._made[panel.objectName()] = _tile(panel, self)

    def show_marks(self) -> None:
        """Let the titles say which panels do not follow the conventions that are chosen."""
        for panel in self._panels:
            panel.show_mark()

    def set_caption(self, text: str) -> None:
        """Set the line below the panels, as rich text."""
        self._caption.setText(text)

    def open(self, keys: tuple[str, ...]) -> None:
        """Show these panels, the first one largest, and let them draw; the others stay for later."""
        self._tiles = [self._made[key] for key in keys]
        for tile in self._made.values():
            tile.setVisible(tile in self._tiles)
        self.ensurePolished()
        scale = self._scale()
        self.resize(math.ceil(self._size.width() / scale), math.ceil(self._size.height() / scale))
        self._place_parts()
        self.show()

    def _scale(self) -> float:
        """Return how many pixels of the picture a pixel of the widgets takes: panels that need more room get it."""
        usual = max(self._size.height() / _LINES, _LEAST_PIXELS) / self.fontMetrics().height()
        least = [tile.minimumSizeHint() for tile in self._tiles]
        places = [_place(index, len(least), 1.0, 1.0) for index in range(len(least))]
        width = max(size.width() / place[2] for size, place in zip(least, places, strict=True)) + 2 * GAP
        height = max(size.height() / place[3] for size, place in zip(least, places, strict=True)) + 2 * GAP
        height += self._height_of_caption()
        return min(usual, self._size.width() / width, self._size.height() / height)

    def _height_of_caption(self) -> int:
        return 2 * self.fontMetrics().height() if self._has_caption else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the panels and the caption."""
        self._place_parts()

    def _place_parts(self) -> None:
        inside = self.rect().adjusted(GAP, GAP, -GAP, -GAP)
        below = self._height_of_caption()
        self._caption.setGeometry(inside.left() + GAP, inside.bottom() + 1 - below, inside.width() - 2 * GAP, below)
        for index, tile in enumerate(self._tiles):
            x, y, width, height = _place(index, len(self._tiles), inside.width(), inside.height() - below)
            tile.setGeometry(inside.left() + round(x), inside.top() + round(y), round(width), round(height))

    def paint_in_pieces(self) -> Iterator[QImage]:
        """Paint the picture piece by piece; the same image, complete after the last piece."""
        image = QImage(self._size, QImage.Format.Format_RGB32)
        image.fill(QColor(self._theme.paper))
        scale = self._size.width() / self.width()
        for part in self._parts():
            painter = QPainter(image)
            painter.scale(scale, scale)
            _paint(part, painter, part.mapTo(self, QPoint()))
            painter.end()
            yield image

    def paint_on(self, painter: QPainter, place: QRectF) -> Iterator[None]:
        """Paint on paper piece by piece, as large as it fits into the top of a place, in its middle."""
        scale = self._scale_on(place)
        for part in self._parts():
            painter.save()
            painter.translate(place.left() + (place.width() - scale * self.width()) / 2, place.top())
            painter.scale(scale, scale)
            _paint(part, painter, part.mapTo(self, QPoint()))
            painter.restore()
            yield

    def bottom_on(self, place: QRectF) -> float:
        """Return where a picture in a place ends."""
        return place.top() + self._scale_on(place) * self.height()

    def _scale_on(self, place: QRectF) -> float:
        return min(place.width() / self.width(), place.height() / self.height())

    def _parts(self) -> list[QWidget]:
        themes.dress_all(self, self._theme)
        return [part for part in (*self._tiles, self._caption) if part.isVisible()]

    def picture(self) -> QImage:
        """Return the whole picture."""
        *_, image = self.paint_in_pieces()
        return image


def _paint(part: QWidget, painter: QPainter, place: QPoint) -> None:
    painter.setClipRect(QRect(place, part.size()))
    with drawn_anew(part):
        QWidget.render(part, painter, place)


def _tile(panel: Panel, parent: QWidget) -> QWidget:
    """Return a panel below its title line, as a dock shows it."""
    tile = QWidget(parent)
    column = QVBoxLayout(tile)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(panel.title_line)
    column.addWidget(panel, 1)
    panel.take_over()
    return tile


def _place(index: int, count: int, width: float, height: float) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a panel: two side by side, of three the first one large, more in rows."""
    if count <= 2:
        return index * width / count, 0.0, width / count, height
    if count == 3:
        half, row = width / 2, height / 2
        return (0.0, 0.0, half, height) if index == 0 else (half, (index - 1) * row, half, row)
    columns = math.ceil(count / 2)
    row, column = divmod(index, columns)
    return column * width / columns, row * height / 2, width / columns, height / 2
