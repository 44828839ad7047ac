"""What is compared of two branches: their positions, their outputs and their deltas."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import rms
from bpviz.core.surface import Outputs, boundaries
from bpviz.language import _
from bpviz.session.frames.frame import Frame
from bpviz.session.training.position import Position, position_text
from bpviz.ui.style import formats

WAITING = "loading"


def compared_position_text(here: Position | None, there: Position | None) -> str:
    """Return the position of the compared branch, relative to that of the active one."""
    if here is None or there is None:
        return WAITING
    if there == here:
        return position_text(there)
    if there > here:
        return _("ahead: {position_text}").format(position_text=position_text(there))
    if here.sample or there.sample or here.operation or there.operation:
        return _("catching up: {position}, not yet {goal}").format(
            position=position_text(there), goal=position_text(here)
        )
    return _("catching up: {position_text} of {count}").format(
        position_text=position_text(there), count=formats.count(here.epoch)
    )


def margin_difference(ours: Outputs, theirs: Outputs) -> Outputs:
    """Return the margin of output 1 over output 0 in the second minus the first, shape (rows, columns)."""
    with np.errstate(all="ignore"):
        apart: Outputs = boundaries(theirs)[0] - boundaries(ours)[0]
    apart[~np.isfinite(apart)] = 0.0
    return apart


def class_difference(ours: Outputs, theirs: Outputs) -> Outputs:
    """Return 1 where the two classify a point differently, else 0, shape (rows, columns)."""
    return np.asarray(ours.argmax(axis=-1) != theirs.argmax(axis=-1), dtype=np.float32)


def layer_rms(frame: Frame | None) -> list[float | None]:
    """Return the RMS delta of each layer over the displayed samples, layer 1 first; [] without a frame."""
    layers = frame.deltas if frame else ()
    return [rms(each) for each in layers]
