"""`from_keras`, with stand-ins for the classes of Keras, which is not needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import bpviz


def layer(kind: str, activation: str = "", arrays: tuple[Any, ...] = (), **settings: Any) -> Any:
    """Return an object of a class with the name of a class of keras.layers."""
    made = type(kind, (), {"get_weights": lambda self: [np.array(each) for each in arrays]})()
    if activation:
        made.activation = type("function", (), {"__name__": activation})
        made.activation.__name__ = activation
    vars(made).update(settings)
    return made


def model(*layers: Any, **more: Any) -> Any:
    return type("Sequential", (), {"layers": list(layers), **more})()


W1, B1 = ((0.5, -1.0, 2.0), (1.5, 0.25, -0.75)), (0.1, 0.2, 0.3)
W2, B2 = ((1.0, -1.0), (0.5, 2.0), (-0.25, 0.75)), (0.05, -0.05)
X = np.random.RandomState(0).randn(6, 2)


def test_weights_and_activations_are_those_of_the_model() -> None:
    made = model(
        layer("InputLayer"),
        layer("Dense", "tanh", (W1, B1)),
        layer("Dropout", rate=0.5),
        layer("Dense", "linear", (W2, B2)),
        layer("Softmax", axis=-1),
    )
    network = bpviz.from_keras(made, loss="cross_entropy")
    z = np.tanh(X @ W1 + B1) @ W2 + B2
    expected = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(network.feed_forward(X), expected, rtol=1e-12)
    assert isinstance(network, bpviz.NeuralNetwork)


def test_an_activation_may_be_a_layer_and_a_bias_may_be_missing() -> None:
    made = model(layer("Dense", "linear", (W1,)), layer("Activation", "relu"), layer("Dense", "sigmoid", (W2, B2)))
    expected = 1.0 / (1.0 + np.exp(-(np.maximum(X @ W1, 0.0) @ W2 + B2)))
    np.testing.assert_allclose(bpviz.from_keras(made).feed_forward(X), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (model(layer("Dense", "relu", (W1, B1)), layer("Conv2D")), r"layer 2 \(Conv2D\): not a dense layer"),
        (model(layer("Dense", "hard_sigmoid", (W1, B1))), r"layer 1 \(Dense\): its activation hard_sigmoid"),
        (model(layer("Dense", "leaky_relu", (W1, B1))), r"layer 1 \(Dense\): its activation leaky_relu"),
        (
            model(layer("Dense", "linear", (W1, B1)), layer("LeakyReLU", negative_slope=0.3)),
            r"layer 2 \(LeakyReLU\): negative_slope must be 0.01, as in bpviz, not 0.3",
        ),
        (
            model(layer("Dense", "linear", (W1, B1)), layer("ReLU", max_value=6.0)),
            r"layer 2 \(ReLU\): max_value must be None",
        ),
        (model(layer("Dense", "relu")), r"layer 1 \(Dense\): it has 0 arrays"),
        (model(layer("Dense", "relu", (W1, B1)), outputs=(1, 2)), "the model has several outputs"),
    ],
)
def test_what_cannot_be_read_is_named(made: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        bpviz.from_keras(made)
