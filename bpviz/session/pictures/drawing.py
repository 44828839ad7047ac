"""Drawing: a picture that the user draws with a soft brush."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array, frozen
from bpviz.session.pictures.shape import Shape

#: The brush inks all of a pixel whose centre is nearer than this to the stroke, and nothing beyond `REACH`; in pixels.
CORE, REACH = 0.45, 1.2

Point = tuple[float, float]


class Drawing:
    """Pixels from `low`, the empty paper, to `high`, full ink.

    A stroke never takes ink away and an eraser never adds any: going over the same place again changes nothing.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    low, high : float
    """

    def __init__(self, shape: Shape, low: float, high: float) -> None:
        self.shape, self.low, self.high = shape, low, high
        self._pixels = np.full(shape, low)
        rows, columns = np.indices(shape)
        self._centres = np.stack((rows + 0.5, columns + 0.5), axis=-1)

    @property
    def pixels(self) -> Array:
        """A read-only copy of the picture, shape `shape`, in original units."""
        return frozen(self._pixels)

    @property
    def is_empty(self) -> bool:
        """Whether there is no ink."""
        return bool((self._pixels <= self.low).all())

    def stroke(self, start: Point, end: Point, *, erase: bool = False) -> None:
        """Draw or erase along a straight line between two points (row, column); the first pixel ends at (1, 1)."""
        distance = _distances(self._centres, np.array(start), np.array(end))
        share = np.clip((REACH - distance) / (REACH - CORE), 0.0, 1.0)
        span = self.high - self.low
        if erase:
            self._pixels = np.minimum(self._pixels, self.high - share * span)
        else:
            self._pixels = np.maximum(self._pixels, self.low + share * span)

    def add(self, row: int, column: int, share: float) -> None:
        """Add a share of full ink to one pixel, or take it away if negative."""
        value = self._pixels[row, column] + share * (self.high - self.low)
        self._pixels[row, column] = min(max(value, self.low), self.high)

    def clear(self) -> None:
        """Take all ink away."""
        self._pixels = np.full(self.shape, self.low)

    def copy_from(self, pixels: Array) -> None:
        """Take over a picture of the same shape."""
        self._pixels = np.clip(pixels.reshape(self.shape), self.low, self.high)


def _distances(points: Array, start: Array, end: Array) -> Array:
    """Return the distance of each point, shape (..., 2), from a line segment."""
    along = end - start
    length = float(along @ along)
    place = np.clip((points - start) @ along / length, 0.0, 1.0) if length else np.zeros(points.shape[:-1])
    return np.asarray(np.linalg.norm(points - start - place[..., None] * along, axis=-1))
