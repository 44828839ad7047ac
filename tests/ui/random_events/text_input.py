"""What a random user types and pastes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

TEXTS = (
    *("0", "1", "2", "3", "5", "12", "40", "0.5", "0.01", "3.7", "-1", "-0.25", "1e-3", "1e9", "1e-300", "nan", "inf"),
    *("", " ", "abc", "−2", "1,000", "ä", "x" * 80),
)
PASTED = (
    *("", "0.5", "1 2", "0.1\t0.2\n0.3\t0.4", "[1.0, 2.0]", "0,5\n0,7", " ".join(["0.25"] * 25), "1 2 ... 3"),
    *("array([[0.1, 0.2]], dtype=float32)", "[[1, 2]", "nan", "abc", "\n".join([" ".join(["-1e-3"] * 25)] * 2)),
)


def write(widget: QWidget, text: str) -> None:
    """Type a text; QTest itself knows the keys of ASCII alone."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = Qt.Key.Key_unknown
            QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter))
