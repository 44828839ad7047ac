"""What a person's hands do, with types: pytest-qt's own clicks have none."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView, QLineEdit, QWidget

_NO_KEY = Qt.KeyboardModifier.NoModifier


def click(widget: QWidget, at: QPoint | None = None, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Click on the middle of a widget, or on a place in it."""
    QTest.mouseClick(widget, button, _NO_KEY, at or QPoint())


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NO_KEY) -> None:
    """Press and release a key."""
    QTest.keyClick(widget, key, modifiers)


def retype(editor: QLineEdit, text: str) -> None:
    """Type over what stands in an editor, and press Enter."""
    editor.selectAll()
    press(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, text)
    press(editor, Qt.Key.Key_Return)


def settle(widget: QWidget) -> None:
    """Lay out and paint, as the window would have done before a person's hand is there."""
    QCoreApplication.sendPostedEvents()
    widget.grab()


def point_at(view: QGraphicsView, at: QPointF) -> None:
    """Move the pointer to a place in a view's scene."""
    there = view.mapFromScene(at)
    # Qt says nothing of a move to where the pointer is, and it may be there since the test before.
    QTest.mouseMove(view.viewport(), there + QPoint(1, 1))
    QTest.mouseMove(view.viewport(), there)


def click_at(view: QGraphicsView, at: QPointF, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Click on a place in a view's scene."""
    click(view.viewport(), view.mapFromScene(at), button)
