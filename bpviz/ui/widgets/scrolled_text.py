"""A text that wraps, and scrolls where there is no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy

_LEAST_LINES = 3


class ScrolledText(QScrollArea):
    """Shows a text that can be selected, as high as it is if there is room, and at least three lines of it.

    Signals
    -------
    link_activated : str
        A link in the text was clicked, or Return was pressed on it.
    """

    link_activated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._label = QLabel(wordWrap=True)
        flags = Qt.TextInteractionFlag
        self._label.setTextInteractionFlags(flags.TextSelectableByMouse | flags.LinksAccessibleByMouse)
        self._label.linkActivated.connect(self.link_activated)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._label)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        """Set the text, and ask for the height that it needs."""
        if text != self._label.text():
            self._label.setText(text)
            self.updateGeometry()

    def text(self) -> str:
        """Return the whole text."""
        return self._label.text()

    def hasHeightForWidth(self) -> bool:
        """Return True: a narrow text is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the text, or of the least number of lines."""
        return max(self._label.heightForWidth(width), self.minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Return the size of the text at the present width."""
        return QSize(self._label.sizeHint().width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Return the height of a few lines."""
        return QSize(0, _LEAST_LINES * self._label.fontMetrics().lineSpacing())
