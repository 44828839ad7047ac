"""The weights of a network as lines: which of them are drawn, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from bpviz.core.arrays import Array, Indices
from bpviz.ui import colours
from bpviz.ui.network_layout import NetworkLayout
from bpviz.ui.theme import Theme

# So many lines take the time that a frame has.
MOST_DRAWN = 3_000
_LEVELS = 8
_STRONG_LEVEL = 5
# More lines than these are drawn without smoothing, and a little wider than 1: that takes a third of the time.
_MOST_SMOOTH = 600
_SMOOTH_WIDTHS, _ROUGH_WIDTHS = (1.0, 1.6), (1.01, 1.5)


@dataclass(frozen=True)
class Edges:
    """Some weights, the weakest first.

    Attributes
    ----------
    layer, source, target : ndarray of int
        The layer that they lead into, the neuron that they come from, the neuron that they lead to.
    value : ndarray
        What is shown of each.
    """

    layer: Indices
    source: Indices
    target: Indices
    value: Array

    def __len__(self) -> int:
        """How many they are."""
        return len(self.value)

    def same_as(self, other: Edges) -> bool:
        """Return whether other edges are these, with the same values."""
        same_places = np.array_equal(self.layer, other.layer) and np.array_equal(self.target, other.target)
        return same_places and np.array_equal(self.value, other.value, equal_nan=True)

    def into(self, layer: int) -> Edges:
        """Return those that lead into a layer."""
        return self.where(self.layer == layer)

    def where(self, chosen: Indices | npt.NDArray[np.bool_]) -> Edges:
        """Return some of them."""
        return Edges(self.layer[chosen], self.source[chosen], self.target[chosen], self.value[chosen])


def all_edges(values: Sequence[Array | None]) -> Edges:
    """Return every weight of which there is a value; one matrix (n_in, n_out) for each layer from 1."""
    known = [(layer, matrix) for layer, matrix in enumerate(values, start=1) if matrix is not None]
    layers = [np.full(matrix.size, layer, dtype=np.intp) for layer, matrix in known]
    places = [np.divmod(np.arange(matrix.size), matrix.shape[1]) for _, matrix in known]
    return Edges(
        _joined(layers),
        _joined([source for source, _ in places]),
        _joined([target for _, target in places]),
        np.concatenate([np.empty(0), *(matrix.ravel() for _, matrix in known)]),
    )


def strongest(edges: Edges, share: float, most: int = MOST_DRAWN) -> Edges:
    """Return the strongest share of some edges, 0 to 1, the weakest first; at most so many, and at least one."""
    count = min(max(round(share * len(edges)), 1), most, len(edges))
    size = np.nan_to_num(np.abs(edges.value), nan=np.inf)
    chosen = np.argpartition(size, len(size) - count)[len(size) - count :] if count else np.empty(0, dtype=np.intp)
    return edges.where(chosen[np.argsort(size[chosen], kind="stable")])


def edges_of(edges: Edges, layer: int, neuron: int) -> Edges:
    """Return what leads into a neuron and out of it, the weakest first; the inputs are layer 0."""
    into = (edges.layer == layer) & (edges.target == neuron)
    out = (edges.layer == layer + 1) & (edges.source == neuron)
    return strongest(edges.where(into | out), 1.0)


def paint_edges(
    painter: QPainter, layout: NetworkLayout, edges: Edges, top: float, theme: Theme, *, is_hasty: bool = False
) -> None:
    """Draw edges from centre to centre, coloured by sign and strength: full strength from `top` on.

    Those of a network that trains are drawn in haste: nobody sees how smooth a line is that moves.
    """
    levels, is_smooth = _levels(edges.value, top), len(edges) <= _MOST_SMOOTH and not is_hasty
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
    ends = _ends(layout, edges)
    for level, pen in _pens(theme, is_smooth).items():  # one call for each pen, the strongest on top
        _draw(painter, pen, ends[levels == level][::2])
    for level, pen in _pens(theme, is_smooth).items():  # in two turns, so that no sign hides the other
        _draw(painter, pen, ends[levels == level][1::2])


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
    """Return x and y of where edges start, and of where they end, shape (n_edges, 4)."""
    places = np.concatenate(layout.centres)
    offsets = np.cumsum([0, *map(len, layout.centres)])
    start = places[offsets[edges.layer - 1] + edges.source]
    end = places[offsets[edges.layer] + edges.target]
    return np.hstack((start, end))


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


def _joined(parts: Sequence[Indices]) -> Indices:
    return np.concatenate([np.empty(0, dtype=np.intp), *parts])
