"""Detects timers, threads and windows that a test leaves behind, with the line that started them."""

from __future__ import annotations

import gc
import sys
import sysconfig
import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_LIBRARIES = sysconfig.get_path("purelib")
#: Qt keeps one label for all tooltips, and deletes it at any time.
_OF_QT = ("QTipLabel",)


class LeakDetector:
    """Records where timers and threads are started, and reports those that are still running.

    Parameters
    ----------
    patch : MonkeyPatch
        Restores the patched methods at the end of the test.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._started: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
        self._widgets = {_address(widget) for widget in QApplication.topLevelWidgets()}
        self._threads = set(threading.enumerate())
        for kind in (QTimer, QThread, threading.Thread):
            patch.setattr(kind, "start", self._recording(kind.start))

    def _recording(self, start: Callable[..., None]) -> Callable[..., None]:
        def start_and_record(thing: Any, *arguments: Any) -> None:
            self._started[thing] = _caller()
            start(thing, *arguments)

        return start_and_record

    def leaks(self) -> list[str]:
        """Return a line of text for each leak that remains after a garbage collection."""
        _collect()
        if self._found():  # a leak may be referenced by an object that was frozen after another test
            gc.unfreeze()
            _collect()
        return self._found()

    def _found(self) -> list[str]:
        return [*self._timers(), *self._qthreads(), *self._python_threads(), *self._new_widgets()]

    def _timers(self) -> list[str]:
        return [
            f"an active QTimer of {timer.interval()} ms, started at {where}"
            for timer, where in self._alive(QTimer)
            if timer.isActive()
        ]

    def _qthreads(self) -> list[str]:
        return [
            f"a running QThread {thread.objectName()!r}, started at {where}"
            for thread, where in self._alive(QThread)
            if thread.isRunning()
        ]

    def _alive(self, kind: type[Any]) -> list[tuple[Any, str]]:
        started = list(self._started.items())
        return [(thing, where) for thing, where in started if isinstance(thing, kind) and shiboken6.isValid(thing)]

    def _python_threads(self) -> list[str]:
        # Python represents a thread of Qt by a dummy object, which stays in the list after the thread has ended.
        dummy = threading._DummyThread
        return [
            f"a running thread {thread.name!r}, started at {self._started.get(thread, 'an unknown line')}"
            for thread in threading.enumerate()
            if thread not in self._threads and not isinstance(thread, dummy)
        ]

    def _new_widgets(self) -> list[str]:
        names = ((widget, widget.metaObject().className()) for widget in QApplication.topLevelWidgets())
        return [
            f"a top-level {name} called {widget.objectName() or widget.windowTitle()!r}"
            for widget, name in names
            if _address(widget) not in self._widgets and name not in _OF_QT
        ]


def _collect() -> None:
    _forget_ended_qt_threads()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _forget_ended_qt_threads() -> None:
    """Remove Python's objects for threads of Qt, which stay after the threads have ended.

    Each keeps the excepthook of the time when it was created, and with it a whole program.
    """
    for thread in threading.enumerate():
        if isinstance(thread, threading._DummyThread) and thread is not threading.current_thread():
            vars(threading)["_active"].pop(thread.ident, None)


def _address(widget: QWidget) -> int:
    return int(shiboken6.getCppPointer(widget)[0])


def _caller() -> str:
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_filename.startswith(_LIBRARIES):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"
