"""Time from a drag on the timeline to the new frame, and time to paint the network; prints JSON."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QCoreApplication

from bpviz.app import Program
from bpviz.session.engine.commands import Run
from bpviz.session.engine.events import State
from bpviz.session.training.position import Position
from tests.benchmarks.opened import open_program, process_until

_EPOCHS, _MOVES = 1000, 300


def _drag_to(program: Program, epoch: int) -> float:
    """Return the milliseconds until all panels show an epoch and are painted."""
    frames: list[object] = []
    program.model.frame_changed.connect(frames.append)
    began = time.perf_counter()
    program.model.go_to(Position(epoch))
    process_until(
        lambda: bool(frames) and program.model.frame_requests.shows_the_present and not program.model.is_moving
    )
    QCoreApplication.processEvents()
    program.model.frame_changed.disconnect(frames.append)
    return 1000 * (time.perf_counter() - began)


def _paint_network(program: Program) -> list[float]:
    """Return the milliseconds that the network panel, with all edges, takes to draw and to paint a frame."""
    model, network, frames = program.model, program.window.docks.network.panel, []
    network.share.setValue(100)
    for epoch in (100, 300, 500, 900):
        _drag_to(program, epoch)
        frames.append(model.frame)
    process_until(lambda: model.frame_requests.is_up_to_date)
    QCoreApplication.processEvents()
    model.current_update = None  # otherwise the weights are those of the current update, and are not drawn again
    found = []
    for frame in filter(None, frames * (_MOVES // 4)):
        model.frame_requests.frame = frame
        began = time.perf_counter()
        network.redraw()
        QCoreApplication.processEvents()
        found.append(1000 * (time.perf_counter() - began))
    return found


def measure() -> dict[str, float]:
    """Return 99th percentiles: of a drag in both directions, and of painting the network with all edges."""
    program = open_program("train_layout")
    program.model.set_speed(None)
    program.model.stop_after(_EPOCHS)
    program.model.post(Run())
    process_until(lambda: program.model.status.state is State.FINISHED)
    rng = np.random.default_rng(0)
    epochs = np.clip(np.cumsum(rng.integers(-60, 61, _MOVES)) + _EPOCHS // 2, 0, _EPOCHS - 1)
    _drag_to(program, 10)
    found = [_drag_to(program, int(epoch)) for before, epoch in pairwise(epochs) if epoch != before]
    painted = _paint_network(program)
    program.window.close()
    return {"drag": float(np.percentile(found, 99)), "network": float(np.percentile(painted, 99))}


if __name__ == "__main__":
    print(json.dumps(measure()))
