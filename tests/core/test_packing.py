import numpy as np

from bpviz import NeuralNetwork
from bpviz.core.packing import unpack


def test_unpack_returns_the_layers_weights_and_biases() -> None:
    network = NeuralNetwork.build((2, 3, 4, 2), ["tanh", "relu", "sigmoid"], seed=3)
    for (W, b), layer in zip(unpack(network.parameters, (2, 3, 4, 2)), network.layers, strict=True):
        np.testing.assert_array_equal(W, layer.weights)
        np.testing.assert_array_equal(b, layer.bias)


def test_worked_example() -> None:
    ((W, b),) = unpack(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), (2, 2))
    assert W.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert b.tolist() == [5.0, 6.0]
