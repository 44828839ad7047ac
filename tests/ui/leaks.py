"""Finds what a test leaves behind, and names the line that started it."""

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
#: Qt keeps one label for all tooltips of the program, and deletes it when it likes.
_OF_QT = ("QTipLabel",)


class LeakWatch:
    """Remembers where timers and threads are started, and says which of them go on.

    Parameters
    ----------
    patch : MonkeyPatch
        Undoes the watching.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._started: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
        self._widgets = {_address(widget) for widget in QApplication.topLevelWidgets()}
        self._threads = set(threading.enumerate())
        for kind in (QTimer, QThread, threading.Thread):
            patch.setattr(kind, "start", self._noting(kind.start))

    def _noting(self, start: Callable[..., None]) -> Callable[..., None]:
        def noted(thing: Any, *arguments: Any) -> None:
            self._started[thing] = _line_of_ours()
            start(thing, *arguments)

        return noted

    def left(self) -> list[str]:
        """Return a line for each thing that is left; only what is still there after a collection counts."""
        _collect()
        if self._found():  # it may hang on something that was frozen after another test
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
        # A dummy is only Python's name for a thread of Qt's, and stays in the list when that has ended.
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
    _forget_ended_threads_of_qt()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _forget_ended_threads_of_qt() -> None:
    """Let go of Python's names for threads of Qt's, which stay when those have ended.

    Each keeps the excepthook that was in force when it was made, and with it a whole program.
    """
    for thread in threading.enumerate():
        if isinstance(thread, threading._DummyThread) and thread is not threading.current_thread():
            vars(threading)["_active"].pop(thread.ident, None)


def _address(widget: QWidget) -> int:
    return int(shiboken6.getCppPointer(widget)[0])


def _line_of_ours() -> str:
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_filename.startswith(_LIBRARIES):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"
