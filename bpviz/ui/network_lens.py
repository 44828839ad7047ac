"""A lens beside the pointer: one neuron large, with its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from bpviz.ui.theme import GAP, Theme

_PICTURE = QSize(144, 108)
_AWAY = 14


@dataclass(frozen=True)
class Lens:
    """What a lens shows.

    Attributes
    ----------
    lines : tuple of str
        The first is its title.
    picture : QImage or None
        What the neuron puts out over the input plane.
    """

    lines: tuple[str, ...]
    picture: QImage | None = None


def paint_lens(painter: QPainter, lens: Lens, beside: QRect, area: QRect, theme: Theme) -> None:
    """Draw a lens beside what it enlarges, inside an area."""
    metrics = painter.fontMetrics()
    line = metrics.height()
    widest = max(metrics.horizontalAdvance(text) for text in lens.lines)
    picture = _PICTURE if lens.picture else QSize(0, 0)
    size = QSize(max(widest, picture.width()) + 2 * GAP, picture.height() + line * len(lens.lines) + 2 * GAP)
    frame = QRect(_place(size, beside, area), size)
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(frame, 4, 4)
    inner = frame.adjusted(GAP, GAP, -GAP, -GAP)
    if lens.picture:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(inner.topLeft(), _PICTURE), lens.picture)
    for number, text in enumerate(lens.lines):
        painter.setPen(QColor(theme.ink if number == 0 else theme.muted))
        top = inner.top() + picture.height() + number * line + (4 if lens.picture else 0)
        painter.drawText(QRect(inner.left(), top, inner.width(), line), Qt.AlignmentFlag.AlignLeft, text)


def _place(size: QSize, beside: QRect, area: QRect) -> QPoint:
    """Return the corner of a place at the right of something, or at its left where there is no room."""
    x = beside.right() + _AWAY
    if x + size.width() > area.right():
        x = beside.left() - _AWAY - size.width()
    y = beside.center().y() - size.height() // 2
    return QPoint(max(x, area.left()), max(min(y, area.bottom() - size.height() - 2), area.top() + 1))
