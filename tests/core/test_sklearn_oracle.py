"""Comparison with scikit-learn's multilayer perceptron: from the same weights, the same samples give the same weights.

Its plain stochastic gradient descent is ours: no momentum, no penalty, no shuffling, a constant rate. `partial_fit` is
one epoch; the first one draws the weights, so the comparison begins after it.

What it *reports* for several outputs is another number: `squared_loss` takes half the mean over samples and outputs,
where our loss takes half the sum over outputs. Its gradient, however, begins with a - y, undivided by the outputs
(`_backprop` in neural_network/_multilayer_perceptron.py), so that its steps are ours and need no factor.
"""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

from bpviz import Layer, NeuralNetwork
from bpviz.core import backprop
from bpviz.core.arrays import Array
from bpviz.core.training.kernel import Kernel

RATE, EPOCHS, SAMPLES = 0.05, 15, 50
PLAIN = {
    "solver": "sgd",
    "momentum": 0.0,
    "nesterovs_momentum": False,
    "shuffle": False,
    "alpha": 0.0,
    "learning_rate_init": RATE,
    "random_state": 1,
}
HIDDEN = {"logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "identity": "none"}


def twin_of(theirs: MLPRegressor | MLPClassifier, output: str, loss: str) -> NeuralNetwork:
    """Make our network with the weights that theirs has now."""
    network = NeuralNetwork(loss=loss)
    activations = [HIDDEN[theirs.activation]] * (len(theirs.coefs_) - 1) + [output]
    for weights, bias, activation in zip(theirs.coefs_, theirs.intercepts_, activations, strict=True):
        n_in, n_out = weights.shape
        network.add_layer(Layer(n_in, n_out, activation, weights, bias))
    return network


def assert_same_parameters(network: NeuralNetwork, theirs: MLPRegressor | MLPClassifier) -> None:
    for layer, weights, bias in zip(network.layers, theirs.coefs_, theirs.intercepts_, strict=True):
        np.testing.assert_allclose(layer.weights, weights, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(layer.bias, bias, rtol=1e-9, atol=1e-12)


def train(network: NeuralNetwork, X: Array, y: Array, batch_size: int) -> None:
    kernel = Kernel(network)
    for _ in range(EPOCHS):
        kernel.run(X, y, np.arange(len(X)), RATE, batch_size)


@pytest.fixture
def X() -> Array:
    return np.random.RandomState(0).uniform(-1, 1, (SAMPLES, 3))


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("batch_size", [1, 16])
@pytest.mark.parametrize("activation", HIDDEN)
def test_regressor_trains_to_the_same_weights(X: Array, activation: str, batch_size: int, outputs: int) -> None:
    y = np.sin(X @ np.random.RandomState(2).randn(3, outputs))
    given = y.ravel() if outputs == 1 else y
    theirs = MLPRegressor(hidden_layer_sizes=(6, 5), activation=activation, batch_size=batch_size, **PLAIN)
    theirs.partial_fit(X, given)
    network = twin_of(theirs, "none", "mse")
    start = network.parameters.copy()
    for _ in range(EPOCHS):
        theirs.partial_fit(X, given)
    train(network, X, y, batch_size)
    assert_same_parameters(network, theirs)
    assert np.abs(network.parameters - start).max() > 0.01


def test_regressor_reports_our_loss_divided_by_the_outputs(X: Array) -> None:
    y = np.sin(X @ np.random.RandomState(2).randn(3, 4))
    theirs = MLPRegressor(hidden_layer_sizes=(6,), activation="tanh", batch_size=SAMPLES, **PLAIN)
    theirs.partial_fit(X, y)
    ours = backprop.trace(twin_of(theirs, "none", "mse"), X, y).loss
    theirs.partial_fit(X, y)
    assert theirs.loss_ == pytest.approx(ours / 4, rel=1e-12)


@pytest.mark.parametrize("batch_size", [1, pytest.param(16, marks=pytest.mark.slow)])
@pytest.mark.parametrize("activation", HIDDEN)
@pytest.mark.parametrize(("classes", "output"), [(3, "softmax"), (2, "sigmoid")])
def test_classifier_trains_to_the_same_weights_and_loss(
    X: Array, classes: int, output: str, activation: str, batch_size: int
) -> None:
    labels = np.argsort(np.argsort(np.sin(3 * X[:, 0]) + X[:, 1])) * classes // SAMPLES
    # Two classes are one output to scikit-learn: the probability of the second.
    y = np.eye(classes)[labels] if classes > 2 else labels[:, None].astype(np.float64)
    theirs = MLPClassifier(hidden_layer_sizes=(6, 5), activation=activation, batch_size=batch_size, **PLAIN)
    theirs.partial_fit(X, labels, classes=np.arange(classes))
    network = twin_of(theirs, output, "cross_entropy")
    start = network.parameters.copy()
    for _ in range(EPOCHS):
        theirs.partial_fit(X, labels)
    train(network, X, y, batch_size)
    assert_same_parameters(network, theirs)
    assert np.abs(network.parameters - start).max() > 0.01
