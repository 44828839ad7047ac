"""A sparkline: a small line plot of a number's history, with its minimum and maximum."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bpviz.core.arrays import Array
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme

_DOT = 2.0
_WIDEST = "−8.8e−88"


def paint_sparkline(painter: QPainter, area: QRect, values: Array, theme: Theme, *, log: bool) -> None:
    """Paint values from left to right, with a dot on the latest; values that are not finite leave a gap.

    Parameters
    ----------
    painter : QPainter
    area : QRect
    values : ndarray of shape (n,)
        Values, oldest first.
    theme : Theme
    log : bool
        Whether to plot the logarithm of the magnitudes; a zero then leaves a gap too.
    """
    shown = _sizes(values) if log else np.where(np.isfinite(values), values, np.nan)
    if not np.isfinite(shown).any():
        return
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    words = [formats.number(high, 2), formats.number(low, 2)] if high > low else [formats.number(high, 2)]
    room = min(painter.fontMetrics().horizontalAdvance(_WIDEST), area.width() // 2)
    _paint_range(painter, area, words, theme)
    line = QRectF(area.adjusted(2, 3, -room - 6, -3))
    if line.width() > 2 * _DOT:
        _paint_line(painter, line, _places(shown, log=log), theme)


def _sizes(values: Array) -> Array:
    sizes = np.abs(values)
    known: Array = np.where(np.isfinite(sizes) & (sizes > 0), sizes, np.nan)
    return known


def _places(shown: Array, *, log: bool) -> Array:
    """Return each value as a fraction of the range from minimum to maximum, 0 to 1."""
    # Divided by the largest first: the difference of two huge numbers overflows, and tiny ones underflow.
    scaled = np.log(shown) if log else shown / (np.nanmax(np.abs(shown)) or 1.0)
    low, high = np.nanmin(scaled), np.nanmax(scaled)
    return np.asarray((scaled - low) / (high - low)) if high > low else np.where(np.isnan(scaled), np.nan, 0.5)


def thinned(values: Array, columns: int) -> Array:
    """Return at most 2 * `columns` values that give the same picture: minimum and maximum of each pixel column."""
    if len(values) <= 2 * columns:
        return values
    # reduceat takes the minimum and maximum of all columns in one call.
    starts = np.arange(columns) * len(values) // columns
    with np.errstate(invalid="ignore"):
        pairs = np.column_stack((np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)))
    # The two are put in the order in which the values go, so that the line has no zigzag.
    falls = values[starts] > values[np.append(starts[1:], len(values)) - 1]
    return np.where(falls[:, np.newaxis], pairs[:, ::-1], pairs).ravel()


def _paint_line(painter: QPainter, area: QRectF, places: Array, theme: Theme) -> None:
    y = area.bottom() - thinned(places, max(int(area.width()), 1)) * area.height()
    x = np.linspace(area.left(), area.right(), len(y)) if len(y) > 1 else np.array([area.right()])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))
    if not np.isnan(places[-1]):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawEllipse(QPointF(area.right(), area.bottom() - places[-1] * area.height()), _DOT, _DOT)


def _paint_range(painter: QPainter, area: QRect, words: list[str], theme: Theme) -> None:
    painter.setPen(QColor(theme.muted))
    if len(words) == 1:
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words[0])
        return
    for word, side in zip(words, (Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom), strict=True):
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | side, word)
