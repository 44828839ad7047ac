"""Offers what was left over by programs that did not end as they should, once, and lists it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from bpviz.session.engine.events import Failed
from bpviz.session.recovery.recovery import Leftover, LeftoverSummary, Recovery
from bpviz.ui.files.recovery_bar import RecoveryBar
from bpviz.ui.files.recovery_dialog import RecoveryDialog, in_words
from bpviz.ui.files.session_files import SessionFiles

_GONE = Failed("That session is not there any more, or another bpviz has opened it.")


class RecoveryOffer(QObject):
    """Asks what should become of what was left over, and does it.

    Parameters
    ----------
    window : QMainWindow
    recovery : Recovery
    files : SessionFiles
        Opens it.
    offer : RecoveryBar
    action : QAction
        Shows the list; it can be given while there is something on it.
    tell : callable
        Takes a `Failed`.
    """

    def __init__(
        self,
        window: QMainWindow,
        recovery: Recovery,
        files: SessionFiles,
        offer: RecoveryBar,
        action: QAction,
        tell: Callable[[Failed], None],
    ) -> None:
        super().__init__(window)
        self._window, self._recovery, self._files, self._tell = window, recovery, files, tell
        self._offer, self._action = offer, action
        self._offered: Leftover | None = None
        self._dialog: RecoveryDialog | None = None
        action.triggered.connect(self.show_list)
        for menu in action.associatedObjects():
            if isinstance(menu, QMenu):
                menu.aboutToShow.connect(self.refresh)
        offer.accepted.connect(self._open_offered)
        offer.postponed.connect(self._postpone_offered)
        offer.discarded.connect(self._discard_offered)
        files.secured.connect(self._discard)
        files.put_back.connect(self._put_back)

    def begin(self) -> None:
        """Offer the newest that was not offered yet, if there is one."""
        self._offered = self._recovery.next_offer()
        if self._offered:
            account = self._recovery.summarize(self._offered)
            self._offer.make(_sentence(self._offered, account), account.is_sound)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look anew at what is left over."""
        found = self._recovery.find_leftovers()
        self._action.setEnabled(bool(found))
        if self._dialog and self._dialog.isVisible():
            self._dialog.fill([(each, self._recovery.summarize(each)) for each in found])

    @Slot()
    def show_list(self) -> None:
        """Show the list."""
        if self._dialog is None:
            self._dialog = RecoveryDialog(self._window)
            self._dialog.chosen.connect(self._open)
            self._dialog.discarded.connect(self._discard)
        self._dialog.show()
        self._dialog.activateWindow()
        self.refresh()

    def end(self) -> None:
        """Let other programs have what this one has claimed."""
        self._recovery.close()

    # What is answered

    @Slot()
    def _open_offered(self) -> None:
        if self._offered:
            self._open(self._offered)

    @Slot()
    def _postpone_offered(self) -> None:
        if self._offered:
            self._recovery.release(self._offered)
            self._offered = None

    @Slot()
    def _discard_offered(self) -> None:
        if self._offered:
            self._discard(self._offered)

    @Slot(object)
    def _open(self, leftover: Leftover) -> None:
        self._withdraw(leftover)
        claimed = self._recovery.acquire(leftover)
        if claimed:
            self._files.open_leftover(claimed)
        else:
            self._tell(_GONE)
        self.refresh()

    @Slot(object)
    def _discard(self, leftover: Leftover) -> None:
        self._withdraw(leftover)
        self._recovery.discard(leftover)
        self.refresh()

    @Slot(object)
    def _put_back(self, leftover: Leftover) -> None:
        self._recovery.release(leftover)
        self.refresh()

    def _withdraw(self, leftover: Leftover) -> None:
        """Ask no more about what was decided on in another way."""
        if self._offered and self._offered.name == leftover.name:
            self._offered = None
            self._offer.hide()


def _sentence(offered: Leftover, account: LeftoverSummary) -> str:
    return f"bpviz ended unexpectedly. Its session of {in_words(offered.written)} was kept: {account.description}"
