"""A plot with two lists: beside it or below it, whichever leaves the plot more room."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from bpviz.language import _
from bpviz.ui.effects.effect_list import list_width
from bpviz.ui.style.theme import GAP

_PLOT_SHARE, _LISTS_SHARE = 3, 2
# What axes and the colour bar take of a plot: characters of its width, lines of its height.
_CHARACTERS, _LINES = 20, 3
# Samples fill a plot best that is so many times as wide as high.
_ASPECT = 1.4
_NO_LIMIT = 16_777_215  # Qt's largest size

Direction = QBoxLayout.Direction


class EffectBody(QWidget):
    """Holds a plot and lists, and turns with its size; lists beside the plot are one below the other."""

    def __init__(self, plot: QWidget, *lists: QWidget) -> None:
        super().__init__()
        self._widest = _("Class")
        self._lists = QWidget()
        self._list_row = QBoxLayout(Direction.LeftToRight, self._lists)
        self._row = QBoxLayout(Direction.LeftToRight, self)
        for row in (self._list_row, self._row):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(GAP)
        for each in lists:
            self._list_row.addWidget(each, 1)
        self._row.addWidget(plot, _PLOT_SHARE)
        self._row.addWidget(self._lists, _LISTS_SHARE)

    def name_classes(self, widest: str) -> None:
        """Leave room in the lists for the widest name of a class; "" leaves the classes out."""
        self._widest = widest
        self._turn()

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
        wanted = list_width(self, self._widest)
        share = _PLOT_SHARE / (_PLOT_SHARE + _LISTS_SHARE)
        is_beside = self._room(self.width() - wanted, self.height()) > self._room(self.width(), share * self.height())
        has_two_columns = not is_beside and self.width() >= 2 * list_width(self) + GAP
        self._row.setDirection(Direction.LeftToRight if is_beside else Direction.TopToBottom)
        self._list_row.setDirection(Direction.LeftToRight if has_two_columns else Direction.TopToBottom)
        self._lists.setMinimumWidth(wanted if is_beside else 0)
        self._lists.setMaximumWidth(wanted if is_beside else _NO_LIMIT)

    def _room(self, width: float, height: float) -> float:
        """Return the width that samples can fill in a plot of some size."""
        metrics = self.fontMetrics()
        return min(width - _CHARACTERS * metrics.averageCharWidth(), _ASPECT * (height - _LINES * metrics.height()))
