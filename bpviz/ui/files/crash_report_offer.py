"""Offer of the log that a program left when it crashed: to look at, copy and save."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from bpviz.language import _
from bpviz.session.engine.events import Failed
from bpviz.session.recovery.crash_reports import CrashReport, CrashReports
from bpviz.ui.files.crash_report_dialog import CrashReportDialog
from bpviz.ui.files.recovery_bar import RecoveryBar
from bpviz.ui.files.recovery_dialog import in_words


class CrashReportOffer(QObject):
    """Connects the recovery bar with the logs of earlier programs.

    Parameters
    ----------
    window : QMainWindow
    reports : CrashReports
    offer : RecoveryBar
    show_failure : callable
        Called with a `Failed` on an error.
    """

    def __init__(
        self, window: QMainWindow, reports: CrashReports, offer: RecoveryBar, show_failure: Callable[[Failed], None]
    ) -> None:
        super().__init__(window)
        self._window, self._reports, self._offer, self._show_failure = window, reports, offer, show_failure
        self._offered: CrashReport | None = None
        offer.looked.connect(self._look)

    def begin(self) -> None:
        """Offer the newest log that has not been offered yet, if there is one."""
        self._offered = self._reports.next_offer()
        if self._offered:
            self._offer.show_report(
                _("bpviz had an internal error, or was ended, at {in_words}.").format(
                    in_words=in_words(self._offered.written)
                )
            )

    @Slot()
    def _look(self) -> None:
        if self._offered:
            dialog = CrashReportDialog(self._window, self._offered.read(), self._show_failure)
            dialog.show()
