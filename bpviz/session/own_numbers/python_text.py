"""What an update starts from, as Python, so that somebody's own program can start from the same numbers."""

from __future__ import annotations

from bpviz.core.arrays import Array
from bpviz.session.walkthrough.traced_update import TracedUpdate


def python_text(update: TracedUpdate) -> str:
    """Return statements that define x, y, W1, b1, ... and the learning rate, in full precision."""
    lines = ["import numpy as np", "", _statement("x", update.trace.x), _statement("y", update.trace.y)]
    for number, layer in enumerate(update.layers, start=1):
        lines.append(f"# layer {number}: {layer.activation}, z = a_prev @ W{number} + b{number}")
        lines += [_statement(f"W{number}", layer.W), _statement(f"b{number}", layer.b)]
    lines.append(f"learning_rate = {update.learning_rate!r}")
    return "\n".join(lines) + "\n"


def _statement(name: str, values: Array) -> str:
    return f"{name} = np.array({values.tolist()!r})"
