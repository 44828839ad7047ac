"""Draws panels one after another, so that the window stays responsive in between."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

_MILLISECONDS = 3
# Qt paints some milliseconds after it was asked to.
_PAINT_MILLISECONDS = 8


class PaintQueue(QObject):
    """Draws one panel in each turn of the event loop; a panel that waits already is not added again.

    Attributes
    ----------
    is_for_all : bool
        Whether panels are drawn in turn also while no training runs, as those off the screen are.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_for_all = False
        self._waiting: list[Callable[[], None]] = []
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._draw_next)

    def take(self, draw: Callable[[], None]) -> None:
        """Have something drawn in its turn."""
        if draw not in self._waiting:
            self._waiting.append(draw)
        if not self._next.isActive():
            self._next.start(_MILLISECONDS)

    def rest(self) -> None:
        """Leave Qt the time to paint before the next drawing."""
        if self._waiting:
            self._next.start(_PAINT_MILLISECONDS)

    def finish(self) -> None:
        """Draw everything that waits, now."""
        while self._waiting:
            self._waiting.pop(0)()
        self._next.stop()

    def forget(self) -> None:
        """Drop everything that waits, since it is not shown any more."""
        self._waiting.clear()
        self._next.stop()

    @Slot()
    def _draw_next(self) -> None:
        draw = self._waiting.pop(0)
        if self._waiting:
            self._next.start(_MILLISECONDS)  # before: drawing can fail
        draw()
