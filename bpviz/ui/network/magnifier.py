"""A lens beside the pointer: one neuron large, with its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from bpviz.ui.style.theme import GAP, Theme

_PICTURE = QSize(128, 96)
_AWAY = 14


@dataclass(frozen=True)
class Magnifier:
    """What a lens shows.

    Attributes
    ----------
    lines : tuple of str
        The first is its title; the others stand in two columns.
    picture : QImage or None
        What the neuron puts out over the input plane.
    """

    lines: tuple[str, ...]
    picture: QImage | None = None


def paint_magnifier(painter: QPainter, lens: Magnifier, beside: QRect, area: QRect, theme: Theme) -> None:
    """Draw a lens beside what it enlarges, inside an area."""
    metrics = painter.fontMetrics()
    line = metrics.height()
    title, numbers = lens.lines[0], lens.lines[1:]
    half = max((metrics.horizontalAdvance(text) for text in numbers), default=0) + GAP
    widest = max(metrics.horizontalAdvance(title), 2 * half - GAP)
    rows = 1 + (len(numbers) + 1) // 2
    picture = _PICTURE if lens.picture else QSize(0, 0)
    size = QSize(max(widest, picture.width()) + 2 * GAP, picture.height() + line * rows + 2 * GAP + 4)
    frame = QRect(_place(size, beside, area), size)
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(frame, 4, 4)
    inner = frame.adjusted(GAP, GAP, -GAP, -GAP)
    if lens.picture:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(inner.left(), inner.top(), inner.width(), picture.height()), lens.picture)
    base = inner.top() + picture.height() + 4 + metrics.ascent()
    painter.setPen(QColor(theme.ink))
    painter.drawText(inner.left(), base, title)
    painter.setPen(QColor(theme.muted))
    for number, text in enumerate(numbers):
        row, column = divmod(number, 2)
        painter.drawText(inner.left() + column * half, base + (row + 1) * line, text)


def _place(size: QSize, beside: QRect, area: QRect) -> QPoint:
    """Return the corner of a place at the right of something, or at its left where there is no room."""
    x = beside.right() + _AWAY
    if x + size.width() > area.right():
        x = beside.left() - _AWAY - size.width()
    y = beside.center().y() - size.height() // 2
    return QPoint(max(x, area.left()), max(min(y, area.bottom() - size.height() - 2), area.top() + 1))
