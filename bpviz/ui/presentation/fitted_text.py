"""Text as large as there is room for, of which sentences at the end may be left out."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

# In Chinese no space follows.
_END_OF_SENTENCE = re.compile(r"(?<=[.!?:] )(?=[A-Z])|(?<=[。！？：])(?=.)")
_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class FittedText(QWidget):
    """Shows text in a font between two sizes, and leaves out its last sentences if even the smaller one is too large.

    A label would ask for a new layout of the window at each new text.
    """

    def __init__(self) -> None:
        super().__init__()
        self._sizes = (12, 12)
        self._text = self._asked = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_sizes(self, smallest: int, largest: int) -> None:
        """Set the heights of the font in pixels between which it is chosen."""
        self._sizes = (smallest, largest)
        self.update()

    def set_text(self, text: str, asked: str) -> None:
        """Show a text of which the end may be left out, and below it one that is never left out."""
        if (text, asked) != (self._text, self._asked):
            self._text, self._asked = text, asked
            self.setAccessibleName(self.text())
            self.setToolTip(self.text())
            self.update()

    def text(self) -> str:
        """Return the whole text."""
        return "\n".join(filter(None, (self._text, self._asked)))

    def shown(self) -> tuple[str, int]:
        """Return the text that there is room for, and the height of its font in pixels."""
        smallest, largest = self._sizes
        sentences = _END_OF_SENTENCE.split(self._text) if self._text else []
        least = 0 if self._asked else min(len(sentences), 1)
        for count in range(len(sentences), least - 1, -1):
            text = "\n".join(filter(None, ("".join(sentences[:count]).rstrip(), self._asked)))
            for size in range(largest, smallest - 1, -1):
                if self._fits(text, size) or (count == least and size == smallest):
                    return text, size
        return self._asked, smallest

    def _font(self, size: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        return font

    def _fits(self, text: str, size: int) -> bool:
        area = QFontMetrics(self._font(size)).boundingRect(QRect(0, 0, self.width(), 10**6), int(_FLAGS), text)
        return area.height() <= self.height() and area.width() <= self.width()

    def sizeHint(self) -> QSize:
        """Return no size: the text takes what there is."""
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text."""
        text, size = self.shown()
        painter = QPainter(self)
        painter.setFont(self._font(size))
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), int(_FLAGS), text)
        painter.end()
