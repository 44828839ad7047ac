"""Typed wrappers of QTest for mouse and keyboard input, which pytest-qt leaves untyped."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView, QLineEdit, QWidget

_NO_KEY = Qt.KeyboardModifier.NoModifier


def click(widget: QWidget, at: QPoint | None = None, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Click on the centre of a widget, or on a point of it."""
    QTest.mouseClick(widget, button, _NO_KEY, at or QPoint())


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NO_KEY) -> None:
    """Press and release a key."""
    QTest.keyClick(widget, key, modifiers)


def retype(editor: QLineEdit, text: str) -> None:
    """Replace the text of a line edit, and press Return."""
    editor.selectAll()
    press(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, text)
    press(editor, Qt.Key.Key_Return)


def lay_out_and_paint(widget: QWidget) -> None:
    """Process layout requests and paint the widget, as the event loop does between two inputs of a user."""
    QCoreApplication.sendPostedEvents()
    widget.grab()


def hover(view: QGraphicsView, at: QPointF) -> None:
    """Move the mouse to a scene position."""
    point = view.mapFromScene(at)
    # Qt sends no event for a move to the current position, where the test before may have left the mouse.
    QTest.mouseMove(view.viewport(), point + QPoint(1, 1))
    QTest.mouseMove(view.viewport(), point)


def leave(view: QGraphicsView) -> None:
    """Move the pointer out of a view, to which Qt tells no move outside of it."""
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))


def point_at(widget: QWidget, at: QPoint) -> None:
    """Move the mouse to a point of a widget, also if it is there already."""
    QTest.mouseMove(widget, at + QPoint(1, 1))
    QTest.mouseMove(widget, at)


def drag_to(widget: QWidget, start: QPoint, end: QPoint, *, press: bool = False, release: bool = False) -> None:
    """Move the mouse with its left button held, after pressing it or before releasing it if wanted."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    parts = [(QEvent.Type.MouseButtonPress, start, left, left)] if press else []
    parts += [(QEvent.Type.MouseMove, start + (end - start) * (share / 4), none, left) for share in range(1, 5)]
    parts += [(QEvent.Type.MouseButtonRelease, end, left, none)] if release else []
    for kind, at, button, buttons in parts:
        there = widget.mapToGlobal(at)
        QApplication.sendEvent(widget, QMouseEvent(kind, at.toPointF(), there.toPointF(), button, buttons, _NO_KEY))


def click_at(view: QGraphicsView, at: QPointF, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Click on a scene position."""
    click(view.viewport(), view.mapFromScene(at), button)
