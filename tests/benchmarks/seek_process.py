"""How long a drag over the timeline takes from the pointer's move to the new frame, in a process of its own; JSON."""

from __future__ import annotations

import json
import time

import numpy as np
from PySide6.QtCore import QCoreApplication

from bpviz.app import Program
from bpviz.session.position import Position
from bpviz.session.records import State
from tests.benchmarks.opened import open_program, process_until

_EPOCHS, _MOVES = 1000, 300


def _drag_to(program: Program, epoch: int) -> float:
    """Return the milliseconds until everything shows that epoch, painted."""
    frames: list[object] = []
    program.model.frame_changed.connect(frames.append)
    began = time.perf_counter()
    program.model.travel(Position(epoch))
    process_until(lambda: bool(frames) and program.model.shows_the_present and not program.model.is_moving)
    QCoreApplication.processEvents()
    program.model.frame_changed.disconnect(frames.append)
    return 1000 * (time.perf_counter() - began)


def measure(layout: str) -> float:
    """Return the 99th percentile over a drag to and fro in one arrangement."""
    program = open_program(layout)
    program.model.set_pace(None)
    program.model.stop_after(_EPOCHS)
    program.model.run()
    process_until(lambda: program.model.status.state is State.FINISHED)
    rng = np.random.default_rng(0)
    epochs = np.clip(np.cumsum(rng.integers(-60, 61, _MOVES)) + _EPOCHS // 2, 0, _EPOCHS - 1)
    _drag_to(program, 10)
    found = [_drag_to(program, int(epoch)) for previous, epoch in zip(epochs, epochs[1:], strict=False) if epoch != previous]
    program.window.close()
    print(np.percentile(found,[50,90,99]))
    return float(np.percentile(found, 99))


if __name__ == "__main__":
    print(json.dumps({"train": measure("train_layout")}))
