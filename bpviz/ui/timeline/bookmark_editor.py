"""A non-modal frame over the window to enter the name of a bookmark."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from bpviz.language import _
from bpviz.session.time_travel.bookmarks import MOST_LETTERS
from bpviz.ui.style.theme import GAP

_WIDTH = 190
_LOOK = "BookmarkEditor { background: palette(base); border: 1px solid palette(mid); border-radius: 4px; }"
_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PopupLine(QLineEdit):
    """A line edit of a frame over the window.

    Signals
    -------
    accepted
        The user has pressed Return.
    cancelled
        The user has pressed Esc.
    left
        The line edit has lost the focus, though not to its own context menu.
    """

    accepted = Signal()
    cancelled = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Accept the shortcut override of Return and Esc, so that they do not trigger the window's shortcuts."""
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept on Return, cancel on Esc, and edit on all other keys."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Emit `left`, unless the focus went to the line edit's own context menu."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()


def move_above(popup: QWidget, window: QWidget, at: QPoint) -> None:
    """Move a frame above a point of its window, inside the window."""
    room = window.rect().adjusted(GAP, GAP, -GAP - popup.width(), -GAP - popup.height())
    x = min(max(at.x() - popup.width() // 2, room.left()), max(room.right(), room.left()))
    popup.move(x, max(at.y() - popup.height() - GAP // 2, GAP))


class BookmarkEditor(QFrame):
    """Asks for a name next to the bookmark.

    Signals
    -------
    named : str
        The name without leading and trailing spaces; it may be empty.
    removed
    """

    named = Signal(str)
    removed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setStyleSheet(_LOOK)
        self.caption, self.line, self.remove = QLabel(), PopupLine(), QToolButton()
        self.line.setMaxLength(MOST_LETTERS)
        self.line.setFixedWidth(_WIDTH)
        self.line.setAccessibleName(_("Name of the bookmark"))
        self.line.setToolTip(_("Return: save the name, Esc: cancel"))
        self.remove.setText(_("Remove"))
        self.remove.setToolTip(_("Remove this bookmark"))
        self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # otherwise a click would take the focus and accept the name
        self.caption.setProperty("role", "caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP // 2, GAP, GAP // 2)
        for widget in (self.caption, self.line, self.remove):
            row.addWidget(widget)
        self.line.accepted.connect(self._accept)
        self.line.left.connect(self._accept)
        self.line.cancelled.connect(self.close_)
        self.remove.clicked.connect(self._remove)
        self.hide()

    def ask(self, caption: str, name: str, default: str, at: QPoint, *, removable: bool) -> None:
        """Show the editor above a point of the window.

        Parameters
        ----------
        caption : str
            Label in front of the line edit.
        name, default : str
            The current name, and the placeholder that is used if the line is empty.
        at : QPoint
            Position in window coordinates.
        removable : bool
            Whether to show the remove button.
        """
        self.caption.setText(caption)
        self.line.setText(name)
        self.line.setPlaceholderText(default)
        self.line.selectAll()
        self.remove.setVisible(removable)
        self.adjustSize()
        move_above(self, self._window, at)
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_(self) -> None:
        """Hide the editor without saving."""
        self.hide()

    @Slot()
    def _accept(self) -> None:
        if not self.isHidden():  # cancelling hides the line edit, which also takes its focus
            self.hide()
            self.named.emit("".join(filter(str.isprintable, self.line.text())).strip())

    @Slot()
    def _remove(self) -> None:
        self.hide()
        self.removed.emit()
