"""Draws the small pictures of the presets: `python -m tests.preset_pictures`, or of those that are named.

Run it after a preset was added or changed.

A picture shows what the preset is about: the surface that its network has learned, of a pair the left half of one and
the right half of the other; for the presets to look into, the network, and how deltas shrink from layer to layer.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen

from bpviz.assets import resource
from bpviz.core import backprop
from bpviz.core.arrays import Array, rms
from bpviz.core.surface import Grid, Outputs, extent, outputs_over
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.session.frames.class_colours import CLASSES
from bpviz.session.training.training import Training
from bpviz.ui.plotting import sample_looks as looks
from bpviz.ui.style.theme import LIGHT
from bpviz.ui.view_model.plane_model import PlaneModel

# Twice the pixels of the picture in the list, for screens with a device pixel ratio of 2.
SIZE = QSize(120, 84)
# After so many epochs the two networks of a pair differ most clearly; the others are trained to their end.
_EPOCHS_OF_PAIRS = 60
_MOST_POINTS, _RADIUS = 110, 2.6


def trained(experiment: Experiment, epochs: int) -> Training:
    """Return the training of an experiment after some epochs."""
    made = Training(dataclasses.replace(experiment, epochs=epochs))
    for _ in range(epochs):
        made.run_epoch()
    return made


def surface(training: Training) -> QImage:
    """Return the surface with its boundary, or the curves over a single input, and some of the training samples."""
    split, model = training.split, PlaneModel()
    model.begin(split)
    places = looks.placed(model.plane, split.X_train, split.y_train, split)
    (left, bottom), (right, top) = extent(places)
    grid = model.grid_of(Grid(left, right, bottom, top, SIZE.width(), SIZE.height()))
    outputs = outputs_over(training.network, grid)
    image, painter = _curves(outputs, grid) if model.is_line else _picture(looks.surface_pixels(outputs, split, LIGHT))
    every = max(len(places) // _MOST_POINTS, 1)
    colours = looks.colours_of(split, split.labels_train, split.y_train, model.opacity(split.X_train))
    painter.setPen(QPen(QColor(LIGHT.paper if split.is_classification else LIGHT.ink), 0.8))
    for (x, y), colour in zip(places[::every], colours[::every], strict=True):
        painter.setBrush(colour)
        painter.drawEllipse(_pixel(x, y, grid), _RADIUS, _RADIUS)
    painter.end()
    return image


def _picture(pixels: npt.NDArray[np.uint8]) -> tuple[QImage, QPainter]:
    flipped = np.ascontiguousarray(pixels[::-1])
    format_ = QImage.Format.Format_RGB888
    image = QImage(flipped.tobytes(), SIZE.width(), SIZE.height(), 3 * SIZE.width(), format_).copy()
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return image, painter


def _curves(outputs: Outputs, grid: Grid) -> tuple[QImage, QPainter]:
    image, painter = _blank()
    for heights, colour in zip(outputs[0].T, CLASSES, strict=False):
        painter.setPen(QPen(QColor(colour), 3))
        painter.drawPolyline([_pixel(x, y, grid) for x, y in zip(grid.axes()[0], heights, strict=True)])
    return image, painter


def _pixel(x: float, y: float, grid: Grid) -> QPointF:
    across, up = (x - grid.left) / (grid.right - grid.left), (y - grid.bottom) / (grid.top - grid.bottom)
    return QPointF(across * SIZE.width(), (1 - up) * SIZE.height())


def pair(first: Training, second: Training) -> QImage:
    """Return the left half of one surface and the right half of the other."""
    image, right = surface(first), surface(second)
    middle = SIZE.width() // 2
    painter = QPainter(image)
    painter.drawImage(QPointF(middle, 0), right, QRectF(middle, 0, middle, SIZE.height()))
    painter.fillRect(QRectF(middle - 1, 0, 2, SIZE.height()), QColor(LIGHT.ink))
    painter.end()
    return image


def network(training: Training) -> QImage:
    """Return the neurons and weights of a small network."""
    image, painter = _blank()
    sizes = training.experiment.sizes
    columns = [_column(index, len(sizes), width) for index, width in enumerate(sizes)]
    painter.setPen(QPen(QColor(LIGHT.muted), 2))
    for before, after in pairwise(columns):
        painter.drawLines([QLineF(a, b) for a in before for b in after])
    for index, column in enumerate(columns):
        painter.setBrush(QColor(LIGHT.accent if index else LIGHT.raised))
        for place in column:
            painter.drawEllipse(place, 11, 11)
    painter.end()
    return image


def _column(index: int, count: int, width: int) -> list[QPointF]:
    x = SIZE.width() * (index + 0.5) / count
    return [QPointF(x, SIZE.height() * (row + 0.5) / width) for row in range(width)]


def deltas(training: Training) -> QImage:
    """Return a bar for the RMS delta of each layer on a logarithmic scale, the first layer at the left."""
    trace = backprop.trace(training.network, training.split.X_train, training.split.y_train)
    sizes: Array = np.log10([rms(layer.delta) for layer in trace.layers])
    heights = 0.12 + 0.8 * (sizes - sizes.min()) / (sizes.max() - sizes.min())
    image, painter = _blank()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.accent))
    width = SIZE.width() / (len(heights) + 0.5)
    for index, height in enumerate(heights):
        tall = height * SIZE.height()
        painter.drawRect(QRectF((index + 0.4) * width, SIZE.height() - tall, 0.7 * width, tall))
    painter.end()
    return image


def _blank() -> tuple[QImage, QPainter]:
    image = QImage(SIZE, QImage.Format.Format_RGB888)
    image.fill(QColor(LIGHT.paper))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return image, painter


def picture_of(name: str) -> QImage:
    """Return the picture of one preset."""
    preset = load_preset(name)
    experiment = preset.experiment
    if preset.is_to_step:
        return network(Training(experiment))
    if name == "vanishing":
        return deltas(Training(experiment))
    if preset.against:
        return pair(*(trained(each, _EPOCHS_OF_PAIRS) for each in (experiment, preset.against[1])))
    return surface(trained(experiment, experiment.epochs))


def main() -> None:
    """Draw all pictures into the folder of the presets."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication([])
    for name in sys.argv[1:] or preset_names():
        picture_of(name).save(str(resource("presets", f"{name}.png")))
    app.quit()


if __name__ == "__main__":
    main()
