"""The lines below the tool bars that tell of what the user did not ask for, and what can be done about it."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from bpviz.ui.notices.deleted_bar import DeletedBar
from bpviz.ui.notices.disabled_bar import DisabledBar
from bpviz.ui.notices.kept_bar import KeptBar
from bpviz.ui.notices.planted_bar import PlantedBar
from bpviz.ui.notices.started_bar import StartedBar
from bpviz.ui.notices.stop_bar import StopBar
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.action_bar import ActionBar
from bpviz.ui.widgets.message_bar import MessageBar


class Notices:
    """Makes the lines and adds them to the window.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    actions : dict of str to QAction
        All actions of the window.
    notice : MessageBar
        Shows failures.
    """

    def __init__(self, window: QMainWindow, model: ViewModel, actions: dict[str, QAction], notice: MessageBar) -> None:
        self.stop = StopBar(model, actions["explain"], notice)
        self.kept, self.disabled, self.deleted = KeptBar(model), DisabledBar(model), DeletedBar(model)
        self.planted, self.started = (
            PlantedBar(model, actions["find_bug"]),
            StartedBar(model, actions["compare_layout"]),
        )
        # What is said of the run that was replaced shares a row.
        replaced = self.kept, self.disabled
        rows: tuple[tuple[ActionBar, ...], ...] = (
            *((self.planted,), (self.stop,), replaced, (self.deleted,), (self.started,)),
        )
        self._bars = tuple(bar for row in rows for bar in row)
        for row in rows:
            window.addToolBarBreak()
            for bar in row:
                window.addToolBar(bar)

    def hide(self) -> None:
        """Hide all lines, which a saved layout may show."""
        for bar in self._bars:
            bar.hide()
