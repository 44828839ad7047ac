"""A grid of small histograms: one column for each layer, one row for each quantity, on ranges around zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bpviz.language import _
from bpviz.session.diagnostics.histograms import BINS, ValueSummary
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, LIGHT, Theme, heading_weight

_LEAST_BARS, _LEAST_WIDTH = 16, 40
_NEXT = {
    Qt.Key.Key_Left: (0, 0, -1),
    Qt.Key.Key_Right: (0, 0, 1),
    Qt.Key.Key_Up: (-1, 0, 0),
    Qt.Key.Key_Down: (1, 0, 0),
    Qt.Key.Key_PageUp: (0, -1, 0),
    Qt.Key.Key_PageDown: (0, 1, 0),
}


@dataclass(frozen=True)
class Bars:
    """A histogram.

    Attributes
    ----------
    spread : ValueSummary
        Statistics of the values.
    counts : ndarray of int, shape (BINS,)
    Number of values in each bin.
    top : float
        The bins cover -top to top.
    """

    spread: ValueSummary
    counts: npt.NDArray[np.intp]
    top: float


@dataclass(frozen=True)
class Bin:
    """A bin of a histogram in the grid: row, column and number of the bin, from 0."""

    row: int
    column: int
    number: int


class HistogramGrid(QWidget):
    """Paints the histograms; pointer, arrow keys, Page Up and Page Down focus a bin.

    Signals
    -------
    pointed : Bin or None
    The focused bin has changed.
    """

    pointed = Signal(object)

    def __init__(self, name: str, rows: tuple[str, ...]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._names, self._theme = rows, LIGHT
        self.titles: tuple[str, ...] = ()
        self.bars: tuple[tuple[Bars | None, ...], ...] = ()
        self.bin: Bin | None = None

    def show_bars(self, titles: tuple[str, ...], bars: tuple[tuple[Bars | None, ...], ...]) -> None:
        """Show rows of histograms, None for a missing one, and a title for each column."""
        if len(titles) != len(self.titles):
            self.bin = None
        self.titles, self.bars = titles, bars
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the size of low bars with their texts."""
        lines = 1 + 2 * len(self._names)
        return QSize(4 * _LEAST_WIDTH, lines * self._line() + len(self._names) * _LEAST_BARS)

    def sizeHint(self) -> QSize:
        """Return a size with bars three times as high as the smallest."""
        return self.minimumSizeHint() + QSize(0, 2 * len(self._names) * _LEAST_BARS)

    # Geometry

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() - 1.5)
        return font

    def _line(self) -> int:
        return self.fontMetrics().height() - 1

    def area(self, row: int, column: int) -> QRectF:
        """Return the rectangle of the bars of a histogram."""
        line, rows, columns = self._line(), max(len(self._names), 1), max(len(self.titles), 1)
        width = (self.width() - (columns - 1) * GAP) / columns
        height = (self.height() - line) / rows
        return QRectF(column * (width + GAP), line + row * height + line, width, max(height - 2 * line, 1.0))

    def bin_at(self, where: QPointF) -> Bin | None:
        """Return the bin at a point, or None."""
        for row, cells in enumerate(self.bars):
            for column, bars in enumerate(cells):
                area = self.area(row, column)
                if bars is not None and area.contains(where):
                    return Bin(row, column, min(int((where.x() - area.left()) / area.width() * BINS), BINS - 1))
        return None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the titles and all histograms."""
        painter = QPainter(self)
        painter.setFont(self._small())
        for column, title in enumerate(self.titles):
            above = self.area(0, column)
            above.moveTop(0)
            self._write(painter, above, f"{title}", self._theme.ink, Qt.AlignmentFlag.AlignLeft, bold=True)
        for row, cells in enumerate(self.bars):
            for column, bars in enumerate(cells):
                self._paint_cell(painter, row, column, bars)
        painter.end()

    def _paint_cell(self, painter: QPainter, row: int, column: int, bars: Bars | None) -> None:
        area, line = self.area(row, column), self._line()
        above = QRectF(area.left(), area.top() - line, area.width(), line)
        self._write(painter, above, self._caption(painter, row, bars, area.width()), self._theme.muted)
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), QColor(self._theme.hairline))
        if bars is None:
            return
        self._paint_bars(painter, area, bars, self.bin.number if self.bin and self._is_at(row, column) else None)
        below = QRectF(area.left(), area.bottom() + 1, area.width(), line)
        self._paint_ticks(painter, below, bars)
        highest = formats.count(int(bars.counts.max()))
        self._write(painter, QRectF(area.left(), area.top(), area.width(), line), highest, self._theme.muted)

    def _caption(self, painter: QPainter, row: int, bars: Bars | None, width: float) -> str:
        """Return the name of the quantity with its RMS, in the longest form that fits."""
        name = self._names[row]
        if bars is None:
            return name
        rms = bars.spread.rms
        texts = (
            _("{name} RMS {number}").format(name=name, number=formats.number(rms, 3)),
            f"{name} {formats.number(rms, 2)}",
            formats.number(rms, 1),
        )
        fits = (text for text in texts if painter.fontMetrics().horizontalAdvance(text) <= width)
        return next(fits, name)

    def _is_at(self, row: int, column: int) -> bool:
        return self.bin is not None and (self.bin.row, self.bin.column) == (row, column)

    def _paint_bars(self, painter: QPainter, area: QRectF, bars: Bars, focused: int | None) -> None:
        most, width = max(int(bars.counts.max()), 1), area.width() / BINS
        # Rounded edges, not widths, so that neighbouring bars have neither gaps nor overlaps.
        edges = [round(area.left() + number * width) for number in range(BINS + 1)]
        for number in np.flatnonzero(bars.counts):
            height = max(area.height() * bars.counts[number] / most, 1.0)
            bar = QRectF(edges[number], area.bottom() - height, max(edges[number + 1] - edges[number] - 1, 1), height)
            painter.fillRect(bar, QColor(self._theme.accent if number == focused else self._colour(int(number))))
        if focused is not None:
            painter.fillRect(QRectF(edges[focused], area.bottom(), width, 2), QColor(self._theme.accent))

    def _colour(self, number: int) -> str:
        # The middle bin contains zero and has no sign.
        if number == BINS // 2:
            return self._theme.muted
        return self._theme.negative if number < BINS // 2 else self._theme.positive

    def _paint_ticks(self, painter: QPainter, below: QRectF, bars: Bars) -> None:
        muted, (low, top) = self._theme.muted, (formats.number(sign * bars.top, 1) for sign in (-1, 1))
        if not bars.spread.largest:
            self._write(painter, below, "0", muted, Qt.AlignmentFlag.AlignHCenter)
        elif 2 * painter.fontMetrics().horizontalAdvance(f"{low} ") + 2 * GAP > below.width():
            self._write(painter, below, f"±{top}", muted, Qt.AlignmentFlag.AlignHCenter)
        else:
            self._write(painter, below, "0", muted, Qt.AlignmentFlag.AlignHCenter)
            self._write(painter, below, low, muted, Qt.AlignmentFlag.AlignLeft)
            self._write(painter, below, top, muted, Qt.AlignmentFlag.AlignRight)

    def _write(
        self,
        painter: QPainter,
        area: QRectF,
        text: str,
        colour: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        bold: bool = False,
    ) -> None:
        font = painter.font()
        font.setWeight(heading_weight() if bold else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, side | Qt.AlignmentFlag.AlignTop, text)

    # Pointer and keyboard

    def _focus_bin(self, found: Bin | None) -> None:
        if found != self.bin:
            self.bin = found
            self.pointed.emit(found)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Focus the bin under the pointer."""
        self._focus_bin(self.bin_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Focus no bin."""
        self._focus_bin(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Focus no bin."""
        super().focusOutEvent(event)
        self._focus_bin(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Focus the next bin, the row above or below, or with Page Up and Page Down the next layer."""
        step = _NEXT.get(Qt.Key(event.key()))
        if step is None or not any(bars for cells in self.bars for bars in cells):
            super().keyPressEvent(event)
        elif self.bin is None:
            self._focus_bin(self._nearest(Bin(0, 0, BINS // 2)))
        else:
            row, column, number = step
            self._focus_bin(self._nearest(Bin(self.bin.row + row, self.bin.column + column, self.bin.number + number)))

    def _nearest(self, wanted: Bin) -> Bin:
        row = min(max(wanted.row, 0), len(self.bars) - 1)
        column = min(max(wanted.column, 0), len(self.titles) - 1)
        if self.bars[row][column] is None:
            row = next(other for other, cells in enumerate(self.bars) if cells[column] is not None)
        return Bin(row, column, min(max(wanted.number, 0), BINS - 1))
