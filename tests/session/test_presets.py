import dataclasses

import numpy as np
import pytest

from bpviz.session.experiment import Experiment, ExperimentError
from bpviz.session.presets import DEFAULT, load_preset, preset_names
from bpviz.session.training import Training


def test_the_default_preset_comes_first_and_is_the_default_experiment() -> None:
    assert preset_names()[0] == DEFAULT
    assert load_preset(DEFAULT).experiment == Experiment()


def test_the_article_leaves_its_biases_alone() -> None:
    assert load_preset("article").experiment == dataclasses.replace(Experiment(), train_biases=False)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_says_what_it_is_there_to_show(name: str) -> None:
    preset = load_preset(name)
    assert preset.name == name
    assert preset.title
    assert preset.about.endswith(".")


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_trains_for_an_epoch_with_finite_numbers(name: str) -> None:
    training = Training(load_preset(name).experiment)
    record = training.run_epoch()
    numbers = (record.mse_train, record.mse_test, record.accuracy_train, record.accuracy_test, *record.delta_rms)
    assert np.isfinite(numbers).all()
    assert np.isfinite(training.network.parameters).all()


@pytest.mark.parametrize("name", ["", "moon", "../presets/moons", "MOONS"])
def test_a_preset_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(ExperimentError, match=r"no preset is called .*; there are moons, article"):
        load_preset(name)
