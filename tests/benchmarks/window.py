"""The window at unlimited training speed: speed compared with no window, smoothness, memory.

Each measure has a process of its own, so that nothing is warm or full from the one before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.benchmarks.row import Row

_LIMIT_SECONDS = 900


def _run(*arguments: str, module: str = "window_process") -> dict[str, float]:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    done = subprocess.run(command, check=True, timeout=_LIMIT_SECONDS, env=environment, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def rows() -> list[Row]:
    """Run all benchmarks that need the window."""
    alone, open_window, seen = _run("alone"), _run("speed"), _run("smooth")
    without = _run("smooth", "--numpy")
    steps, seeks = _run(module="steps_process"), _run(module="seek_process")
    short, long = _run("memory", "2000"), _run("memory", "100000")
    return [
        Row("epochs a second, window open / no window", open_window["rate"] / alone["rate"], "at least", 0.85),
        Row("event loop silent, p99, over a minute", seen["p99"], "at most", 17, unit=" ms"),
        Row("event loop silent, longest", seen["longest"], "at most", 50, unit=" ms"),
        Row("event loop silent, p99, without numba", without["p99"], "at most", 33, unit=" ms"),
        *(
            Row(f"step of one {level} shown by all panels, p99", milliseconds, "at most", 50, unit=" ms")
            for level, milliseconds in steps.items()
        ),
        Row("drag over 1,000 epochs, pointer to frame, p99", seeks["drag"], "at most", 33, unit=" ms"),
        Row("network with all edges, a frame on the window's thread, p99", seeks["network"], "at most", 8, unit=" ms"),
        Row("memory after 100,000 epochs of 2-8-2 / after 2,000", long["bytes"] / short["bytes"], "at most", 1.2),
    ]
