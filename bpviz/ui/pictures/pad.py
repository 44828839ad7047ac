"""A pad to draw a picture on, with the mouse or with the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from bpviz.language import N_, _
from bpviz.session.pictures.drawing import Drawing
from bpviz.session.pictures.ink_range import InkRange
from bpviz.ui.pictures.picture_view import INK, PictureView

_TIP = N_(
    "Draw with the left button; erase with the right one, or with Shift.\n"
    "With the keyboard: arrows choose a pixel, Space inks it, Backspace erases it."
)
# So much of full ink is added to a pixel, or taken away, by one press of a key.
_BY_KEY = 0.25
_INKS, _ERASES = (Qt.Key.Key_Space,), (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class Pad(PictureView):
    """Shows a drawing, and draws on it.

    Attributes
    ----------
    drawing : Drawing or None
        None until there is a range to draw in.

    Signals
    -------
    changed
        The drawing has changed.
    ended
        A stroke has ended, or another change is complete.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__(_("Pad to draw on"))
        self.setToolTip(_(_TIP))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.drawing: Drawing | None = None
        self._range: InkRange | None = None
        self._last: QPointF | None = None

    def begin(self, drawing: Drawing, ink: InkRange) -> None:
        """Draw on another drawing."""
        self.drawing, self._range, self._last = drawing, ink, None
        self._redraw()

    def _redraw(self) -> None:
        if self.drawing is not None and self._range is not None:
            self.show_values(self._range.shares(self.drawing.pixels), INK)

    def show_change(self) -> None:
        """Show what the drawing has become, and tell that the change is complete."""
        self._tell()
        self.ended.emit()

    def _tell(self) -> None:
        self._redraw()
        self.changed.emit()

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if self.drawing is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._last = event.position()
            self._stroke(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continue a stroke."""
        super().mouseMoveEvent(event)
        if self._last is not None:
            self._stroke(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a stroke."""
        if self._last is not None:
            self._last = None
            self.ended.emit()

    def _stroke(self, event: QMouseEvent) -> None:
        assert self.drawing is not None
        assert self._last is not None
        buttons, keys = event.buttons(), event.modifiers()
        erases = bool(buttons & Qt.MouseButton.RightButton) or bool(keys & Qt.KeyboardModifier.ShiftModifier)
        self.drawing.stroke(self.place_of(self._last), self.place_of(event.position()), erase=erases)
        self._last = event.position()
        self._tell()

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ink or erase the chosen pixel."""
        key = Qt.Key(event.key())
        if self.drawing is None or self.cell is None or key not in (*_INKS, *_ERASES):
            super().keyPressEvent(event)
            return
        self.drawing.add(*self.cell, _BY_KEY if key in _INKS else -_BY_KEY)
        self.show_change()
