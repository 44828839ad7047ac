"""Time from a step key to the last panel's repaint, in a process of its own; prints JSON."""

from __future__ import annotations

import json
import time

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop

from bpviz.app import Program
from tests.benchmarks.opened import open_program, process_until

# Formulas are rendered in advance during the first seconds.
_SETTLE_SECONDS, _EPOCHS, _STEPS = 5.0, 100, 200
_LEVELS = ("operation", "layer", "sample", "epoch")


def _step(program: Program, level: str, count: int) -> float:
    """Return the milliseconds until all panels show the step and are painted."""
    arrived: list[object] = []
    program.model.current_update_changed.connect(arrived.append)
    began = time.perf_counter()
    program.model.step(level, count)
    process_until(
        lambda: bool(arrived) and program.model.frame_requests.shows_the_present and not program.model.is_running
    )
    QCoreApplication.processEvents()
    program.model.current_update_changed.disconnect(arrived.append)
    return 1000 * (time.perf_counter() - began)


def measure() -> dict[str, float]:
    """Return the 99th percentile for steps of each level, in both directions, in the Step workspace."""
    program = open_program("step_layout")
    _step(program, "epoch", _EPOCHS)
    program.model.select(layer=2, neuron=7)
    settled = time.perf_counter() + _SETTLE_SECONDS
    while time.perf_counter() < settled:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
    found = {}
    for level in _LEVELS:
        counts = [1, -1] * (_STEPS // 2) if level == "epoch" else [1] * (_STEPS // 2) + [-1] * (_STEPS // 2)
        found[level] = float(np.percentile([_step(program, level, count) for count in counts], 99))
    program.window.close()
    return found


if __name__ == "__main__":
    print(json.dumps(measure()))
