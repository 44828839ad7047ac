import itertools

import numpy as np
import pytest

from bpviz import Layer, NeuralNetwork
from bpviz.core.arrays import Array
from bpviz.core.initializers import INITIALIZERS
from tests.core.helpers import global_stream_untouched

SIZES = (2, 25, 50, 25, 2)
SIGMOIDS = ["sigmoid"] * 4
MANY = (200, 300)


def legacy_parameters(seed: int) -> Array:
    """The article's draws, with numpy's global functions, layer by layer."""
    np.random.seed(seed)
    drawn = []
    for n_in, n_out in itertools.pairwise(SIZES):
        drawn.append((np.random.randn(n_in, n_out) * np.sqrt(1 / n_out)).ravel())
        drawn.append(np.random.rand(n_out) * 0.1)
    return np.concatenate(drawn)


@pytest.mark.usefixtures("global_stream")
@pytest.mark.parametrize("seed", [0, 7])
def test_article_draws_what_numpys_global_functions_draw(seed: int) -> None:
    expected = legacy_parameters(seed)
    network = NeuralNetwork.build(SIZES, SIGMOIDS, initializer="article", seed=seed)
    np.testing.assert_array_equal(network.parameters, expected)


@pytest.mark.usefixtures("global_stream")
def test_layers_without_weights_draw_from_the_global_stream() -> None:
    expected = legacy_parameters(7)
    np.random.seed(7)
    network = NeuralNetwork()
    for n_in, n_out in itertools.pairwise(SIZES):
        network.add_layer(Layer(n_in, n_out, "sigmoid"))
    np.testing.assert_array_equal(network.parameters, expected)


def test_layer_with_a_stream_of_its_own_leaves_the_global_one() -> None:
    with global_stream_untouched():
        layer = Layer(3, 4, rng=np.random.RandomState(5))
    weights, bias = INITIALIZERS["article"](np.random.RandomState(5), 3, 4)
    np.testing.assert_array_equal(layer.weights, weights)
    np.testing.assert_array_equal(layer.bias, bias)


@pytest.mark.parametrize(("name", "variance"), [("article", 1 / 300), ("he", 2 / 200), ("lecun", 1 / 200)])
def test_normal_weights_have_their_variance(name: str, variance: float) -> None:
    weights, _ = INITIALIZERS[name](np.random.RandomState(1), *MANY)
    assert weights.shape == MANY
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert abs(weights.mean()) < 4 * np.sqrt(variance / weights.size)
    assert (np.abs(weights) > 3 * np.sqrt(variance)).mean() == pytest.approx(0.0027, abs=0.001)  # normal, not uniform


@pytest.mark.parametrize(("name", "limit"), [("xavier", np.sqrt(6 / 500)), ("uniform", 0.5)])
def test_uniform_weights_fill_their_interval(name: str, limit: float) -> None:
    weights, _ = INITIALIZERS[name](np.random.RandomState(1), *MANY)
    assert weights.shape == MANY
    assert weights.min() == pytest.approx(-limit, rel=1e-3)
    assert weights.max() == pytest.approx(limit, rel=1e-3)
    assert np.abs(weights).max() <= limit
    assert weights.var() == pytest.approx(limit**2 / 3, rel=0.03)


@pytest.mark.parametrize("name", ["xavier", "he", "lecun"])
def test_biases_begin_at_zero(name: str) -> None:
    _, bias = INITIALIZERS[name](np.random.RandomState(1), *MANY)
    np.testing.assert_array_equal(bias, np.zeros(300))


@pytest.mark.parametrize(("name", "low", "high"), [("article", 0.0, 0.1), ("uniform", -0.5, 0.5)])
def test_biases_begin_uniform(name: str, low: float, high: float) -> None:
    _, bias = INITIALIZERS[name](np.random.RandomState(1), *MANY)
    margin = 0.02 * (high - low)
    assert bias.shape == (300,)
    assert low <= bias.min() < low + margin
    assert high - margin < bias.max() < high


@pytest.mark.usefixtures("global_stream")
@pytest.mark.parametrize("name", INITIALIZERS)
def test_build_depends_on_the_seed_alone(name: str) -> None:
    def parameters(seed: int) -> Array:
        return NeuralNetwork.build(SIZES, SIGMOIDS, initializer=name, seed=seed).parameters

    np.random.seed(1)
    first = parameters(3)
    np.random.seed(2)
    with global_stream_untouched():
        np.testing.assert_array_equal(parameters(3), first)
    assert (parameters(4) != first).any()


def test_published_weights_are_the_same_for_every_seed() -> None:
    first, other = (
        NeuralNetwork.build((2, 2, 2), SIGMOIDS[:2], initializer="mazur", seed=seed).parameters for seed in (1, 2)
    )
    np.testing.assert_array_equal(first, [0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60])
    np.testing.assert_array_equal(other, first)


def test_training_does_not_change_the_published_weights() -> None:
    network = NeuralNetwork.build((2, 2, 2), SIGMOIDS[:2], initializer="mazur")
    before = network.parameters.copy()
    network.backpropagation([0.05, 0.10], [0.01, 0.99], 0.5)
    again = NeuralNetwork.build((2, 2, 2), SIGMOIDS[:2], initializer="mazur")
    np.testing.assert_array_equal(again.parameters, before)


@pytest.mark.parametrize("sizes", [(2, 3, 2), (2, 2), (2, 2, 2, 2)])
def test_published_weights_fit_no_other_network(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="mazur needs the network 2-2-2 that it was published for, not 2-"):
        NeuralNetwork.build(sizes, SIGMOIDS[: len(sizes) - 1], initializer="mazur")
