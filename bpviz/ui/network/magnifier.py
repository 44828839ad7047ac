"""A magnifier next to the pointer that shows one neuron enlarged, with its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from bpviz.ui.style.theme import GAP, Theme

_PICTURE = QSize(128, 96)
_DISTANCE = 14
_WIDEST = 260


@dataclass(frozen=True)
class Magnifier:
    """Contents of the magnifier.

    Attributes
    ----------
    lines : tuple of str
        The title, then the lines that are shown in two columns, or in one if they are long.
    picture : QImage or None
        Output of the neuron over the input plane.
    """

    lines: tuple[str, ...]
    picture: QImage | None = None


def paint_magnifier(painter: QPainter, magnifier: Magnifier, beside: QRect, area: QRect, theme: Theme) -> None:
    """Paint the magnifier next to the neuron at `beside`, inside an area."""
    metrics = painter.fontMetrics()
    line = metrics.height()
    title, numbers = magnifier.lines[0], magnifier.lines[1:]
    half = max((metrics.horizontalAdvance(text) for text in numbers), default=0) + GAP
    columns = 2 if 2 * half <= _WIDEST else 1
    widest = max(metrics.horizontalAdvance(title), columns * half - GAP)
    rows = 1 + -(-len(numbers) // columns)
    picture = _PICTURE if magnifier.picture else QSize(0, 0)
    size = QSize(max(widest, picture.width()) + 2 * GAP, picture.height() + line * rows + 2 * GAP + 4)
    frame = QRect(_place(size, beside, area), size)
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(frame, 4, 4)
    inner = frame.adjusted(GAP, GAP, -GAP, -GAP)
    if magnifier.picture:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(inner.left(), inner.top(), inner.width(), picture.height()), magnifier.picture)
    base = inner.top() + picture.height() + 4 + metrics.ascent()
    painter.setPen(QColor(theme.ink))
    painter.drawText(inner.left(), base, title)
    painter.setPen(QColor(theme.muted))
    for number, text in enumerate(numbers):
        row, column = divmod(number, columns)
        painter.drawText(inner.left() + column * half, base + (row + 1) * line, text)


def _place(size: QSize, beside: QRect, area: QRect) -> QPoint:
    """Return the top left corner: to the right of `beside`, or to the left if there is no room."""
    x = beside.right() + _DISTANCE
    if x + size.width() > area.right():
        x = beside.left() - _DISTANCE - size.width()
    y = beside.center().y() - size.height() // 2
    return QPoint(max(x, area.left()), max(min(y, area.bottom() - size.height() - 2), area.top() + 1))
