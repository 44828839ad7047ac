"""What a figure shows over a single input: a curve for each output, and the samples."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.surface import Outputs
from bpviz.session.figures.sheet import PAPER, Sheet, class_keys, line_key
from bpviz.session.frames.class_colours import CLASSES

_WIDTH = 1.8


def draw_curves(sheet: Sheet, outputs: Outputs) -> None:
    """Draw every output over the input, in the colour of its class or target, and every sample at its target."""
    split, x = sheet.split, sheet.across(sheet.grid.axes()[0])
    for heights, colour in zip(_in_units(sheet, outputs[0].astype(np.float64)).T, CLASSES, strict=False):
        finite = np.where(np.isfinite(heights), heights, np.nan)
        sheet.axes.plot(x, finite, color=colour, linewidth=_WIDTH, zorder=4)  # above the samples
    _draw_points(sheet, split.X_test, split.y_test, sheet.shown.test, is_test=True)
    _draw_points(sheet, split.X_train, split.y_train, sheet.shown.train, is_test=False)
    names = zip(split.output_names, CLASSES, strict=False)
    sheet.add_legend(class_keys(split) if split.is_classification else [line_key(*pair) for pair in names])


def _draw_points(sheet: Sheet, X: Array, y: Array, shown: Indices, *, is_test: bool) -> None:
    """Draw a point for each target of a regression; for a class only that of the class itself."""
    x, targets = sheet.across(X[shown, 0]), _in_units(sheet, y[shown])
    for number, colour in zip(range(y.shape[1]), CLASSES, strict=False):
        of = y[shown].argmax(axis=1) == number if sheet.split.is_classification else slice(None)
        places = np.column_stack((x[of], targets[of, number]))
        sheet.scatter(places, *((PAPER, colour) if is_test else (colour, PAPER)))


def _in_units(sheet: Sheet, values: Array) -> Array:
    """Return outputs or targets in original units; several targets have no common ones."""
    return sheet.split.target_scaling.undo(values) if sheet.split.n_outputs == 1 else values
