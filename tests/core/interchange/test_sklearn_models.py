"""Round trips with scikit-learn's multilayer perceptrons."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor

import bpviz
from bpviz.core.network import Network

ACTIVATIONS = ("identity", "logistic", "tanh", "relu")


def samples(classes: int) -> tuple[Any, Any]:
    rng = np.random.RandomState(0)
    X = rng.randn(60, 3)
    return X, np.digitize(X @ [1.0, -2.0, 0.5], np.linspace(-1.0, 1.0, classes - 1))


def fitted(model: Any, X: Any, y: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(X, y)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", [(), (7,), (6, 5)])
def test_a_classifier_of_three_classes_keeps_its_probabilities(activation: str, hidden: tuple[int, ...]) -> None:
    X, y = samples(3)
    model = fitted(MLPClassifier(hidden, activation=activation, max_iter=20, random_state=0), X, y)
    network = bpviz.from_sklearn(model)
    np.testing.assert_allclose(network.feed_forward(X), model.predict_proba(X), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(network.predict(X), model.predict(X))
    assert (network.loss_name, network.layers[-1].activation) == ("cross_entropy", "softmax")
    back = bpviz.to_sklearn(network)
    np.testing.assert_allclose(back.predict_proba(X), model.predict_proba(X), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(back.predict(X), model.predict(X))


def test_a_classifier_of_two_classes_becomes_one_sigmoid_output() -> None:
    X, y = samples(2)
    model = fitted(MLPClassifier((5,), max_iter=20, random_state=0), X, np.array(["no", "yes"])[y])
    network = bpviz.from_sklearn(model)
    last = network.layers[-1]
    assert (network.loss_name, last.activation, last.n_neurons) == ("cross_entropy", "sigmoid", 1)
    np.testing.assert_allclose(network.feed_forward(X)[:, 0], model.predict_proba(X)[:, 1], rtol=1e-12)
    back = bpviz.to_sklearn(network, classes=["no", "yes"])
    np.testing.assert_allclose(back.predict_proba(X), model.predict_proba(X), rtol=1e-12)
    np.testing.assert_array_equal(back.predict(X), model.predict(X))
    assert back.score(X, model.predict(X)) == 1.0


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("outputs", [1, 2])
def test_a_regressor_keeps_its_predictions(activation: str, outputs: int) -> None:
    X, _ = samples(2)
    y = np.sin(X[:, 0] if outputs == 1 else X[:, :outputs])
    model = fitted(MLPRegressor(hidden_layer_sizes=(6,), activation=activation, max_iter=20, random_state=0), X, y)
    network = bpviz.from_sklearn(model)
    expected = model.predict(X).reshape(len(X), outputs)
    np.testing.assert_allclose(network.feed_forward(X), expected, rtol=1e-12, atol=1e-12)
    assert (network.loss_name, network.layers[-1].activation) == ("mse", "none")
    again = bpviz.to_sklearn(network).predict(X).reshape(len(X), outputs)
    np.testing.assert_allclose(again, expected, rtol=1e-12, atol=1e-12)


def test_the_articles_network_predicts_the_same_in_scikit_learn() -> None:
    network = Network.build((2, 8, 2), ("sigmoid", "sigmoid"), seed=3)
    X = np.random.RandomState(0).randn(50, 2)
    model = bpviz.to_sklearn(network)
    np.testing.assert_allclose(model.predict_proba(X), network.feed_forward(X), rtol=1e-12)
    np.testing.assert_array_equal(model.predict(X), network.predict(X))


def test_a_network_can_be_trained_on_after_it_was_read() -> None:
    X, y = samples(3)
    network = bpviz.from_sklearn(fitted(MLPClassifier((5,), max_iter=3, random_state=0), X, y))
    before = network.losses(X, np.eye(3)[y]).mean()
    network.train(X, X, y, y, learning_rate=0.1, max_epochs=5, report=None)
    assert network.losses(X, np.eye(3)[y]).mean() < before


def test_what_is_no_perceptron_is_named() -> None:
    with pytest.raises(ValueError, match="LinearRegression: not a multilayer perceptron"):
        bpviz.from_sklearn(LinearRegression())
    with pytest.raises(
        ValueError, match="MLPClassifier: not a multilayer perceptron of scikit-learn that has been fit"
    ):
        bpviz.from_sklearn(MLPClassifier())


def test_an_activation_that_scikit_learn_lacks_is_named() -> None:
    with pytest.raises(ValueError, match="layer 1: scikit-learn has no activation leaky_relu"):
        bpviz.to_sklearn(Network.build((2, 3, 2), ("leaky_relu", "sigmoid")))
    with pytest.raises(ValueError, match="layer 2: scikit-learn has one activation for all hidden layers"):
        bpviz.to_sklearn(Network.build((2, 3, 3, 2), ("tanh", "relu", "sigmoid")))


@pytest.mark.parametrize("classes", [["a"], ["b", "a"], ["a", "a"], ["a", "b", "c"]])
def test_classes_that_do_not_fit_are_refused(classes: list[str]) -> None:
    with pytest.raises(ValueError, match="the network has 2 classes"):
        bpviz.to_sklearn(Network.build((2, 3, 2), ("tanh", "sigmoid")), classes)
