"""The leak detector finds timers, threads and windows that are left behind."""

import sys
import weakref
from functools import partial
from threading import Event, Thread, current_thread

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget

from tests.ui.leak_detector import LeakDetector


@pytest.fixture
def detector(qapp: object, monkeypatch: pytest.MonkeyPatch) -> LeakDetector:
    return LeakDetector(monkeypatch)


def test_nothing_is_found_if_nothing_was_started(detector: LeakDetector) -> None:
    QTimer().start(10)
    QWidget().show()
    assert detector.leaks() == []


@pytest.mark.slow
def test_an_active_timer_is_found_with_the_line_that_started_it(detector: LeakDetector) -> None:
    timer = QTimer()
    timer.start(1000)
    (found,) = detector.leaks()
    assert "QTimer of 1000 ms" in found
    assert "in test_an_active_timer_is_found" in found
    timer.stop()
    assert detector.leaks() == []


@pytest.mark.slow
def test_a_running_qthread_is_found_by_its_name(detector: LeakDetector) -> None:
    thread = QThread()
    thread.setObjectName("forgotten")
    thread.start()
    (found,) = detector.leaks()
    assert "QThread 'forgotten'" in found
    thread.quit()
    thread.wait()
    assert detector.leaks() == []


@pytest.mark.slow
def test_a_running_python_thread_is_found_by_its_name(detector: LeakDetector) -> None:
    may_end = Event()
    thread = Thread(target=may_end.wait, name="forgotten")
    thread.start()
    (found,) = detector.leaks()
    assert "thread 'forgotten'" in found
    assert "in test_a_running_python_thread_is_found" in found
    may_end.set()
    thread.join()
    assert detector.leaks() == []


def test_an_ended_qt_thread_keeps_no_program_alive(detector: LeakDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's object for such a thread keeps the excepthook of its time, which can be a method of a program."""
    window = QWidget()
    monkeypatch.setattr(sys, "excepthook", partial(print, window))
    thread = NamedThread()
    thread.start()
    thread.wait()
    monkeypatch.undo()
    held = weakref.ref(window)
    del window
    assert thread.name.startswith("Dummy")
    if sys.version_info < (3, 13):  # later versions of Python keep no hook
        assert held() is not None
    assert detector.leaks() == []
    assert held() is None


class NamedThread(QThread):
    """Reads the name that Python gives to it."""

    name = ""

    def run(self) -> None:
        self.name = current_thread().name


@pytest.mark.slow
def test_a_window_is_found_by_its_title(detector: LeakDetector) -> None:
    window = QWidget()
    window.setWindowTitle("forgotten")
    (found,) = detector.leaks()
    assert "QWidget called 'forgotten'" in found
    window.deleteLater()
    assert detector.leaks() == []
