import pytest

from bpviz.session.engine.commands import Load
from bpviz.ui.training.experiment_panel import ExperimentPanel
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
