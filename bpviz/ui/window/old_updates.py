"""Panels of the current update are dimmed while training runs: what they show was computed before this run."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Slot

from bpviz.session.engine.events import Status
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.layout_barrier import LayoutBarrier
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock


class OldUpdates(QObject):
    """Dims panels while training runs past the update that they show.

    Parameters
    ----------
    model : ViewModel
    docks : iterable of PanelDock
    parent : QObject
    """

    def __init__(self, model: ViewModel, docks: Iterable[PanelDock[Panel]], parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._docks = model, tuple(docks)
        self._is_dim = False
        model.status_changed.connect(self._follow)
        for dock in self._docks:
            dock.made.connect(self._dim)

    @Slot(object)
    def _follow(self, status: Status) -> None:
        is_old = self._model.is_running and self._model.current_update is not None
        # A short step or seek passes through the same state, but tells it only if it takes a while.
        if is_old != self._is_dim:
            self._is_dim = is_old
            for dock in self._docks:
                self._dim(dock)

    @Slot(object)
    def _dim(self, dock: PanelDock[Panel]) -> None:
        """Dim a panel, or no longer; it may just have been made."""
        if isinstance(body := dock.widget(), LayoutBarrier):
            body.set_veiled(self._model.theme.paper if self._is_dim else None)
