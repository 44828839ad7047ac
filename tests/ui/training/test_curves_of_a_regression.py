import dataclasses
import re

import numpy as np
import pytest

from bpviz.ui.training.curves_panel import CurvesPanel
from bpviz.ui.window.status_line import StatusLine
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage

PLANE = dataclasses.replace(SMALL, dataset="plane", activations=("sigmoid", "tanh", "none"))


@pytest.fixture
def panel(show: Show, stage: Stage) -> CurvesPanel:
    made = CurvesPanel(stage.model)
    show(made, 560, 360)
    return made


def right_label(panel: CurvesPanel) -> str:
    return str(panel.plot.getPlotItem().getAxis("right").labelText)


def test_a_regression_has_r2_on_the_right_axis_and_a_classification_accuracy(panel: CurvesPanel, stage: Stage) -> None:
    for experiment, words, scale in ((PLANE, "R²", 0.01), (SMALL, "accuracy, %", 1.0)):
        stage.prepare(experiment)
        assert right_label(panel) == words
        assert panel.plot.getPlotItem().getAxis("right").scale == scale


def test_the_curves_of_a_regression_are_its_mse_and_r2(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare(PLANE)
    stage.train(4)
    panel.catch_up()
    for curve in panel._curves:
        item = panel._items[curve]
        values = stage.model.epochs.column(curve.column_of_regression)
        heights = 100 * values if curve.is_score else values
        np.testing.assert_array_equal(item.getOriginalDataset()[1], heights)


def test_the_scores_of_a_regression_are_read_out(panel: CurvesPanel, stage: Stage) -> None:
    line = StatusLine(stage.model)
    stage.prepare(PLANE)
    record = stage.train(3)[-1]
    assert record.regression is not None
    text = re.sub(r"<.*?>|&nbsp;", "", panel.readout.text())
    shown = [float(each.replace("−", "-")) for each in re.findall(r"−?\d+\.\d+", text)]
    fit = record.regression
    expected = [record.mse_train, record.mse_test, fit.r2_train, fit.r2_test, fit.mae_train, fit.mae_test]
    assert shown == pytest.approx(expected, abs=6e-5)
    assert "accuracy" not in text
    assert f"R² train {fit.r2_train:.4f}, test {fit.r2_test:.4f}".replace("-", "−") in line.scores.text()
