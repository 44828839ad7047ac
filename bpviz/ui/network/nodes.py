"""Painting of the neurons: as activation maps over the input plane, or as coloured discs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen

from bpviz.core.arrays import Array
from bpviz.core.data.split import subscript
from bpviz.core.surface import Grid, Outputs, extent
from bpviz.session.diagnostics.neuron_health import NeuronHealth
from bpviz.ui.network.layout import NetworkLayout
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.style.theme import Theme

# Sizes of the names of inputs, as shares of the usual one.
_TEXT_SIZES = (1.0, 0.9, 0.8)
_MOST_CELLS, _LEAST_CELLS = 48, 8
_MARGIN = 0.08
_MARK = 3.5
_OUTLINE = 2.0
_MUTING = 190
_ANY_SCALE = Scale("size", 1.0)


@dataclass(frozen=True, eq=False)
class Nodes:
    """The displayed values of the neurons of layers 1..L.

    Attributes
    ----------
    maps : sequence of ndarray of shape (n_neurons, rows, columns)
        Outputs over the input plane, row 0 at the bottom; empty if discs are drawn.
    values : sequence of ndarray of shape (n_neurons,), or None
        Values of the discs; None for a layer that has no values yet.
    scales : sequence of Scale
        Colour scale of each layer; empty if there is nothing to colour.
    """

    maps: Sequence[Outputs] = ()
    values: Sequence[Array | None] = ()
    scales: Sequence[Scale] = ()

    def scale_of(self, layer: int) -> Scale:
        """Return the scale of a layer, counted from 1."""
        return self.scales[layer - 1] if self.scales else _ANY_SCALE

    def same_as(self, other: Nodes) -> bool:
        """Return whether other nodes look the same: the same maps object, or equal values."""
        if self.maps is not other.maps or self.scales != other.scales or len(self.values) != len(other.values):
            return False
        return all(_equal(*pair) for pair in zip(self.values, other.values, strict=True))


def _equal(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other, equal_nan=True)


def box_of(layout: NetworkLayout, layer: int, neuron: int) -> QRect:
    """Return the rectangle of a neuron."""
    return _boxes(layout, layer)[neuron]


@lru_cache(maxsize=64)
def _boxes(layout: NetworkLayout, layer: int) -> tuple[QRect, ...]:
    size = np.array(layout.box)
    corners = np.round(layout.centres[layer] - size / 2).astype(int).tolist()
    # Rounded to whole pixels, so that thumbnails of the same size are not resampled differently.
    return tuple(QRect(x, y, *size.tolist()) for x, y in corners)


@lru_cache(maxsize=64)
def _pictures(layout: NetworkLayout, layer: int) -> tuple[QRect, ...]:
    """Return the rectangles of the thumbnails or discs, at the top of the boxes."""
    width, height = layout.picture
    beside = layout.card is not None and layout.card.picture_width
    return tuple(
        QRect(box.left(), box.bottom() + 1 - height, width, height)
        if beside
        else QRect(box.left() + (box.width() - width) // 2, box.top(), width, height)
        for box in _boxes(layout, layer)
    )


def paint_nodes(painter: QPainter, layout: NetworkLayout, nodes: Nodes, theme: Theme) -> None:
    """Paint the inputs and all neurons."""
    if layout.card is None:
        _paint_inputs(painter, layout, theme)
    for layer in range(1, len(layout.centres)):
        if not layout.picture[1]:
            continue
        if nodes.maps:
            _paint_maps(painter, layout, layer, nodes, theme)
        else:
            _paint_discs(painter, layout, layer, nodes, theme)


def fade_edges_in_columns(painter: QPainter, layout: NetworkLayout, theme: Theme) -> None:
    """Fade the weights that pass between the neurons of a column, where they would be a distracting lattice."""
    paper = QColor(theme.paper)
    paper.setAlpha(_MUTING)
    for layer in range(1, len(layout.centres)):
        painter.fillRect(column_of(layout, layer).toAlignedRect(), paper)


@lru_cache(maxsize=64)
def column_of(layout: NetworkLayout, layer: int) -> QRectF:
    """Return the rectangle of a layer's column."""
    left, right = layout.sides(layer)
    top, bottom = layout.centres[layer][[0, -1], 1] + (-layout.cell[1] / 2, layout.cell[1] / 2)
    return QRectF(left, top, right - left, bottom - top)


def _paint_inputs(painter: QPainter, layout: NetworkLayout, theme: Theme) -> None:
    usual, font = painter.font(), input_font(painter.font(), layout)
    painter.setPen(QColor(theme.muted))
    painter.setBrush(QColor(theme.raised))
    painter.setFont(font or usual)
    lift = _lift(painter.fontMetrics())
    for neuron, box in enumerate(_boxes(layout, 0)):
        painter.drawRoundedRect(box, 3, 3)
        if font is not None:
            painter.drawText(box.translated(0, -lift), Qt.AlignmentFlag.AlignCenter, _input_name(neuron))
    painter.setFont(usual)


def input_font(font: QFont, layout: NetworkLayout) -> QFont | None:
    """Return the font, or a smaller one, in which the names of all inputs fit into their boxes; None if none does."""
    width, height = layout.box
    widest = _input_name(len(layout.centres[0]) - 1)
    for share in _TEXT_SIZES:
        made = QFont(font)
        made.setPointSizeF(share * font.pointSizeF())
        metrics = QFontMetrics(made)
        if metrics.horizontalAdvance(widest) + 2 <= width and metrics.height() <= height:
            return made
    return None


def _lift(metrics: QFontMetrics) -> int:
    """Return how far a name must be moved up to stand in the middle of its box: its subscript hangs below the line."""
    written = metrics.tightBoundingRect(_input_name(0))
    return round(written.top() + written.height() / 2 + (metrics.ascent() - metrics.descent()) / 2)


def _input_name(neuron: int) -> str:
    return f"x{subscript(neuron + 1)}"


def _paint_maps(painter: QPainter, layout: NetworkLayout, layer: int, nodes: Nodes, theme: Theme) -> None:
    maps = thinned(nodes.maps[layer - 1], *layout.picture)
    rows, columns = maps.shape[1:]
    picture = atlas(maps, nodes.scale_of(layer), theme)
    # Smoothing takes time, and changes nothing if each cell is exactly one pixel.
    is_exact = (columns, rows) == layout.picture
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_exact)
    for neuron, box in enumerate(_pictures(layout, layer)):
        painter.drawImage(box, picture, QRect(0, neuron * rows, columns, rows))


def thumbnail_grid(places: Array, size: tuple[int, int]) -> Grid:
    """Return the grid of the activation maps: around some samples, at the resolution of the thumbnails.

    Parameters
    ----------
    places : ndarray of shape (n_samples, 2)
        Where the samples are on the plane.
    size : (int, int)
        Width and height of a thumbnail; without thumbnails (0, 0), and only the magnifier shows the maps.
    """
    (left, bottom), (right, top) = extent(places)
    dx, dy = _MARGIN * (right - left), _MARGIN * (top - bottom)
    columns, rows = (int(np.clip(side or _MOST_CELLS, _LEAST_CELLS, _MOST_CELLS)) for side in size)
    return Grid(float(left - dx), float(right + dx), float(bottom - dy), float(top + dy), columns, rows)


def thinned(maps: Outputs, width: float, height: float) -> Outputs:
    """Return maps with at most as many cells as pixels."""
    rows, columns = maps.shape[1:]
    if rows > height:
        maps = maps[:, ((np.arange(height) + 0.5) * rows / height).astype(np.intp)]
    if columns > width:
        maps = maps[:, :, ((np.arange(width) + 0.5) * columns / width).astype(np.intp)]
    return maps


def atlas(maps: Outputs, scale: Scale, theme: Theme) -> QImage:
    """Return all maps in one image, one below the other, so that a layer needs one conversion to QImage."""
    n_neurons, rows, columns = maps.shape
    with np.errstate(all="ignore"):
        places = maps * np.float32(1 / scale.top)
        if scale.is_signed:
            places = places * np.float32(0.5) + np.float32(0.5)
        steps = (np.fmin(np.fmax(places, 0), 1) * 255).astype(np.uint8)  # fmax and fmin turn NaN into 0
    pixels = _table(scale.kind, theme)[steps[:, ::-1]]
    return QImage(pixels.tobytes(), columns, n_neurons * rows, 4 * columns, QImage.Format.Format_RGB32).copy()


@cache
def _table(kind: str, theme: Theme) -> npt.NDArray[np.uint32]:
    """Return the lookup table of a scale as Qt RGB32 integers."""
    red, green, blue = cells.table(kind, theme).astype(np.uint32).T
    return np.asarray(0xFF000000 | red << 16 | green << 8 | blue, dtype=np.uint32)


def _paint_discs(painter: QPainter, layout: NetworkLayout, layer: int, nodes: Nodes, theme: Theme) -> None:
    values = nodes.values[layer - 1] if nodes.values else None
    side = min(layout.picture)
    painter.setPen(QPen(QColor(theme.muted if values is None else theme.hairline), 1))
    brushes = _brushes(values, nodes.scale_of(layer), theme, len(layout.centres[layer]))
    for place, brush in zip(_pictures(layout, layer), brushes, strict=True):
        painter.setBrush(brush)
        painter.drawEllipse(QRectF(place).center(), side / 2, side / 2)


def _brushes(values: Array | None, scale: Scale, theme: Theme, count: int) -> list[QColor]:
    if values is None:
        return [QColor(theme.paper)] * count
    return [QColor(*pixel) for pixel in cells.shades(values, scale, theme).tolist()]


# Marks and outline


def paint_neuron_health(
    painter: QPainter, layout: NetworkLayout, layer: int, found: npt.NDArray[np.uint8], theme: Theme
) -> None:
    """Mark saturated neurons with a square and dead ones with a cross."""
    for neuron in np.flatnonzero(found):
        size = theme.mark_size
        mark = _MARK * size
        corner = QPointF(box_of(layout, layer, int(neuron)).topRight()) + QPointF(-mark, mark + 1)
        # A wide line of the paper colour below the mark makes it visible on any thumbnail.
        for colour, width in ((theme.paper, 4.0), (theme.danger, 1.6)):
            painter.setPen(QPen(QColor(colour), size * width))
            if found[neuron] == NeuronHealth.DEAD:
                painter.drawLines(_cross(corner, mark))
            else:
                painter.setBrush(QColor(colour))
                painter.drawRect(QRectF(corner.x() - 2 * size, corner.y() - 2 * size, 4 * size, 4 * size))


def _cross(at: QPointF, r: float) -> list[QLineF]:
    x, y = at.x(), at.y()
    return [QLineF(x - r, y - r, x + r, y + r), QLineF(x - r, y + r, x + r, y - r)]


def paint_outline(painter: QPainter, layout: NetworkLayout, layer: int, neuron: int, theme: Theme) -> None:
    """Outline the selected neuron, with a wide line below it that is visible on any colour."""
    box = QRectF(box_of(layout, layer, neuron)).adjusted(-_OUTLINE, -_OUTLINE, _OUTLINE, _OUTLINE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((theme.paper, 2 * _OUTLINE + 1), (theme.accent, _OUTLINE)):
        painter.setPen(QPen(QColor(colour), theme.line_width * width))
        painter.drawRoundedRect(box, 2, 2)
