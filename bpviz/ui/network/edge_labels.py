"""Numbers at the weights: placed where they cover neither each other nor a neuron, and left out where no room is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bpviz.core.arrays import Array
from bpviz.session.frames.network_numbers import NetworkNumbers, SentNumbers
from bpviz.session.frames.network_values import Values
from bpviz.ui.network.edges import Edges, all_edges, edges_of, strongest
from bpviz.ui.network.layout import NetworkLayout
from bpviz.ui.network.nodes import box_of
from bpviz.ui.network.number_cards import fitted, input_box
from bpviz.ui.style.theme import Theme

#: Of more weights than this no number could be told from the others.
MOST_LABELS = 64
# Of the layouts in which the numbers of the neurons have room, so many are tried for those of the weights.
_MOST_TRIED = 8
_APART = 5.0
# In lines of text: an edge further away than this does not run behind a label.
_CLEAR = 1.2
_NO_EDGES = np.empty(0, dtype=np.intp)
# Where along the gap a label is tried, from 0 at the source to 1 at the target: a weight's near the source, and what is
# sent near its destination.
_SHARES = (0.25, 0.15, 0.35, 0.05, 0.45, 0.0, 0.55, 0.65, 0.75, 0.85, 0.95)

Neuron = tuple[int, int]


def labelled_edges(every: Edges, drawn: Edges, hover: Neuron | None, selected: Neuron | None) -> Edges:
    """Return the edges that get a number: of too many, those of the hovered or the selected neuron."""
    edges = edges_of(every, *hover) if hover else drawn
    if len(edges) > MOST_LABELS and not hover:
        edges = edges_of(edges, *selected) if selected else edges.where(_NO_EDGES)
    return edges if len(edges) <= MOST_LABELS else strongest(edges, MOST_LABELS / len(edges))


def best_layout(layouts: Iterable[NetworkLayout], line: float, area: QRectF) -> NetworkLayout | None:
    """Return the first of the best layouts with cards in which every weight has room for its number, or the first.

    Parameters
    ----------
    layouts : iterable of NetworkLayout
        The best first.
    line : float
        The height of a line of text.
    area : QRectF
        What is visible of the diagram.
    """
    tried = list(islice(layouts, _MOST_TRIED))
    for layout in tried:
        edges = all_edges(tuple(map(len, layout.centres)), [*map(_zeros, *_shapes(layout))])
        if len(edges) <= MOST_LABELS and len(EdgeLabels(layout, edges, None, line, area).places) == len(edges):
            return layout
    return tried[0] if tried else None


def _shapes(layout: NetworkLayout) -> tuple[list[int], list[int]]:
    sizes = list(map(len, layout.centres))
    return sizes[:-1], sizes[1:]


def _zeros(n_in: int, n_out: int) -> Array:
    return np.zeros((n_in, n_out))


class LabelLayer:
    """Paints the labels of the edges, and keeps their places until the layout or the edges change.

    Attributes
    ----------
    labels : EdgeLabels or None
        The labels that were painted last.
    """

    def __init__(self) -> None:
        self.labels: EdgeLabels | None = None

    def paint(
        self,
        painter: QPainter,
        layout: NetworkLayout,
        edges: Edges,
        numbers: NetworkNumbers,
        area: QRectF,
        progress: float,
        theme: Theme,
    ) -> None:
        """Write the numbers of the weights, and of what the current operation sends along them."""
        sent, operation = numbers.sent(), numbers.operation
        direction = (sent.layer, sent.is_backward) if sent else None
        if self.labels is None or not self.labels.are_of(layout, edges, direction, area):
            self.labels = EdgeLabels(layout, edges, direction, painter.fontMetrics().height(), area)
        updated = operation.layer if operation and operation.quantity == "update" else None
        self.labels.paint(painter, numbers.edges, updated, theme)
        if sent:
            self.labels.paint_sent(painter, sent, progress, theme)


class EdgeLabels:
    """Keeps the places of the labels of some edges, and paints the numbers there.

    Parameters
    ----------
    layout : NetworkLayout
        With a card, which says how wide the labels are.
    edges : Edges
        The weights that get a number.
    sent : (int, bool) or None
        The layer into which the current operation sends numbers, and whether it sends them back.
    line : float
        The height of a line of text.
    area : QRectF
        What is visible of the diagram.
    """

    def __init__(
        self, layout: NetworkLayout, edges: Edges, sent: tuple[int, bool] | None, line: float, area: QRectF
    ) -> None:
        assert layout.card is not None
        self._layout, self._edges, self._size = layout, edges, (layout.card.label_width, line)
        self._digits, self._line = layout.card.digits, line
        self._taken = [QRectF(input_box(layout, n)) for n in range(len(layout.centres[0]))]
        for layer in range(1, len(layout.centres)):
            self._taken += [QRectF(box_of(layout, layer, n)) for n in range(len(layout.centres[layer]))]
        self._area, self._ends = area, _ends(layout, edges)
        self._gaps = [self._middles(layer) for layer in range(1, len(layout.centres))]
        self.places = self._place(range(len(edges)), _SHARES)
        self.sent_places: dict[int, QPointF] = {}
        self._sent = sent
        if sent:
            self._place_sent(*sent)

    def are_of(self, layout: NetworkLayout, edges: Edges, sent: tuple[int, bool] | None, area: QRectF) -> bool:
        """Return whether these are the labels for the given arguments of the initializer, whatever the values are."""
        same_picture = layout is self._layout and area == self._area and sent == self._sent
        return same_picture and np.array_equal(edges.number, self._edges.number)

    def _middles(self, layer: int) -> tuple[float, float]:
        """Return the range of x in which the middle of a label is between the cards of two layers."""
        before, here = range(len(self._layout.centres[layer - 1])), range(len(self._layout.centres[layer]))
        box = partial(input_box, self._layout) if layer == 1 else partial(box_of, self._layout, layer - 1)
        left, right = max(box(n).right() for n in before), min(box_of(self._layout, layer, n).left() for n in here)
        reach = self._size[0] / 2 + _APART
        return left + reach, right - reach

    def _place_sent(self, layer: int, is_backward: bool) -> None:
        """Find places for the numbers that are sent; without room for both, they replace those of the weights."""
        chosen = np.flatnonzero(self._edges.layer == layer).tolist()
        shares = _SHARES if is_backward else tuple(1 - share for share in _SHARES)
        self.sent_places = self._place(chosen, shares)
        if len(self.sent_places) < len(chosen):
            self.sent_places = {edge: self.places.pop(edge) for edge in chosen if edge in self.places}

    def _place(self, chosen: Sequence[int], shares: Sequence[float]) -> dict[int, QPointF]:
        found = {}
        for edge in chosen:
            if (place := self._best(edge, shares)) is not None:
                self._taken.append(self._box(place))
                found[edge] = place
        return found

    def _best(self, edge: int, shares: Sequence[float]) -> QPointF | None:
        """Return the place on an edge that is free and furthest from the other edges, or None."""
        left, right = self._gaps[int(self._edges.layer[edge]) - 1]
        (x0, y0), (x1, y1) = self._ends[edge]
        if right < left or x1 <= x0:
            return None
        best, widest = None, -1.0
        for x in (left + share * (right - left) for share in shares):
            place = QPointF(x, y0 + (y1 - y0) * (x - x0) / (x1 - x0))
            if (clearance := self._clearance(edge, place)) > widest and self._is_free(place):
                best, widest = place, clearance
        return best

    def _is_free(self, place: QPointF) -> bool:
        box = self._box(place)
        return self._area.contains(box) and not any(box.intersects(other) for other in self._taken)

    def _box(self, place: QPointF) -> QRectF:
        width, height = self._size
        return QRectF(place.x() - width / 2, place.y() - height / 2, width, height)

    def _clearance(self, edge: int, place: QPointF) -> float:
        """Return how far above or below a place the nearest other edge is, at most a line of text."""
        others = np.flatnonzero(self._edges.layer == self._edges.layer[edge])
        others = others[others != edge]
        start, end = self._ends[others, 0], self._ends[others, 1]
        heights = start[:, 1] + (end[:, 1] - start[:, 1]) * (place.x() - start[:, 0]) / (end[:, 0] - start[:, 0])
        return float(np.abs(heights - place.y()).min(initial=_CLEAR * self._line))

    def boxes(self) -> list[QRectF]:
        """Return the rectangles of all labels at rest."""
        return [self._box(place) for place in (*self.places.values(), *self.sent_places.values())]

    # Painting

    def paint(self, painter: QPainter, values: Values, is_new: int | None, theme: Theme) -> None:
        """Write the values of the edges; those of the layer `is_new` in the accent colour."""
        for edge, place in self.places.items():
            matrix = values[int(self._edges.layer[edge]) - 1]
            if matrix is not None:
                colour = theme.accent if self._edges.layer[edge] == is_new else theme.ink
                self._write(painter, place, self._of(edge, matrix), colour, theme.paper, theme)

    def paint_sent(self, painter: QPainter, sent: SentNumbers, progress: float, theme: Theme) -> None:
        """Write what is sent along the edges, on its way: at the start for a progress of 0, at its place for 1."""
        for edge, place in self.sent_places.items():
            start = QPointF(*self._ends[edge][1 if sent.is_backward else 0].tolist())
            at = start + (place - start) * progress
            self._write(painter, at, self._of(edge, sent.values), theme.accent, theme.raised, theme, framed=True)

    def _of(self, edge: int, matrix: Array) -> float:
        return float(matrix[self._edges.source[edge], self._edges.target[edge]])

    def _write(
        self,
        painter: QPainter,
        place: QPointF,
        value: float,
        colour: str,
        ground: str,
        theme: Theme,
        *,
        framed: bool = False,
    ) -> None:
        text = fitted(painter.fontMetrics(), value, self._digits, self._size[0] - 4)
        width = painter.fontMetrics().horizontalAdvance(text) + 6
        box = QRectF(place.x() - width / 2, place.y() - self._line / 2, width, self._line)
        painter.setPen(QPen(QColor(theme.accent), 1) if framed else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _ends(layout: NetworkLayout, edges: Edges) -> Array:
    """Return x and y of the start and the end of each edge, shape (n_edges, 2, 2)."""
    places = zip(edges.layer.tolist(), edges.source.tolist(), edges.target.tolist(), strict=True)
    ends = [(layout.centres[layer - 1][source], layout.centres[layer][target]) for layer, source, target in places]
    return np.array(ends).reshape(-1, 2, 2)
