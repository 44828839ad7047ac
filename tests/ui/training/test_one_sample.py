"""Mazur's dataset of a single sample, in panels for many samples."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.session.experiment.presets import load_preset
from bpviz.ui.training.deltas_panel import DeltasPanel
from bpviz.ui.training.experiment_panel import ExperimentPanel
from bpviz.ui.training.surface_panel import SurfacePanel
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import retype

MAZUR = load_preset("mazur").experiment
OF_DRAWN_POINTS = ("samples", "noise", "data_seed", "test_share", "split_seed")


def test_the_surface_has_space_around_a_single_point(show: Show, stage: Stage) -> None:
    panel = SurfacePanel(stage.model)
    show(panel, 500, 460)
    stage.prepare(MAZUR)
    frame = stage.frame()
    (left, right), (bottom, top) = panel.plot.getPlotItem().vb.viewRange()
    assert left < -0.4 < 0.5 < right
    assert bottom < -0.3 < 0.6 < top
    assert (left + right, bottom + top) == pytest.approx((0.1, 0.2), abs=1e-6)
    assert frame.outputs[0, 0, 1] > frame.outputs[0, 0, 0]
    assert panel.caption() == "1 training ●   1 test □"
    panel.grab()


def test_the_deltas_of_a_single_sample_fit_their_range(show: Show, stage: Stage) -> None:
    panel = DeltasPanel(stage.model)
    show(panel, 660, 420)
    stage.prepare(MAZUR)
    frame = stage.frame()
    assert panel.columns[0].values.shape == (1, 2)
    top = float(panel.bar.ticks[-1][1])
    assert max(float(np.abs(delta).max()) for delta in frame.deltas) <= top
    assert panel.readout.text().startswith("dL_s/dz of 1 training sample · RMS of layer 1 is ")
    panel.grab()


def test_fields_without_effect_on_a_published_sample_are_hidden(show: Show, stage: Stage) -> None:
    panel = ExperimentPanel(stage.model)
    show(panel, 260, 900)
    stage.prepare(MAZUR)
    assert [panel.fields[name].isVisible() for name in OF_DRAWN_POINTS] == [False] * 5
    stage.prepare(SMALL)
    assert [panel.fields[name].isVisible() for name in OF_DRAWN_POINTS] == [True] * 5


def test_the_panel_says_which_published_numbers_are_not_those_of_the_true_step(show: Show, stage: Stage) -> None:
    panel = ExperimentPanel(stage.model)
    show(panel, 260, 900)
    stage.prepare(MAZUR)
    assert panel.note.isVisible()
    assert "0.291027924" in panel.note.text()
    assert "0.291027774" in panel.note.text()
    stage.prepare(SMALL)
    assert not panel.note.isVisible()


def test_an_invalid_number_of_samples_does_not_affect_a_published_one(show: Show, stage: Stage) -> None:
    panel = ExperimentPanel(stage.model)
    show(panel, 260, 900)
    stage.prepare()
    retype(panel.fields["samples"].editor, "many")  # type: ignore[arg-type]
    assert panel.draft().problems()
    panel.fields["dataset"].show_value("mazur")
    panel.fields["dataset"].edited.emit()
    assert panel.draft().problems() == {}
    assert panel.apply.isEnabled()
