"""Bars below the columns of the network diagram: the RMS delta of each layer on a common log scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.language import N_, _
from bpviz.ui.network.layout import NetworkLayout
from bpviz.ui.plotting.log_scale import LogScale, StableLogScale, power_of_ten
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, LIGHT, Theme

_BAR = 6
# The smallest scale, and the largest number of decades: enough for the deltas of every layer to have a bar.
_USUAL, _MOST_DECADES = LogScale(-6, 0), 400
_WIDTH = 72
_TITLES = (N_("RMS delta"), N_("RMS δ"), "δ")


class ColumnDeltas(QWidget):
    """Draws one bar for each layer; its length is logarithmic, from the bottom to the top of a stable scale."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layout: NetworkLayout | None = None
        self._theme: Theme = LIGHT
        self.sizes: tuple[float, ...] = ()
        self._scale = StableLogScale(always=_USUAL, most=_MOST_DECADES)

    def sizeHint(self) -> QSize:
        """Return the height of a bar and the number below it."""
        return QSize(200, self.fontMetrics().height() + _BAR + 6)

    def begin(self) -> None:
        """Clear the bars and reset the scale."""
        self.sizes = ()
        self._scale.release()
        self.update()

    def show_sizes(self, sizes: Sequence[float]) -> None:
        """Show the RMS delta of layers 1..L; the scale grows by powers of ten when needed."""
        self.sizes = tuple(sizes)
        self._scale.fit(self.sizes)
        scale = self._scale.scale or _USUAL
        described = ", ".join(
            _("layer {layer} {number}").format(layer=layer, number=formats.number(size, 3))
            for layer, size in enumerate(self.sizes, 1)
        )
        self.setAccessibleName(_("RMS delta: {described}").format(described=described))
        ends = _("from {low} to {high}").format(low=power_of_ten(scale.low), high=power_of_ten(scale.high))
        self.setToolTip(_("RMS delta of each layer on one logarithmic scale, {ends}").format(ends=ends))
        self.update()

    def share(self, size: float) -> float:
        """Return the length of a bar as a fraction of the scale, 0 to 1."""
        return self._scale.share(size)

    def follow(self, layout: NetworkLayout) -> None:
        """Align the bars with the columns of a layout."""
        self._layout = layout
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars and numbers."""
        if self._layout is None or len(self.sizes) != len(self._layout.centres) - 1:
            return
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.muted))
        middles = self._middles(self._layout)
        room = _least_gap(middles)
        width = min(_WIDTH, room)
        texts = self.texts(room)
        widest = max(width, self.fontMetrics().horizontalAdvance(texts[0]))
        painter.drawText(self._box(0), Qt.AlignmentFlag.AlignLeft, self.title(middles[1] - widest / 2))
        for middle, size, text in zip(middles[1:], self.sizes, texts, strict=True):
            if not 0 <= middle <= self.width():  # a zoomed layout has moved the column away
                continue
            self._paint_bar(painter, middle, width, size, text)
        painter.end()

    def texts(self, room: float) -> list[str]:
        """Return the sizes with two digits, or with one if the wider ones do not fit."""
        two, one = ([_number(size, digits) for size in self.sizes] for digits in (2, 1))
        return two if max(map(self.fontMetrics().horizontalAdvance, two), default=0) <= room else one

    def _middles(self, layout: NetworkLayout) -> list[float]:
        """Return the middle of each column, where a bar fits into the widget too: the last column is narrow."""
        middles = [layout.middle(layer) for layer in range(len(layout.centres))]
        edge = self.width() - min(_WIDTH, _least_gap(middles)) / 2
        return [edge if edge < middle <= self.width() else middle for middle in middles]

    def title(self, room: float) -> str:
        """Return what the numbers are, as long as it fits before the first of them."""
        fits = (text for text in map(_, _TITLES) if self.fontMetrics().horizontalAdvance(f"{text} ") < room)
        return next(fits, "")

    def _paint_bar(self, painter: QPainter, middle: float, width: float, size: float, text: str) -> None:
        groove = QRectF(middle - width / 2, 2, width, _BAR)
        painter.fillRect(groove, QColor(self._theme.hairline))
        filled = QRectF(groove.left(), groove.top(), groove.width() * self.share(size), groove.height())
        painter.fillRect(filled, QColor(self._theme.positive))
        painter.setPen(QColor(self._theme.ink))
        painter.drawText(self._box(middle), Qt.AlignmentFlag.AlignHCenter, text)

    def _box(self, middle: float) -> QRect:
        return QRect(max(round(middle - 60), 0), _BAR + 4, 120, self.fontMetrics().height())


def _least_gap(middles: Sequence[float]) -> float:
    return min(right - left - GAP for left, right in pairwise(middles))


def _number(size: float, digits: int) -> str:
    return formats.number(size, digits) if math.isfinite(size) else _("not finite")
