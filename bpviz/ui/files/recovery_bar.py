"""A line under the tool bar that offers a session which was left over; it waits, and stops nobody."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton

from bpviz.ui.widgets.layout_barrier import ElidedLabel


class RecoveryBar(QToolBar):
    """Shows a sentence and three answers until one of them is given.

    Signals
    -------
    accepted, postponed, discarded
        What was answered.
    """

    accepted, postponed, discarded = Signal(), Signal(), Signal()

    def __init__(self) -> None:
        super().__init__("Offer")
        self.setObjectName("offer")
        self.setMovable(False)
        self.setProperty("role", "offer")
        self.toggleViewAction().setVisible(False)
        self.sentence = ElidedLabel()
        self.sentence.setProperty("role", None)  # as large as the rest of the line
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(self.sentence)
        self.open = self._add("Open it", "Go on with that session in place of the present one", self.accepted)
        self.later = self._add("Later", "Keep it: File, Recover a session… lists it", self.postponed)
        self.discard = self._add("Discard", "Remove it for ever", self.discarded)
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
    def make(self, sentence: str, can_be_opened: bool) -> None:
        """Offer something."""
        self.sentence.setText(sentence)
        self.open.setEnabled(can_be_opened)
        self.show()
