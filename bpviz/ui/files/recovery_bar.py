"""A bar below the tool bar that offers to open a recovered session, without blocking the window."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton

from bpviz.language import _
from bpviz.ui.widgets.layout_barrier import ElidedLabel


class RecoveryBar(QToolBar):
    """Offers a session, a report of what happened, or both, until it is answered.

    Signals
    -------
    accepted, postponed, discarded
        The answer to the offer of a session.
    looked
        The button for the report of what happened was clicked.
    """

    accepted, postponed, discarded, looked = Signal(), Signal(), Signal(), Signal()

    def __init__(self) -> None:
        super().__init__(_("Offer"))
        self.setObjectName("offer")
        self.setMovable(False)
        self.setProperty("role", "offer")
        self._places: dict[QToolButton, QAction] = {}
        self.toggleViewAction().setVisible(False)
        self.sentence = ElidedLabel()
        self.sentence.setProperty("role", None)  # the normal font size, not that of a caption
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(self.sentence)
        self.look = self._add(
            _("What happened…"), _("Read the log; you can copy or save it, nothing is sent"), self.looked
        )
        self.open = self._add(_("Open it"), _("Continue that session in place of the current one"), self.accepted)
        self.later = self._add(_("Later"), _("Keep it; File, Recover a session… shows it again"), self.postponed)
        self.discard = self._add(_("Discard"), _("Delete it permanently"), self.discarded)
        self.close_offer = self._add(
            _("Close"), _("Close this message; bpviz --log prints where the log is"), self.postponed
        )
        for button in (self.open, self.later, self.discard, self.close_offer):
            button.clicked.connect(self.hide)
        self._show_only()
        self.hide()

    def _add(self, text: str, tip: str, answer: SignalInstance) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.clicked.connect(answer)
        self._places[button] = self.addWidget(button)
        return button

    def _show_only(self, *buttons: QToolButton) -> None:
        for button, place in self._places.items():
            place.setVisible(button in buttons)

    @Slot(str, bool)
    def show_offer(self, sentence: str, can_be_opened: bool) -> None:
        """Show a message; "Open it" is disabled if the session is damaged."""
        self.sentence.setText(sentence)
        has_report = self._places[self.look].isVisible()
        self._show_only(self.open, self.later, self.discard, *([self.look] if has_report else []))
        self.open.setEnabled(can_be_opened)  # afterwards: a button that is shown anew is enabled
        self.show()

    @Slot(str)
    def show_report(self, sentence: str) -> None:
        """Offer a report of what happened; an offer of a session may follow, which keeps it."""
        self.sentence.setText(sentence)
        self._show_only(self.look, self.close_offer)
        self.show()
