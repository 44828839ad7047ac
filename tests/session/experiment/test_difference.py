import dataclasses
from typing import Any

import pytest

from bpviz.session.experiment.difference import OF_SAMPLES, differences, differing_sample_fields
from bpviz.session.experiment.experiment import RULES, Experiment

ONE = Experiment()


def changed(**values: Any) -> Experiment:
    return dataclasses.replace(ONE, **values)


def test_the_same_experiment_differs_in_nothing_wherever_it_stops() -> None:
    assert differences(ONE, changed(epochs=7)) == ()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"learning_rate": 0.1}, "learning rate 0.01 | 0.1"),
        ({"loss": "cross_entropy"}, "loss mse | cross-entropy"),
        ({"train_biases": False}, "train biases on | off"),
        ({"seed": 4_294_967_295}, "seed 0 | 4294967295"),
        ({"hidden": (8, 8, 4)}, "hidden 25, 50, 25 | 8 ×2, 4"),
        ({"hidden": ()}, "hidden 25, 50, 25 | none"),
        ({"activations": ("relu",) * 3 + ("sigmoid",)}, "activations sigmoid ×4 | relu ×3, sigmoid"),
    ],
)
def test_a_difference_is_described_with_both_values(values: dict[str, Any], words: str) -> None:
    (found,) = differences(ONE, changed(**values))
    assert found.describe() == words
    assert found.change().endswith(found.second)


def test_differences_come_in_the_order_of_the_fields() -> None:
    found = differences(ONE, changed(learning_rate=1.0, initializer="xavier"))
    assert [each.field for each in found] == ["initializer", "learning_rate"]


def test_differences_of_samples_and_of_training_are_distinguished() -> None:
    assert differing_sample_fields(ONE, changed(noise=0.3, learning_rate=1.0, data_seed=1)) == ("noise", "data_seed")
    assert differing_sample_fields(ONE, changed(learning_rate=1.0, seed=4, loss="cross_entropy")) == ()


def test_every_field_of_the_samples_is_one_of_an_experiment() -> None:
    assert set(OF_SAMPLES) < RULES.keys()
