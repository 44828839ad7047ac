"""Widgets that keep changes of their contents from causing a new layout of the window.

Qt lays out the whole window, docks included, whenever the text of any label in it changes.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

# Opacity of a veil, of 255.
_ALPHA = 165


class LayoutBarrier(QWidget):
    """Holds one widget, and requests a new layout only when the widget's minimum size has changed."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._inner = inner
        inner.setParent(self)
        self.setSizePolicy(inner.sizePolicy())
        self._reported = QSize()
        self.veil: Veil | None = None

    def set_veiled(self, paper: str | None) -> None:
        """Dim the inner widget with a translucent layer of the paper's colour; None shows it clearly again."""
        if self.veil:
            self.veil.hide()
            self.veil.deleteLater()
        self.veil = Veil(self, paper) if paper else None

    def sizeHint(self) -> QSize:
        """Return the inner widget's size hint."""
        return self._inner.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the inner widget's minimum size hint, and remember it for `event`."""
        self._reported = self._needed()
        return self._reported

    def _needed(self) -> QSize:
        return self._inner.minimumSizeHint().expandedTo(self._inner.minimumSize())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the inner widget, and the veil over it, the whole area."""
        self._inner.setGeometry(self.rect())
        if self.veil:
            self.veil.setGeometry(self.rect())

    def event(self, event: QEvent) -> bool:
        """Check on a layout request from inside whether the minimum size has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            needed = self._needed()
            # The layout may have asked for the hint without having applied it yet.
            if needed != self._reported or needed.width() > self.width():
                self.updateGeometry()
        return super().event(event)


class Veil(QWidget):
    """Covers a widget with a translucent layer, and lets the mouse through.

    A graphics effect would leave out the viewports of scroll areas.
    """

    def __init__(self, covered: QWidget, paper: str) -> None:
        super().__init__(covered)
        self._colour = QColor(paper)
        self._colour.setAlpha(_ALPHA)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(covered.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the layer."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._colour)
        painter.end()


class ElidedLabel(QLabel):
    """A caption that never widens its layout: long text is elided, and the tooltip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setProperty("role", "caption")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Set the text, the tooltip and the accessible name; unlike QLabel, request no new layout."""
        # QLabel.setText posts a layout request for each new text; painting it here needs a repaint only.
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def sizeHint(self) -> QSize:
        """Return the height of one line and no width."""
        return QSize(0, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Return the height of one line and no width."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, elided at the right."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
