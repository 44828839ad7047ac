"""What is painted on the timeline: the loss in miniature, and marks of what came to pass."""

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
from bpviz.ui.timeline.timeline_scale import MARGIN, Flag, Scale

MARK = 4.0
_TICK, _LEAST_TICK_GAP = 4.0, 4
_MUCH = 10.0
_FAINT = 46
_INNER = 1.0
_COLUMN = 1.5


@dataclass(frozen=True)
class Lanes:
    """The heights of what lies under one another.

    Attributes
    ----------
    top, base : float
        Between which the loss is drawn; interventions and hits stand on the base.
    flags : float
        How high the names of bookmarks are; 0 where there are none.
    """

    top: float
    base: float
    flags: float


def paint_loss(painter: QPainter, losses: Array, scale: Scale, lanes: Lanes, theme: Theme) -> None:
    """Paint the loss at the end of every epoch, as an area under a line.

    Parameters
    ----------
    painter : QPainter
    losses : ndarray of shape (n_epochs,)
        What is not finite is a gap.
    scale : Scale
    lanes : Lanes
    theme : Theme
    """
    heights = _heights(_known(thinned(losses, int(scale.length / _COLUMN))))
    known = np.isfinite(heights)
    if not known.any():
        return
    share = np.linspace(1 / len(losses), 1.0, len(heights)) * len(losses) / scale.epochs
    x = MARGIN + share * scale.length
    y = lanes.base - _INNER - heights * (lanes.base - _INNER - lanes.top)
    colour = QColor(theme.mse)
    # Where many epochs share a column the line is a band: smoothing it would take long and show nothing.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(heights) == len(losses))
    painter.setPen(QPen(colour, 1))
    painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))
    colour.setAlpha(_FAINT)
    _fill_under(painter, x[known], y[known], lanes.base, colour)


def _known(losses: Array) -> Array:
    known: Array = np.where(np.isfinite(losses), losses, np.nan)
    return known


def _heights(losses: Array) -> Array:
    """Return from 0 for the least to 1 for the greatest, of their logarithms where they differ much."""
    positive = losses[losses > 0]
    if len(positive) and float(positive.max()) > _MUCH * float(positive.min()):
        losses = np.log(np.where(losses > 0, losses, np.nan))
    if not np.isfinite(losses).any():
        return losses
    low, high = float(np.nanmin(losses)), float(np.nanmax(losses))
    return (losses - low) / (high - low) if high > low else np.where(np.isnan(losses), np.nan, 0.5)


def _fill_under(painter: QPainter, x: Array, y: Array, base: float, colour: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # the line smooths the edge
    ends_x, ends_y = np.array([x[-1], x[0]]), np.array([base, base])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(pg.arrayToQPath(np.concatenate((x, ends_x)), np.concatenate((y, ends_y))))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_base(painter: QPainter, checkpoints: npt.NDArray[np.int64], scale: Scale, lanes: Lanes, theme: Theme) -> None:
    """Paint the line of time, and under it a tick for each checkpoint; of those too close to be told apart, one."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.drawLine(QLineF(MARGIN, lanes.base, MARGIN + scale.length, lanes.base))
    inside = checkpoints[checkpoints <= scale.epochs]
    columns = np.unique((inside * scale.length / scale.epochs).astype(np.int64) // _LEAST_TICK_GAP * _LEAST_TICK_GAP)
    top = lanes.base + 2
    painter.drawLines([QLineF(x, top, x, top + _TICK) for x in (MARGIN + columns).tolist()])


def paint_interventions(painter: QPainter, places: Iterable[float], lanes: Lanes, theme: Theme) -> None:
    """Paint a diamond for each change that was made by hand."""
    _begin_marks(painter, theme.ink, theme)
    for x in places:
        corners = ((x, -MARK - 1), (x + MARK, 0), (x, MARK + 1), (x - MARK, 0))
        painter.drawPolygon(QPolygonF([QPointF(at, lanes.base + up) for at, up in corners]))


def paint_hits(painter: QPainter, places: Iterable[float], lanes: Lanes, theme: Theme) -> None:
    """Paint a disc for each place where a breakpoint held."""
    _begin_marks(painter, theme.danger, theme)
    for x in places:
        painter.drawEllipse(QPointF(x, lanes.base), MARK - 0.5, MARK - 0.5)


def _begin_marks(painter: QPainter, colour: str, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.paper), 1))  # keeps neighbours apart
    painter.setBrush(QColor(colour))


def paint_flags(painter: QPainter, flags: tuple[Flag, ...], lanes: Lanes, theme: Theme) -> None:
    """Paint poles and names of bookmarks."""
    metrics = painter.fontMetrics()
    for flag in flags:
        side = -1 if flag.name.isValid() and flag.name.left() < flag.x else 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ink), 1))
        painter.setBrush(QColor(theme.ink))
        painter.drawLine(QLineF(flag.x, 2, flag.x, lanes.base))
        cloth = ((0.0, 3.0), (side * 5.0, 6.0), (0.0, 9.0))
        painter.drawPolygon(QPolygonF([QPointF(flag.x + across, down) for across, down in cloth]))
        if flag.name.isValid():
            text = metrics.elidedText(flag.bookmark.name, Qt.TextElideMode.ElideRight, round(flag.name.width()))
            painter.drawText(flag.name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def paint_handle(painter: QPainter, x: float, area: QRectF, theme: Theme, *, focused: bool) -> None:
    """Paint the handle: a line from top to bottom, and a grip on it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    accent = QColor(theme.accent)
    painter.fillRect(QRectF(x - 1, area.top(), 2, area.height()), accent)
    grip = QRectF(x - 5, area.bottom() - 12, 10, 12)
    painter.setBrush(accent)
    painter.setPen(QPen(QColor(theme.ink if focused else theme.paper), 1.5 if focused else 1))
    painter.drawRoundedRect(grip, 3, 3)
