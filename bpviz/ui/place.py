"""Where a moment is, in words."""

from __future__ import annotations

from bpviz.session.position import Position
from bpviz.ui import formats


def place(position: Position) -> str:
    """Write where a moment is, as in "epoch 40", or "epoch 40, sample 12, operation 3" inside one."""
    parts = [f"epoch {formats.count(position.epoch)}"]
    if position.sample or position.operation:
        parts.append(f"sample {formats.count(position.sample)}")
    if position.operation:
        parts.append(f"operation {position.operation}")
    return ", ".join(parts)
