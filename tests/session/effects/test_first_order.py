"""First-order effects from deltas: they equal products of full gradients, and the true change for small steps."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.core.arrays import Array
from bpviz.core.network import Network
from bpviz.session.effects.first_order import FirstOrder
from bpviz.session.training.training import Training
from tests.session.effects.by_hand import EXPERIMENTS, SOFTMAX, losses
from tests.session.helpers import SMALL

NETWORKS = EXPERIMENTS | {
    "binary cross-entropy": dataclasses.replace(SMALL, loss="cross_entropy"),
    "softmax with squared error": dataclasses.replace(SOFTMAX, loss="mse"),
    "leaky relu and no activation": dataclasses.replace(SMALL, activations=("leaky_relu", "relu", "none")),
    "no hidden layer": dataclasses.replace(SMALL, hidden=(), activations=("sigmoid",)),
}


@pytest.fixture(params=NETWORKS)
def training(request: pytest.FixtureRequest) -> Training:
    made = Training(NETWORKS[request.param])
    made.run_epoch()
    return made


def first_order(training: Training) -> FirstOrder:
    network, split = training.network, training.split
    zs, activations = backprop.forward(network, split.X_train)
    _, _, deltas = backprop.backward(network, zs, activations, split.y_train)
    return FirstOrder([split.X_train, *activations[:-1]], deltas, train_biases=network.train_biases)


def gradient(network: Network, x: Array, y: Array) -> Array:
    """Return the full gradient of one sample's loss, by the parameters that are trained."""
    parts: list[Array] = []
    for layer in backprop.trace(network, x, y).layers:
        parts += [layer.dW.ravel(), *([layer.db] if network.train_biases else [])]
    return np.concatenate(parts)


def test_it_is_the_product_of_the_full_gradients(training: Training) -> None:
    predicted, split = first_order(training), training.split
    rows = zip(split.X_train, split.y_train, strict=True)
    gradients = np.array([gradient(training.network, x, y) for x, y in rows])
    for row in (0, 13, 27):
        expected = -0.05 * gradients @ gradients[row]
        np.testing.assert_allclose(predicted.change(row, 0.05), expected, rtol=1e-10, atol=1e-16)


def test_for_small_steps_it_is_the_true_change(training: Training) -> None:
    predicted, network, split = first_order(training), training.network, training.split
    row, errors = 5, []
    for rate in (1e-3, 1e-4):
        after = network.copy()
        backprop.update(after, backprop.trace(network, split.X_train[row], split.y_train[row]), rate)
        true = losses(after, training) - losses(network, training)
        errors.append(np.abs(predicted.change(row, rate) - true).max())
    # What is left is of second order: a tenth of the step leaves a hundredth of it.
    assert errors[0] < 0.01 * np.abs(predicted.change(row, 1e-3)).max()
    assert errors[1] < errors[0] / 50


def test_numbers_of_a_frame_in_single_precision_give_the_same_to_six_digits(training: Training) -> None:
    network, split = training.network, training.split
    zs, activations = backprop.forward(network, split.X_train)
    _, _, deltas = backprop.backward(network, zs, activations, split.y_train)
    coarse = [[each.astype(np.float32) for each in part] for part in ([split.X_train, *activations[:-1]], deltas)]
    rounded = FirstOrder(*coarse, train_biases=network.train_biases).change(2, 0.1)
    exact = first_order(training).change(2, 0.1)
    np.testing.assert_allclose(rounded, exact, rtol=1e-5, atol=1e-6 * np.abs(exact).max())


def test_numbers_that_are_not_finite_stay_so() -> None:
    broken = FirstOrder([np.array([[1.0], [np.inf]])], [np.array([[1.0], [0.0]])], train_biases=True)
    assert np.isnan(broken.change(0, 0.1)).tolist() == [False, True]
