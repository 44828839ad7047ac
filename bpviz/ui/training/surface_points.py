"""The samples on the surface: training and test points, and crosses on those that are misclassified."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QColor

from bpviz.core.arrays import Array
from bpviz.core.data.split import Split
from bpviz.session.frames.frame import ShownSamples
from bpviz.session.training.strokes import Sketch
from bpviz.ui.plotting import sample_looks as looks
from bpviz.ui.style.plot_style import cross
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.view_model import ViewModel

_Z_TEST, _Z_TRAIN, _Z_WRONG = 1, 2, 4


class SurfacePoints:
    """Draws the samples of the model in a plot, with those that do not hold yet.

    Parameters
    ----------
    model : ViewModel
    plot : PlotWidget
    """

    def __init__(self, model: ViewModel, plot: pg.PlotWidget) -> None:
        self._model = model
        self._places, self._drawn_places = looks.SamplePlaces(), looks.SamplePlaces()
        self.test, self.train, self.wrong = (_scatter(plot, z) for z in (_Z_TEST, _Z_TRAIN, _Z_WRONG))

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme for the crosses."""
        self.wrong.setPen(pg.mkPen(theme.ink, width=1.5 * theme.line_width))
        self.wrong.setBrush(None)
        self.wrong.setSymbol(cross())
        self.wrong.setSize(8 * theme.mark_size)

    def places(self, split: Split) -> tuple[Array, Array]:
        """Return where the training and the test samples that hold are drawn."""
        return self._places.of(split, self._model.plane.plane)

    def draw(self, erasers: tuple[Sketch, ...] = ()) -> None:
        """Draw the samples, without those that the user erases at this moment."""
        found = self._model.drawing.shown()
        if found is None:
            return
        split, shown = found
        paper, is_classification = self._model.theme.paper, split.is_classification
        size = self._model.theme.mark_size * (6.5 if is_classification else 7.5)
        places_of_train, places_of_test = self._drawn_places.of(split, self._model.plane.plane)
        kept = _kept(places_of_train[shown.train], erasers), _kept(places_of_test[shown.test], erasers)
        shown = ShownSamples(shown.train[kept[0]], shown.test[kept[1]])
        train, test = self._colours(split, shown)
        edge = _edge(self._model.theme, is_classification=is_classification)
        self.train.setData(pos=places_of_train[shown.train], size=size, brush=looks.brushes(train), pen=edge)
        brush = pg.mkBrush(paper)
        self.test.setData(pos=places_of_test[shown.test], size=size, symbol="s", brush=brush, pen=looks.pens(test))

    def draw_mistakes(self, *, with_tests: bool) -> None:
        """Mark the misclassified samples of the latest frame."""
        prepared, frame = self._model.prepared, self._model.frame
        if prepared is None or frame is None:
            self.wrong.clear()
            return
        places = self.places(prepared.split)
        points = [places[0][prepared.shown.train][frame.wrong_train]]
        if with_tests:
            points.append(places[1][prepared.shown.test][frame.wrong_test])
        self.wrong.setData(pos=np.concatenate(points))

    def _colours(self, split: Split, shown: ShownSamples) -> tuple[list[QColor], list[QColor]]:
        """Return the colours of the shown training and test samples."""
        plane = self._model.plane
        parts = (
            (split.X_train[shown.train], split.labels_train[shown.train], split.y_train[shown.train]),
            (split.X_test[shown.test], split.labels_test[shown.test], split.y_test[shown.test]),
        )
        train, test = (looks.colours_of(split, labels, y, plane.opacity(X)) for X, labels, y in parts)
        return train, test


def _edge(theme: Theme, *, is_classification: bool) -> object:
    # Of a colour that may be that of the surface under it, only the edge tells where a sample is.
    return pg.mkPen(theme.paper, width=0.7) if is_classification else pg.mkPen("#1F2328", width=0.7)


def _kept(places: Array, erasers: tuple[Sketch, ...]) -> npt.NDArray[np.bool_]:
    met = np.zeros(len(places), dtype=np.bool_)
    for each in erasers:
        met |= each.meets(places)
    return ~met


def _scatter(plot: pg.PlotWidget, z: int) -> pg.ScatterPlotItem:
    item = pg.ScatterPlotItem()
    item.setZValue(z)
    plot.addItem(item, ignoreBounds=True)
    return item
