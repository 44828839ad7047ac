"""The command that was given last, with its key, at the top of the screen for some seconds."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget

from bpviz.ui.style.theme import GAP

_MILLISECONDS = 3000
# Height of the font as a part of the height of the screen.
_FONT = 1 / 32


class KeyBanner(QLabel):
    """Lies over the window, and lets the mouse through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("key_banner")
        self.setProperty("role", "card")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def tell(self, text: str, key: str = "") -> None:
        """Show a text with a key."""
        self.setText(f"{key}   {text}" if key else text)
        self.show()
        self.fit()
        self._timer.start()

    def fit(self) -> None:
        """Fit font and place to the window."""
        font = QFont(self.font())
        font.setPixelSize(round(_FONT * self._window.height()))
        self.setFont(font)
        self.setMargin(GAP)
        # A message that is longer than a line is broken, so that all of it can be read.
        room = self._window.width() - 4 * GAP
        self.setWordWrap(self.fontMetrics().horizontalAdvance(self.text()) + 4 * GAP > room)
        self.setMaximumWidth(room)
        self.adjustSize()
        self.move(self._window.width() - self.width() - 2 * GAP, 2 * GAP)
        self.raise_()

    def end(self) -> None:
        """Hide at once."""
        self._timer.stop()
        self.hide()
