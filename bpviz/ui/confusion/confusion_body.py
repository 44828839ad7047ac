"""A matrix with the captions of its sides, and a list beside it or below it, wherever there is more room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from bpviz.language import _
from bpviz.ui.confusion.class_header import SideCaption
from bpviz.ui.style.theme import GAP

Direction = QBoxLayout.Direction
_MATRIX_SHARE, _LIST_SHARE = 3, 2
# The list is beside the matrix where it has room for so many characters there, and the matrix for as many.
_CHARACTERS = 40


class ConfusionBody(QWidget):
    """Holds a matrix, and below or beside it a list, which is hidden at first.

    Signals
    -------
    closed
        Escape was pressed while the list was shown.
    """

    closed = Signal()

    def __init__(self, matrix: QWidget, listed: QWidget) -> None:
        super().__init__()
        self._listed = listed
        listed.hide()
        self._row = QBoxLayout(Direction.TopToBottom, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addWidget(_with_captions(matrix), _MATRIX_SHARE)
        self._row.addWidget(listed, _LIST_SHARE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn if the size requires it."""
        super().resizeEvent(event)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Turn if the size of text requires it."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._turn()

    def _turn(self) -> None:
        least = _CHARACTERS * self.fontMetrics().averageCharWidth()
        is_beside = self.width() > max(2 * least, self.height())
        self._row.setDirection(Direction.LeftToRight if is_beside else Direction.TopToBottom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the list on Escape."""
        if event.key() == Qt.Key.Key_Escape and self._listed.isVisible():
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _with_captions(matrix: QWidget) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(2)
    grid.addWidget(SideCaption(_("Predicted class"), is_upright=False), 0, 1)
    grid.addWidget(SideCaption(_("True class"), is_upright=True), 1, 0)
    grid.addWidget(matrix, 1, 1)
    return made
