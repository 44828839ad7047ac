"""Widgets whose changing contents leave the layout around them alone.

Qt lays a whole window out anew, docks and all, when any label in it gets another text.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class LayoutBarrier(QWidget):
    """Holds one widget, and asks for another size only when that needs more or less room than before."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._inner = inner
        inner.setParent(self)
        self.setSizePolicy(inner.sizePolicy())
        self._told = QSize()

    def sizeHint(self) -> QSize:
        """Ask for what the inner widget asks for."""
        return self._inner.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Ask for what the inner widget needs."""
        self._told = self._inner.minimumSizeHint()
        return self._told

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give all the room to the inner widget."""
        self._inner.setGeometry(self.rect())

    def event(self, event: QEvent) -> bool:
        """Hear that something inside has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            needed = self._inner.minimumSizeHint()
            # Somebody may have asked what is needed, and not yet given it.
            if needed != self._told or needed.width() > self.width():
                self.updateGeometry()
        return super().event(event)


class ElidedLabel(QLabel):
    """A caption that never widens what it stands in: what does not fit ends in an ellipsis, and is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setProperty("role", "caption")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show a text."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def sizeHint(self) -> QSize:
        """Ask for the height of a line."""
        return QSize(0, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Need the height of a line."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as there is room for."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
