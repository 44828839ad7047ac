"""The part of the view model that tells of points drawn on the surface, and of the samples that they make."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bpviz.core.data.split import Split
from bpviz.session.engine.events import NetworkReady, PointsDrawn
from bpviz.session.frames.frame import ShownSamples
from bpviz.session.frames.frame_maker import choose_shown_samples

if TYPE_CHECKING:
    from bpviz.ui.view_model.view_model import ViewModel


class DrawingModel(QObject):
    """Takes other samples of the same network into the view model, and knows those that do not hold yet.

    Parameters
    ----------
    model : ViewModel

    Attributes
    ----------
    waiting : PointsDrawn or None
        The samples that hold from a later epoch on.
    has_points : bool
        Whether points were drawn or erased since the network was made.

    Signals
    -------
    samples_changed : NetworkReady
        Other samples hold; the network is the same.
    changed
        What waits has changed.
    """

    samples_changed = Signal(object)
    changed = Signal()

    def __init__(self, model: ViewModel) -> None:
        super().__init__(model)
        self._model = model
        self.waiting: PointsDrawn | None = None
        self._shown: ShownSamples | None = None  # of those that wait
        self.has_points = False

    def take(self, event: object) -> bool:
        """Take an event of the session; return whether that is all that is to be done with it."""
        match event:
            case NetworkReady(is_redrawn=True):
                self._take_samples(event)
            case NetworkReady():
                self.waiting, self.has_points = None, False
                return False
            case PointsDrawn(_, holds_from):
                self.waiting, self.has_points, self._shown = (None if holds_from is None else event), True, None
                self.changed.emit()
            case _:
                return False
        return True

    def shown(self) -> tuple[Split, ShownSamples] | None:
        """Return the samples with all that was drawn, and which of them are shown; None without a network."""
        prepared = self._model.prepared
        if prepared is None:
            return None
        if self.waiting is None:
            return prepared.split, prepared.shown
        if self._shown is None:
            self._shown = choose_shown_samples(self.waiting.split, prepared.n_parameters)
        return self.waiting.split, self._shown

    def _take_samples(self, prepared: NetworkReady) -> None:
        model = self._model
        model.prepared, model.current_update, model.checked = prepared, None, None
        model.selection = dataclasses.replace(model.selection, sample=None)  # samples have other numbers now
        model.frame_requests.begin(model.plane.begin(prepared.split))
        self.samples_changed.emit(prepared)
        model.selection_changed.emit(model.selection)
        model.epochs_added.emit()
        model.frame_requests.make_stale()
