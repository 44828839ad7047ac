import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.core.input_gradient import input_gradient
from bpviz.core.network import Network
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for, slopes_by_difference


@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_the_gradient_of_the_inputs_is_that_of_central_differences(loss: str, output: str) -> None:
    network = Network.build((5, 4, 3), ["tanh", output], initializer="uniform", seed=2, loss=loss)
    X, y = samples_for(network, 4)
    done = backprop.trace(network, X, y)
    # A difference across a kink of relu or mae is no derivative.
    assert min(np.abs(layer.z).min() for layer in done.layers) > 1e-4
    found = input_gradient(network.layers[0].weights, done.layers[0].delta)
    expected = slopes_by_difference(lambda x: network.losses(x, y), X)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)


def test_the_gradient_of_one_sample_is_its_row_of_a_batch() -> None:
    network = Network.build((5, 4, 3), ["sigmoid", "softmax"], seed=1, loss="cross_entropy")
    X, y = samples_for(network, 3)
    W = network.layers[0].weights
    batch = input_gradient(W, backprop.trace(network, X, y).layers[0].delta)
    alone = input_gradient(W, backprop.trace(network, X[1], y[1]).layers[0].delta)
    assert batch.shape == (3, 5)
    np.testing.assert_allclose(batch[1], alone, rtol=1e-12)
