"""The weights of a network as lines: selection of the strongest, and painting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from bpviz.core.arrays import Array, Indices
from bpviz.ui.network.layout import NetworkLayout
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.theme import Theme

# The number of lines that can be drawn in the time of one frame.
MOST_DRAWN = 3_000
_LEVELS = 8
_STRONG_LEVEL = 5
_PASSES = 8
# Above this number, lines are drawn without antialiasing and slightly wider than 1, in a third of the time.
MOST_SMOOTH = 600
_PALEST = 0.3
_NONE = np.empty(0, dtype=np.intp)
_SMOOTH_WIDTHS, _ROUGH_WIDTHS = (1.0, 1.6), (1.01, 1.5)


@dataclass(frozen=True)
class Edges:
    """Some weights of a network.

    Attributes
    ----------
    number, layer, source, target : ndarray of int
        Index among all weights, layer, and the neurons at both ends of each edge.
    value : ndarray
        Displayed value of each edge.
    """

    number: Indices
    layer: Indices
    source: Indices
    target: Indices
    value: Array

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.value)

    def same_as(self, other: Edges) -> bool:
        """Return whether other edges of the same network have the same indices and values."""
        same_numbers = self.number is other.number or np.array_equal(self.number, other.number)
        return same_numbers and np.array_equal(self.value, other.value, equal_nan=True)

    def into(self, layer: int) -> Edges:
        """Return the edges into a layer."""
        return self.where(self.layer == layer)

    def where(self, chosen: Indices | npt.NDArray[np.bool_]) -> Edges:
        """Return a subset of the edges."""
        numbers = self.number[chosen]
        return Edges(numbers, self.layer[chosen], self.source[chosen], self.target[chosen], self.value[chosen])


@cache
def _places(sizes: tuple[int, ...]) -> tuple[Indices, ...]:
    """Return index, layer, source and target of every weight of a network."""
    shapes = list(enumerate(pairwise(sizes), start=1))
    layers = np.concatenate([_NONE, *(np.full(before * here, layer) for layer, (before, here) in shapes)])
    places = [np.divmod(np.arange(before * here), here) for _, (before, here) in shapes]
    sources, targets = (np.concatenate([_NONE, *(place[side] for place in places)]) for side in (0, 1))
    return np.arange(len(layers)), layers, sources, targets


def all_edges(sizes: tuple[int, ...], values: Sequence[Array | None]) -> Edges:
    """Return every weight that has a value.

    Parameters
    ----------
    sizes : tuple of int
        Widths of all layers, including the input.
    values : sequence of ndarray of shape (n_in, n_out), or None
        One matrix for each layer from 1.
    """
    number, layer, source, target = _places(sizes)
    if any(matrix is None for matrix in values):
        counts = [before * here for before, here in pairwise(sizes)]
        known = np.repeat([matrix is not None for matrix in values], counts)
        number, layer, source, target = (place[known] for place in (number, layer, source, target))
    value = np.concatenate([np.empty(0), *(matrix.ravel() for matrix in values if matrix is not None)])
    return Edges(number, layer, source, target, value)


def strongest(edges: Edges, share: float, most: int = MOST_DRAWN) -> Edges:
    """Return the strongest fraction `share` of some edges, at least one and at most `most`."""
    count = min(max(round(share * len(edges)), 1), most, len(edges))
    if count == len(edges):
        return edges
    size = np.nan_to_num(np.abs(edges.value), nan=np.inf)
    return edges.where(np.argpartition(size, len(size) - count)[len(size) - count :])


def edges_of(edges: Edges, layer: int, neuron: int) -> Edges:
    """Return the edges into and out of a neuron; the input is layer 0."""
    into = (edges.layer == layer) & (edges.target == neuron)
    out = (edges.layer == layer + 1) & (edges.source == neuron)
    return edges.where(into | out)


def every_end(layout: NetworkLayout) -> Array:
    """Return x and y of the start and of the end of every weight of a network, shape (n_weights, 4)."""
    _, *places = _places(tuple(map(len, layout.centres)))
    return _between(layout, *places)


def paint_edges(painter: QPainter, layout: NetworkLayout, edges: Edges, top: float, theme: Theme) -> None:
    """Draw edges between the centres of neurons, coloured by sign and magnitude, in full colour from `top` on."""
    levels, is_smooth = _levels(edges.value, top), len(edges) <= MOST_SMOOTH
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
    ends, pens = _ends(layout, edges), _pens(theme, is_smooth)
    for size in range(1, _LEVELS + 1):  # strongest last, so that they are on top
        negative, positive = ends[levels == -size], ends[levels == size]
        for start in range(_PASSES):  # signs alternate, so that neither covers the other
            _draw(painter, pens[-size], negative[start::_PASSES])
            _draw(painter, pens[size], positive[start::_PASSES])
    _draw(painter, pens[_LEVELS + 1], ends[levels == _LEVELS + 1])


def paint_plain(painter: QPainter, layout: NetworkLayout, edges: Edges, pen: QPen) -> None:
    """Draw edges with one pen."""
    _draw(painter, pen, _ends(layout, edges))


def _draw(painter: QPainter, pen: QPen, ends: Array) -> None:
    if len(ends):
        # Qt reads the array's memory directly; creating a list of QLineF takes longer than drawing it.
        lines = PrimitiveArray(QLineF, 4)
        lines.resize(len(ends))
        lines.ndarray()[:] = ends
        painter.setPen(pen)
        painter.drawLines(*lines.drawargs())


def _ends(layout: NetworkLayout, edges: Edges) -> Array:
    return _between(layout, edges.layer, edges.source, edges.target)


def _between(layout: NetworkLayout, layer: Indices, source: Indices, target: Indices) -> Array:
    # One array of all neurons, so that the ends of all edges are two index operations.
    places = np.concatenate(layout.centres)
    offsets = np.cumsum([0, *map(len, layout.centres)])
    return np.hstack((places[offsets[layer - 1] + source], places[offsets[layer] + target]))


def _levels(values: Array, top: float) -> Indices:
    """Return the signed level -8..-1 or 1..8 of each value, 9 if it is not finite."""
    with np.errstate(all="ignore"):
        strength = np.clip(np.ceil(_LEVELS * np.abs(values) / top), 1, _LEVELS)
    signed = np.copysign(strength, values)
    return np.where(np.isfinite(values), signed, _LEVELS + 1).astype(np.intp)


@cache
def _pens(theme: Theme, is_smooth: bool) -> dict[int, QPen]:
    table = colours.lookup(colours.sign_map(theme))
    thin, strong = _SMOOTH_WIDTHS if is_smooth else _ROUGH_WIDTHS
    pens = {}
    for level in (sign * size for size in range(1, _LEVELS + 1) for sign in (-1, 1)):
        share = level / _LEVELS
        if theme.mark_size > 1.0:  # on a projector the palest colours would be those of the paper
            share = math.copysign(_PALEST + (1 - _PALEST) * abs(share), level)
        place = round((len(table) - 1) * (0.5 + share / 2))
        width = theme.line_width * (strong if abs(level) >= _STRONG_LEVEL else thin)
        pens[level] = QPen(QColor(*table[place].tolist()), width)
    pens[_LEVELS + 1] = QPen(QColor(theme.danger), theme.line_width * strong)
    return pens
