import pytest

from bpviz.session.engine.commands import ApplySample, InspectSample
from bpviz.session.training.sample_search import Choice
from bpviz.ui.window.step_actions import StepActions
from tests.ui.stage import Stage


@pytest.fixture
def stepping(stage: Stage) -> StepActions:
    stage.prepare()
    return StepActions(stage.model, stage.model)


def test_what_needs_a_chosen_sample_waits_for_one(stepping: StepActions, stage: Stage) -> None:
    stepping.apply_chosen()
    stepping.inspect_chosen()
    assert (stage.commands.of(ApplySample), stage.commands.of(InspectSample)) == ([], [])
    stage.model.select(sample=7)
    stepping.apply_chosen()
    stepping.inspect_chosen()
    assert (stage.commands.of(ApplySample), stage.commands.of(InspectSample)) == ([7], [7])


def test_samples_can_be_asked_for_without_their_number(stepping: StepActions, stage: Stage) -> None:
    for ask in (stepping.inspect_worst, stepping.inspect_random, stepping.inspect_wrong):
        ask()
    assert stage.commands.of(InspectSample) == [Choice.WORST, Choice.RANDOM, Choice.MISCLASSIFIED]
