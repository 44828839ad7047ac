"""Comparing the edited experiment with the current one."""

import dataclasses

import pytest

from bpviz.session.engine.commands import LoadBeside
from bpviz.ui.training.experiment_panel import ExperimentPanel
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.training.test_experiment_panel import changed, choose, enter
from tests.ui.user_input import click, retype


@pytest.fixture
def panel(show: Show, stage: Stage) -> ExperimentPanel:
    made = ExperimentPanel(stage.model)
    show(made, 260, 900)
    stage.prepare()
    stage.commands.given.clear()
    return made


def test_an_edited_experiment_can_be_compared_with_the_current_one(panel: ExperimentPanel, stage: Stage) -> None:
    stage.tell_timeline()
    choose(panel, "initializer", "xavier")
    click(panel.compare)
    assert stage.commands.given == [LoadBeside(changed(initializer="xavier"), "initializer xavier")]
    assert panel.draft() == SMALL  # the panel shows the current one again
    assert not panel.notice.isVisible()


def test_the_name_of_the_branch_is_not_too_long(panel: ExperimentPanel, stage: Stage) -> None:
    stage.tell_timeline()
    choose(panel, "initializer", "xavier")
    choose(panel, "loss", "cross_entropy")
    enter(panel, "seed", "1234567")
    click(panel.layers.add)
    click(panel.compare)
    (given,) = stage.commands.of(LoadBeside)
    assert isinstance(given, tuple)
    name = given[1]
    assert name.startswith("hidden 4, 3, 8, activations")
    assert len(name) <= 60


@pytest.mark.parametrize(
    ("field", "text"), [("samples", "50"), ("noise", "0.3"), ("data_seed", "1"), ("test_share", "0.5")]
)
def test_other_samples_cannot_be_compared_and_a_tooltip_says_why(
    panel: ExperimentPanel, stage: Stage, field: str, text: str
) -> None:
    stage.tell_timeline()
    enter(panel, field, text)
    assert panel.apply.isEnabled()
    assert not panel.compare.isEnabled()
    assert f"leave {field.replace('_', ' ')} as before" in panel.compare.toolTip()


def test_invalid_values_cannot_be_compared(panel: ExperimentPanel, stage: Stage) -> None:
    stage.tell_timeline()
    enter(panel, "seed", "5")
    assert panel.compare.isEnabled()
    assert "same samples" in panel.compare.toolTip()
    retype(panel.layers.rows[0].width_editor, "wide")
    assert not panel.compare.isEnabled()
    assert "Correct the marked values" in panel.compare.toolTip()


def test_a_fifth_branch_cannot_be_added(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "seed", "5")
    assert not panel.compare.isEnabled()  # there is no timeline yet
    (own,) = stage.tell_timeline().branches
    assert panel.compare.isEnabled()
    stage.tell_timeline(*(dataclasses.replace(own, number=number) for number in range(4)))
    assert not panel.compare.isEnabled()
    assert "The limit is" in panel.compare.toolTip()
