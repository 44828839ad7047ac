"""Two branches over a single input: their outputs are drawn as curves, as the surface panel draws them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.plane import plane_of_inputs
from bpviz.core.surface import Grid
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.training import Training
from bpviz.ui.branches.comparison_panel import ComparisonPanel
from bpviz.ui.plotting.surface_view import SurfaceView
from tests.session.helpers import SMALL
from tests.ui.branches.test_comparison_panel import FASTER, Pair
from tests.ui.conftest import Show
from tests.ui.stage import Stage

SINE = load_preset("sine").experiment
SLOWER = dataclasses.replace(SINE, learning_rate=SINE.learning_rate / 10)
LINE = Grid(-1.0, 1.0, 0.0, 1.0, 40, 1, plane_of_inputs([0], np.zeros(1)))


@pytest.fixture
def panel(show: Show, stage: Stage) -> ComparisonPanel:
    made = ComparisonPanel(stage.model)
    show(made, 760, 640)
    return made


@pytest.fixture
def pair(panel: ComparisonPanel, stage: Stage) -> Pair:
    made = Pair(stage, panel)
    made.begin(SLOWER, SINE)
    made.draw(LINE)
    return made


def curves(view: SurfaceView) -> list[Array]:
    return [curve.yData for curve in view.curves if curve.yData is not None and len(curve.yData)]


def outputs(training: Training) -> Array:
    """Return the outputs at the middle of each column, shape (n_outputs, columns)."""
    return training.network.feed_forward(LINE.points().astype(np.float64)[:, :1]).T


def test_each_output_is_a_curve_of_its_own_network(panel: ComparisonPanel, pair: Pair) -> None:
    for view, training in ((panel.left, pair.stage.training), (panel.right, pair.beside)):
        np.testing.assert_allclose(curves(view), outputs(training), rtol=1e-4, atol=1e-6)
        assert view.image.image is None
        assert view.plot.getAxis("bottom").labelText == "input x"
        assert view.plot.getAxis("left").labelText == "output"


def test_the_samples_are_at_the_heights_of_their_targets(panel: ComparisonPanel, pair: Pair) -> None:
    split, shown = pair.stage.training.split, pair.stage.model.prepared
    assert shown is not None
    samples = shown.shown.train
    np.testing.assert_allclose(panel.left.points.data["x"], split.X_train[samples, 0])
    np.testing.assert_allclose(panel.left.points.data["y"], split.y_train[samples, 0])


def test_the_difference_is_drawn_as_curves_around_zero(panel: ComparisonPanel, pair: Pair) -> None:
    panel.view.setCurrentText("Difference")
    apart = outputs(pair.beside) - outputs(pair.stage.training)
    np.testing.assert_allclose(curves(panel.difference), apart, rtol=1e-4, atol=1e-5)
    low, high = panel.difference.plot.getPlotItem().vb.viewRange()[1]
    assert low == pytest.approx(-high)
    assert panel.difference.plot.getAxis("left").labelText == "difference"
    assert high >= np.abs(apart).max()
    assert not panel.difference.points.isVisible()


def test_after_two_inputs_there_are_no_curves(panel: ComparisonPanel, pair: Pair) -> None:
    pair.begin(FASTER, SMALL)
    pair.draw()
    assert curves(panel.left) == []
    assert panel.left.image.image is not None
    panel.view.setCurrentText("Difference")
    assert panel.difference.points.isVisible()
    panel.view.setCurrentText("Both")
    pair.begin(SLOWER, SINE)
    pair.draw(LINE)
    assert panel.left.image.image is None
