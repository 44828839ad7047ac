"""The watch of random events sees what it is there for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyqtgraph import debug
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, qWarning
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bpviz.session.engine.events import Failed
from tests.ui.random_events import watch as watching
from tests.ui.random_events.watch import Usage, Watch


def fail(*_: object) -> None:
    raise IndexError("planted")


def click_a_button(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    button.show()
    button.clicked.connect(fail)
    QTest.mouseClick(button.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def wait_for_a_timer(qtbot: QtBot) -> None:
    QTimer.singleShot(0, fail)
    QCoreApplication.processEvents()


def paint_a_widget(qtbot: QtBot) -> None:
    class Wrong(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            fail()

    widget = Wrong()
    qtbot.addWidget(widget)
    widget.grab()


def drag_a_plot(qtbot: QtBot) -> None:
    try:
        fail()
    except IndexError:
        debug.printExc("as pyqtgraph does in its mouse events")


@pytest.mark.parametrize("do", [click_a_button, wait_for_a_timer, paint_a_widget, drag_a_plot])
def test_an_exception_is_seen(qtbot: QtBot, do: Callable[[QtBot], None]) -> None:
    watch = Watch()
    with watch.on():
        try:
            do(qtbot)
        except IndexError as fault:  # raised again where Python called Qt, as the run does
            watch.add_exception(fault)
    assert [fault.kind for fault in watch.faults] == ["IndexError in test_watch.py:fail"]
    for name in ("last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)


def test_a_message_of_qt_is_seen() -> None:
    watch = Watch()
    with watch.on():
        qWarning("QPainter::begin: 12 painters at 0x7f")
    assert [fault.kind for fault in watch.faults] == ["Qt says: QPainter::begin: n painters at n"]


@pytest.mark.parametrize(
    ("failed", "kinds"),
    [
        (Failed("Epoch 5 is reached."), []),
        (Failed("This cannot be saved: a.bpviz is a fault of bpviz's own"), ["failure: "]),
        (Failed("An error", 'File "/x/engine.py", line 3, in run\nValueError: wrong'), ["ValueError in engine.py:run"]),
    ],
)
def test_only_failures_of_the_program_itself_count(failed: Failed, kinds: list[str]) -> None:
    watch = Watch()
    watch.take_failure(failed)
    assert all(fault.kind.startswith(kind) for fault, kind in zip(watch.faults, kinds, strict=True))


def test_a_silent_loop_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SILENT_SECONDS", 0.02)
    watch = Watch()
    with watch.timing("event 3"):
        started = time.thread_time()
        while time.thread_time() - started < 0.04:
            pass
    assert [fault.kind for fault in watch.faults] == ["the event loop was silent during event"]


def test_growth_is_seen(tmp_path: Path) -> None:
    root = QObject()
    before = Usage.now(root)
    files = [(tmp_path / str(number)).open("w", encoding="ascii") for number in range(5)]
    children = [QObject(root) for _ in range(max(10, before.objects))]
    grown = Usage.now(root).growth_since(before)
    for file in files:
        file.close()
    assert len(children) >= 10
    assert {sentence.split()[0] for sentence in grown} == {"descriptors", "objects"}
