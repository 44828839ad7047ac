"""A layer over the window on which the lecturer draws, and which can be black."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from bpviz.language import _

_WIDTH, _HALO = 1 / 180, 1 / 80
Stroke = list[QPointF]


class PenLayer(QWidget):
    """Shows strokes; with the pen in hand the mouse draws, else it reaches what is below.

    Attributes
    ----------
    strokes : list of list of QPointF
        Places as shares of width and height, so that they stay where they are when the window changes its size.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("pen")
        self.setAccessibleName(_("Drawing of the presentation"))
        self.strokes: list[Stroke] = []
        self._colour, self._paper = QColor(), QColor()
        self._is_drawing = self.is_in_hand = False
        self.take(False)
        self.hide()

    def set_colours(self, ink: str, paper: str) -> None:
        """Set the colour of the strokes, and of the edge that lifts them from what is below."""
        self._colour, self._paper = QColor(ink), QColor(paper)
        self.update()

    def take(self, is_taken: bool) -> None:
        """Take the pen in hand, or put it away."""
        self.is_in_hand, self._is_drawing = is_taken, False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not is_taken)

    def erase(self) -> None:
        """Remove all strokes."""
        self.strokes.clear()
        self._is_drawing = False
        self.update()

    def undo(self) -> None:
        """Remove the last stroke."""
        if self.strokes:
            self.strokes.pop()
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._is_drawing = True
            self.strokes.append([self._share(event.position())])
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        if self._is_drawing:
            self.strokes[-1].append(self._share(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        self._is_drawing = False

    def _share(self, place: QPointF) -> QPointF:
        return QPointF(place.x() / self.width(), place.y() / self.height())

    def _path(self, stroke: Stroke) -> QPainterPath:
        places = [QPointF(share.x() * self.width(), share.y() * self.height()) for share in stroke]
        path = QPainterPath(places[0])
        for place in (*places[1:], places[-1]):  # a click is a dot
            path.lineTo(place)
        return path

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strokes, each with an edge of the paper's colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for share, colour in ((_HALO, self._paper), (_WIDTH, self._colour)):
            pen = QPen(colour, share * self.height())
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            for stroke in self.strokes:
                painter.drawPath(self._path(stroke))
        painter.end()


class Curtain(QWidget):
    """Makes the window black."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("curtain")
        self.setAccessibleName(_("Blank screen"))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it black."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        painter.end()
