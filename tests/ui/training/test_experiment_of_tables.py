import dataclasses

import pytest

from bpviz.session.engine.commands import Load
from bpviz.ui.training.experiment_panel import ExperimentPanel
from tests.session.own_table import classes
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.training.test_experiment_panel import changed, choose, pick
from tests.ui.user_input import click


@pytest.fixture
def panel(show: Show, stage: Stage) -> ExperimentPanel:
    made = ExperimentPanel(stage.model)
    show(made, 260, 900)
    stage.prepare()
    stage.commands.given.clear()
    return made


def test_a_table_offers_its_split_and_scaling_but_nothing_that_is_drawn(panel: ExperimentPanel, stage: Stage) -> None:
    choose(panel, "dataset", "wine")
    seen = [name for name, field in panel.fields.items() if field.isVisible()]
    assert seen[:4] == ["dataset", "test_share", "split_seed", "scale"]
    assert panel.layers.output.width_editor.text() == "3"
    choose(panel, "scale", "standard")
    click(panel.apply)
    assert stage.commands.given == [Load(changed(dataset="wine", scale="standard"))]


def test_published_samples_cannot_be_scaled(panel: ExperimentPanel) -> None:
    choose(panel, "scale", "minmax")
    choose(panel, "dataset", "mazur")
    assert not panel.fields["scale"].isVisible()
    assert panel.draft().scale == "none"


def test_a_regression_gets_a_linear_output_and_classes_a_sigmoid(panel: ExperimentPanel) -> None:
    choose(panel, "loss", "cross_entropy")
    choose(panel, "dataset", "sine")
    assert (panel.draft().activations[-1], panel.draft().loss) == ("none", "mse")
    assert panel.apply.isEnabled()
    choose(panel, "dataset", "xor")
    assert panel.draft().activations[-1] == "sigmoid"
    choose(panel, "dataset", "line")
    pick(panel.layers.output.activation, "sigmoid")
    assert panel.draft().activations[-1] == "sigmoid"


def test_an_own_table_is_shown_with_its_columns_and_can_be_chosen_again(panel: ExperimentPanel, stage: Stage) -> None:
    own = dataclasses.replace(classes(stage.model.experiment), inputs=("a", "b"))
    stage.prepare(own)
    stage.commands.given.clear()
    assert panel.fields["dataset"].value() == "table"
    assert panel.note.text() == "mine.csv, 30 rows: kind from a, b"
    assert panel.note.isVisible()
    assert panel.draft() == own
    assert panel.layers.output.width_editor.text() == "3"
    choose(panel, "dataset", "xor")
    assert panel.draft().table is None
    assert not panel.draft().problems()
    choose(panel, "dataset", "table")
    assert panel.draft() == own
    assert not panel.notice.isVisible()
