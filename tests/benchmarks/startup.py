"""Time until the window is painted and until its data are ready, each compared with the least that it could take."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.row import Row

ROUNDS = 9
_LIMIT_SECONDS = 60

# A process ends as soon as the first plot has been painted, which may be long after the window is shown.
_LEAVE_PAINTED = """
def leave_when_painted():
    import os
    import pyqtgraph
    paint = pyqtgraph.GraphicsView.paintEvent
    def paint_and_leave(view, event):
        paint(view, event)
        os._exit(0)
    pyqtgraph.GraphicsView.paintEvent = paint_and_leave
"""
_EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph as pg
leave_when_painted()
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(pg.PlotWidget())
window.resize(1440, 900)
window.show()
app.exec()
"""
_LEAVE_READY = """
def leave_when_ready():
    import os
    from bpviz.ui.view_model.view_model import ViewModel
    ViewModel._begin = lambda model, prepared: os._exit(0)
"""
#: The program as its command starts it, with settings, log and autosave. It calls the function `leave` when all modules
#: are imported and it looks for a display.
OURS = """
import bpviz.display
from bpviz.cli import main
look = bpviz.display.has_display
def prepare_to_leave():
    leave()
    return look()
bpviz.display.has_display = prepare_to_leave
main([])
"""
_SKLEARN = """
import sklearn.datasets, sklearn.model_selection
"""
_PAINTED = (_LEAVE_PAINTED + _EMPTY, _LEAVE_PAINTED + "leave = leave_when_painted" + OURS)
_READY = (_SKLEARN, _LEAVE_READY + "leave = leave_when_ready" + OURS)


def _seconds(program: str, environment: Mapping[str, str]) -> float:
    """Return the time that a new process takes, in a home of its own, in which the welcome has been seen."""
    with TemporaryDirectory() as home:
        settings = Path(home, ".config", "bpviz", "bpviz.conf")
        settings.parent.mkdir(parents=True)
        settings.write_text("[General]\nwelcomed=true\n", encoding="utf-8")
        command = [sys.executable, "-c", program]
        started = time.perf_counter()
        subprocess.run(
            command,
            check=True,
            timeout=_LIMIT_SECONDS,
            env={**environment, "HOME": home},
            stderr=subprocess.DEVNULL,
        )
        return time.perf_counter() - started


def _environment(cache: str) -> dict[str, str]:
    """Return an environment with all caches, of bytecode and of fonts, as they are once a program has run."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return {"QT_QPA_PLATFORM": "offscreen", **inherited, "PYTHONPYCACHEPREFIX": cache, "XDG_CACHE_HOME": cache}


def measure(programs: tuple[str, str]) -> tuple[float, float]:
    """Return the medians in seconds of two programs that take turns, after one round that is not counted."""
    with TemporaryDirectory() as cache:
        environment = _environment(cache)
        pairs = [[_seconds(program, environment) for program in programs] for _ in range(ROUNDS + 1)][1:]
    first, second = zip(*pairs, strict=True)
    return statistics.median(first), statistics.median(second)


def rows() -> list[Row]:
    """Measure the time to the first paint, and to the first data."""
    empty, ours = measure(_PAINTED)
    sklearn, data = measure(_READY)
    return [
        Row("start to first paint, bpviz / empty PlotWidget window", ours / empty, "at most", 1.5),
        Row("start to data ready, bpviz / importing scikit-learn alone", data / sklearn, "at most", 1.5),
    ]
