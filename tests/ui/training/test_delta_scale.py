"""The colour scale of the deltas that is chosen by itself, so that no layer is blank from the start."""

import dataclasses

import numpy as np
import pytest

from bpviz.ui.training.deltas_panel import DeltasPanel
from tests.session.helpers import SMALL
from tests.ui.stage import Stage
from tests.ui.training.test_deltas_panel import panel, uniform

__all__ = ["panel"]


def visible(panel: DeltasPanel, layer: int) -> float:
    """Return the largest magnitude of a layer on the colour scale, from 0 to 1."""
    return float(np.abs(panel.columns[layer - 1].image.image).max())


DEEP = dataclasses.replace(SMALL, hidden=(6,) * 6, activations=("sigmoid",) * 7)


def test_vanishing_deltas_are_not_blank_from_the_start(panel: DeltasPanel, stage: Stage) -> None:
    assert panel.scale.currentText() == "Auto scale"
    stage.prepare(DEEP)
    stage.frame()
    assert min(visible(panel, layer) for layer in range(1, 8)) > 0.08
    panel.scale.setCurrentText("Linear")
    assert visible(panel, 1) < 0.01
    panel.scale.setCurrentText("Log")
    assert visible(panel, 1) > 0.08


def test_a_shallow_network_keeps_linear_colours(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    uniform(stage, 0.02, 0.1, 0.5)
    assert [float(column.image.image[0, 0]) for column in panel.columns] == pytest.approx([0.04, 0.2, 1.0])


def test_the_scale_that_was_chosen_by_itself_stays_for_the_network(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare(DEEP)
    frame = stage.frame()
    equal = dataclasses.replace(frame, deltas=tuple(np.full_like(layer, 0.1) for layer in frame.deltas))
    stage.tell(equal)
    assert panel._is_log
    stage.prepare(SMALL)
    stage.frame()
    assert not panel._is_log
