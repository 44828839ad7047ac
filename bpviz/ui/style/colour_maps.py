"""Colour maps that carry meaning: classes, signs, activations. Each is told apart by colour-blind eyes."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg

from bpviz.core.arrays import Array
from bpviz.session.frames.class_colours import CLASSES, SURFACE_STRENGTH, rgb
from bpviz.ui.style.theme import Theme

_STEPS = 256


def _between(*colours: Array) -> pg.ColorMap:
    return pg.ColorMap(np.linspace(0, 1, len(colours)), 255 * np.array(colours))


@cache
def difference_map(theme: Theme) -> pg.ColorMap:
    """From class 0 over paper, where the two tie, to class 1."""
    paper = rgb(theme.paper)
    sure = [paper + SURFACE_STRENGTH * (rgb(colour) - paper) for colour in CLASSES[:2]]
    return _between(sure[0], paper, sure[1])


@cache
def class_map(theme: Theme, n_classes: int) -> pg.ColorMap:
    """From class 0 at the bottom to the last at the top, each with a share of its own."""
    paper, ends = rgb(theme.paper), np.arange(n_classes + 1) / n_classes
    colours = [paper + SURFACE_STRENGTH * (rgb(colour) - paper) for colour in CLASSES[:n_classes]]
    places = np.column_stack((ends[:-1], np.nextafter(ends[1:], 0.0))).ravel()
    return pg.ColorMap(places, np.repeat(255 * np.array(colours), 2, axis=0))


@cache
def sign_map(theme: Theme) -> pg.ColorMap:
    """From negative over the neutral of the theme to positive."""
    return _between(rgb(theme.negative), rgb(theme.paper), rgb(theme.positive))


@cache
def size_map(theme: Theme) -> pg.ColorMap:
    """From nothing to much, for what has no sign: the positive half of `sign_map`."""
    return _between(rgb(theme.paper), rgb(theme.positive))


@cache
def activation_map() -> pg.ColorMap:
    """From 0 to 1, one lightness upwards, readable on both papers."""
    return pg.colormap.get("cividis")


def scale_map(kind: str, theme: Theme) -> pg.ColorMap:
    """Return the map of a kind of scale: "sign", "activation" or "size"."""
    if kind == "sign":
        return sign_map(theme)
    return activation_map() if kind == "activation" else size_map(theme)


def lookup(colour_map: pg.ColorMap) -> npt.NDArray[np.uint8]:
    """Return a table of 256 colours, shape (256, 3)."""
    table: npt.NDArray[np.uint8] = colour_map.getLookupTable(0.0, 1.0, _STEPS)[:, :3]
    return table
