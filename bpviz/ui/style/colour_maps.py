"""Colour maps for classes, signs and activations; each is distinguishable by colour-blind users."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg

from bpviz.core.arrays import Array
from bpviz.session.frames.class_colours import CLASSES, SURFACE_STRENGTH, rgb
from bpviz.ui.style.theme import Theme

_STEPS = 256
# How far counts go from paper to the colour of sizes in a light and in a dark theme: the ink stays readable on all.
_COUNTS_IN_LIGHT, _COUNTS_IN_DARK = 0.62, 0.42


def _between(*colours: Array) -> pg.ColorMap:
    return pg.ColorMap(np.linspace(0, 1, len(colours)), 255 * np.array(colours))


@cache
def difference_map(theme: Theme) -> pg.ColorMap:
    """Return the map from class 0 through paper, where the outputs are equal, to class 1."""
    paper = rgb(theme.paper)
    sure = [paper + SURFACE_STRENGTH * (rgb(colour) - paper) for colour in CLASSES[:2]]
    return _between(sure[0], paper, sure[1])


@cache
def class_map(theme: Theme, n_classes: int) -> pg.ColorMap:
    """Return the map from class 0 at the bottom to the last class at the top, one band of equal size for each."""
    paper, ends = rgb(theme.paper), np.arange(n_classes + 1) / n_classes
    colours = [paper + SURFACE_STRENGTH * (rgb(colour) - paper) for colour in CLASSES[:n_classes]]
    # nextafter ends each band just before the next one begins, so that the edge between two bands is sharp.
    stops = np.column_stack((ends[:-1], np.nextafter(ends[1:], 0.0))).ravel()
    return pg.ColorMap(stops, np.repeat(255 * np.array(colours), 2, axis=0))


@cache
def sign_map(theme: Theme) -> pg.ColorMap:
    """Return the map from negative through the theme's neutral colour to positive."""
    return _between(rgb(theme.negative), rgb(theme.paper), rgb(theme.positive))


@cache
def size_map(theme: Theme) -> pg.ColorMap:
    """Return the map for unsigned magnitudes: the positive half of `sign_map`."""
    return _between(rgb(theme.paper), rgb(theme.positive))


@cache
def count_map(theme: Theme) -> pg.ColorMap:
    """Return the map for counts: from paper towards the end of `size_map`, so far that the ink is readable on it."""
    paper, strength = rgb(theme.paper), _COUNTS_IN_DARK if theme.is_dark else _COUNTS_IN_LIGHT
    return _between(paper, paper + strength * (rgb(theme.positive) - paper))


@cache
def ink_map(theme: Theme) -> pg.ColorMap:
    """Return the map for pixels of a picture: the theme's paper where there is no ink, its ink where there is most."""
    return _between(rgb(theme.paper), rgb(theme.ink))


@cache
def activation_map() -> pg.ColorMap:
    """Return the map for activations of any range: its lightness increases, and it is readable on both themes."""
    return pg.colormap.get("cividis")


def scale_map(kind: str, theme: Theme) -> pg.ColorMap:
    """Return the colour map for a kind of scale: "sign", "ink", "activation", "two-sided activation" or "size"."""
    if kind in ("sign", "ink"):
        return sign_map(theme) if kind == "sign" else ink_map(theme)
    return size_map(theme) if kind == "size" else activation_map()


def lookup(colour_map: pg.ColorMap) -> npt.NDArray[np.uint8]:
    """Return a lookup table of 256 colours, shape (256, 3)."""
    table: npt.NDArray[np.uint8] = colour_map.getLookupTable(0.0, 1.0, _STEPS)[:, :3]
    return table
