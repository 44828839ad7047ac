"""The arrangement of the docks: the workspaces, fitted to the window's size, and one panel that fills the window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow, QToolBar

from bpviz.ui.window.panel_docks import PanelDocks
from bpviz.ui.window.workspaces import Density, Dock, Workspace, arrange, fitted, guide_width, place_guide, structure

# Widths of panels that stand alone on the screen beside another one; all others have 2. The diagram has columns.
_WIDTHS = {"network": 3}


@dataclass(frozen=True)
class Kept:
    """An arrangement to go back to: the state of the docks and bars, and what led to it."""

    state: QByteArray
    workspace: Workspace | None
    density: Density
    structure: object
    before: QByteArray | None


class Arrangement(QObject):
    """Arranges the docks of a window.

    Parameters
    ----------
    window : QMainWindow
    docks : PanelDocks
    step_bar : QToolBar
        Shown in the workspaces that have it.

    Signals
    -------
    workspace_changed : Workspace
        Emitted before the docks move.
    """

    workspace_changed = Signal(object)

    def __init__(self, window: QMainWindow, docks: PanelDocks, step_bar: QToolBar) -> None:
        super().__init__(window)
        self._window, self._docks, self._step_bar = window, docks.all, step_bar
        self._guide = docks.lesson
        self._workspace: Workspace | None = None
        self._density = Density(0, 0)
        self._structure: object = None
        self._before: QByteArray | None = None
        for dock in self._docks:
            dock.fill_wanted.connect(self.toggle_fill)

    def lay_out(self, workspace: Workspace, scale: float) -> None:
        """Arrange the docks as in a workspace, with as many columns and cells as there is room for."""
        self._before, self._workspace = None, workspace
        self.workspace_changed.emit(workspace)
        has_guide = not self._guide.isHidden()
        self._density = self._room(scale)
        # A lecture's panels have no controls, so that two of them have room at any size of text.
        shown = workspace if workspace.is_for_lecture else fitted(workspace, self._density)
        arrange(self._window, self._docks, shown)
        if has_guide:
            place_guide(self._window, self._guide, scale)
        self._step_bar.setVisible(workspace.has_step_bar)
        self._structure = structure(self._docks)

    def fit(self, scale: float) -> None:
        """Arrange the workspace again if the window has room for more or fewer columns; the user's own stays."""
        density = self._room(scale)
        is_own = self._workspace is None or structure(self._docks) != self._structure
        if density != self._density and self._workspace is not None and not is_own:
            self.lay_out(self._workspace, scale)
        self._density = density

    # Presentation

    def keep(self) -> Kept:
        """Return the arrangement as it is."""
        return Kept(self._window.saveState(), self._workspace, self._density, self._structure, self._before)

    def bring_back(self, kept: Kept) -> None:
        """Arrange docks and bars as they were."""
        self._window.restoreState(kept.state)
        self._workspace, self._density = kept.workspace, kept.density
        self._structure, self._before = kept.structure, kept.before

    def show_alone(self, keys: tuple[str, ...]) -> None:
        """Show these panels side by side, and no others."""
        # Without a workspace the arrangement counts as the user's own, which a new size of the window leaves alone.
        self._workspace = self._before = None
        columns, widths = tuple(((key,),) for key in keys), tuple(_WIDTHS.get(key, 2) for key in keys)
        arrange(self._window, self._docks, Workspace(columns, widths, ((1,),) * len(keys)))

    def _room(self, scale: float) -> Density:
        taken = guide_width(scale) if not self._guide.isHidden() else 0
        return Density.of(self._window.width() - taken, self._window.height(), scale)

    def show_guide(self, scale: float) -> None:
        """Show the panel that leads through lessons, in a column of its own beside the workspace."""
        if self._guide.isHidden():
            self._guide.show()
            if self._workspace is not None:
                self.lay_out(self._workspace, scale)
        self._guide.raise_()

    def current(self) -> Dock | None:
        """Return the dock that has the focus, or else the first that is seen; None if none is."""
        focus = self._window.focusWidget()
        seen = [dock for dock in self._docks if dock.is_seen]
        with_focus = [dock for dock in seen if focus is not None and dock.isAncestorOf(focus)]
        return next(iter((*with_focus, *seen)), None)

    @Slot()
    def toggle_fill_with_current(self) -> None:
        """Let the current panel fill the window, or go back."""
        if dock := self.current():
            self.toggle_fill(dock)

    @Slot(object)
    def toggle_fill(self, dock: Dock) -> None:
        """Let one panel fill the window, or go back to where all panels were."""
        if self._before is not None:
            self.end_fill()
            return
        self._before = self._window.saveState()
        for other in self._docks:
            if other is not dock and not other.isFloating():
                other.hide()

    def end_fill(self) -> None:
        """Show all panels again if one fills the window."""
        if self._before is not None:
            self._window.restoreState(self._before)
            self._before = None
