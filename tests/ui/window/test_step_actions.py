import pytest

from bpviz.session.training.sample_search import SampleChoice
from bpviz.ui.window.step_actions import StepActions
from tests.ui.stage import Stage


@pytest.fixture
def stepping(stage: Stage) -> StepActions:
    stage.prepare()
    return StepActions(stage.model, stage.model)


def test_what_needs_a_chosen_sample_waits_for_one(stepping: StepActions, stage: Stage) -> None:
    stepping.apply_chosen()
    stepping.inspect_chosen()
    assert (stage.commands.of("apply"), stage.commands.of("inspect")) == ([], [])
    stage.model.select(sample=7)
    stepping.apply_chosen()
    stepping.inspect_chosen()
    assert (stage.commands.of("apply"), stage.commands.of("inspect")) == ([7], [7])


def test_samples_can_be_asked_for_without_their_number(stepping: StepActions, stage: Stage) -> None:
    for ask in (stepping.inspect_worst, stepping.inspect_random, stepping.inspect_wrong):
        ask()
    assert stage.commands.of("inspect") == [SampleChoice.WORST, SampleChoice.RANDOM, SampleChoice.MISCLASSIFIED]
