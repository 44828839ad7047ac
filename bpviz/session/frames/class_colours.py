"""Colours of classes and of the decision surface, distinguishable with colour vision deficiency."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.surface import Outputs

# Blue and orange, then Okabe and Ito's without vermilion and yellow, which are too close to orange. Ten digits need
# four more: they are far from all others for all eyes, and still visible on either paper.
CLASSES = (
    "#2F6FDE",
    "#E07B1A",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#8C4D0E",
    "#7A0A5C",
    "#D8C21A",
    "#2323A8",
    "#3FD0A0",
)
# How far the surface goes from paper to the class colour: points of that class must stay visible on it.
SURFACE_STRENGTH = 0.55


def rgb(colour: str) -> Array:
    """Return red, green and blue of "#RRGGBB", 0 to 1."""
    return np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])


def surface_image(outputs: Outputs, paper: str) -> Array:
    """Return the image of the decision surface: the class colour, blended with `paper` by the largest output's lead.

    Parameters
    ----------
    outputs : ndarray of shape (rows, columns, n_classes)
    paper : str
        "#RRGGBB".

    Returns
    -------
    ndarray of shape (rows, columns, 3)
        Red, green and blue, 0 to 1.
    """
    offsets = SURFACE_STRENGTH * (np.array([rgb(colour) for colour in CLASSES]) - rgb(paper))
    with np.errstate(invalid="ignore"):
        ahead = np.nan_to_num(np.clip(_lead(outputs), 0, 1))
    image = offsets[outputs.argmax(axis=-1)]
    image *= ahead[..., None]
    image += rgb(paper)
    return np.asarray(image)


def _lead(outputs: Outputs) -> Outputs:
    """Return the largest output minus the second largest; for two outputs by a difference, ten times faster."""
    if outputs.shape[-1] == 2:
        return np.asarray(np.abs(outputs[..., 0] - outputs[..., 1]))
    ordered = np.sort(outputs, axis=-1)
    return np.asarray(ordered[..., -1] - ordered[..., -2])
