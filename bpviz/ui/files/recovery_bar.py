"""A bar below the tool bar that offers to open a recovered session, without blocking the window."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton

from bpviz.ui.widgets.layout_barrier import ElidedLabel


class RecoveryBar(QToolBar):
    """Shows a message and three buttons until one of them is clicked.

    Signals
    -------
    accepted, postponed, discarded
        The button that was clicked.
    """

    accepted, postponed, discarded = Signal(), Signal(), Signal()

    def __init__(self) -> None:
        super().__init__("Offer")
        self.setObjectName("offer")
        self.setMovable(False)
        self.setProperty("role", "offer")
        self.toggleViewAction().setVisible(False)
        self.sentence = ElidedLabel()
        self.sentence.setProperty("role", None)  # the normal font size, not that of a caption
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(self.sentence)
        self.open = self._add("Open it", "Continue that session in place of the current one", self.accepted)
        self.later = self._add("Later", "Keep it; File, Recover a session… shows it again", self.postponed)
        self.discard = self._add("Discard", "Delete it permanently", self.discarded)
        self.hide()

    def _add(self, text: str, tip: str, answer: SignalInstance) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.clicked.connect(answer)
        button.clicked.connect(self.hide)
        self.addWidget(button)
        return button

    @Slot(str, bool)
    def show_offer(self, sentence: str, can_be_opened: bool) -> None:
        """Show a message; "Open it" is disabled if the session is damaged."""
        self.sentence.setText(sentence)
        self.open.setEnabled(can_be_opened)
        self.show()
