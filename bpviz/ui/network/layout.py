"""Geometry of the network diagram in pixels: a column for each layer, with a grid of cells."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, Indices

# Width over height of a cell, the usual aspect ratio of the input plane.
_ASPECT = 4 / 3
# If columns leave height free, a cell may become as high as its width divided by this.
_TALLEST = 0.95
_LEAST_CELL, _LARGEST_CELL = 3.0, 72.0
_LEAST_GAP = 46.0
# Between cards there is room for the label of a weight, and at most for so many side by side.
_AROUND_LABEL, _MOST_LABELS = 12.0, 4.5
_FILLED = 0.88
# The picture above the card of a neuron: its widest aspect ratio, and its usual height in pixels.
_WIDEST, _USUAL_PICTURE = 1.6, 72


@dataclass(frozen=True)
class Card:
    """The room for the numbers of a neuron, in pixels.

    Attributes
    ----------
    width, height : int
        Of the card of a neuron.
    input_width : int
        Of the card of an input, which has one number only.
    label_width : int
        Of the number of a weight.
    picture_width, picture_height : int
        Of the picture beside the numbers, 0 if there is none, and the least height of the picture above them.
    lines : int
        How many numbers of a neuron stand below one another.
    digits : int
        Significant digits.
    """

    width: int
    height: int
    input_width: int
    label_width: int
    picture_width: int
    picture_height: int
    lines: int
    digits: int


@dataclass(frozen=True, eq=False)
class NetworkLayout:
    """Positions of all neurons; the input is layer 0.

    Attributes
    ----------
    centres : tuple of ndarray of shape (n_neurons, 2)
        x and y of the neurons of layers 0..L.
    cell : (float, float)
        Width and height of the cell of a neuron.
    card : Card or None
        The card at the bottom of each neuron; None if no numbers are written.
    """

    centres: tuple[Array, ...]
    cell: tuple[float, float]
    card: Card | None = None

    @property
    def box(self) -> tuple[int, int]:
        """Width and height of the drawing in a cell, which leaves a gap to its neighbours."""
        width, height = (_FILLED * side for side in self.cell)
        return max(round(width), 1), max(round(height), 1)

    @property
    def picture(self) -> tuple[int, int]:
        """Width and height of the thumbnail or disc, above the numbers of the card or beside them; 0 without room."""
        width, height = self.box
        if self.card is None:
            return width, height
        if self.card.picture_width:
            return self.card.picture_width, self.card.height
        left = height - self.card.height
        return (min(width, round(left * _WIDEST)), left) if self.card.picture_height else (0, 0)

    def sides(self, layer: int) -> tuple[float, float]:
        """Return the left and right edge of a layer's column."""
        x = self.centres[layer][:, 0]
        return float(x.min()) - self.cell[0] / 2, float(x.max()) + self.cell[0] / 2

    def middle(self, layer: int) -> float:
        """Return the x of the centre of a layer's column."""
        return sum(self.sides(layer)) / 2

    def gap(self, layer: int) -> tuple[float, float]:
        """Return the left and right edge of the gap before a layer, where its weights are drawn."""
        return self.sides(layer - 1)[1], self.sides(layer)[0]

    def seen(self, zoom: float, dx: float, dy: float) -> NetworkLayout:
        """Return the layout zoomed and then moved."""
        centres = tuple(zoom * places + (dx, dy) for places in self.centres)
        return NetworkLayout(centres, (zoom * self.cell[0], zoom * self.cell[1]), self.card)

    def with_card(self, cards: Sequence[Card]) -> NetworkLayout:
        """Return the layout with the first of some cards that fits into a box, or without one."""
        width, height = self.box
        fits = (card for card in cards if card.width <= width and card.height + card.picture_height <= height)
        return dataclasses.replace(self, card=next(fits, None))

    def neighbour(self, layer: int, neuron: int, layers: int, neurons: int) -> tuple[int, int]:
        """Return the neuron so many neurons below in its layer, or at the nearest height so many layers on."""
        if not layers:
            return layer, min(max(neuron + neurons, 0), len(self.centres[layer]) - 1)
        there = min(max(layer + layers, 1), len(self.centres) - 1)
        if there == layer:
            return layer, neuron
        y = self.centres[layer][neuron, 1]
        return there, int(np.abs(self.centres[there][:, 1] - y).argmin())

    def neuron_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return layer and neuron at a point, or None."""
        # One pixel of tolerance makes small neurons easier to hit.
        reach = np.array(self.box) / 2 + 1
        for layer, places in enumerate(self.centres):
            found = np.flatnonzero((np.abs(places - (x, y)) <= reach).all(axis=1))
            if len(found):
                return layer, int(found[0])
        return None

    def nearest_edge(self, layer: int, sources: Indices, targets: Indices, x: float, y: float) -> tuple[int, float]:
        """Return the index of the edge nearest to a point and its distance; (-1, inf) for no edges."""
        if not len(sources):
            return -1, math.inf
        start, end = self.centres[layer - 1][sources], self.centres[layer][targets]
        along, away = end - start, np.array((x, y)) - start
        lengths = np.maximum((along**2).sum(axis=1), 1e-9)
        share = np.clip((along * away).sum(axis=1) / lengths, 0, 1)
        distances = np.hypot(*(away - share[:, None] * along).T)
        nearest = int(distances.argmin())
        return nearest, float(distances[nearest])


def lay_out(sizes: Sequence[int], width: float, height: float) -> NetworkLayout:
    """Return the layout with the largest cells that fit into an area, with gaps for the edges.

    Parameters
    ----------
    sizes : sequence of int
        Widths of all layers, including the input.
    width, height : float
    """
    cell = _largest_cell(sizes, width, height)
    columns, wide = _columns(sizes, cell, height), cell * _ASPECT
    rows = max(math.ceil(count / in_a_row) for count, in_a_row in zip(sizes, columns, strict=True))
    high = min(height / rows, wide / _TALLEST)  # use the height that is left over
    used = sum(columns) * wide
    gap = max((width - used) / max(len(sizes) - 1, 1), _LEAST_GAP / 2)
    left = max((width - used - gap * (len(sizes) - 1)) / 2, 0.0)
    centres = []
    for count, in_a_row in zip(sizes, columns, strict=True):
        centres.append(_places(count, in_a_row, (wide, high), left, height))
        left += in_a_row * wide + gap
    return NetworkLayout(tuple(centres), (wide, high))


def card_layouts(sizes: Sequence[int], width: float, height: float, cards: Sequence[Card]) -> Iterator[NetworkLayout]:
    """Yield the layouts with one column for each layer and room for one of some cards, the best first.

    Room for two labels at each weight, its own number and the one that is sent along it, comes before room for a
    picture at each neuron.
    """
    pictured = [card for card in cards if card.picture_width or card.picture_height]
    plain = [card for card in cards if not (card.picture_width or card.picture_height)]
    tries = ((labels, card) for labels in (2, 1) for kind in (pictured, plain) for card in kind)
    layouts = (_with_cards(sizes, width, height, card, labels) for labels, card in tries)
    return (layout for layout in layouts if layout)


def _with_cards(sizes: Sequence[int], width: float, height: float, card: Card, labels: int) -> NetworkLayout | None:
    """Return a layout with a card for each neuron and room for so many labels in the gaps, or None."""
    n_gaps, wide = len(sizes) - 1, math.ceil(card.width / _FILLED)
    picture = 0 if card.picture_width else _USUAL_PICTURE
    high = min(height / max(sizes), (card.height + picture) / _FILLED)
    # The cell is wider than the card, which stays in its middle.
    gap = (width - card.input_width - n_gaps * card.width - (wide - card.width)) / n_gaps
    if _FILLED * high < card.height + card.picture_height or gap < labels * (card.label_width + _AROUND_LABEL):
        return None
    gap = min(gap, _MOST_LABELS * card.label_width)
    left = (width - card.input_width - n_gaps * (card.width + gap)) / 2
    lefts = [left, *(left + card.input_width + gap + layer * (card.width + gap) for layer in range(n_gaps))]
    widths = [card.input_width, *[card.width] * n_gaps]
    columns = [x - (wide - own) / 2 for x, own in zip(lefts, widths, strict=True)]
    places = (_places(count, 1, (wide, high), x, height) for count, x in zip(sizes, columns, strict=True))
    return NetworkLayout(tuple(places), (wide, high), card)


def _largest_cell(sizes: Sequence[int], width: float, height: float) -> float:
    # Tried from large to small, since the number of columns changes in steps with the cell size.
    for cell in np.arange(_LARGEST_CELL, _LEAST_CELL, -0.5):
        taken = sum(_columns(sizes, cell, height)) * cell * _ASPECT
        if cell <= height and taken + _LEAST_GAP * (len(sizes) - 1) <= width:
            return float(cell)
    return _LEAST_CELL


def _columns(sizes: Sequence[int], cell: float, height: float) -> list[int]:
    rows = max(int(height // cell), 1)
    return [math.ceil(count / rows) for count in sizes]


def _places(count: int, in_a_row: int, cell: tuple[float, float], left: float, height: float) -> Array:
    """Return the positions of one layer's neurons, row by row, centred vertically."""
    rows = math.ceil(count / in_a_row)
    row, column = np.divmod(np.arange(count), in_a_row)
    top = (height - rows * cell[1]) / 2
    return np.column_stack((left + (column + 0.5) * cell[0], top + (row + 0.5) * cell[1]))
