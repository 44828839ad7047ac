"""Colours of a surface and of the samples on it: by class, or by the target of a regression."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QColor

from bpviz.core.arrays import Array
from bpviz.core.data.split import Split
from bpviz.core.plane import Plane
from bpviz.core.surface import Outputs
from bpviz.session.frames.class_colours import CLASSES, surface_image
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.theme import Theme

_STEPS_OF_OPACITY = 8


def target_range(split: Split) -> tuple[float, float]:
    """Return the least and the largest value of the first target over the training samples, as the network sees it."""
    low, high = float(split.y_train[:, 0].min()), float(split.y_train[:, 0].max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def shares(values: npt.NDArray[np.floating], span: tuple[float, float]) -> Array:
    """Return where values lie in a range, 0 to 1; what is not finite is 0."""
    with np.errstate(all="ignore"):
        inside = np.nan_to_num((values - span[0]) / (span[1] - span[0]), nan=0.0)
    return np.asarray(np.clip(inside, 0.0, 1.0), dtype=np.float64)


def surface_pixels(outputs: Outputs, split: Split, theme: Theme) -> npt.NDArray[np.uint8]:
    """Return the picture of the classes or, of a regression, of its first output; shape (rows, columns, 3)."""
    if split.is_classification and split.n_outputs > 1:
        return (255 * surface_image(outputs, theme.paper)).astype(np.uint8)
    steps = (255 * shares(outputs[..., 0], target_range(split))).astype(np.uint8)
    pixels: npt.NDArray[np.uint8] = colours.lookup(colours.activation_map())[steps]
    return pixels


def placed(plane: Plane | None, X: Array, y: Array, split: Split) -> Array:
    """Return where samples are drawn; over a single input the height is the first target, or that of their class."""
    if plane is None:
        return X
    places = plane.places(X)
    if not plane.is_line:
        return places
    return np.column_stack((places[:, 0], y.max(axis=1) if split.is_classification else y[:, 0]))


def colours_of(split: Split, labels: npt.NDArray[np.intp], targets: Array, opacity: Array) -> list[QColor]:
    """Return the colour of each sample.

    Parameters
    ----------
    split : Split
    labels : ndarray of int, shape (n_samples,)
    targets : ndarray of shape (n_samples, n_outputs)
    opacity : ndarray of shape (n_samples,)
        0 to 1.
    """
    if split.is_classification:
        palette, numbers = list(CLASSES), labels
    else:
        table = colours.lookup(colours.activation_map())
        palette = [QColor(*rgb).name() for rgb in table.tolist()]
        numbers = (shares(targets[:, 0], target_range(split)) * (len(palette) - 1)).astype(np.intp)
    levels = np.rint(opacity * _STEPS_OF_OPACITY).astype(np.intp)
    made = {key: _faded(palette[key[0]], key[1]) for key in set(zip(numbers.tolist(), levels.tolist(), strict=True))}
    return [made[key] for key in zip(numbers.tolist(), levels.tolist(), strict=True)]


def _faded(colour: str, level: int) -> QColor:
    made = QColor(colour)
    made.setAlphaF(level / _STEPS_OF_OPACITY)
    return made


def brushes(found: list[QColor]) -> list[object]:
    """Return a brush for each colour; equal ones are the same object, so that pyqtgraph looks them up once."""
    made = {each.rgba(): pg.mkBrush(each) for each in found}
    return [made[each.rgba()] for each in found]


def pens(found: list[QColor]) -> list[object]:
    """Return an outline for each colour, as `brushes` does."""
    made = {each.rgba(): pg.mkPen(each, width=1.5) for each in found}
    return [made[each.rgba()] for each in found]


class SamplePlaces:
    """Where the training and test samples of a split are drawn; it is computed again for another split or plane."""

    def __init__(self) -> None:
        self._key: tuple[Split, Plane | None] | None = None
        self._found: tuple[Array, Array] = (np.empty((0, 2)), np.empty((0, 2)))

    def of(self, split: Split, plane: Plane | None) -> tuple[Array, Array]:
        """Return the places of training and test samples, shape (n_samples, 2) each."""
        if self._key is None or self._key[0] is not split or self._key[1] != plane:
            self._key = split, plane
            pairs = (split.X_train, split.y_train), (split.X_test, split.y_test)
            train, test = (placed(plane, X, y, split) for X, y in pairs)
            self._found = train, test
        return self._found


def units_of_axis(split: Split, number: int | None, *, is_output: bool) -> tuple[float, float]:
    """Return shift and factor of an axis; several targets have no common units."""
    scaling = split.target_scaling if is_output else split.scaling
    if scaling.is_none or (is_output and split.n_outputs > 1):
        return 0.0, 1.0
    column = 0 if is_output else number
    return (0.0, 1.0) if column is None else (float(scaling.shift[column]), float(scaling.scale[column]))
