"""The colours of classes, and of a surface that says how sure a network is of them. Told apart by colour-blind eyes."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.surface import Outputs

# Blue and orange, then Okabe and Ito's: vermilion and yellow are left out beside orange.
CLASSES = ("#2F6FDE", "#E07B1A", "#009E73", "#CC79A7", "#56B4E9", "#8C4D0E")
# How far a surface goes from paper towards a class: points of that class must still stand out on it.
SURFACE_STRENGTH = 0.55


def rgb(colour: str) -> Array:
    """Return red, green and blue of "#RRGGBB", 0 to 1."""
    return np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])


def surface_image(outputs: Outputs, paper: str) -> Array:
    """Paint the class of the largest output, the stronger the further it is ahead, over `paper` where classes tie.

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
    """Return by how much the largest output is ahead of the next; for two by a difference, ten times faster."""
    if outputs.shape[-1] == 2:
        return np.asarray(np.abs(outputs[..., 0] - outputs[..., 1]))
    ordered = np.sort(outputs, axis=-1)
    return np.asarray(ordered[..., -1] - ordered[..., -2])
