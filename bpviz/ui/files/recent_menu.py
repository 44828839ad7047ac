"""The menu File, Recent: the sessions that were replaced or open when the program ended."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from bpviz.language import N_, _
from bpviz.session.recovery.recent import list_recent
from bpviz.ui.files.session_files import SessionFiles

_NONE_YET = N_("No run has been replaced yet")


class RecentMenu(QObject):
    """Adds the menu before an action, and fills it each time that it opens: other programs add to the folder too.

    Parameters
    ----------
    window : QMainWindow
    files : SessionFiles
        Opens a session as one that has no file of the user.
    folder : Path
        The folder of recent sessions.
    before : QAction
    """

    def __init__(self, window: QMainWindow, files: SessionFiles, folder: Path, before: QAction) -> None:
        super().__init__(window)
        self._files, self._folder = files, folder
        self.menu = QMenu(_("Rece&nt"), window)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self.fill)
        self.menu.triggered.connect(self._open)
        for menu in before.associatedObjects():
            if isinstance(menu, QMenu):
                menu.insertMenu(before, self.menu)

    @Slot()
    def fill(self) -> None:
        """Show the sessions, newest first."""
        self.menu.clear()
        for each in list_recent(self._folder):
            action = self.menu.addAction(each.description.replace("&", "&&"))
            action.setToolTip(_("Open this run; the one on screen is kept here in turn"))
            action.setData(str(each.path))
        if self.menu.isEmpty():
            self.menu.addAction(_(_NONE_YET)).setEnabled(False)

    @Slot(QAction)
    def _open(self, action: QAction) -> None:
        self._files.open_copy(Path(action.data()))
