"""Which deltas the sentences of the window speak of: those of one sample, or those of all that are shown.

All panels follow this one rule, so that two of them never give different numbers for the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.language import ngettext
from bpviz.session.diagnostics.delta_flow import DeltaFlow, flow_of_update
from bpviz.session.frames.frame import Frame
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class SpokenDeltas:
    """The deltas that are spoken of.

    Attributes
    ----------
    samples : str
        Which samples, as the start of a sentence: "Sample 12", "1,400 samples".
    is_of_update : bool
        Whether it is the selected sample of the current update.
    flow : DeltaFlow
    largest : tuple of float
        Largest |delta| of layers 1..L.
    """

    samples: str
    is_of_update: bool
    flow: DeltaFlow
    largest: tuple[float, ...]


def spoken_deltas(
    update: TracedUpdate | None, row: int, frame: Frame | None, *, neuron_is_selected: bool
) -> SpokenDeltas | None:
    """Return the deltas to speak of, or None if there are none.

    They are those of the current update's sample as soon as its backward pass is done, or somebody looks at one of its
    neurons; else those of all samples of the frame, if there is one.

    Parameters
    ----------
    update : TracedUpdate or None
        The current update, if it is at the position on screen.
    row : int
        The selected sample, as a row of the update's batch.
    frame : Frame or None
    neuron_is_selected : bool
    """
    over_all = _of_frame(frame)
    if update is not None and (neuron_is_selected or update.is_done(Operation("delta", 1)) or over_all is None):
        return _of_update(update, row)
    return over_all


def _of_update(update: TracedUpdate, row: int) -> SpokenDeltas:
    largest = tuple(float(np.abs(layer.delta[row]).max()) for layer in update.trace.layers)
    return SpokenDeltas(update.sample_name(row).capitalize(), True, flow_of_update(update, row), largest)


def _of_frame(frame: Frame | None) -> SpokenDeltas | None:
    if frame is None or not frame.error_rms or not len(frame.deltas[0]):
        return None
    largest = tuple(float(np.abs(deltas).max()) for deltas in frame.deltas)
    count = len(frame.deltas[0])
    samples = ngettext("{count:,} sample", "{count:,} samples", count).format(count=count)
    return SpokenDeltas(samples, False, DeltaFlow(frame.error_rms, frame.delta_rms), largest)
