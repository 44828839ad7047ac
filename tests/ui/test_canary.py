"""Detect a broken PySide6: some versions drop a reference to None at each call that returns None."""

import sys

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

_CALLS = 5000
# The count is constant where None is immortal; elsewhere other code changes it slightly at any time.
_TOLERANCE = 500


class _Sender(QObject):
    sent = Signal(object)

    def take(self, _: object) -> None:
        """Return None, as most slots do."""


def _lost_by(call: object) -> int:
    assert callable(call)
    before = sys.getrefcount(None)
    for _ in range(_CALLS):
        call()
    return before - sys.getrefcount(None)


def test_calls_that_return_nothing_keep_all_references_to_none(qapp: object) -> None:
    label, widget, timer = QLabel(), QWidget(), QTimer()
    sender = _Sender()
    sender.sent.connect(sender.take)
    calls = {
        "setText": lambda: label.setText("a"),
        "update": widget.update,
        "resize": lambda: widget.resize(10, 10),
        "stop": timer.stop,
        "emit": lambda: sender.sent.emit(None),
        "setProperty": lambda: widget.setObjectName("b"),
    }
    assert {name: lost for name, call in calls.items() if (lost := _lost_by(call)) > _TOLERANCE} == {}
