"""Recovery of the sessions of programs that crashed: offers the newest once, and lists all of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from bpviz.language import N_, _
from bpviz.session.engine.events import Failed
from bpviz.session.recovery.recovery import Leftover, LeftoverSummary, Recovery
from bpviz.ui.files.recovery_bar import RecoveryBar
from bpviz.ui.files.recovery_dialog import RecoveryDialog, in_words
from bpviz.ui.files.session_files import SessionFiles

_GONE = N_("That session no longer exists, or another bpviz has opened it.")


class RecoveryOffer(QObject):
    """Connects the recovery bar and the recovery dialog with the autosave folder.

    Parameters
    ----------
    window : QMainWindow
    recovery : Recovery
    files : SessionFiles
        Opens the recovered session.
    offer : RecoveryBar
    action : QAction
        Shows the list; enabled while there are sessions in it.
    show_failure : callable
        Called with a `Failed` on an error.
    """

    def __init__(
        self,
        window: QMainWindow,
        recovery: Recovery,
        files: SessionFiles,
        offer: RecoveryBar,
        action: QAction,
        show_failure: Callable[[Failed], None],
    ) -> None:
        super().__init__(window)
        self._window, self._recovery, self._files, self._show_failure = window, recovery, files, show_failure
        self._offer, self._action = offer, action
        self._offered: Leftover | None = None
        self._dialog: RecoveryDialog | None = None
        action.triggered.connect(self.show_list)
        for menu in action.associatedObjects():
            if isinstance(menu, QMenu):
                # Another program may have recovered or left sessions since.
                menu.aboutToShow.connect(self.refresh)
        offer.accepted.connect(self._open_offered)
        offer.postponed.connect(self._postpone_offered)
        offer.discarded.connect(self._discard_offered)
        files.leftover_saved.connect(self._discard)
        files.leftover_closed.connect(self._release)

    def begin(self) -> None:
        """Offer the newest session that has not been offered yet, if there is one."""
        self._offered = self._recovery.next_offer()
        if self._offered:
            account = self._recovery.summarize(self._offered)
            self._offer.show_offer(_sentence(self._offered, account), account.is_sound)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Update the action and the list from the autosave folder."""
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
        """Release the sessions that this program has claimed, for other programs to offer."""
        self._recovery.close()

    # User actions

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
            self._show_failure(Failed(_(_GONE)))
        self.refresh()

    @Slot(object)
    def _discard(self, leftover: Leftover) -> None:
        self._withdraw(leftover)
        self._recovery.discard(leftover)
        self.refresh()

    @Slot(object)
    def _release(self, leftover: Leftover) -> None:
        self._recovery.release(leftover)
        self.refresh()

    def _withdraw(self, leftover: Leftover) -> None:
        """Hide the offer of a session that was opened or discarded from the list."""
        if self._offered and self._offered.name == leftover.name:
            self._offered = None
            self._offer.hide()


def _sentence(offered: Leftover, account: LeftoverSummary) -> str:
    return _("bpviz ended unexpectedly. Its session of {in_words} was kept: {description}").format(
        in_words=in_words(offered.written), description=account.description
    )
