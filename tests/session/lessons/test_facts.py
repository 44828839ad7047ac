"""What texts of lessons state without computing it, computed here."""

import dataclasses

import numpy as np
import pytest

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.find_bug.answers import Verdict, judge
from bpviz.session.lessons.shipped import load_lesson
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import UpdateKind
from bpviz.session.walkthrough.tracing import trace_update


def mse_after(experiment: Experiment, epochs: int) -> float:
    training = Training(experiment)
    return [training.run_epoch().mse_train for _ in range(epochs)][-1]


def test_the_planted_mistake_is_in_the_delta_of_layer_1() -> None:
    experiment = load_lesson("find-the-bug").steps[0].scene.experiment
    update = trace_update(Training(experiment), np.array([0]), UpdateKind.IN_TURN, index=11)
    verdicts = [judge(update, experiment.mistakes, Operation(*each)).verdict for each in (("delta", 2), ("delta", 1))]
    assert [verdict is Verdict.WRONG for verdict in verdicts] == [False, True]


@pytest.mark.slow
def test_single_samples_learn_faster_than_batches_of_20_at_the_same_rate() -> None:
    batches = load_lesson("learning-rate").steps[3].scene.experiment
    assert (batches.batch_size, batches.learning_rate) == (20, 0.1)
    assert mse_after(dataclasses.replace(batches, batch_size=1), 10) < mse_after(batches, 10)


@pytest.mark.slow
def test_the_article_classifies_86_percent_at_epoch_20() -> None:
    training = Training(load_lesson("plateau").steps[0].scene.experiment)
    accuracy = [training.run_epoch().accuracy_train for _ in range(20)][-1]
    assert round(accuracy, 2) in (0.85, 0.86)
