"""The loss axis: it starts at 0 unless it is zoomed, and forgets the network before."""

import dataclasses

import numpy as np
import pytest

from bpviz.ui.training.curves_panel import CurvesPanel
from tests.session.helpers import SMALL
from tests.ui.stage import Stage
from tests.ui.training.test_curves_panel import panel, tell
from tests.ui.user_input import click

__all__ = ["panel"]

PLATEAU = [0.24660 - 0.00001 * epoch for epoch in range(16)]


def loss_range(panel: CurvesPanel) -> tuple[float, float]:
    panel.grab()
    low, high = panel.plot.getPlotItem().vb.viewRange()[1]
    return low, high


def share_of_fall(panel: CurvesPanel) -> float:
    """Return which part of the height of the plot the fall of the plateau takes."""
    low, high = loss_range(panel)
    if panel.log.isChecked():
        return float(np.log10(PLATEAU[0] / PLATEAU[-1]) / (high - low))
    return (PLATEAU[0] - PLATEAU[-1]) / (high - low)


@pytest.mark.parametrize("log", [False, True])
def test_a_plateau_looks_like_one_until_it_is_zoomed(panel: CurvesPanel, stage: Stage, log: bool) -> None:
    stage.prepare()
    panel.log.setChecked(log)
    tell(stage, PLATEAU)
    assert share_of_fall(panel) < 0.01
    assert panel.caption().startswith("at least a decade of loss" if log else "loss axis from 0")
    click(panel.zoom)
    assert share_of_fall(panel) > 0.7
    assert panel.caption().startswith("loss axis zoomed: heights exaggerate")
    click(panel.zoom)
    assert share_of_fall(panel) < 0.01


def test_a_new_network_forgets_the_ranges_of_the_one_before(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [3.0, 2.0] * 30)
    panel.plot.setYRange(2.0, 2.1)  # as the user does by the wheel
    stage.prepare()
    assert loss_range(panel) == (0.0, 1.0)
    assert panel.plot.getPlotItem().vb.viewRange()[0] == [0.0, 10.0]
    tell(stage, [0.25, 0.2])
    low, high = loss_range(panel)
    assert -0.05 < low <= 0
    assert 0.25 < high < 0.3


def test_it_says_that_another_loss_is_minimised_than_the_one_drawn(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, loss="cross_entropy"))
    assert panel.caption().startswith("MSE drawn, cross-entropy minimised")
    stage.prepare(SMALL)
    assert "cross-entropy" not in panel.caption()
