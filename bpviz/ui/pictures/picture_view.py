"""A picture of square pixels, of which the pointer or the arrow keys choose one."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.core.arrays import Array
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.style.theme import LIGHT, Theme

#: The scale of ink, as fractions of the range of the data.
INK = Scale("ink", 1.0)
_LEAST_SIDE, _USUAL_SIDE = 48, 160
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
Cell = tuple[int, int]


class PictureView(QWidget):
    """Paints an array as square pixels, as large as there is room for.

    Parameters
    ----------
    name : str
        Accessible name.

    Attributes
    ----------
    values : ndarray of shape (n_rows, n_columns) or None
        What is shown.
    cell : (int, int) or None
        Row and column of the pixel under the pointer, or chosen by the keyboard.

    Signals
    -------
    pointed : (int, int) or None
        `cell` has changed.
    """

    pointed = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.values: Array | None = None
        self.cell: Cell | None = None
        self._scale, self._theme, self._image = INK, LIGHT, QImage()

    def show_values(self, values: Array | None, scale: Scale) -> None:
        """Show an array of shape (n_rows, n_columns); None for nothing."""
        if self.values is not None and (values is None or values.shape != self.values.shape):
            self._point_at(None)
        self.values, self._scale = values, scale
        self._draw()

    @property
    def values_shape(self) -> tuple[int, int] | None:
        """Rows and columns of what is shown; None for nothing."""
        return None if self.values is None else (self.values.shape[0], self.values.shape[1])

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self._draw()

    def _draw(self) -> None:
        if self.values is not None:
            self._image = cells.picture(cells.shades(self.values, self._scale, self._theme))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        return QSize(_USUAL_SIDE, _USUAL_SIDE)

    def minimumSizeHint(self) -> QSize:
        """Return a size in which pixels can still be told apart."""
        return QSize(_LEAST_SIDE, _LEAST_SIDE)

    # Geometry

    def area(self) -> QRectF:
        """Return the rectangle of the picture: in the middle at the top, with square pixels."""
        if self.values is None:
            return QRectF()
        rows, columns = self.values.shape
        side = min((self.width() - 2) / columns, (self.height() - 2) / rows)
        return QRectF((self.width() - side * columns) / 2, 1, side * columns, side * rows)

    def place_of(self, where: QPointF) -> tuple[float, float]:
        """Return (row, column) of a point, as fractions of pixels; it may be outside of the picture."""
        assert self.values is not None
        area, (rows, columns) = self.area(), self.values.shape
        down, right = (where.y() - area.top()) / area.height(), (where.x() - area.left()) / area.width()
        return down * rows, right * columns

    def cell_at(self, where: QPointF) -> Cell | None:
        """Return the pixel at a point, or None."""
        if self.values is None:
            return None
        row, column = map(math.floor, self.place_of(where))
        rows, columns = self.values.shape
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def centre_of(self, row: int, column: int) -> QPointF:
        """Return the middle of a pixel."""
        assert self.values is not None
        area, (rows, columns) = self.area(), self.values.shape
        return QPointF(
            area.left() + (column + 0.5) * area.width() / columns, area.top() + (row + 0.5) * area.height() / rows
        )

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, its frame and the chosen pixel."""
        if self.values is None:
            return
        painter, area = QPainter(self), self.area()
        painter.drawImage(area, self._image)
        painter.setPen(QPen(QColor(self._theme.accent if self.hasFocus() else self._theme.edge), 1))
        painter.drawRect(area)
        if self.cell is not None:
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.drawRect(self._box_of(*self.cell))
        painter.end()

    def _box_of(self, row: int, column: int) -> QRect:
        assert self.values is not None
        rows, columns = self.values.shape
        width, height = self.area().width() / columns, self.area().height() / rows
        middle = self.centre_of(row, column)
        return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height).toRect()

    # Pointer and keyboard

    def _point_at(self, cell: Cell | None) -> None:
        if cell != self.cell:
            self.cell = cell
            self.pointed.emit(cell)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the pixel under the pointer."""
        self._point_at(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Choose no pixel."""
        self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the frame of the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Choose no pixel."""
        super().focusOutEvent(event)
        self._point_at(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the next pixel in the direction of an arrow key."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None or self.values is None:
            super().keyPressEvent(event)
            return
        row, column = (0, 0) if self.cell is None else (self.cell[0] + move[0], self.cell[1] + move[1])
        rows, columns = self.values.shape
        self._point_at((min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)))
