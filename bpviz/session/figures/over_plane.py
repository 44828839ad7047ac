"""What a figure shows over a plane: the classes with their boundary, or the height of an output."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.plane import nearness
from bpviz.core.surface import Outputs, boundaries
from bpviz.language import _
from bpviz.session.figures.sheet import INK, PAPER, Sheet, class_keys, line_key
from bpviz.session.frames.class_colours import CLASSES, surface_image

_HEIGHTS = "viridis"


def draw_classes(sheet: Sheet, outputs: Outputs) -> None:
    """Draw the decision surface, the class boundaries and the samples."""
    _draw_image(sheet, surface_image(outputs, PAPER))
    _draw_boundary(sheet, outputs)
    split, shown = sheet.split, sheet.shown
    colours = np.array(CLASSES)
    test, train = colours[split.labels_test[shown.test]], colours[split.labels_train[shown.train]]
    _draw_points(sheet, split.X_test[shown.test], PAPER, test)
    _draw_points(sheet, split.X_train[shown.train], train, PAPER)
    sheet.add_legend([*class_keys(split), line_key(_("classes tie"), INK)])


def draw_heights(sheet: Sheet, outputs: Outputs) -> None:
    """Draw the first output as a colour, with a colour bar, and each sample in the colour of its target."""
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    split, shown = sheet.split, sheet.shown
    in_units = split.target_scaling.undo if split.n_outputs == 1 else np.asarray  # as on screen: one target alone
    train, test = in_units(split.y_train)[:, 0], in_units(split.y_test)[:, 0]
    low, high = float(train.min()), float(train.max())
    scale = Normalize(low, high) if high > low else Normalize(low - 0.5, low + 0.5)
    heights = in_units(outputs.astype(np.float64))[..., 0]
    sheet.axes.set_aspect("auto")  # as high as the colour bar
    image = _draw_image(sheet, np.nan_to_num(heights, nan=low), cmap=_HEIGHTS, norm=scale)
    sheet.figure.colorbar(image, ax=sheet.axes, label=split.output_names[0], extend="both")
    colours = colormaps[_HEIGHTS]
    _draw_points(sheet, split.X_test[shown.test], PAPER, colours(scale(test[shown.test])))
    _draw_points(sheet, split.X_train[shown.train], colours(scale(train[shown.train])), PAPER)
    sheet.add_legend([])


def _draw_points(sheet: Sheet, X: Array, faces: Any, edges: Any) -> None:
    """Draw some samples; they fade with their distance from the plane."""
    plane = sheet.at.plane
    places = plane.places(X) if plane else X
    alpha = nearness(plane, X, sheet.split.X_train) if plane and len(X) else None
    sheet.scatter(np.column_stack((sheet.across(places[:, 0]), sheet.up(places[:, 1]))), faces, edges, alpha)


def _draw_image(sheet: Sheet, image: Array, **style: Any) -> Any:
    grid = sheet.grid
    edges = (*sheet.across(np.array([grid.left, grid.right])), *sheet.up(np.array([grid.bottom, grid.top])))
    aspect = sheet.axes.get_aspect()
    return sheet.axes.imshow(image, extent=edges, origin="lower", interpolation="bilinear", aspect=aspect, **style)


def _draw_boundary(sheet: Sheet, outputs: Outputs) -> None:
    x, y = sheet.grid.axes()
    with np.errstate(invalid="ignore"):
        ahead = boundaries(outputs)
    for field in ahead:
        if np.isfinite(field).all() and field.min() < 0 < field.max():
            sheet.axes.contour(sheet.across(x), sheet.up(y), field, levels=[0.0], colors=INK, linewidths=1.2)
