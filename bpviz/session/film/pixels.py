"""The pixels of a picture, and what has changed from one to the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

#: Shape (height, width, 3).
Pixels = npt.NDArray[np.uint8]


class Change(NamedTuple):
    """The smallest rectangle in which two pictures differ, with left and top even, as WebP wants them.

    Attributes
    ----------
    left, top : int
    pixels : ndarray of uint8, shape (height, width, 4)
        Transparent where nothing has changed.
    """

    left: int
    top: int
    pixels: npt.NDArray[np.uint8]


def change(before: Pixels | None, now: Pixels) -> Change:
    """Return what has changed; all of the first picture, and one pixel where nothing has."""
    if before is None:
        return Change(0, 0, _with_alpha(now, np.ones(now.shape[:2], dtype=bool)))
    differs = (before != now).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return Change(0, 0, _with_alpha(now[:1, :1], np.ones((1, 1), dtype=bool)))
    top, left = int(rows[0]) // 2 * 2, int(columns[0]) // 2 * 2
    inside = slice(top, int(rows[-1]) + 1), slice(left, int(columns[-1]) + 1)
    return Change(left, top, _with_alpha(now[inside], differs[inside]))


def _with_alpha(pixels: Pixels, opaque: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    made = np.zeros((*pixels.shape[:2], 4), dtype=np.uint8)  # transparent pixels are all alike, which takes no room
    made[..., :3] = np.where(opaque[..., None], pixels, 0)
    made[..., 3] = np.where(opaque, 255, 0)
    return made
