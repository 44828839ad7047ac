"""The window is painted before anything is imported or made that its first paint does not need."""

from __future__ import annotations

import builtins
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bpviz.quick_imports import quick_imports
from bpviz.ui.view_model.paint_queue import PaintQueue
from bpviz.versions import versions
from tests.benchmarks.startup import OURS

# What takes long to import, or is needed by the session alone.
LATE = (
    "sklearn",
    "numba",
    "matplotlib",
    "ziamath",
    "threadpoolctl",
    "importlib.metadata",
    "bpviz.session.engine.runner",
)
# Prints which modules are there when the first plot has been painted, and which panels.
_LOOK = f"""
def leave():
    import os, sys
    import pyqtgraph
    from PySide6.QtWidgets import QApplication, QDockWidget
    paint = pyqtgraph.GraphicsView.paintEvent
    def paint_and_look(view, event):
        paint(view, event)
        titles = [dock.titleBarWidget() for dock in QApplication.topLevelWidgets()[0].findChildren(QDockWidget)]
        print("modules:", *({{*{LATE}}} & set(sys.modules)))
        print("titles:", all(title.isVisible() for title in titles if not title.parent().isHidden()))
        sys.stdout.flush()
        os._exit(0)
    pyqtgraph.GraphicsView.paintEvent = paint_and_look
"""


def test_the_first_plot_is_painted_without_the_session_and_with_all_titles(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    command = [sys.executable, "-c", _LOOK + OURS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["modules:", "titles: True"], done.stderr


@pytest.fixture
def collecting() -> Iterator[None]:
    """Let garbage be collected, which the tests of windows never do by themselves."""
    gc.enable()
    yield
    gc.disable()


@pytest.mark.usefixtures("collecting")
def test_quick_imports_leave_out_the_hook_of_pyside_and_collect_garbage_again_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = builtins.__dict__["__orig_import__"]  # Python's own
    monkeypatch.setattr(builtins, "__import__", partial(plain))  # in place of PySide6's
    with quick_imports():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert builtins.__import__ is plain


def test_versions_are_those_of_the_metadata() -> None:
    found = versions()
    for name in ("numpy", "scikit-learn", "PySide6-Essentials", "pyqtgraph"):
        assert found[name] == version(name)


def test_a_rest_keeps_what_waits_until_qt_has_painted(qapp: QObject, qtbot: QtBot) -> None:
    queue, drawn = PaintQueue(qapp), list[int]()
    queue.take(lambda: drawn.append(1))
    before = queue._next.remainingTime()
    queue.rest()
    assert queue._next.remainingTime() > before
    qtbot.waitUntil(lambda: drawn == [1])
