"""Time until the window is painted, compared with an empty main window with one empty plot."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from tests.benchmarks.row import Row

ROUNDS = 7
_LIMIT_SECONDS = 60

_EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph as pg
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(pg.PlotWidget())
window.resize(1440, 900)
"""
_OURS = """
from bpviz.app import Program, make_application
from bpviz.session.experiment.presets import load_preset
from bpviz.ui.window.settings import Settings
app = make_application()
program = Program(load_preset("moons").experiment, Settings(None), preset="moons")
window = program.window
"""
# The process exits as soon as the first plot has been painted, which a view may be long after the window is shown.
_LEAVE = """
import os
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QGraphicsView
class Leaver(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched.parent(), QGraphicsView):
            QTimer.singleShot(0, lambda: os._exit(0))
        return False
leaver = Leaver()
app.installEventFilter(leaver)
window.show()
app.exec()
"""


def seconds_to_paint(program: str) -> float:
    """Return the time that a new process needs until its first plot is painted."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    started = time.perf_counter()
    command = [sys.executable, "-c", program + _LEAVE]
    subprocess.run(command, check=True, timeout=_LIMIT_SECONDS, env=environment, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def measure() -> tuple[float, float]:
    """Return the medians in seconds, of an empty window and of bpviz."""
    pairs = [(seconds_to_paint(_EMPTY), seconds_to_paint(_OURS)) for _ in range(ROUNDS)]
    empty, ours = zip(*pairs, strict=True)
    return statistics.median(empty), statistics.median(ours)


def rows() -> list[Row]:
    """Measure the time to the first paint."""
    empty, ours = measure()
    return [Row("start to first paint, bpviz / empty PlotWidget window", ours / empty, "at most", 1.5)]
