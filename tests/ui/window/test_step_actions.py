import pytest

from bpviz.session.engine.commands import ApplySample, InspectSample
from bpviz.session.training.sample_search import SampleChoice
from bpviz.ui.window.step_actions import StepActions
from tests.ui.stage import Stage


@pytest.fixture
def stepping(stage: Stage) -> StepActions:
    stage.prepare()
    return StepActions(stage.model, stage.model)


def test_actions_on_the_selected_sample_need_a_selection(stepping: StepActions, stage: Stage) -> None:
    stepping.apply_chosen()
    stepping.inspect_chosen()
    assert (stage.commands.of(ApplySample), stage.commands.of(InspectSample)) == ([], [])
    stage.model.select(sample=7)
    stepping.apply_chosen()
    stepping.inspect_chosen()
    assert (stage.commands.of(ApplySample), stage.commands.of(InspectSample)) == ([7], [7])


def test_samples_can_be_inspected_without_a_number(stepping: StepActions, stage: Stage) -> None:
    for ask in (stepping.inspect_worst, stepping.inspect_random, stepping.inspect_wrong):
        ask()
    assert stage.commands.of(InspectSample) == [SampleChoice.WORST, SampleChoice.RANDOM, SampleChoice.MISCLASSIFIED]
