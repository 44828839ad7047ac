"""Painting of the timeline: loss curve, checkpoints, interventions, breakpoint hits, bookmarks, handle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from bpviz.core.arrays import Array
from bpviz.ui.plotting.sparkline import thinned
from bpviz.ui.style.theme import Theme
from bpviz.ui.timeline.timeline_scale import MARGIN, AxisLabel, BookmarkFlag, Scale

MARK = 4.0
_TICK, _LEAST_TICK_GAP, _BELOW_TICKS = 4.0, 4, 6.0
_MUCH = 10.0
_FAINT = 46
_INNER = 1.0
_COLUMN = 1.5


@dataclass(frozen=True)
class TrackLayout:
    """Vertical positions of the parts of the track, in pixels from the top.

    Attributes
    ----------
    top, base : float
        Vertical range of the loss curve; interventions and hits are drawn on the base line, the axis below it.
    flags : float
        Height of the bookmark names; 0 if there are no bookmarks.
    """

    top: float
    base: float
    flags: float


def paint_loss(painter: QPainter, losses: Array, scale: Scale, layout: TrackLayout, theme: Theme) -> None:
    """Paint the loss at the end of every epoch, as an area under a line.

    Parameters
    ----------
    painter : QPainter
    losses : ndarray of shape (n_epochs,)
        Loss of each epoch; values that are not finite leave a gap.
    scale : Scale
    layout : TrackLayout
    theme : Theme
    """
    # Two values for each column of pixels are enough to look like all of them.
    heights = _heights(_known(thinned(losses, int(scale.length / _COLUMN))))
    known = np.isfinite(heights)
    if not known.any():
        return
    share = np.linspace(1 / len(losses), 1.0, len(heights)) * len(losses) / scale.epochs
    # The loss before the first epoch is not known: that epoch is drawn level, and not left empty.
    share, heights = np.insert(share, 0, 0.0), np.insert(heights, 0, heights[0])
    known = np.isfinite(heights)
    x = MARGIN + share * scale.length
    y = layout.base - _INNER - heights * (layout.base - _INNER - layout.top)
    colour = QColor(theme.mse)
    # Where many epochs share a pixel column the line is a band: antialiasing takes long there and is not visible.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(heights) == len(losses) + 1)
    painter.setPen(QPen(colour, 1))
    painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))
    colour.setAlpha(_FAINT)
    _fill_under(painter, x[known], y[known], layout.base, colour)


def _known(losses: Array) -> Array:
    known: Array = np.where(np.isfinite(losses), losses, np.nan)
    return known


def _heights(losses: Array) -> Array:
    """Scale losses to 0..1, in their logarithms if they differ by more than a factor of 10."""
    positive = losses[losses > 0]
    if len(positive) and float(positive.max()) > _MUCH * float(positive.min()):
        losses = np.log(np.where(losses > 0, losses, np.nan))
    if not np.isfinite(losses).any():
        return losses
    low, high = float(np.nanmin(losses)), float(np.nanmax(losses))
    return (losses - low) / (high - low) if high > low else np.where(np.isnan(losses), np.nan, 0.5)


def _fill_under(painter: QPainter, x: Array, y: Array, base: float, colour: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # the antialiased line covers the edge
    ends_x, ends_y = np.array([x[-1], x[0]]), np.array([base, base])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(pg.arrayToQPath(np.concatenate((x, ends_x)), np.concatenate((y, ends_y))))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_base(
    painter: QPainter, checkpoints: npt.NDArray[np.int64], scale: Scale, layout: TrackLayout, theme: Theme
) -> None:
    """Paint the base line and a tick below it for each checkpoint; ticks that would overlap are merged."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.drawLine(QLineF(MARGIN, layout.base, MARGIN + scale.length, layout.base))
    inside = checkpoints[checkpoints <= scale.epochs]
    columns = (inside * scale.length / scale.epochs).astype(np.int64) // _LEAST_TICK_GAP * _LEAST_TICK_GAP
    top = layout.base + 2
    painter.drawLines([QLineF(x, top, x, top + _TICK) for x in sorted(set((MARGIN + columns).tolist()))])


def paint_axis(painter: QPainter, labels: tuple[AxisLabel, ...], layout: TrackLayout, theme: Theme) -> None:
    """Paint the numbers of epochs below the base line, each with a tick on it."""
    metrics, colour = painter.fontMetrics(), QColor(theme.muted)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(colour, 1))
    for label in labels:
        painter.drawLine(QLineF(label.x, layout.base - _TICK, label.x, layout.base))
        painter.drawText(QPointF(label.left, layout.base + _BELOW_TICKS + metrics.ascent()), label.text)


def paint_interventions(painter: QPainter, places: Iterable[float], layout: TrackLayout, theme: Theme) -> None:
    """Paint a diamond for each intervention."""
    _begin_marks(painter, theme.ink, theme)
    for x in places:
        corners = ((x, -MARK - 1), (x + MARK, 0), (x, MARK + 1), (x - MARK, 0))
        painter.drawPolygon(QPolygonF([QPointF(at, layout.base + up) for at, up in corners]))


def paint_hits(painter: QPainter, places: Iterable[float], layout: TrackLayout, theme: Theme) -> None:
    """Paint a disc for each breakpoint hit."""
    _begin_marks(painter, theme.danger, theme)
    for x in places:
        painter.drawEllipse(QPointF(x, layout.base), MARK - 0.5, MARK - 0.5)


def _begin_marks(painter: QPainter, colour: str, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.paper), 1))  # separates overlapping marks
    painter.setBrush(QColor(colour))


def paint_flags(painter: QPainter, flags: tuple[BookmarkFlag, ...], layout: TrackLayout, theme: Theme) -> None:
    """Paint the pole, flag and name of each bookmark."""
    metrics = painter.fontMetrics()
    for flag in flags:
        side = -1 if flag.name.isValid() and flag.name.left() < flag.x else 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ink), 1))
        painter.setBrush(QColor(theme.ink))
        painter.drawLine(QLineF(flag.x, 2, flag.x, layout.base))
        cloth = ((0.0, 3.0), (side * 5.0, 6.0), (0.0, 9.0))
        painter.drawPolygon(QPolygonF([QPointF(flag.x + across, down) for across, down in cloth]))
        if flag.name.isValid():
            text = metrics.elidedText(flag.bookmark.name, Qt.TextElideMode.ElideRight, round(flag.name.width()))
            painter.drawText(flag.name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def paint_handle(painter: QPainter, x: float, layout: TrackLayout, theme: Theme, *, focused: bool) -> None:
    """Paint the handle: a vertical line with a grip on the base line, above the numbers of the axis."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    accent = QColor(theme.accent)
    painter.fillRect(QRectF(x - 1, layout.flags, 2, layout.base - layout.flags), accent)
    grip = QRectF(x - 5, layout.base - 7, 10, 12)
    painter.setBrush(accent)
    painter.setPen(QPen(QColor(theme.ink if focused else theme.paper), 1.5 if focused else 1))
    painter.drawRoundedRect(grip, 3, 3)
