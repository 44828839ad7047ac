"""A line below the tool bars that says one thing and offers what can be done about it, without blocking the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton

from bpviz.language import _
from bpviz.ui.widgets.layout_barrier import ElidedLabel

# So much of a sentence is always shown.
_LETTERS = 40


class ActionBar(QToolBar):
    """A sentence and buttons, hidden until `say` is called.

    Parameters
    ----------
    key : str
        Object name.
    title : str
        Name for screen readers.
    """

    def __init__(self, key: str, title: str) -> None:
        super().__init__(title)
        self.setObjectName(key)
        self.setMovable(False)
        self.setProperty("role", "offer")
        self.toggleViewAction().setVisible(False)
        self.sentence = ElidedLabel()
        self.sentence.setProperty("role", None)  # the normal font size, not that of a caption
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(self.sentence)
        self.hide()

    def add_button(self, text: str, tip: str, act: Callable[[], object]) -> QToolButton:
        """Add a button behind the sentence."""
        button = QToolButton()
        button.setText(_(text))
        button.setToolTip(tip)
        button.clicked.connect(act)
        self.addWidget(button)
        return button

    def say(self, sentence: str) -> None:
        """Show the line with a sentence."""
        self.sentence.setText(sentence)
        # An elided label asks for no width, and would get none beside another line of the same row.
        metrics = self.sentence.fontMetrics()
        self.sentence.setMinimumWidth(min(metrics.horizontalAdvance(sentence), _LETTERS * metrics.averageCharWidth()))
        self.show()
