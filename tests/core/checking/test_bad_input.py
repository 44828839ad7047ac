"""What cannot be checked is refused in one sentence that says what, where, and what to do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import bpviz

RNG = np.random.RandomState(0)
W, B = [RNG.randn(2, 3), RNG.randn(3, 2)], [RNG.randn(3), RNG.randn(2)]
X, Y = RNG.randn(4, 2), np.eye(2)[[0, 1, 1, 0]]
DW = [np.zeros((2, 3)), np.zeros((3, 2))]
GOOD: dict[str, Any] = {"W": W, "b": B, "X": X, "y": Y, "activations": "sigmoid", "dW": DW}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"W": None}, "the weights are missing: give W="),
        ({"b": None}, "b of layer 1 is missing: give b="),
        ({"b": [B[0], None]}, "b of layer 2 is missing: give b="),
        ({"X": None}, "x is missing: give the samples"),
        ({"y": None}, "y is missing: give the samples"),
        ({"dW": None}, "there is nothing to check: give some of z, a, error"),
        ({"activations": None}, "the activation functions are not known; name them"),
        (
            {"activations": "mish"},
            "the activation of layer 1 is 'mish', which bpviz does not know; choose one of none",
        ),
        ({"activations": ["tanh"]}, "activations has 1 entries, but there are 2 layers of weights"),
        ({"activations": "softmax"}, "softmax is for the output layer"),
        ({"activations": [np.cos, "tanh"]}, "the activation function of layer 1 gives the values of none that bpviz"),
        ({"loss": "hinge"}, "the loss is 'hinge', which bpviz does not know; choose one of mse, cross_entropy"),
        ({"activations": "tanh", "loss": "cross_entropy"}, "cross_entropy needs outputs between 0 and 1"),
        ({"leak": 0.0}, "the leak is 0; it must be greater than 0 and at most 1"),
        ({"leak": 1.5}, "the leak is 1.5; it must be greater than 0 and at most 1"),
        ({"learning_rate": -1.0}, "the learning rate is -1; it must be greater than 0"),
        ({"W": [W[0], W[0]]}, "W of layer 2 has shape (2, 3), but the layer before has 3 neurons"),
        ({"W": [W[0], np.zeros(3)]}, "W of layer 2 has shape (3,); it must have two axes"),
        ({"b": [B[0], np.zeros(5)]}, "b of layer 2 has shape (5,), but W of shape (3, 2) needs 2 biases"),
        ({"X": np.zeros((4, 5))}, "x has shape (4, 5), but the network has 2 inputs"),
        ({"y": np.zeros((4, 3))}, "y has shape (4, 3), but 4 samples and 2 outputs need (4, 2)"),
        ({"y": [0, 1, 2, 0]}, "y has shape (4,), but 4 samples and 2 outputs need (4, 2), or class numbers 0 to 1"),
        ({"dW": [DW[0], np.zeros((3, 5))]}, "dW of layer 2 has shape (3, 5), but this network and these samples need"),
        ({"dW": [DW[0]]}, "dW has 1 entries, but there are 2 layers of weights: give one each, None where"),
        ({"dW": 3}, "dW must be a list of one array for each layer, not int"),
        ({"dW": [DW[0], "x"]}, "dW of layer 2 is no array of numbers"),
        ({"dW": [DW[0], [[1, 2], [3]]]}, "dW of layer 2 is no array of numbers"),
        ({"dW": [DW[0], []]}, "dW of layer 2 is empty"),
        ({"dW": [DW[0], np.full((3, 2), np.nan)]}, "dW of layer 2 holds nan at (0, 0): there is nothing to compare"),
        ({"X": np.full((4, 2), np.inf)}, "x holds inf at (0, 0)"),
        ({"dw2": DW[1], "zeta": 1}, "the name 'zeta' has no meaning here; names are W1"),
    ],
)
def test_arrays_that_cannot_be_checked_are_refused(changes: dict[str, Any], sentence: str) -> None:
    given = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(ValueError, match=r"^[^\n]+$") as fault:
        bpviz.check(**given)
    assert str(fault.value).startswith(sentence)


def test_numbers_of_a_layer_that_has_no_weights_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^there is dW of layer 3, but only 2 layers have weights$"):
        bpviz.check({"W1": W[0], "b1": B[0], "W2": W[1], "b2": B[1], "dW3": DW[0]}, X, Y, activations="tanh")


class Empty:
    """A network without weights."""


class Broken:
    """A network whose backpropagation fails."""

    def __init__(self) -> None:
        self.weights, self.biases, self.activations = W, B, "sigmoid"

    def backprop(self, x: Any, y: Any) -> None:
        raise KeyError("lost")


class Idle(Broken):
    """A network without any method."""

    backprop: Any = None


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (Empty(), "no weights were found: the network needs `layers`"),
        (
            Broken(),
            "the program could not be run on these samples (given a batch, KeyError: 'lost'; given a vector, Key",
        ),
        (Idle(), "the network gave nothing to check: it needs a method such as backpropagation"),
        (np, "the network cannot be copied"),
    ],
)
def test_a_program_that_cannot_be_run_is_refused(network: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as fault:
        bpviz.check(network, X, Y)
    assert str(fault.value).startswith(sentence)


def test_a_backward_pass_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="the backward pass left nothing that can be checked: let it store error and"):
        bpviz.check(W=W, b=B, X=X, y=Y, activations="sigmoid", backward=lambda x, y: "done")


def test_a_parameter_without_a_meaning_is_named() -> None:
    def backward(x: Any, y: Any, rate: float, how: str) -> None:
        raise AssertionError("it cannot be called")

    with pytest.raises(ValueError, match="the parameter 'how' of backward means nothing to bpviz; wrap it"):
        bpviz.check(W=W, b=B, X=X, y=Y, activations="sigmoid", backward=backward)


def test_samples_are_needed_to_run_a_program() -> None:
    with pytest.raises(ValueError, match="y is missing: "):
        bpviz.check(Broken(), X)
