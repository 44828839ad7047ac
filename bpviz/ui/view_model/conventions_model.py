"""ConventionsModel: the conventions that the user has chosen, and numbers written in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from bpviz.session.conventions.conventions import OWN, Conventions
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import Frame
from bpviz.session.walkthrough.traced_update import TracedUpdate, as_shown


class ConventionsModel(QObject):
    """Gives panels the current update and frame as they are to be shown; the session knows nothing of it.

    Signals
    -------
    changed
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen = OWN
        # The latest that was asked for, with what it was made of: panels compare updates and traces by identity.
        self._update: tuple[TracedUpdate, TracedUpdate] | None = None
        self._frame: tuple[Frame, float, Frame] | None = None

    def choose(self, conventions: Conventions) -> None:
        """Show numbers in other conventions."""
        if conventions != self.chosen:
            self.chosen, self._update = conventions, None
            self.changed.emit()

    def applying(self, experiment: Experiment) -> Conventions:
        """Return the conventions that apply to an experiment."""
        return self.chosen.applying(experiment.loss)

    def update(self, update: TracedUpdate | None) -> TracedUpdate | None:
        """Return an update as it is shown."""
        if update is None:
            return None
        before = self._update
        if before is None or before[0] is not update:
            shown = as_shown(update, self.chosen)
            if before is not None and before[0].trace is update.trace:
                shown = replace(shown, trace=before[1].trace)  # the same update with other operations done
            self._update = before = update, shown
        return before[1]

    def frame(self, frame: Frame | None, experiment: Experiment) -> Frame | None:
        """Return a frame with its errors and deltas as they are shown."""
        factor = self.applying(experiment).factor
        if frame is None or factor == 1.0:
            return frame
        if self._frame is None or self._frame[0] is not frame or self._frame[1] != factor:
            self._frame = frame, factor, _times(frame, factor)
        return self._frame[2]


def _times(frame: Frame, factor: float) -> Frame:
    size = abs(factor)
    return replace(
        frame,
        deltas=tuple(_product(deltas, factor) for deltas in frame.deltas),
        error_rms=tuple(size * each for each in frame.error_rms),
        delta_rms=tuple(size * each for each in frame.delta_rms),
    )


def _product(deltas: npt.NDArray[np.float32], factor: float) -> npt.NDArray[np.float32]:
    made = deltas * np.float32(factor)
    made.flags.writeable = False
    return made
