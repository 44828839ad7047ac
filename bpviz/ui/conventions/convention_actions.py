"""ConventionActions: the menu of conventions, which is kept, and the marks of panels that do not follow them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from bpviz.session.conventions.conventions import NAMES, OWN, Conventions
from bpviz.session.conventions.relation import no_half_reason
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock

_KEY = "conventions"


class Kept(Protocol):
    """Settings that are kept."""

    def long_text(self, key: str) -> str:
        """Return the text of a setting, "" if there is none."""
        ...

    def write(self, key: str, value: object) -> None:
        """Keep a setting."""
        ...


class ConventionActions(QObject):
    """Connects the actions of the menu *Conventions*.

    Parameters
    ----------
    parent : QObject
    model : ViewModel
    actions : dict of str to QAction
        All actions of the window.
    settings : Kept
    docks : iterable of PanelDock
    """

    def __init__(
        self,
        parent: QObject,
        model: ViewModel,
        actions: dict[str, QAction],
        settings: Kept,
        docks: Iterable[PanelDock[Panel]],
    ) -> None:
        super().__init__(parent)
        self._model, self._settings, self._docks = model, settings, tuple(docks)
        self._actions = {name: actions[f"convention_{name}"] for name in NAMES}
        for action in self._actions.values():
            action.triggered.connect(self._take)
        actions["convention_own"].triggered.connect(self._take_own)
        for dock in self._docks:
            dock.made.connect(self._mark)
        model.experiment_prepared.connect(self._mark_all)
        model.experiment_changed.connect(self._offer_half)
        self._choose(Conventions.from_text(settings.long_text(_KEY)))
        self._offer_half()

    @Slot()
    def _take(self) -> None:
        self._choose(replace(OWN, **{name: action.isChecked() for name, action in self._actions.items()}))

    @Slot()
    def _take_own(self) -> None:
        self._choose(OWN)

    def _choose(self, conventions: Conventions) -> None:
        for name, action in self._actions.items():
            action.setChecked(getattr(conventions, name))
        self._settings.write(_KEY, conventions.to_text())
        self._model.conventions.choose(conventions)
        self._mark_all()
        # Panels show an update and a frame as if they had just come.
        if self._model.current_update is not None:
            self._model.current_update_changed.emit(self._model.current_update)
        if self._model.frame is not None:
            self._model.frame_changed.emit(self._model.frame)

    @Slot()
    def _offer_half(self) -> None:
        """Enable the half only where the loss has one; otherwise its tooltip says why, and the choice is kept."""
        action, reason = self._actions["whole"], no_half_reason(self._model.experiment.loss)
        action.setEnabled(not reason)
        action.setToolTip(reason or action.property("tip"))

    @Slot()
    def _mark_all(self) -> None:
        for dock in self._docks:
            if dock.is_made:
                self._mark(dock)

    @Slot(object)
    def _mark(self, dock: PanelDock[Panel]) -> None:
        dock.panel.show_mark()
