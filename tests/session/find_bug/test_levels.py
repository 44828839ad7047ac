import dataclasses

import numpy as np
import pytest

from bpviz.core.mistakes.catalogue import MISTAKES
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.find_bug.levels import EXPERIMENT, LEVELS, Level, draw, plantable_names, plantable_texts
from bpviz.session.training.training import Training


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_every_draw_of_a_level_trains_and_differs_from_the_true_program(level: Level) -> None:
    true = Training(EXPERIMENT)
    true.trainer.advance(3)
    for seed in range(8):
        experiment = draw(level, np.random.default_rng(seed))
        assert len(experiment.mistakes) == level.n_mistakes
        wrong = Training(experiment)
        wrong.trainer.advance(3)
        assert not np.allclose(wrong.network.parameters, true.network.parameters, rtol=1e-6)


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_every_candidate_of_a_level_can_be_planted(level: Level) -> None:
    assert set(level.candidates) <= MISTAKES.keys()
    assert all(plantable_texts(EXPERIMENT, name) for name in level.candidates)


def test_a_draw_is_repeated_by_its_seed_and_other_seeds_give_others() -> None:
    drawn = [draw(LEVELS[5], np.random.default_rng(seed)).mistakes for seed in (1, 1, 2, 3, 4, 5)]
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 2


def test_what_changes_nothing_in_a_network_cannot_be_planted_there() -> None:
    linear = Experiment(hidden=(3,), activations=("none", "none"))
    assert "slope_left_out" not in plantable_names(linear)
    assert "sum_instead_of_mean" not in plantable_names(EXPERIMENT)  # of one sample both are the same
    assert "sign_flipped" in plantable_names(linear)


@pytest.mark.slow
def test_at_the_last_level_the_network_learns_all_the_same() -> None:
    for name in LEVELS[-1].candidates:
        for text in plantable_texts(EXPERIMENT, name):
            training = Training(dataclasses.replace(EXPERIMENT, mistakes=(text,)))
            accuracies = [training.run_epoch().accuracy_test for _ in range(12)]
            assert max(accuracies) > 0.8, text
