"""Lets what is to be drawn come one after another, so that the window answers in between."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

# Time enough for what was drawn to be painted.
_MILLISECONDS = 3


class PaintQueue(QObject):
    """Draws one thing in each turn of the event loop; what waits already is not drawn twice."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[Callable[[], None]] = []
        self._next = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._next.timeout.connect(self._draw_next)

    def take(self, draw: Callable[[], None]) -> None:
        """Draw something when its turn comes."""
        if draw not in self._waiting:
            self._waiting.append(draw)
        if not self._next.isActive():
            self._next.start()

    def finish(self) -> None:
        """Draw all that waits, now."""
        while self._waiting:
            self._waiting.pop(0)()
        self._next.stop()

    @Slot()
    def _draw_next(self) -> None:
        draw = self._waiting.pop(0)
        if self._waiting:
            self._next.start()
        draw()
