"""The algorithm with switches: without a mistake it is backprop, and a planted one is in what it trains."""

from __future__ import annotations

import re

import numpy as np
import pytest

import bpviz
from bpviz.core import backprop
from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.core.mistakes.catalogue import MISTAKES
from bpviz.core.mistakes.mistake import hooks_of, sites
from bpviz.core.mistakes.planted import PlantedTraining, plant, plantable
from bpviz.core.mistakes.program import Program, Setup, keys_in_order, values_of
from bpviz.core.network import Network
from tests.combinations import combinations
from tests.core.helpers import LOSS_AND_OUTPUT, descend, samples_for


@pytest.mark.parametrize(("hidden", "loss", "output"), combinations(HIDDEN_ACTIVATIONS, LOSS_AND_OUTPUT))
def test_without_a_mistake_the_program_is_backprop(hidden: str, loss: str, output: str) -> None:
    network = Network.build((2, 4, 3), [hidden, output], initializer="xavier", seed=2, loss=loss)
    x, y = samples_for(network, 5)
    program, trace = Program(Setup(network, x, y, 0.1)), backprop.trace(network, x, y)
    for key, expected in values_of(trace).items():
        np.testing.assert_allclose(program.value(*key), expected, rtol=1e-13, atol=1e-15)
    descend(network_after := network.copy(), x, y, 0.1)
    for number, layer in enumerate(network_after.layers, start=1):
        np.testing.assert_allclose(program.value("W_after", number), layer.weights, rtol=1e-13)
        np.testing.assert_allclose(program.value("b_after", number), layer.bias, rtol=1e-13)


def test_quantities_are_compared_in_the_order_of_computing() -> None:
    assert keys_in_order(2) == (
        *(("z", 1), ("a", 1), ("z", 2), ("a", 2), ("loss", 0)),
        *(("error", 2), ("slope", 2), ("delta", 2), ("error", 1), ("slope", 1), ("delta", 1)),
        *(("dW", 2), ("db", 2), ("dW", 1), ("db", 1)),
        *(("W_after", 2), ("b_after", 2), ("W_after", 1), ("b_after", 1)),
    )


def test_every_mistake_has_a_name_a_sentence_and_a_remedy() -> None:
    assert bpviz.MISTAKES is MISTAKES
    assert len(MISTAKES) >= 40
    for name, mistake in MISTAKES.items():
        assert re.fullmatch("[a-z_]+", name)
        assert mistake.name == name
        assert re.fullmatch(r"[A-Z][^\n]+[^.]\.", mistake.sentence)
        assert re.fullmatch(r"\w[^\n]+[^.]\.", mistake.remedy)
        assert mistake.ways


def test_where_a_mistake_is_made_is_said() -> None:
    network = Network.build((2, 4, 4, 2), ["sigmoid"] * 3)
    setup = Setup(network, np.zeros((1, 2)), np.zeros((1, 2)))
    said = [planted.sentence(3) for planted in sites(MISTAKES["bias_left_out"], setup)]
    beginnings = ["In layer 1", "In layer 2", "In layer 3", "In every layer", "In layers 1 and 2"]
    assert said == [f"{where} the bias is left out of z." for where in beginnings]
    (once, *_) = sites(MISTAKES["targets_shifted"], setup)
    assert once.sentence(3) == "The one-hot targets are shifted by one class."


def test_two_mistakes_in_one_place_are_both_made() -> None:
    network = Network.build((2, 3, 2), ["sigmoid"] * 2, initializer="xavier")
    setup = Setup(network, *samples_for(network, 4), 0.1)
    both = [plant(network, "sign_flipped", 1, way=1), plant(network, "slope_left_out", 1)]
    for planted in (both, both[::-1]):
        program = Program(setup, hooks_of(planted))
        np.testing.assert_array_equal(program.delta(1), -program.error(1))


def test_what_is_planted_is_what_trains() -> None:
    network = Network.build((2, 3, 2), ["sigmoid"] * 2, initializer="xavier")
    x, y = samples_for(network, 6)
    twin, expected = network.copy(), network.copy()
    training, plain = PlantedTraining(network, [plant(network, "bias_not_updated", 2)]), PlantedTraining(twin, [])
    for sample, target in zip(x, y, strict=True):
        done = training.update(sample, target, 0.5)
        assert done.value("z", 1).shape == (1, 3)
        plain.update(sample, target, 0.5)
        descend(expected, sample, target, 0.5)
    np.testing.assert_allclose(twin.parameters, expected.parameters, rtol=1e-12)
    assert not network.layers[1].bias.any()
    assert expected.layers[1].bias.all()


def test_the_numbers_of_an_update_can_be_had_without_making_it() -> None:
    network = Network.build((2, 3, 2), ["sigmoid"] * 2, initializer="xavier")
    before, (x, y) = network.parameters.copy(), samples_for(network, 3)
    training = PlantedTraining(network, [plant(network, "slope_left_out", 1)])
    numbers = training.numbers(x, y, 0.1)
    np.testing.assert_array_equal(numbers.delta(1), numbers.error(1))
    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize("name", ["gradients_accumulated", "weights_stale", "inputs_of_previous_sample"])
def test_a_mistake_that_keeps_something_of_the_update_before_trains_without_growing(name: str) -> None:
    network = Network.build((3, 3, 3), ["sigmoid"] * 2, initializer="xavier")
    (x, y), twin = samples_for(network, 4), network.copy()
    training = PlantedTraining(network, [plant(network, name)])
    for row, (sample, target) in enumerate(zip(x, y, strict=True)):
        done = training.update(sample, target, 0.5)
        assert done.before is None
        descend(twin, sample, target, 0.5)
        assert np.array_equal(network.parameters, twin.parameters) == (row == 0)


def test_a_mistake_is_planted_only_where_it_can_be_made() -> None:
    network = Network.build((2, 4, 4, 2), ["sigmoid", "none", "softmax"])
    assert plantable(network, "slope_left_out") == (1, 3)
    assert plantable(network, "weights_not_transposed") == (1,)
    assert plantable(network, "targets_shifted") == (0,)
    assert plantable(network, "weights_stale") == (1, 2)
    assert plant(network, "slope_left_out").layers == (1, 3)
    with pytest.raises(ValueError, match="slope_left_out cannot be made in layer 2 of this network"):
        plant(network, "slope_left_out", 2)
    with pytest.raises(ValueError, match="mse_delta_with_cross_entropy cannot be made in any layer"):
        plant(network, "mse_delta_with_cross_entropy")
    with pytest.raises(ValueError, match="no mistake is called 'typo'; choose one of slope_left_out"):
        plant(network, "typo")
