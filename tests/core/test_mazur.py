"""Matt Mazur, "A Step by Step Backpropagation Example" (2015): two inputs, two hidden and two output sigmoids.

His w1 and w2 lead into h1, w3 and w4 into h2, and likewise for the outputs; here those are columns. His biases stay
fixed.
"""

from collections.abc import Callable

import numpy as np
import pytest

from bpviz import Layer, NeuralNetwork
from bpviz.core import backprop
from bpviz.core.training.kernel import Kernel

Train = Callable[[NeuralNetwork, int], None]
X, Y = np.array([0.05, 0.10]), np.array([0.01, 0.99])
RATE = 0.5
# w1 to w8 after one step, as published.
AFTER = [0.149780716, 0.19956143, 0.24975114, 0.29950229, 0.35891648, 0.408666186, 0.511301270, 0.561370121]


@pytest.fixture
def network() -> NeuralNetwork:
    made = NeuralNetwork(train_biases=False)
    made.add_layer(Layer(2, 2, "sigmoid", [[0.15, 0.25], [0.20, 0.30]], [0.35, 0.35]))
    made.add_layer(Layer(2, 2, "sigmoid", [[0.40, 0.50], [0.45, 0.55]], [0.60, 0.60]))
    return made


def by_backpropagation(network: NeuralNetwork, steps: int) -> None:
    for _ in range(steps):
        network.backpropagation(X, Y, RATE)


def by_kernel(network: NeuralNetwork, steps: int) -> None:
    Kernel(network).run(X[None], Y[None], np.zeros(steps, dtype=np.intp), RATE)


def test_forward_pass(network: NeuralNetwork) -> None:
    hidden, output = backprop.trace(network, X, Y).layers
    np.testing.assert_allclose(hidden.z, [0.3775, 0.3925], rtol=1e-12)
    np.testing.assert_allclose(hidden.a, [0.593269992, 0.596884378], atol=5e-10)
    np.testing.assert_allclose(output.z, [1.105905967, 1.2249214], atol=5e-9)
    np.testing.assert_allclose(output.a, [0.75136507, 0.772928465], atol=5e-9)


def test_error_before(network: NeuralNetwork) -> None:
    assert backprop.trace(network, X, Y).loss == pytest.approx(0.298371109, abs=5e-10)


@pytest.mark.parametrize("train", [by_backpropagation, by_kernel])
def test_error_after_one_step_is_that_of_the_published_weights(network: NeuralNetwork, train: Train) -> None:
    """The published error is another one, and not that of the published weights.

    0.291027924 comes out where the hidden layer's error is taken through output weights that were already updated.
    """
    published = network.copy()
    for layer, weights in zip(published.layers, np.reshape(AFTER, (2, 2, 2)), strict=True):
        layer.weights = weights.T
    train(network, 1)
    loss = backprop.trace(network, X, Y).loss
    assert loss == pytest.approx(backprop.trace(published, X, Y).loss, abs=5e-9)
    assert loss == pytest.approx(0.291027774, abs=5e-10)


def test_backward_pass(network: NeuralNetwork) -> None:
    hidden, output = backprop.trace(network, X, Y).layers
    np.testing.assert_allclose(output.error, [0.74136507, -0.217071535], atol=5e-9)
    assert output.slope[0] == pytest.approx(0.186815602, abs=5e-10)
    assert output.delta[0] == pytest.approx(0.138498562, abs=5e-10)
    assert output.dW[0, 0] == pytest.approx(0.082167041, abs=5e-10)
    assert hidden.error[0] == pytest.approx(0.036350306, abs=5e-10)
    assert hidden.slope[0] == pytest.approx(0.241300709, abs=5e-10)
    assert hidden.dW[0, 0] == pytest.approx(0.000438568, abs=5e-10)


@pytest.mark.parametrize("train", [by_backpropagation, by_kernel])
def test_weights_after_one_step(network: NeuralNetwork, train: Train) -> None:
    train(network, 1)
    np.testing.assert_allclose(np.concatenate([layer.weights.T.ravel() for layer in network.layers]), AFTER, atol=5e-9)
    np.testing.assert_array_equal([layer.bias for layer in network.layers], [[0.35, 0.35], [0.60, 0.60]])
