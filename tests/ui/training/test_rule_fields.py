"""The fields about optimiser and schedule."""

import dataclasses

import pytest

from bpviz.ui.training.experiment_panel import ExperimentPanel
from bpviz.ui.training.rule_fields import OPTIMISER, SCHEDULE
from tests.ui.stage import Stage


@pytest.fixture
def panel(stage: Stage) -> ExperimentPanel:
    return ExperimentPanel(stage.model)


def test_only_the_fields_that_have_an_effect_are_shown(panel: ExperimentPanel, stage: Stage) -> None:
    def shown() -> set[str]:
        return {name for name in (*OPTIMISER, *SCHEDULE) if panel.fields[name].isVisibleTo(panel)}

    always = {"optimiser", "l1", "l2", "weight_decay", "clip_norm", "schedule", "warm_up", "patience"}
    assert shown() == always
    stage.prepare(dataclasses.replace(stage.model.experiment, optimiser="adam", schedule="cosine"))
    assert shown() == always | {"beta1", "beta2", "epsilon", "schedule_epochs"}
