"""A table for the keyboard: Enter activates a row, Delete removes it, Tab leaves the table."""

from __future__ import annotations

import math

from PySide6.QtCore import QAbstractTableModel, QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from bpviz.ui.style.theme import GAP

_HIGHLIGHT_ALPHA = 40
# Largest fraction of the table's width that the columns of fixed width may take together.
_MOST_FIXED = 0.75


class KeyboardTable(QTableView):
    """Shows rows without a grid, and a hint while there are no rows.

    Parameters
    ----------
    name : str
        Accessible name.
    empty : str
        Hint that is shown while there are no rows.
    model : QAbstractTableModel

    Signals
    -------
    chosen : int
        Enter was pressed on this row.
    removed : int
        Delete was pressed on this row.
    """

    chosen = Signal(int)
    removed = Signal(int)

    def __init__(self, name: str, empty: str, model: QAbstractTableModel) -> None:
        super().__init__()
        self._empty = empty
        self._lines, self._wraps, self._most_fixed = 1, False, _MOST_FIXED
        self._texts: dict[int, str] = {}
        self.setModel(model)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        # With Tab moving between cells, a keyboard user could not leave the table.
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        # Columns are fitted to the width, and a rounding error of a pixel must not show a scroll bar.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(GAP)
        self.setStyleSheet("QTableView::item { padding: 0 4px }")
        self._soften_highlight()

    def set_columns(self, texts: dict[int, str], *stretched: int) -> None:
        """Fit columns to a sample text and their headers; `stretched` columns share the rest of the width."""
        self._texts = texts
        for column in stretched:
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self._fit()

    def set_lines(self, lines: int) -> None:
        """Set the height of all rows, in lines of text."""
        self._lines = lines
        self._fit()

    def wrap_texts(self) -> None:
        """Make each row as high as its text needs, instead of cutting the text."""
        self._wraps = True
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def scroll_sideways(self) -> None:
        """Give every column all of its width, and show a scroll bar if the table is narrower."""
        self._most_fixed = math.inf
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit rows and columns to a new font size; update the highlight for a new palette."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
        if event.type() is QEvent.Type.PaletteChange:
            self._soften_highlight()

    def _soften_highlight(self) -> None:
        """Make the highlight translucent, so that the colours of a selected row stay visible."""
        palette = self.palette()
        highlight, ink = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.Text)
        highlight.setAlpha(_HIGHLIGHT_ALPHA)
        # Setting the palette sends another PaletteChange; the comparison ends the recursion.
        if palette.color(QPalette.ColorRole.Highlight) != highlight:
            palette.setColor(QPalette.ColorRole.Highlight, highlight)
            palette.setColor(QPalette.ColorRole.HighlightedText, ink)
            self.setPalette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to a new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(self._lines * self.fontMetrics().height() + GAP)
        widths = {column: self._wanted(column) for column in self._texts}
        # Fixed columns shrink together in a narrow panel, so that the stretched ones stay readable.
        shrink = min(1.0, self._most_fixed * self.width() / max(sum(widths.values()), 1))
        for column, width in widths.items():
            self.setColumnWidth(column, int(shrink * width))
        if self._wraps:
            self.resizeRowsToContents()  # the columns of text have another width now

    def _wanted(self, column: int) -> int:
        header = self.model().headerData(column, Qt.Orientation.Horizontal)
        texts = (self._texts[column], *str(header or "").splitlines())
        return max(map(self.fontMetrics().horizontalAdvance, texts)) + 18

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit `chosen` on Enter and `removed` on Delete or Backspace."""
        row, signals = self.currentIndex().row(), {Qt.Key.Key_Delete: self.removed, Qt.Key.Key_Backspace: self.removed}
        signals |= dict.fromkeys((Qt.Key.Key_Return, Qt.Key.Key_Enter), self.chosen)
        signal = signals.get(Qt.Key(event.key()))
        if signal is None or row < 0:
            super().keyPressEvent(event)
        else:
            signal.emit(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the hint if there are none."""
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            area = QRect(self.viewport().rect()).adjusted(GAP, 0, -GAP, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
            painter.end()
