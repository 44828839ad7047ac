"""The watch that all other tests here rely on finds what it is there to find."""

import sys
import weakref
from functools import partial
from threading import Event, Thread, current_thread

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget

from tests.ui.leaks import LeakWatch


@pytest.fixture
def watch(qapp: object, monkeypatch: pytest.MonkeyPatch) -> LeakWatch:
    return LeakWatch(monkeypatch)


def test_nothing_is_found_where_nothing_was_started(watch: LeakWatch) -> None:
    QTimer().start(10)
    QWidget().show()
    assert watch.left() == []


def test_an_active_timer_is_found_with_the_line_that_started_it(watch: LeakWatch) -> None:
    timer = QTimer()
    timer.start(1000)
    (found,) = watch.left()
    assert "QTimer of 1000 ms" in found
    assert "in test_an_active_timer_is_found" in found
    timer.stop()
    assert watch.left() == []


def test_a_running_thread_of_qt_is_found_by_its_name(watch: LeakWatch) -> None:
    thread = QThread()
    thread.setObjectName("forgotten")
    thread.start()
    (found,) = watch.left()
    assert "QThread 'forgotten'" in found
    thread.quit()
    thread.wait()
    assert watch.left() == []


def test_a_running_python_thread_is_found_by_its_name(watch: LeakWatch) -> None:
    may_end = Event()
    thread = Thread(target=may_end.wait, name="forgotten")
    thread.start()
    (found,) = watch.left()
    assert "thread 'forgotten'" in found
    assert "in test_a_running_python_thread_is_found" in found
    may_end.set()
    thread.join()
    assert watch.left() == []


def test_a_thread_of_qt_that_has_ended_keeps_no_program(watch: LeakWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's name for such a thread holds the excepthook of its time: a method of the program."""
    window = QWidget()
    monkeypatch.setattr(sys, "excepthook", partial(print, window))
    thread = Asking()
    thread.start()
    thread.wait()
    monkeypatch.undo()
    held = weakref.ref(window)
    del window
    assert thread.name.startswith("Dummy")
    assert held() is not None
    assert watch.left() == []
    assert held() is None


class Asking(QThread):
    """Asks for Python's name for it."""

    name = ""

    def run(self) -> None:
        self.name = current_thread().name


def test_a_window_that_stays_is_found_by_its_title(watch: LeakWatch) -> None:
    window = QWidget()
    window.setWindowTitle("forgotten")
    (found,) = watch.left()
    assert "QWidget called 'forgotten'" in found
    window.deleteLater()
    assert watch.left() == []
