import dataclasses
import functools

import numpy as np
import numpy.typing as npt
import pytest

from bpviz.core.arrays import Array
from bpviz.core.data.drawn_regression import LINE
from bpviz.session.experiment.difference import differences, differing_sample_fields
from bpviz.session.experiment.experiment import Experiment, ExperimentError
from bpviz.session.experiment.presets import DEFAULT, load_preset, preset_names
from bpviz.session.training.training import Training


def test_the_default_preset_comes_first_and_is_the_default_experiment() -> None:
    assert preset_names()[0] == DEFAULT
    assert load_preset(DEFAULT).experiment == Experiment()


def test_the_article_leaves_its_biases_alone() -> None:
    assert load_preset("article").experiment == dataclasses.replace(Experiment(), train_biases=False)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_has_a_description(name: str) -> None:
    preset = load_preset(name)
    assert preset.name == name
    assert preset.title
    assert preset.about.endswith(".")


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_trains_for_an_epoch_with_finite_numbers(name: str) -> None:
    training = Training(load_preset(name).experiment)
    record = training.run_epoch()
    scores = record.regression or (record.accuracy_train, record.accuracy_test)
    numbers = (record.mse_train, record.mse_test, *scores, *record.delta_rms)
    assert np.isfinite(numbers).all()
    assert np.isfinite(training.network.parameters).all()


@pytest.mark.parametrize("name", ["", "moon", "../presets/moons", "MOONS"])
def test_an_unknown_preset_is_refused_with_a_list_of_the_presets(name: str) -> None:
    with pytest.raises(ExperimentError, match=r"no preset is called .*; choose one of moons, article"):
        load_preset(name)


# Presets that compare two

PAIRS = [name for name in preset_names() if load_preset(name).against]
# At these rates the epochs are the same on any machine: twenty starts that differ in their last bits have the same.
_ABOUT = 0.1


def pair(name: str) -> tuple[Experiment, Experiment]:
    preset = load_preset(name)
    assert preset.against
    return preset.experiment, preset.against[1]


@functools.cache
def curves(experiment: Experiment, epochs: int = 500) -> tuple[Array, Array]:
    """Train, and return MSE after each epoch, over training and test samples."""
    training = Training(experiment)
    records = [training.run_epoch() for _ in range(epochs)]
    split, a = training.split, training.split.X_train
    for layer in training.network.layers:  # the last of them by plain numpy
        z = a @ layer.weights + layer.bias
        a = np.maximum(z, 0) if layer.activation == "relu" else 1 / (1 + np.exp(-z))
    assert records[-1].mse_train == pytest.approx(np.mean((a - np.eye(2)[split.labels_train]) ** 2), rel=1e-9)
    return np.array([each.mse_train for each in records]), np.array([each.mse_test for each in records])


def epochs_until(train: Array, limit: float) -> int:
    return int(np.argmax(train < limit)) + 1


#: Pairs that differ in one thing only; an optimiser needs a learning rate of its own.
_ONE_THING = ["learning-rates", "mse-cross-entropy", "sigmoid-relu", "xavier-article"]


def test_there_is_a_preset_for_each_of_the_five_comparisons() -> None:
    assert sorted(PAIRS) == sorted([*_ONE_THING, "sgd-adam"])


@pytest.mark.parametrize("name", PAIRS)
def test_both_of_a_pair_have_the_article_s_samples_in_the_same_order_and_differ_in_one_thing(name: str) -> None:
    first, second = pair(name)
    changed = {each.field for each in differences(first, second)}
    assert len(changed) == 1 if name in _ONE_THING else changed == {"optimiser", "learning_rate"}
    assert differing_sample_fields(first, second) == differing_sample_fields(first, Experiment()) == ()
    assert (first.seed, first.shuffle, first.epochs) == (second.seed, second.shuffle, second.epochs)


@pytest.mark.parametrize("name", PAIRS)
def test_both_of_a_pair_have_names(name: str) -> None:
    preset = load_preset(name)
    assert preset.against
    assert preset.called != preset.against[0] != ""


def test_a_preset_knows_its_own_experiments_wherever_they_stop() -> None:
    preset, (first, second) = load_preset("sigmoid-relu"), pair("sigmoid-relu")
    assert preset.trains(first)
    assert preset.trains(dataclasses.replace(second, epochs=3))
    assert not preset.trains(dataclasses.replace(first, seed=1))
    assert not load_preset("moons").trains(second)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "limit", "first", "second"),
    [
        ("sigmoid-relu", 0.03, 290, 10),
        ("sgd-adam", 0.03, 290, 80),
        ("mse-cross-entropy", 0.03, 290, 75),
        ("xavier-article", 0.03, 230, 290),
        ("xavier-article", 0.2, 21, 9),
    ],
)
def test_the_claims_in_a_comparison_presets_description_hold(name: str, limit: float, first: int, second: int) -> None:
    for experiment, expected in zip(pair(name), (first, second), strict=True):
        train, _ = curves(experiment) if expected == 290 else curves(experiment, round(1.2 * expected) + 2)
        assert epochs_until(train, limit) == pytest.approx(expected, rel=_ABOUT)
        assert str(expected) in load_preset(name).about


def test_sigmoid_s_deltas_shrink_on_the_way_back_and_relu_s_do_not() -> None:
    sigmoid, relu = (Training(experiment).run_epoch().delta_rms for experiment in pair("sigmoid-relu"))
    assert rms(sigmoid[:25]) < rms(sigmoid[-2:]) / 50
    assert rms(relu[:25]) > rms(relu[-2:])


def test_the_deltas_of_xavier_are_smaller_at_first() -> None:
    xavier, article = (Training(experiment).run_epoch().delta_rms for experiment in pair("xavier-article"))
    assert rms(xavier[:25]) < rms(article[:25]) / 2


# A rate of 1 carries the last bit of a start into every digit: thirty starts that differed in it had MSE below 0.03
# after 31 to 37 epochs, and at the end a test MSE, averaged over 100 epochs, from 1.11 to 1.28 times its least and from
# 1.07 to 1.23 times that of the small rate. What is said of it must hold for all of them, on any machine.


@pytest.mark.slow
def test_the_large_rate_has_a_small_mse_more_than_five_times_sooner() -> None:
    slow, fast = (epochs_until(curves(experiment)[0], 0.03) for experiment in pair("learning-rates"))
    assert fast < 60
    assert 5 * fast < slow
    assert "within 60 epochs, more than five times sooner" in load_preset("learning-rates").about


@pytest.mark.slow
def test_the_test_mse_of_the_large_rate_rises_after_its_best_on_average_above_that_of_the_small_one() -> None:
    slow, fast = (curves(experiment)[1] for experiment in pair("learning-rates"))
    assert fast[-100:].mean() > 1.03 * fast.min()
    assert fast[-100:].mean() > slow[-100:].mean()
    assert slow[-1] < 1.01 * slow.min()


def rms(values: npt.NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(values.astype(float) ** 2)))


# Tables and regressions


@pytest.mark.parametrize(("name", "epochs", "accuracy"), [("digits", 10, 0.95), ("wine", 20, 0.95), ("iris", 100, 0.9)])
def test_a_table_is_learned(name: str, epochs: int, accuracy: float) -> None:
    training = Training(load_preset(name).experiment)
    records = [training.run_epoch() for _ in range(epochs)]
    assert records[-1].accuracy_test >= accuracy


@pytest.mark.parametrize(("name", "epochs", "r2"), [("sine", 3, 0.95), ("plane", 20, 0.95), ("diabetes", 50, 0.4)])
def test_a_regression_is_learned(name: str, epochs: int, r2: float) -> None:
    training = Training(load_preset(name).experiment)
    records = [training.run_epoch() for _ in range(epochs)]
    assert records[-1].regression is not None
    assert records[-1].regression.r2_test >= r2


def test_the_line_is_learned_by_one_weight_and_one_bias() -> None:
    training = Training(load_preset("line").experiment)
    for _ in range(20):
        training.run_epoch()
    assert training.network.parameters == pytest.approx(LINE, abs=0.05)
