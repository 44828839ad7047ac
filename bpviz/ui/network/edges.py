"""The weights of a network as lines: which of them are drawn, and how."""

from __future__ import annotations

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

# So many lines take the time that a frame has.
MOST_DRAWN = 3_000
_LEVELS = 8
_STRONG_LEVEL = 5
_TURNS = 8
# More lines than these are drawn without smoothing, and a little wider than 1: that takes a third of the time.
MOST_SMOOTH = 600
_NONE = np.empty(0, dtype=np.intp)
_SMOOTH_WIDTHS, _ROUGH_WIDTHS = (1.0, 1.6), (1.01, 1.5)


@dataclass(frozen=True)
class Edges:
    """Some weights.

    Attributes
    ----------
    number, layer, source, target : ndarray of int
        Which of all the network's weights they are, the layer that they lead into, the neuron that they come from, the
        neuron that they lead to.
    value : ndarray
        What is shown of each.
    """

    number: Indices
    layer: Indices
    source: Indices
    target: Indices
    value: Array

    def __len__(self) -> int:
        """How many they are."""
        return len(self.value)

    def same_as(self, other: Edges) -> bool:
        """Return whether other edges of the same network are these, with the same values."""
        same_numbers = self.number is other.number or np.array_equal(self.number, other.number)
        return same_numbers and np.array_equal(self.value, other.value, equal_nan=True)

    def into(self, layer: int) -> Edges:
        """Return those that lead into a layer."""
        return self.where(self.layer == layer)

    def where(self, chosen: Indices | npt.NDArray[np.bool_]) -> Edges:
        """Return some of them."""
        numbers = self.number[chosen]
        return Edges(numbers, self.layer[chosen], self.source[chosen], self.target[chosen], self.value[chosen])


@cache
def _places(sizes: tuple[int, ...]) -> tuple[Indices, ...]:
    """Return number, layer, source and target of every weight of a network."""
    shapes = list(enumerate(pairwise(sizes), start=1))
    layers = np.concatenate([_NONE, *(np.full(before * here, layer) for layer, (before, here) in shapes)])
    places = [np.divmod(np.arange(before * here), here) for _, (before, here) in shapes]
    sources, targets = (np.concatenate([_NONE, *(place[side] for place in places)]) for side in (0, 1))
    return np.arange(len(layers)), layers, sources, targets


def all_edges(sizes: tuple[int, ...], values: Sequence[Array | None]) -> Edges:
    """Return every weight of which there is a value.

    Parameters
    ----------
    sizes : tuple of int
        Widths of all layers, the inputs included.
    values : sequence of ndarray of shape (n_in, n_out), or None
        One for each layer from 1.
    """
    number, layer, source, target = _places(sizes)
    if any(matrix is None for matrix in values):
        counts = [before * here for before, here in pairwise(sizes)]
        known = np.repeat([matrix is not None for matrix in values], counts)
        number, layer, source, target = (place[known] for place in (number, layer, source, target))
    value = np.concatenate([np.empty(0), *(matrix.ravel() for matrix in values if matrix is not None)])
    return Edges(number, layer, source, target, value)


def strongest(edges: Edges, share: float, most: int = MOST_DRAWN) -> Edges:
    """Return the strongest share of some edges, 0 to 1; at most so many, and at least one."""
    count = min(max(round(share * len(edges)), 1), most, len(edges))
    if count == len(edges):
        return edges
    size = np.nan_to_num(np.abs(edges.value), nan=np.inf)
    return edges.where(np.argpartition(size, len(size) - count)[len(size) - count :])


def edges_of(edges: Edges, layer: int, neuron: int) -> Edges:
    """Return what leads into a neuron and out of it; the inputs are layer 0."""
    into = (edges.layer == layer) & (edges.target == neuron)
    out = (edges.layer == layer + 1) & (edges.source == neuron)
    return edges.where(into | out)


def every_end(layout: NetworkLayout) -> Array:
    """Return x and y of where all weights of a network start, and of where they end, shape (n_weights, 4)."""
    _, *places = _places(tuple(map(len, layout.centres)))
    return _between(layout, *places)


def paint_edges(painter: QPainter, layout: NetworkLayout, edges: Edges, top: float, theme: Theme) -> None:
    """Draw edges from centre to centre, coloured by sign and strength: full strength from `top` on."""
    levels, is_smooth = _levels(edges.value, top), len(edges) <= MOST_SMOOTH
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
    ends, pens = _ends(layout, edges), _pens(theme, is_smooth)
    for size in range(1, _LEVELS + 1):  # the strongest on top
        negative, positive = ends[levels == -size], ends[levels == size]
        for turn in range(_TURNS):  # by turns, so that no sign hides the other
            _draw(painter, pens[-size], negative[turn::_TURNS])
            _draw(painter, pens[size], positive[turn::_TURNS])
    _draw(painter, pens[_LEVELS + 1], ends[levels == _LEVELS + 1])


def paint_plain(painter: QPainter, layout: NetworkLayout, edges: Edges, pen: QPen) -> None:
    """Draw edges with one pen."""
    _draw(painter, pen, _ends(layout, edges))


def _draw(painter: QPainter, pen: QPen, ends: Array) -> None:
    if len(ends):
        lines = PrimitiveArray(QLineF, 4)  # memory that Qt reads as it is: a list of lines takes longer than drawing it
        lines.resize(len(ends))
        lines.ndarray()[:] = ends
        painter.setPen(pen)
        painter.drawLines(*lines.drawargs())


def _ends(layout: NetworkLayout, edges: Edges) -> Array:
    return _between(layout, edges.layer, edges.source, edges.target)


def _between(layout: NetworkLayout, layer: Indices, source: Indices, target: Indices) -> Array:
    places = np.concatenate(layout.centres)
    offsets = np.cumsum([0, *map(len, layout.centres)])
    return np.hstack((places[offsets[layer - 1] + source], places[offsets[layer] + target]))


def _levels(values: Array, top: float) -> Indices:
    """Return -8..-1 and 1..8 for the strength of each, 9 for what is not finite."""
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
        place = round((len(table) - 1) * (0.5 + level / (2 * _LEVELS)))
        pens[level] = QPen(QColor(*table[place].tolist()), strong if abs(level) >= _STRONG_LEVEL else thin)
    pens[_LEVELS + 1] = QPen(QColor(theme.danger), strong)
    return pens
