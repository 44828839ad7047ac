"""The sheet that a figure is drawn on: axes in the inputs' own units, samples as points, and the legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.data.split import Split
from bpviz.core.scaling import Scaling
from bpviz.core.surface import Grid, extent
from bpviz.language import _
from bpviz.session.figures.figure_plane import FigurePlane
from bpviz.session.frames.class_colours import CLASSES
from bpviz.session.frames.frame import ShownSamples

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELLS = 300
INK, PAPER = "#1F2328", "#FFFFFF"
_MARGIN = 0.08
_INCHES, _DOTS_PER_INCH, _OF_A_CURVE = 7.0, 200, 0.62
_MARKER_AREA, _EDGE = 18.0, 0.8


@dataclass(frozen=True)
class Sheet:
    """A matplotlib figure with one pair of axes.

    Attributes
    ----------
    figure, axes
    split : Split
    shown : ShownSamples
        The samples that are drawn.
    at : FigurePlane
    grid : Grid
        Round all samples, on the plane.
    """

    figure: Figure
    axes: Axes
    split: Split
    shown: ShownSamples
    at: FigurePlane
    grid: Grid

    def across(self, x: Any) -> Any:
        """Return coordinates along the first axis in the units of its input."""
        return _in_units(x, self.split.scaling, self.at.inputs[0])

    def up(self, y: Any) -> Any:
        """Return coordinates along the second axis in the units of its input."""
        return _in_units(y, self.split.scaling, self.at.inputs[1])

    def scatter(self, places: Array, faces: Any, edges: Any, alpha: Any = None) -> None:
        """Draw samples at some places, shape (n_samples, 2), in units of the axes."""
        style: dict[str, Any] = {"s": _MARKER_AREA, "linewidths": _EDGE, "zorder": 3}
        self.axes.scatter(places[:, 0], places[:, 1], facecolors=faces, edgecolors=edges, alpha=alpha, **style)

    def add_legend(self, handles: list[Any]) -> None:
        """Draw the legend under the axes: what is given, and how many samples there are."""
        handles = [
            *handles,
            key(_("training, {some}").format(some=_some(self.shown.train, self.split.X_train)), INK, INK),
        ]
        handles.append(key(_("test, {some}").format(some=_some(self.shown.test, self.split.X_test)), PAPER, INK))
        self.figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 5), frameon=False)


def make_sheet(split: Split, shown: ShownSamples, at: FigurePlane, title: str) -> Sheet:
    """Return an empty sheet with its axes named."""
    from matplotlib.figure import Figure

    plane = at.plane
    X = np.concatenate((split.X_train, split.X_test))
    grid = _grid_around(plane.places(X) if plane else X, at)
    is_map = plane is None and split.scaling.is_none
    height = _INCHES * ((grid.top - grid.bottom) / (grid.right - grid.left) if is_map else _OF_A_CURVE)
    figure = Figure(figsize=(_INCHES, min(max(height, 3.0), 9.0) + 1.2), dpi=_DOTS_PER_INCH, layout="constrained")
    across = f"{at.names[0]}\n{at.note}" if at.note else at.names[0]
    axes = figure.add_subplot(aspect="equal" if is_map else "auto", xlabel=across, ylabel=at.names[1], title=title)
    return Sheet(figure, axes, split, shown, at, grid)


def key(label: str, face: str, edge: str) -> Any:
    """Return a legend entry with a point."""
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none", marker="o", markerfacecolor=face, markeredgecolor=edge, label=label)


def line_key(label: str, colour: str) -> Any:
    """Return a legend entry with a line."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, linewidth=1.2, label=label)


def class_keys(split: Split) -> list[Any]:
    """Return a legend entry for each class."""
    names = (_("class {name}").format(name=name) if name.isdigit() else name for name in split.output_names)
    return [key(name, colour, colour) for name, colour in zip(names, CLASSES, strict=False)]


def _in_units(values: Any, scaling: Scaling, column: int | None) -> Any:
    return values if scaling.is_none or column is None else values * scaling.scale[column] + scaling.shift[column]


def _grid_around(places: Array, at: FigurePlane) -> Grid:
    (left, bottom), (right, top) = extent(places)
    across, up = _MARGIN * (right - left), _MARGIN * (top - bottom)
    if at.plane is None:
        across = up = max(across, up)
    rows = 1 if at.plane and at.plane.is_line else CELLS
    return Grid(left - across, right + across, bottom - up, top + up, CELLS, rows, at.plane)


def _some(shown: Indices, samples: Array) -> str:
    there = f"{len(samples):,}"
    return there if len(shown) == len(samples) else _("{n_shown:,} of {there}").format(n_shown=len(shown), there=there)
