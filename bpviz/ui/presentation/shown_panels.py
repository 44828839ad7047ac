"""Which panels a presentation shows: one, or two side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from bpviz.ui.presentation.panel_chooser import NUMBERED, PanelChooser
from bpviz.ui.presentation.screen import Arranging, Dock

# Panels that guide or set up: they are for the lecturer.
_NOT_SHOWN = ("lesson", "experiment")


class ShownPanels(QObject):
    """Shows panels alone, and follows what else shows panels.

    Parameters
    ----------
    window : QMainWindow
    docks : sequence of PanelDock
    actions : dict of str to QAction
        All actions of the window.
    arranging : Arranging

    Signals
    -------
    changed
        Other panels are shown.
    """

    changed = Signal()

    def __init__(
        self, window: QMainWindow, docks: Sequence[Dock], actions: dict[str, QAction], arranging: Arranging
    ) -> None:
        super().__init__(window)
        self._window, self._arranging = window, arranging
        self._docks = {dock.objectName(): dock for dock in docks}
        self._two = actions["two_panels"]
        names, palette = {key: self.title(key) for key in self._docks}, actions["palette"].shortcut().toString()
        self.chooser = PanelChooser(window, names, palette)
        self.chooser.chosen.connect(self.choose)
        #: The panels on screen, from left to right; none outside of a presentation.
        self.keys: tuple[str, ...] = ()
        self._partner = ""
        actions["choose_panel"].triggered.connect(self._open_chooser)
        self._two.triggered.connect(self._show_two)
        for dock in docks:
            # When the docks have settled: while they are arranged, many are shown for a moment.
            dock.visibilityChanged.connect(self._adopt, Qt.ConnectionType.QueuedConnection)

    def usual(self) -> tuple[str, ...]:
        """Return the panel to begin with: the one with the focus, or else the first that is seen."""
        focus = self._window.focusWidget()
        with_focus = [key for key, dock in self._docks.items() if focus is not None and dock.isAncestorOf(focus)]
        others = (*NUMBERED, *self._docks)
        seen = [key for key in (*with_focus, *others) if key not in _NOT_SHOWN and self._docks[key].is_seen]
        return tuple(seen[:1]) or NUMBERED[:1]

    def title(self, key: str) -> str:
        """Return the title of a panel."""
        return self._docks[key].windowTitle()

    def show(self, keys: tuple[str, ...]) -> None:
        """Show one panel or two, and no others."""
        gone = [key for key in self.keys if key not in keys]
        self._partner = gone[-1] if gone else self._partner
        self.keys = keys
        self._arranging.show_alone(keys)
        self._two.setChecked(len(keys) > 1)
        self.chooser.hide()
        self.changed.emit()

    def put_guide_away(self) -> None:
        """Show what was on screen before the panel that leads through lessons."""
        if "lesson" in self.keys:
            others = tuple(key for key in self.keys if key != "lesson")
            self.show(others or (self._partner or NUMBERED[0],))

    def end(self) -> None:
        """Leave the panels to others."""
        self.keys, self._partner = (), ""
        self.chooser.hide()

    @Slot(str)
    def choose(self, key: str) -> None:
        """Show a panel in place of the present one, or of the right one of two."""
        if key not in self.keys:
            self.show((*self.keys[:-1], key))

    @Slot()
    def _show_two(self) -> None:
        first = self.keys[0]
        if not self._two.isChecked():
            self.show((first,))
        else:
            self.show((first, next(key for key in (self._partner, *NUMBERED) if key not in ("", first))))

    @Slot()
    def _open_chooser(self) -> None:
        if self.chooser.isVisible():
            self.chooser.hide()
        else:
            self.chooser.open(self.keys)

    @Slot()
    def _adopt(self) -> None:
        """Show a panel alone that something else has shown, and leave out one that something else has hidden."""
        shown = {key for key, dock in self._docks.items() if not dock.isHidden()}
        if not self.keys or shown == set(self.keys):
            return
        if new := sorted(shown - set(self.keys)):
            self.show((*self.keys[:-1], new[0]))
        else:
            self.show(tuple(key for key in self.keys if key in shown) or self.keys)
