"""The caption of the Step panel: the effect of an update."""

import dataclasses
import re

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from bpviz.core.metrics.scores import mean_squared_error
from bpviz.ui.style import formats
from bpviz.ui.walkthrough.sample_panel import SamplePanel
from tests.ui.conftest import Show
from tests.ui.stage import Stage


@pytest.fixture
def panel(show: Show, stage: Stage) -> SamplePanel:
    made = SamplePanel(stage.model)
    show(made, 700, 420)
    return made


def caption_tip(panel: SamplePanel) -> str:
    """Return the tooltip of the caption."""
    return next(label.toolTip() for label in panel.title_line.findChildren(QLabel) if label.text() == panel.caption())


def test_the_caption_has_the_sample_and_the_change_of_its_loss(panel: SamplePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    step = stage.step()
    before, after = step.losses_before[0], step.losses_after[0]
    label = prepared.split.labels_train[0]
    assert panel.caption().startswith(f"sample 0, class {label}: loss {formats.number(before, 5)} →")
    assert formats.number(after, 5) in panel.caption()
    assert f"(−{formats.number(before - after, 3)})" in panel.caption()


def test_the_caption_has_the_change_of_the_training_mse(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.step()
    outputs = stage.training.network.feed_forward(stage.training.split.X_train)
    after = mean_squared_error(outputs, stage.training.split.y_train)
    assert update.mse_before is not None
    assert panel.caption().endswith(f" · MSE {update.mse_before:.6f} → {after:.6f}")
    change = formats.number(abs(after - update.mse_before), 3)
    assert re.search(rf"whole training set .* \(.{change}\)\n", caption_tip(panel))


def test_the_mse_of_a_large_training_set_is_replaced_by_a_reason(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.tell(dataclasses.replace(stage.step(), mse_before=None, mse_after=None))
    assert "MSE" not in panel.caption()
    assert "too large to compute its MSE" in caption_tip(panel)


def test_an_inspected_sample_is_named_as_not_trained_on(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(5, sample=17)
    assert ", inspected: loss" in panel.caption()
    assert "is not trained on" in caption_tip(panel)
    stage.step()
    assert "is not trained on" not in caption_tip(panel)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_change_that_is_not_finite_is_omitted(panel: SamplePanel, stage: Stage, value: float) -> None:
    stage.prepare()
    update = stage.step()
    stage.tell(dataclasses.replace(update, losses_after=np.array([value]), mse_before=None))
    assert panel.caption().endswith(f"→ {formats.number(value)}")


def test_an_increased_loss_has_a_plus_sign_and_an_equal_one_is_unchanged(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    step = dataclasses.replace(stage.step(), mse_before=None)
    stage.tell(dataclasses.replace(step, losses_after=step.losses_before + 0.125))
    assert panel.caption().endswith("(+0.125)")
    stage.tell(dataclasses.replace(step, losses_after=step.losses_before))
    assert panel.caption().endswith("(unchanged)")


def test_an_applied_sample_is_named_as_applied(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step(17)
    assert panel.caption().startswith("sample 17, class")
    assert ", applied: loss" in panel.caption()
    stage.step()
    assert "applied" not in panel.caption()
