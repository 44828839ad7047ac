"""Fast drawing of many edges: the pixels of all lines are computed once, and each frame only colours them."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from bpviz.core.arrays import Array, Indices
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.theme import Theme

_LEVELS = 127
# Keys above this level, the stronger half, are drawn two pixels wide.
_STRONG = _LEVELS
_NOT_FINITE = 255

Keys = npt.NDArray[np.uint8]


class EdgeRaster:
    """The pixels of lines whose ends do not move.

    Parameters
    ----------
    ends : ndarray of shape (n_edges, 4)
        x and y of the start and of the end of each line, in pixels; lines are clipped to the image.
    width, height : int
        Size of the image in pixels.
    """

    def __init__(self, ends: Array, width: int, height: int) -> None:
        self.width, self.height = width, height
        edges, places = _points(ends, width, height)
        self._places, self._layers = _piled(edges, places)
        self._keys = np.zeros((height, width), dtype=np.uint8)
        self._pixels = np.zeros((height, width), dtype=np.uint32)

    def strongest(self, keys: Keys) -> Keys:
        """Return the largest key of all lines through each pixel, 0 where there is none.

        Parameters
        ----------
        keys : ndarray of uint8, shape (n_edges,)

        Returns
        -------
        ndarray of uint8, shape (height, width)
        """
        # Layer n holds the (n + 1)-th line of each pixel with so many. `_piled` has sorted the pixels by their number
        # of lines, so that the maximum over all lines is a few calls on array prefixes instead of one call per line.
        top = keys.take(self._layers[0]) if self._layers else np.empty(0, dtype=np.uint8)
        for layer in self._layers[1:]:
            np.maximum(top[: len(layer)], keys.take(layer), out=top[: len(layer)])
        self._keys.ravel()[self._places] = top
        return self._keys

    def paint(self, keys: Keys, theme: Theme) -> QImage:
        """Return an image of the lines, transparent elsewhere; the next call overwrites its pixels."""
        strongest = self.strongest(keys)
        wide = strongest.copy()
        wide[1:] = np.maximum(strongest[1:], strongest[:-1] * (strongest[:-1] > _STRONG))
        np.take(_table(theme), wide, out=self._pixels, mode="clip")
        form = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(self._pixels.data, self.width, self.height, 4 * self.width, form)


def edge_keys(values: Array, top: float) -> Keys:
    """Return 1..254 for the magnitude relative to `top`, odd if negative, and 255 for values that are not finite."""
    with np.errstate(all="ignore"):
        level = np.clip(np.ceil(_LEVELS * np.abs(values) / top), 1, _LEVELS)
    keys = 2 * level - (values < 0)
    return np.where(np.isfinite(values), keys, _NOT_FINITE).astype(np.uint8)


def _points(ends: Array, width: int, height: int) -> tuple[Indices, Indices]:
    """Return pairs of line and pixel index, sampled along the longer side of each line."""
    start, way = ends[:, :2], ends[:, 2:] - ends[:, :2]
    first, last = _inside(start, way, np.array((width, height)))
    is_seen = first <= last
    first, last = np.where(is_seen, first, 0.0), np.where(is_seen, last, 0.0)
    steps = (np.ceil(np.abs(way).max(axis=1) * (last - first)) + 1).astype(np.intp) * is_seen
    number = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)
    start, way = start + first[:, None] * way, (last - first)[:, None] * way / np.maximum(steps - 1, 1)[:, None]
    x, y = (
        np.clip(np.repeat(start[:, side], steps) + number * np.repeat(way[:, side], steps), 0, most - 1).astype(np.intp)
        for side, most in enumerate((width, height))
    )
    return np.repeat(np.arange(len(ends)), steps), y * width + x


def _inside(start: Array, way: Array, size: Array) -> tuple[Array, Array]:
    """Return the range of the fraction of each line inside the image; first > last if it is outside (Liang-Barsky)."""
    with np.errstate(all="ignore"):
        bounds = np.stack((-start / way, (size - start) / way))
    outside = (way == 0) & ((start < 0) | (start > size))
    enter = np.where(way == 0, np.where(outside, np.inf, -np.inf), bounds.min(axis=0))
    leave = np.where(way == 0, np.inf, bounds.max(axis=0))
    return np.maximum(enter.max(axis=1), 0.0), np.minimum(leave.min(axis=1), 1.0)


def _piled(edges: Indices, places: Indices) -> tuple[Indices, list[Indices]]:
    """Return the pixels, sorted by their number of lines, and the lines in layers.

    The first layer holds one line for each pixel, the second another one for each pixel that has at least two, and so
    on. Since pixels with more lines come first, each layer covers a prefix of the pixels.
    """
    bits = int(edges.max(initial=0)).bit_length()
    pairs = np.sort(places << bits | edges)  # one sort of packed integers takes a third of the time of an argsort
    places, edges = pairs >> bits, pairs & ((1 << bits) - 1)
    is_first = np.ones(len(places), dtype=np.bool_)
    is_first[1:] = places[1:] != places[:-1]
    starts = np.flatnonzero(is_first)
    counts = np.diff(starts, append=len(places))
    most_first = np.argsort((counts.max(initial=0) - counts).astype(np.uint16), kind="stable")
    starts, counts = starts[most_first], counts[most_first]
    sizes = [int(np.searchsorted(-counts, -depth, side="left")) for depth in range(int(counts.max(initial=0)))]
    return places[starts], [edges[starts[:size] + depth] for depth, size in enumerate(sizes)]


@cache
def _table(theme: Theme) -> npt.NDArray[np.uint32]:
    """Return the colour of each key as a Qt ARGB integer; 0 is transparent."""
    shades = colours.lookup(colours.sign_map(theme))
    keys = np.arange(1, _NOT_FINITE)
    signed = np.where(keys % 2, -1, 1) * ((keys + 1) // 2)
    chosen = shades[np.round((len(shades) - 1) * (0.5 + signed / (2 * _LEVELS))).astype(np.intp)].tolist()
    packed = [0, *(QColor(*shade).rgba() for shade in chosen), QColor(theme.danger).rgba()]
    return np.array(packed, dtype=np.uint32)
