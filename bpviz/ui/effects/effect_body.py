"""A plot with a table: side by side or one below the other, whichever leaves the plot more room."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStyle, QTableView, QWidget

from bpviz.ui.style.theme import GAP

_PLOT_SHARE, _TABLE_SHARE = 3, 2
# What axes and the colour bar take of a plot: characters of its width, lines of its height.
_CHARACTERS, _LINES = 20, 3
# Samples fill a plot best that is so many times as wide as high.
_ASPECT = 1.4
_NO_LIMIT = 16_777_215  # Qt's largest size


class EffectBody(QWidget):
    """Holds both widgets, and turns with its size; beside the plot the table is as wide as its columns."""

    def __init__(self, plot: QWidget, table: QTableView) -> None:
        super().__init__()
        self._table = table
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addWidget(plot, _PLOT_SHARE)
        self._row.addWidget(table, _TABLE_SHARE)

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
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        wanted, direction = self._table.horizontalHeader().length() + bar + GAP, QBoxLayout.Direction
        share = _PLOT_SHARE / (_PLOT_SHARE + _TABLE_SHARE)
        is_beside = self._room(self.width() - wanted, self.height()) > self._room(self.width(), share * self.height())
        self._row.setDirection(direction.LeftToRight if is_beside else direction.TopToBottom)
        self._table.setMinimumWidth(wanted if is_beside else 0)
        self._table.setMaximumWidth(wanted if is_beside else _NO_LIMIT)

    def _room(self, width: float, height: float) -> float:
        """Return the width that samples can fill in a plot of some size."""
        metrics = self.fontMetrics()
        return min(width - _CHARACTERS * metrics.averageCharWidth(), _ASPECT * (height - _LINES * metrics.height()))
