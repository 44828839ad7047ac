"""Bars of the delta RMS of two networks, layer by layer, on a common log scale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.language import N_, _
from bpviz.ui.plotting.log_scale import LogScale, StableLogScale
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, LIGHT, Theme

Pair = tuple[float | None, float | None]

_WIDEST_NAME, _WIDEST_NUMBER = N_("layer 9"), "1.23e-10"


class DeltaBars(QWidget):
    """Paints two bars for each layer, the first network's above, with their values on the right."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[Pair] = []
        self.scale = StableLogScale()
        self._theme: Theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Delta RMS of each layer"))

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def show_pairs(self, pairs: list[Pair]) -> None:
        """Show the values of both networks, layer 1 first; None for a missing layer."""
        # The height depends on the number of layers only; other changes need no new layout.
        if len(pairs) != len(self.pairs):
            self.scale.release()
            self.updateGeometry()
        self.pairs = pairs
        self.scale.fit(value for pair in pairs for value in pair if value is not None)
        self.setAccessibleDescription("; ".join(map(self._description, range(len(pairs)))))
        self.update()

    def _description(self, row: int) -> str:
        first, second = self.pairs[row]
        return _("layer {row}: {first} and {second}").format(row=row + 1, first=_number(first), second=_number(second))

    def sizeHint(self) -> QSize:
        """Return the height of two thin bars for each layer and a line for the scale."""
        return QSize(200, len(self.pairs) * self._row_height() + self.fontMetrics().height() if self.pairs else 0)

    def minimumSizeHint(self) -> QSize:
        """Return the same height and no width."""
        return QSize(0, self.sizeHint().height())

    def _row_height(self) -> int:
        # With many layers, rows have the smallest height at which the numbers of both bars are readable.
        return 2 * self._line() + (GAP if len(self.pairs) <= 4 else GAP // 2)

    def _line(self) -> int:
        return round(0.82 * self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars and the scale."""
        painter = QPainter(self)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() - 1.5)
        painter.setFont(font)
        for row, pair in enumerate(self.pairs):
            self._paint_row(painter, row, pair)
        if self.pairs and self.scale.scale:
            self._paint_scale(painter, self.scale.scale)
        painter.end()

    def _room(self) -> tuple[float, float]:
        """Return the x of the bars and the length of the longest."""
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance(_(_WIDEST_NAME)) + GAP
        return left, max(self.width() - left - metrics.horizontalAdvance(_WIDEST_NUMBER) - GAP, 10.0)

    def _paint_row(self, painter: QPainter, row: int, pair: Pair) -> None:
        (left, length), line, top = self._room(), self._line(), row * self._row_height()
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(
            QRectF(0, top, left, 2 * line), Qt.AlignmentFlag.AlignVCenter, _("layer {row}").format(row=row + 1)
        )
        for which, value in enumerate(pair):
            y = top + which * line
            painter.fillRect(QRectF(left, y + 2, length, line - 4), _faint(self._theme.hairline))
            painter.fillRect(
                QRectF(left, y + 2, length * self.scale.share(value), line - 4), branch_colours(self._theme)[which]
            )
            painter.setPen(QColor(self._theme.ink))
            box = QRectF(left + length + GAP // 2, y - 2, self.width() - left - length, line + 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _number(value))

    def _paint_scale(self, painter: QPainter, scale: LogScale) -> None:
        top, height = len(self.pairs) * self._row_height(), self.fontMetrics().height()
        painter.setPen(QColor(self._theme.muted))
        for centre, text in self.ticks(scale):
            painter.drawText(QRectF(centre - 40, top, 80, height), Qt.AlignmentFlag.AlignCenter, text)

    def ticks(self, scale: LogScale) -> list[tuple[float, str]]:
        """Return the x and the text of the ticks, without those that have no room beside the one before."""
        (left, length), shown, end = self._room(), list[tuple[float, str]](), 0.0
        for place, text in scale.ticks_at_places():
            centre, half = left + length * place, self.fontMetrics().horizontalAdvance(text) / 2
            if centre - half >= end:
                shown.append((centre, text))
                end = centre + half + GAP // 2
        return shown


def branch_colours(theme: Theme) -> tuple[QColor, QColor]:
    """Return the colours of the active and the compared branch, which differ from class and sign colours."""
    return QColor(theme.accent), QColor(theme.muted)


def _faint(colour: str) -> QColor:
    made = QColor(colour)
    made.setAlpha(70)
    return made


def _number(value: float | None) -> str:
    return "–" if value is None else formats.number(value, 3)
