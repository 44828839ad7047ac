"""A small frame over the window in which a name is written; nothing waits for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from bpviz.session.time_travel.bookmarks import MOST_LETTERS
from bpviz.ui.style.theme import GAP

_WIDTH = 190
_LOOK = "NameEditor { background: palette(base); border: 1px solid palette(mid); border-radius: 4px; }"
_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Line(QLineEdit):
    """A line that Return and leaving it accept, and Esc gives up."""

    accepted = Signal()
    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep Return and Esc from the window's commands."""
        asks_first = event.type() is QEvent.Type.ShortcutOverride
        if asks_first and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept, give up, or write."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Accept what is written, except while the line's own menu is open."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.accepted.emit()


class BookmarkEditor(QFrame):
    """Asks for a name beside what gets it.

    Signals
    -------
    named : str
        The name, without spaces at its ends; it may be empty.
    removed
    """

    named = Signal(str)
    removed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setStyleSheet(_LOOK)
        self.caption, self.line, self.remove = QLabel(), _Line(), QToolButton()
        self.line.setMaxLength(MOST_LETTERS)
        self.line.setFixedWidth(_WIDTH)
        self.line.setAccessibleName("Name of the bookmark")
        self.line.setToolTip("Return keeps the name, Esc leaves things as they were")
        self.remove.setText("Remove")
        self.remove.setToolTip("Forget this bookmark")
        self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # else the line would be left, and its name accepted
        self.caption.setProperty("role", "caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP // 2, GAP, GAP // 2)
        for widget in (self.caption, self.line, self.remove):
            row.addWidget(widget)
        self.line.accepted.connect(self._accept)
        self.line.given_up.connect(self.close_)
        self.remove.clicked.connect(self._remove)
        self.hide()

    def ask(self, caption: str, name: str, default: str, at: QPoint, *, removable: bool) -> None:
        """Show up above a place of the window.

        Parameters
        ----------
        caption : str
            What gets the name.
        name, default : str
            The present name, and the one that an empty line stands for.
        at : QPoint
            In the window's coordinates.
        removable : bool
            Whether there is something to remove.
        """
        self.caption.setText(caption)
        self.line.setText(name)
        self.line.setPlaceholderText(default)
        self.line.selectAll()
        self.remove.setVisible(removable)
        self.adjustSize()
        self._move_above(at)
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move_above(self, at: QPoint) -> None:
        room = self._window.rect().adjusted(GAP, GAP, -GAP - self.width(), -GAP - self.height())
        x = min(max(at.x() - self.width() // 2, room.left()), max(room.right(), room.left()))
        self.move(x, max(at.y() - self.height() - GAP // 2, GAP))

    @Slot()
    def close_(self) -> None:
        """Leave, and change nothing."""
        self.hide()

    @Slot()
    def _accept(self) -> None:
        if not self.isHidden():  # else it was given up, which takes the keyboard from the line too
            self.hide()
            self.named.emit("".join(filter(str.isprintable, self.line.text())).strip())

    @Slot()
    def _remove(self) -> None:
        self.hide()
        self.removed.emit()
