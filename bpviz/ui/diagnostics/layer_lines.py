"""Colours of the lines of layers in a plot, and positions of the layer numbers next to them."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from bpviz.core.arrays import Array
from bpviz.session.frames.class_colours import rgb
from bpviz.ui.style.theme import Theme


def layer_colours(theme: Theme, count: int) -> list[QColor]:
    """Return a colour for each layer, from muted for layer 1 to the accent for the last."""
    faint, strong = rgb(theme.muted), rgb(theme.accent)
    shares = np.linspace(0.0, 1.0, count) if count > 1 else np.ones(count)
    return [QColor.fromRgbF(*map(float, faint + share * (strong - faint))) for share in shares]


def apart(heights: Array, least: float, highest: float = np.inf) -> list[float]:
    """Move positions apart, from top to bottom, until the numbers at them do not overlap; NaN stays NaN."""
    placed, lowest = list(map(float, heights)), highest + least
    for index in np.argsort(-heights, kind="stable"):
        if np.isfinite(heights[index]):
            placed[index] = lowest = min(float(heights[index]), lowest - least)
    return placed
