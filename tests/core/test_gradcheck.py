from collections.abc import Callable

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core import backprop
from bpviz.core.activations import HIDDEN_ACTIVATIONS, Activation
from bpviz.core.arrays import Array
from bpviz.core.gradcheck import EPSILON, TOLERANCE, check, numerical_gradient, relative_error
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for

Lists = tuple[list[Array], list[Array], list[Array]]
Backward = Callable[[NeuralNetwork, list[Array], Array], Lists]
BACKWARD: Backward = backprop.backward
BLAMED = 0.1


def network_of(hidden: str, output: str, loss: str) -> NeuralNetwork:
    """Make a network whose inner layers are square, with a seed that keeps every z well away from relu's kink."""
    return NeuralNetwork.build((2, 4, 4, 4, 3), [hidden] * 3 + [output], initializer="uniform", seed=2, loss=loss)


def worst_by_layer(network: NeuralNetwork) -> list[float]:
    return [layer.worst for layer in check(network, *samples_for(network, 5))]


@pytest.mark.parametrize("hidden", HIDDEN_ACTIVATIONS)
@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_backpropagation_is_right_for_a_batch(loss: str, output: str, hidden: str) -> None:
    network = network_of(hidden, output, loss)
    X, y = samples_for(network, 5)
    # A difference across the kink is no derivative; no parameter's step moves a z as far as this.
    assert min(np.abs(layer.z).min() for layer in backprop.trace(network, X, y).layers) > 10 * EPSILON
    assert max(worst_by_layer(network)) < TOLERANCE


@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_backpropagation_is_right_for_a_sample(loss: str, output: str) -> None:
    network = network_of("tanh", output, loss)
    X, y = samples_for(network, 1)
    checks = check(network, X[0], y[0])
    assert [layer.layer for layer in checks] == [1, 2, 3, 4]
    assert max(layer.worst for layer in checks) < TOLERANCE


def test_check_leaves_the_network_alone() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    before = network.parameters.copy()
    worst_by_layer(network)
    np.testing.assert_array_equal(network.parameters, before)


def test_check_reports_both_gradients_w_before_b() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    X, y = samples_for(network, 5)
    checks, done = check(network, X, y), backprop.trace(network, X, y)
    for layer, grads in zip(checks, done.layers, strict=True):
        np.testing.assert_array_equal(layer.analytic, np.concatenate((grads.dW.ravel(), grads.db)))
    numerical = np.concatenate([layer.numerical for layer in checks])
    np.testing.assert_array_equal(numerical, numerical_gradient(network, X, y))


def test_relative_error_has_a_floor_below_which_components_are_not_compared_on_their_own_scale() -> None:
    found = relative_error(np.array([1.0, 1e-9, 2.0]), np.array([1.0, 0.0, 1.0]))
    np.testing.assert_allclose(found, [0.0, 1e-9 / 2e-3, 0.5])
    assert not relative_error(np.zeros(2), np.zeros(2)).any()


def deep() -> NeuralNetwork:
    """Make a network in which gradients vanish: a thousandfold from the last layer to the first."""
    return NeuralNetwork.build((2, *[10] * 6, 2), ["sigmoid"] * 7, seed=0)


def test_vanishing_gradients_are_not_taken_for_wrong_ones() -> None:
    assert max(worst_by_layer(deep())) < TOLERANCE


def test_a_fault_in_vanishing_gradients_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def first_layer_halved(network: NeuralNetwork, activations: list[Array], y: Array) -> Lists:
        errors, slopes, deltas = BACKWARD(network, activations, y)
        return errors, slopes, [deltas[0] / 2, *deltas[1:]]

    monkeypatch.setattr(backprop, "backward", first_layer_halved)
    first, *others = worst_by_layer(deep())
    assert first > BLAMED
    assert max(others) < TOLERANCE


def test_a_slope_left_out_is_found_in_every_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Activation, "delta", lambda self, error, slope, a: error)
    assert min(worst_by_layer(network_of("tanh", "sigmoid", "mse"))) > BLAMED


def test_a_slope_left_out_inside_is_not_blamed_on_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Activation, "delta", lambda self, error, slope, a: error)
    *inside, output = worst_by_layer(network_of("tanh", "softmax", "cross_entropy"))
    assert min(inside) > BLAMED
    assert output < TOLERANCE


def test_a_flipped_sign_is_found_in_every_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    def flipped(network: NeuralNetwork, activations: list[Array], y: Array) -> Lists:
        errors, slopes, deltas = BACKWARD(network, activations, y)
        return errors, slopes, [-delta for delta in deltas]

    monkeypatch.setattr(backprop, "backward", flipped)
    np.testing.assert_allclose(worst_by_layer(network_of("tanh", "sigmoid", "mse")), 2.0, rtol=1e-5)


@pytest.mark.parametrize("layer", [2, 3])
def test_a_square_w_left_untransposed_is_found_before_it(layer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def untransposed(network: NeuralNetwork, activations: list[Array], y: Array) -> Lists:
        wrong = network.copy()
        wrong.layers[layer - 1].weights = wrong.layers[layer - 1].weights.T
        return BACKWARD(wrong, activations, y)

    monkeypatch.setattr(backprop, "backward", untransposed)
    worst = worst_by_layer(network_of("tanh", "sigmoid", "mse"))
    assert min(worst[: layer - 1]) > BLAMED
    assert max(worst[layer - 1 :]) < TOLERANCE


def test_a_sum_in_place_of_the_mean_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backprop, "gradients", lambda a_prev, delta: (a_prev.T @ delta, delta.sum(axis=0)))
    assert min(worst_by_layer(network_of("tanh", "sigmoid", "mse"))) > BLAMED
