"""Common errors in backpropagation, made on purpose one at a time: the gradient check must name their layer."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core import backprop
from bpviz.core.arrays import Array
from bpviz.core.gradcheck import check
from bpviz.core.gradcheck_report import GradientReport, verdict
from tests.core.helpers import samples_for

Lists = tuple[list[Array], list[Array], list[Array]]
#: Takes network, activations, the index of a layer, and the delta of the next; returns what error the layer gets.
ErrorThrough = Callable[[NeuralNetwork, list[Array], int, Array], Array]
LAYERS = 4
RATE = 0.5


def network_of(hidden: str = "tanh", output: str = "sigmoid", loss: str = "mse") -> NeuralNetwork:
    """Make a network of square layers only, so that a W that is not transposed fits everywhere."""
    sizes = (3,) * (LAYERS + 1)
    return NeuralNetwork.build(sizes, [hidden] * (LAYERS - 1) + [output], initializer="uniform", seed=3, loss=loss)


def rightly(network: NeuralNetwork, activations: list[Array], index: int, delta_next: Array) -> Array:
    return delta_next @ network.layers[index + 1].weights.T


def untransposed(network: NeuralNetwork, activations: list[Array], index: int, delta_next: Array) -> Array:
    return delta_next @ network.layers[index + 1].weights


def through_updated_weights(network: NeuralNetwork, activations: list[Array], index: int, delta_next: Array) -> Array:
    dW, _ = backprop.gradients(activations[index], delta_next)
    return delta_next @ (network.layers[index + 1].weights - RATE * dW).T


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what puts a backward pass of our own, with a fault in one layer, in the place of the program's."""

    def planted(layer: int, *, slope: bool = True, sign: float = 1.0, error_through: ErrorThrough = rightly) -> None:
        def backward(network: NeuralNetwork, zs: list[Array], activations: list[Array], y: Array) -> Lists:
            errors, slopes, deltas = list[Array](), list[Array](), list[Array]()
            for index in reversed(range(len(network.layers))):
                here, a, is_last = index == layer - 1, activations[index], index == len(network.layers) - 1
                through = error_through if here else rightly
                error = network.loss.error(a, y) if is_last else through(network, activations, index, deltas[0])
                f_slope = network.layers[index].rule.slope(zs[index], a, None)
                delta = error * f_slope if slope or not here else error
                if is_last and network.loss.cancels_slope:
                    delta = a - y
                errors.insert(0, error)
                slopes.insert(0, f_slope)
                deltas.insert(0, sign * delta if here else delta)
            return errors, slopes, deltas

        monkeypatch.setattr(backprop, "backward", backward)

    return planted


def judged(network: NeuralNetwork, rows: int | None = None) -> GradientReport:
    x, y = samples_for(network, rows or 1)
    return verdict(check(network, x, y) if rows else check(network, x[0], y[0]))


def wrong_from(layer: int) -> str:
    """Return the beginning of the sentence for a fault in the backward step of a layer, as a pattern."""
    return {
        4: r"The gradients of all 4 layers are wrong \(relative error \S+ in layer 4\)\. ",
        3: r"Layer 4 agrees; from layer 3 down the gradients are wrong \(relative error \S+\)\. ",
        2: r"Layers 3 and 4 agree; from layer 2 down the gradients are wrong \(relative error \S+\)\. ",
        1: r"Layers 2, 3 and 4 agree; the gradients of layer 1 are wrong \(relative error \S+\)\. ",
    }[layer]


def test_without_a_fault_the_backward_pass_of_these_tests_is_right(plant: Callable[..., None]) -> None:
    plant(1)
    found = judged(network_of())
    assert found.layer is None
    assert re.fullmatch(
        r"Backpropagation and central differences agree in all 4 layers: the largest relative error is \d\.\de-\d+\.",
        found.sentence,
    )


@pytest.mark.parametrize("rows", [None, 5], ids=["one sample", "a batch"])
@pytest.mark.parametrize("layer", [1, 2, 3, 4])
def test_a_slope_left_out_is_found_in_its_layer(plant: Callable[..., None], layer: int, rows: int | None) -> None:
    plant(layer, slope=False)
    found = judged(network_of(), rows)
    assert found.layer == layer
    assert re.fullmatch(wrong_from(layer) + f"Look at how delta of layer {layer} is computed\\.", found.sentence)


@pytest.mark.parametrize("rows", [None, 5], ids=["one sample", "a batch"])
@pytest.mark.parametrize("layer", [1, 2, 3])  # to the last layer no error comes through a W
def test_a_w_that_is_not_transposed_is_found_in_the_layer_that_gets_its_error(
    plant: Callable[..., None], layer: int, rows: int | None
) -> None:
    plant(layer, error_through=untransposed)
    found = judged(network_of(), rows)
    assert found.layer == layer
    assert re.fullmatch(wrong_from(layer) + f"Look at how delta of layer {layer} is computed\\.", found.sentence)


@pytest.mark.parametrize("rows", [None, 5], ids=["one sample", "a batch"])
@pytest.mark.parametrize("layer", [1, 2, 3, 4])
def test_a_flipped_sign_is_found_in_its_layer_and_called_one(
    plant: Callable[..., None], layer: int, rows: int | None
) -> None:
    plant(layer, sign=-1.0)
    found = judged(network_of(), rows)
    assert found.layer == layer
    hint = f"Those of layer {layer} are the numerical ones times −1: look for a sign in its delta\\."
    assert re.fullmatch(wrong_from(layer) + hint, found.sentence)


@pytest.mark.parametrize("rows", [None, 5], ids=["one sample", "a batch"])
@pytest.mark.parametrize("layer", [1, 2, 3])  # to the last layer no error comes through a W
def test_an_error_through_weights_already_updated_is_found_in_the_layer_that_gets_it(
    plant: Callable[..., None], layer: int, rows: int | None
) -> None:
    plant(layer, error_through=through_updated_weights)
    found = judged(network_of(), rows)
    assert found.layer == layer
    assert re.fullmatch(wrong_from(layer) + f"Look at how delta of layer {layer} is computed\\.", found.sentence)


# What no check of gradients can find, since it makes no difference


def test_a_slope_that_is_one_can_be_left_out(plant: Callable[..., None]) -> None:
    plant(2, slope=False)
    assert judged(network_of(hidden="none")).layer is None


def test_a_slope_that_the_loss_cancels_is_not_there_to_be_left_out(plant: Callable[..., None]) -> None:
    plant(4, slope=False)
    assert judged(network_of(loss="cross_entropy")).layer is None


def test_a_symmetric_w_need_not_be_transposed(plant: Callable[..., None]) -> None:
    network = network_of()
    network.layers[2].weights = network.layers[2].weights + network.layers[2].weights.T
    plant(2, error_through=untransposed)
    assert judged(network).layer is None


# Faults behind delta


@pytest.mark.parametrize("layer", [1, 2, 3])
@pytest.mark.parametrize(("part", "other"), [("dW", "db"), ("db", "dW")])
def test_a_fault_in_one_gradient_alone_is_not_blamed_on_delta(
    monkeypatch: pytest.MonkeyPatch, part: str, other: str, layer: int
) -> None:
    gradients = backprop.gradients
    network = NeuralNetwork.build((2, 4, 5, 3), ["tanh", "tanh", "sigmoid"], initializer="uniform", seed=1)
    width = network.layers[layer - 1].n_neurons

    def faulty(a_prev: Array, delta: Array) -> tuple[Array, Array]:
        dW, db = gradients(a_prev, delta)
        here = len(db) == width
        return (1.5 * dW if here and part == "dW" else dW), (1.5 * db if here and part == "db" else db)

    monkeypatch.setattr(backprop, "gradients", faulty)
    found = judged(network, 5)
    assert found.layer == layer
    hint = f"Its {other}, and so its delta, is right. Look at how {part} of layer {layer} is computed."
    assert found.sentence.endswith(hint)


def test_a_sum_in_place_of_the_mean_in_one_layer_is_not_blamed_on_delta(monkeypatch: pytest.MonkeyPatch) -> None:
    gradients = backprop.gradients
    network = NeuralNetwork.build((2, 4, 5, 3), ["tanh", "tanh", "sigmoid"], initializer="uniform", seed=1)

    def faulty(a_prev: Array, delta: Array) -> tuple[Array, Array]:
        dW, db = gradients(a_prev, delta)
        factor = len(delta) if len(db) == 5 else 1
        return factor * dW, factor * db

    monkeypatch.setattr(backprop, "gradients", faulty)
    found = judged(network, 4)
    assert found.sentence == (
        "Layers 1 and 3 agree; the gradients of layer 2 are wrong (relative error 0.75). "
        "Below it they are right, and so is its delta. Look at how dW and db of layer 2 are computed."
    )


def test_numbers_that_are_not_finite_are_said_and_warn_of_nothing() -> None:
    network = network_of(hidden="none", output="none")
    network.layers[1].weights = np.full((3, 3), 1e200)
    network.layers[2].weights = np.full((3, 3), 1e200)
    found = judged(network)
    assert found.layer is not None
    assert found.sentence == (
        f"The gradients of layer {found.layer} are not finite numbers: there is nothing to compare."
    )
