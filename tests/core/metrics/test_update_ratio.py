import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.metrics.update_ratio import sample_evenly, update_ratios
from bpviz.core.network import Network
from tests.core.helpers import descend

RNG = np.random.default_rng(4)
X, Y = RNG.normal(size=(11, 2)), np.eye(2)[RNG.integers(0, 2, 11)]
RATE = 0.3


def changes_by_training(network: Network, x: Array, y: Array) -> list[Array]:
    """Train a copy on one sample, and see how far the weights of each layer have moved."""
    trained = network.copy()
    descend(trained, x, y, RATE)
    return [after.weights - before.weights for before, after in zip(network.layers, trained.layers, strict=True)]


@pytest.mark.parametrize(
    ("activations", "loss"),
    [(("tanh", "sigmoid", "sigmoid"), "mse"), (("relu", "tanh", "softmax"), "cross_entropy")],
)
def test_the_ratio_is_that_of_the_changes_that_single_samples_make(activations: tuple[str, ...], loss: str) -> None:
    network = Network.build((2, 4, 3, 2), activations, initializer="xavier", seed=3, loss=loss)
    moved = zip(*(changes_by_training(network, x, y) for x, y in zip(X, Y, strict=True)), strict=True)
    expected = [
        np.sqrt(np.mean(np.square(changes))) / np.sqrt(np.mean(np.square(layer.weights)))
        for changes, layer in zip(moved, network.layers, strict=True)
    ]
    np.testing.assert_allclose(update_ratios(network, X, Y, RATE), expected, rtol=1e-6)


def test_a_worked_example_of_a_ratio() -> None:
    network = Network.build((2, 1), ("none",))
    network.layers[0].weights, network.layers[0].bias = [[3.0], [4.0]], [0.0]
    # a = 3, error = delta = 2, dW = (2, 0); 0.1 * 2 beside 5, each over the root of two weights.
    found = update_ratios(network, np.array([[1.0, 0.0]]), np.array([[1.0]]), 0.1)
    np.testing.assert_allclose(found, [0.2 / 5], rtol=1e-6)


def test_weights_that_are_all_zero_have_no_ratio_or_an_infinite_one() -> None:
    network = Network.build((2, 3, 2), ("tanh", "sigmoid"))
    network.parameters[:] = 0.0
    network.layers[1].bias = [0.5, 0.5]
    ratios = update_ratios(network, X, Y, RATE)
    assert np.isnan(ratios[1])  # tanh(0) is 0: nothing comes in, and nothing is changed
    network.layers[0].bias = [0.5, 0.5, 0.5]
    assert np.isinf(update_ratios(network, X, Y, RATE)[1])


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
def test_numbers_beyond_their_range_do_no_harm(bad: float) -> None:
    network = Network.build((2, 3, 2), ("none", "none"))
    network.parameters[:] = bad
    assert not np.isfinite(update_ratios(network, X, Y, RATE)).any()


@pytest.mark.parametrize(
    ("n_samples", "n_parameters", "taken"),
    [(1, 10, 1), (64, 10, 64), (65, 10, 33), (700, 4000, 64), (6400, 10, 64), (6400, 1_000_000, 6), (6400, 10**8, 4)],
)
def test_samples_are_few_and_evenly_spaced(n_samples: int, n_parameters: int, taken: int) -> None:
    chosen = np.arange(n_samples)[sample_evenly(n_samples, n_parameters)]
    assert len(chosen) == taken
    assert len(set(np.diff(chosen))) <= 1
