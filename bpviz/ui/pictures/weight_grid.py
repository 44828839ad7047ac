"""The weights of layer 1 as a grid of small pictures, one for each neuron."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.session.pictures.shape import Shape
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.style.theme import GAP, LIGHT, Theme

# The smallest and the largest side of a picture, in pixels of the screen.
_LEAST_SIDE, _MOST_SIDE = 40, 96
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -(10**6), Qt.Key.Key_End: 10**6}


class WeightGrid(QWidget):
    """Paints the pictures that are visible; one is chosen by a click or the arrow keys.

    Attributes
    ----------
    W : ndarray of shape (n_inputs, n_neurons) or None
        What is shown.
    chosen : int or None
        A neuron.

    Signals
    -------
    picked : int
        A neuron.
    """

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Weights of layer 1, one picture for each neuron"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.W: Array | None = None
        self.chosen: int | None = None
        self._shape: Shape = (1, 1)
        self._pixel = 1
        self._scale, self._theme = Scale("sign", 1.0), LIGHT

    def show_weights(self, W: Array | None, shape: Shape, scale: Scale) -> None:
        """Show weights, with rows and columns of a picture."""
        is_other = (
            (W is None) != (self.W is None)
            or shape != self._shape
            or (W is not None and self.W is not None and W.shape != self.W.shape)
        )
        self.W, self._shape, self._scale = W, shape, scale
        if is_other:
            self._fit()
        self.update()

    def choose(self, neuron: int | None) -> None:
        """Mark a neuron, and scroll to it."""
        if neuron != self.chosen:
            self.chosen = neuron
            self.update()
            if neuron is not None and self.W is not None:
                self._scroll_to(neuron)

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self._fit()
        self.update()

    # Geometry

    @property
    def n_neurons(self) -> int:
        """How many pictures there are."""
        return 0 if self.W is None else int(self.W.shape[1])

    def picture_size(self) -> QSize:
        """Return the size of one picture, the largest at which all of them are in sight, or else a small one.

        It has a whole number of the screen's pixels for each of its own.
        """
        return self._size_of(self._pixel)

    def _size_of(self, pixel: int) -> QSize:
        rows, columns = self._shape
        return QSize(columns * pixel, rows * pixel)

    def _best_pixel(self) -> int:
        side, viewport = max(self._shape), self.parentWidget()
        room = viewport.height() if viewport else self.height()
        least, most = max(_LEAST_SIDE // side, 1), max(_MOST_SIDE // side, 1)
        for pixel in range(most, least, -1):
            step = self._step_of(pixel)
            rows = -(-self.n_neurons // max(self.width() // step.width(), 1))
            if rows * step.height() <= room:
                return pixel
        return least

    def _step(self) -> QSize:
        return self._step_of(self._pixel)

    def _step_of(self, pixel: int) -> QSize:
        line, size = self.fontMetrics().height(), self._size_of(pixel)
        number = self.fontMetrics().horizontalAdvance(str(max(self.n_neurons - 1, 0)))
        return QSize(max(size.width(), number) + GAP, size.height() + line + GAP // 2)

    @property
    def n_columns(self) -> int:
        """How many pictures there are in a row."""
        return max(self.width() // self._step().width(), 1)

    def place(self, neuron: int) -> QRect:
        """Return the rectangle of a picture."""
        row, column = divmod(neuron, self.n_columns)
        step, size = self._step(), self.picture_size()
        left = column * step.width() + (step.width() - size.width()) // 2
        return QRect(QPoint(left, row * step.height() + 2), size)

    def neuron_at(self, where: QPoint) -> int | None:
        """Return the neuron whose picture or number is at a point, or None."""
        line = self.fontMetrics().height()
        boxes = ((neuron, self.place(neuron).adjusted(0, 0, 0, line)) for neuron in range(self.n_neurons))
        return next((neuron for neuron, box in boxes if box.contains(where)), None)

    def sizeHint(self) -> QSize:
        """Return the size of all pictures at the present width."""
        rows = -(-self.n_neurons // self.n_columns)
        return QSize(4 * self._step().width(), rows * self._step().height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the width of one picture, and the height of all."""
        return QSize(self._step().width() + GAP, self.sizeHint().height())

    def _fit(self) -> None:
        self._pixel = self._best_pixel()
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that all pictures need at this width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take the height that the numbers need at another size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _scroll_to(self, neuron: int) -> None:
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport else None
        if isinstance(area, QScrollArea):
            middle = self.place(neuron).center()
            area.ensureVisible(middle.x(), middle.y(), 0, self._step().height())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures in the region that is seen, with their numbers."""
        painter = QPainter(self)
        seen, height = event.rect(), self._step().height()
        first, last = seen.top() // height, seen.bottom() // height
        for neuron in range(first * self.n_columns, min((last + 1) * self.n_columns, self.n_neurons)):
            self._paint(painter, neuron)
        painter.end()

    def _paint(self, painter: QPainter, neuron: int) -> None:
        assert self.W is not None
        box, line = self.place(neuron), self.fontMetrics().height()
        pixels = cells.shades(self.W[:, neuron].reshape(self._shape), self._scale, self._theme)
        painter.drawImage(box, cells.picture(pixels))
        is_chosen = neuron == self.chosen
        accent = QColor(self._theme.accent)
        painter.setPen(QPen(accent, 2) if is_chosen else QPen(QColor(self._theme.hairline), 1))
        painter.drawRect(box)
        painter.setPen(QColor(self._theme.ink if is_chosen else self._theme.muted))
        below = QRect(box.left() - GAP, box.bottom() + 2, box.width() + 2 * GAP, line)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, str(neuron))
        if is_chosen and self.hasFocus():
            painter.fillRect(QRect(box.left(), below.bottom() - 1, box.width(), 2), accent)

    # Pointer and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the neuron under the pointer."""
        neuron = self.neuron_at(event.position().toPoint())
        if neuron is not None:
            self.picked.emit(neuron)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the mark of the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the mark of the focus."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick the next neuron in the direction of an arrow key, the first or the last."""
        key = Qt.Key(event.key())
        by_row = {Qt.Key.Key_Up: -self.n_columns, Qt.Key.Key_Down: self.n_columns}
        move = _MOVES.get(key, by_row.get(key))
        if move is None or not self.n_neurons:
            super().keyPressEvent(event)
            return
        wanted = 0 if self.chosen is None else self.chosen + move
        self.picked.emit(min(max(wanted, 0), self.n_neurons - 1))
