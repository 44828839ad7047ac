"""Figure of the decision surface with the samples, for print. matplotlib, slow to import, is imported on first use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.datasets import Split
from bpviz.core.metrics import scores
from bpviz.core.surface import Grid, Outputs, boundaries, extent, outputs_over
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.safe_write import write_atomically
from bpviz.session.frames.class_colours import CLASSES, surface_image
from bpviz.session.frames.frame import ShownSamples
from bpviz.session.frames.frame_maker import choose_shown_samples
from bpviz.session.training.training import Training

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png", ".pdf")
# Without dates the same training gives the same file.
_METADATA: dict[str, dict[str, Any]] = {
    ".svg": {"Date": None},
    ".png": {},
    ".pdf": {"CreationDate": None},
}
_CELLS = 300
_MARGIN = 0.08
_INCHES, _DOTS_PER_INCH = 7.0, 200
_INK, _PAPER = "#1F2328", "#FFFFFF"
_MARKER_AREA, _EDGE = 18.0, 0.8


def check_drawable(experiment: Experiment) -> None:
    """Check that an experiment has a decision surface.

    Raises
    ------
    ValueError
        If it has other than two inputs, or learns numbers.
    """
    if experiment.sizes[0] != 2 or not experiment.is_classification:
        raise ValueError(f"a figure shows classes over two inputs, which {experiment.dataset} does not have")


def write_figure(training: Training, path: Path, name: str) -> None:
    """Write a figure of the decision surface, the class boundaries and the samples.

    Parameters
    ----------
    training : Training
    path : Path
        Its suffix, one of `SUFFIXES`, selects the format.
    name : str
        The start of the title.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    from matplotlib import rc_context

    figure, suffix = _draw(training, name), path.suffix.lower()

    def write(file: BinaryIO) -> None:
        figure.savefig(file, format=suffix[1:], metadata=_METADATA[suffix], bbox_inches="tight")

    with rc_context({"svg.hashsalt": "bpviz"}):  # the ids in an SVG are random otherwise
        write_atomically(path, write)


def _draw(training: Training, name: str) -> Figure:
    from matplotlib.figure import Figure

    grid = _grid_around(np.concatenate((training.split.X_train, training.split.X_test)))
    height = _INCHES * (grid.top - grid.bottom) / (grid.right - grid.left)
    figure = Figure(figsize=(_INCHES, min(max(height, 3.0), 9.0) + 1.2), dpi=_DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot(aspect="equal", xlabel="$x_1$", ylabel="$x_2$", title=_title(training, name))
    outputs = outputs_over(training.network, grid)
    _draw_surface(axes, grid, outputs)
    _draw_boundary(axes, grid, outputs)
    shown = choose_shown_samples(training.split)
    _draw_points(axes, training.split, shown)
    _add_legend(figure, training.split, shown)
    return figure


def _title(training: Training, name: str) -> str:
    network, split = training.network, training.split
    if not len(split.X_test):  # all test samples are erased
        return f"{name}, epoch {training.position.epoch:,}"
    with np.errstate(all="ignore"):
        accuracy = scores.accuracy(network.predict(split.X_test), split.labels_test)
    return f"{name}, epoch {training.position.epoch:,}, test accuracy {100 * accuracy:.2f}%"


def _grid_around(X: Array) -> Grid:
    (left, bottom), (right, top) = extent(X)
    margin = _MARGIN * max(right - left, top - bottom)
    return Grid(left - margin, right + margin, bottom - margin, top + margin, _CELLS, _CELLS)


def _draw_surface(axes: Axes, grid: Grid, outputs: Outputs) -> None:
    edges = (grid.left, grid.right, grid.bottom, grid.top)
    axes.imshow(surface_image(outputs, _PAPER), extent=edges, origin="lower", interpolation="bilinear")


def _draw_boundary(axes: Axes, grid: Grid, outputs: Outputs) -> None:
    with np.errstate(invalid="ignore"):
        ahead = boundaries(outputs)
    for field in ahead:
        if np.isfinite(field).all() and field.min() < 0 < field.max():
            axes.contour(*grid.axes(), field, levels=[0.0], colors=_INK, linewidths=1.2)


def _draw_points(axes: Axes, split: Split, shown: ShownSamples) -> None:
    colours = np.array(CLASSES)
    train, test = split.labels_train[shown.train], split.labels_test[shown.test]
    _scatter(axes, split.X_test[shown.test], _PAPER, colours[test])
    _scatter(axes, split.X_train[shown.train], colours[train], _PAPER)


def _scatter(axes: Axes, X: Array, faces: Any, edges: Any) -> None:
    axes.scatter(X[:, 0], X[:, 1], s=_MARKER_AREA, linewidths=_EDGE, facecolors=faces, edgecolors=edges)


def _add_legend(figure: Figure, split: Split, shown: ShownSamples) -> None:
    from matplotlib.lines import Line2D

    handles = [_key(f"class {number}", CLASSES[number], CLASSES[number]) for number in range(split.n_classes)]
    handles.append(_key(f"training, {_some(shown.train, split.X_train)}", _INK, _INK))
    handles.append(_key(f"test, {_some(shown.test, split.X_test)}", _PAPER, _INK))
    handles.append(Line2D([], [], color=_INK, linewidth=1.2, label="classes tie"))
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 5), frameon=False)


def _key(label: str, face: str, edge: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none", marker="o", markerfacecolor=face, markeredgecolor=edge, label=label)


def _some(shown: Indices, samples: Array) -> str:
    there = f"{len(samples):,}"
    return there if len(shown) == len(samples) else f"{len(shown):,} of {there}"
