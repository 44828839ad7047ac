"""What plots with one line a layer share: their colours, and where the numbers beside them stand."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from bpviz.core.arrays import Array
from bpviz.session.frames.class_colours import rgb
from bpviz.ui.style.theme import Theme


def layer_colours(theme: Theme, count: int) -> list[QColor]:
    """Return colours from faint for layer 1 to the accent for the last."""
    faint, strong = rgb(theme.muted), rgb(theme.accent)
    shares = np.linspace(0.0, 1.0, count) if count > 1 else np.ones(count)
    return [QColor.fromRgbF(*map(float, faint + share * (strong - faint))) for share in shares]


def apart(heights: Array, least: float, highest: float = np.inf) -> list[float]:
    """Move heights apart, downwards in their order, until numbers beside them do not overlap; NaN stays NaN."""
    placed, lowest = list(map(float, heights)), highest + least
    for index in np.argsort(-heights, kind="stable"):
        if np.isfinite(heights[index]):
            placed[index] = lowest = min(float(heights[index]), lowest - least)
    return placed
