"""A text area and a list that are as high as some lines, at any size of text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QListWidget, QPlainTextEdit, QSizePolicy

from bpviz.ui.style.theme import GAP


class TextLines(QPlainTextEdit):
    """An area for a text of some lines; more of them scroll.

    Parameters
    ----------
    lines : int
    """

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the lines."""
        return _size(self, super().sizeHint(), self._lines, 2 * int(self.document().documentMargin()) + GAP // 2)


class ListLines(QListWidget):
    """A list of some lines; more of them scroll.

    Parameters
    ----------
    lines : int
    """

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """Return the size of the lines."""
        return _size(self, super().sizeHint(), self._lines, 0)


def _size(area: QAbstractScrollArea, hint: QSize, lines: int, margins: int) -> QSize:
    height = lines * area.fontMetrics().lineSpacing() + margins + 2 * area.frameWidth()
    return QSize(hint.width(), height)
