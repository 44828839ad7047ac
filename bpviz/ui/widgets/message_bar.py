"""A bar below the tool bar that shows the latest error without blocking the window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QToolBar, QToolButton

from bpviz.language import _
from bpviz.session.engine.events import Failed


class MessageBar(QToolBar):
    """Shows the latest failure until it is closed or the window hides it."""

    def __init__(self) -> None:
        super().__init__(_("Message"))
        self.setObjectName("message")
        self.setMovable(False)
        self.setProperty("role", "notice")
        self.toggleViewAction().setVisible(False)
        self._details = ""
        self.sentence = QLabel(wordWrap=True)
        # A message may quote a user's text, which must not be interpreted as markup.
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(self.sentence)
        self._copy_details = self._add(_("Copy details"), _("Copy the details for a bug report"))
        close = self._add(_("Close"), _("Close this message"))
        self._copy_details.clicked.connect(self._copy)
        close.clicked.connect(self.hide)
        self.hide()

    def _add(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        self.addWidget(button)
        return button

    @Slot(object)
    def show_failure(self, failed: Failed) -> None:
        """Show a failure."""
        self._details = failed.details
        self.sentence.setText(failed.sentence)
        self._copy_details.setEnabled(bool(failed.details))
        self.show()

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self._details)
