"""The loss axis: it starts at 0 unless it is zoomed, and forgets the network before."""

import dataclasses
import re

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


def test_it_says_which_loss_is_minimised_where_that_is_not_the_mse(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, loss="cross_entropy"))
    assert panel.caption().startswith("minimised: L (cross-entropy) · MSE grey")
    stage.prepare(dataclasses.replace(SMALL, l2=0.01))
    assert panel.caption().startswith("minimised: L (squared error), penalty dotted · MSE grey")
    stage.prepare(SMALL)
    assert panel.caption().startswith("loss axis from 0")


def drawn(panel: CurvesPanel) -> dict[str, list[float]]:
    return {
        curve.column: item.getOriginalDataset()[1].tolist()
        for curve, item in panel._items.items()
        if item.isVisible() and not curve.is_score
    }


def test_the_loss_that_is_minimised_is_drawn_beside_the_mse_with_its_penalty_apart(
    panel: CurvesPanel, stage: Stage
) -> None:
    experiment = dataclasses.replace(SMALL, loss="cross_entropy", l1=1e-3, l2=1e-2)
    stage.prepare(experiment)
    records = stage.train(3)
    panel.catch_up()
    assert drawn(panel) == {
        "loss_train": [each.losses.train for each in records],
        "loss_test": [each.losses.test for each in records],
        "penalty": [each.losses.penalty for each in records],
        "mse_train": [each.mse_train for each in records],
        "mse_test": [each.mse_test for each in records],
    }
    low, high = loss_range(panel)
    assert low <= 0 < max(each.losses.penalty for each in records) <= high
    text = re.sub(r"<.*?>", "", panel.readout.text()).replace("&nbsp;", " ")
    last = records[-1].losses
    assert f"L {last.train:.6f} + penalty {last.penalty:.6f} · test {last.test:.6f}" in text


def test_of_squared_error_without_a_penalty_only_the_mse_is_drawn(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare(SMALL)
    stage.train(3)
    panel.catch_up()
    assert drawn(panel).keys() == {"mse_train", "mse_test"}
