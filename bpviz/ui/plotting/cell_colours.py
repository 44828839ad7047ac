"""Arrays as coloured cells: the scale that fits them, their image, and a readable text colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from bpviz.core.arrays import Array
from bpviz.core.surface import Outputs
from bpviz.session.frames.class_colours import rgb
from bpviz.ui.plotting.stable_range import StableRange
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme

_NEVER_NEGATIVE = ("a", "y", "slope", "loss", "v")
_UP_TO_ONE = ("a", "y")
_WITHOUT_BOUNDS = {"none", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus"}
_WITH_NEGATIVE = {"none", "leaky_relu", "elu", "gelu", "silu", "sin", "tanh"}
_LEAST_TOP = 1e-300
_TWO_SIDED = "two-sided activation"
_MOST = 255

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Scale:
    """The colour scale of one or more arrays.

    Attributes
    ----------
    kind : str
        "sign" and "two-sided activation" range from -top to top, "activation", "size" and "ink" from 0 to top.
    top : float
    """

    kind: str
    top: float

    @property
    def is_signed(self) -> bool:
        """Whether the scale has a negative half."""
        return self.kind in ("sign", _TWO_SIDED)

    @property
    def text(self) -> str:
        """The range as text: "±0.12" or "0…1.0"."""
        return ("±" if self.is_signed else "0…") + formats.number(self.top, 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Return (fraction of the scale, text) of both ends and the middle."""
        low = -self.top if self.is_signed else 0.0
        return [(place, formats.number(low + place * (self.top - low), 2)) for place in (0.0, 0.5, 1.0)]

    def places(self, values: Array) -> Array:
        """Return the fraction of the scale, 0 to 1, of each finite value."""
        shares = np.clip(values, -self.top, self.top) / max(self.top, _LEAST_TOP)
        return 0.5 + 0.5 * shares if self.is_signed else np.clip(shares, 0, 1)


def scale_of(quantity: str, arrays: Iterable[Array | Outputs]) -> Scale:
    """Return the scale that fits all arrays of a quantity; values that are not finite are ignored."""
    known = [np.where(np.isfinite(array), array, 0.0) for array in arrays]
    top = max((float(np.abs(array).max()) for array in known), default=0.0)
    if quantity in _UP_TO_ONE:
        top = max(top, 1.0)
    is_negative = any(array.min() < 0 for array in known)
    if quantity in _UP_TO_ONE and is_negative:
        return Scale(_TWO_SIDED, top)
    if quantity not in _NEVER_NEGATIVE or is_negative:
        return Scale("sign", top)
    return Scale("activation" if quantity in _UP_TO_ONE else "size", top)


def activation_scale(activation: str, arrays: Iterable[Array | Outputs], held: StableRange) -> Scale:
    """Return the scale for outputs of an activation function; it depends on their values only if it is unbounded.

    All have the same colour map, which is never that of signs: an output of 0 is nothing special for tanh.
    """
    top = 1.0
    if activation in _WITHOUT_BOUNDS:
        top = held.fit(max((float(np.abs(np.where(np.isfinite(a), a, 0.0)).max()) for a in arrays), default=1.0))
    return Scale(_TWO_SIDED if activation in _WITH_NEGATIVE else "activation", top)


def shades(values: Array, scale: Scale, theme: Theme) -> Pixels:
    """Return the colour of each value, shape (*values.shape, 3); values that are not finite get the danger colour."""
    finite = np.isfinite(values)
    places = scale.places(np.where(finite, values, 0.0))
    # A table lookup, instead of an interpolation for each value.
    pixels: Pixels = table(scale.kind, theme)[(_MOST * places).astype(np.uint8)]
    pixels[~finite] = (_MOST * rgb(theme.danger)).round()
    return pixels


def picture(pixels: Pixels) -> QImage:
    """Return an image with one pixel for each cell of an array of shape (n_rows, n_columns, 3)."""
    rows, columns, _ = pixels.shape
    # The copy owns its pixels; the QImage made here only points to numpy's buffer.
    return QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def readable_ink(cell: Pixels, theme: Theme) -> QColor:
    """Return the theme's ink or paper, whichever has the higher contrast on the colour of a cell."""
    light = _luminance(cell / _MOST)
    return max((QColor(theme.ink), QColor(theme.paper)), key=lambda ink: _contrast(light, _luminance_of(ink)))


@cache
def table(kind: str, theme: Theme) -> Pixels:
    """Return the lookup table of a kind of scale, shape (256, 3)."""
    return colours.lookup(colours.scale_map(kind, theme))


def _luminance_of(colour: QColor) -> float:
    return _luminance(np.array([colour.redF(), colour.greenF(), colour.blueF()]))


def _luminance(colour: Array) -> float:
    """Return the relative luminance (WCAG 2) of red, green and blue from 0 to 1."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
