"""The fused kernel and the readable pass are one algorithm."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz import NeuralNetwork
from bpviz.core import backprop
from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.kernel import Kernel
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for

SAMPLES = 20
WIDTHS = st.integers(1, 7)


@dataclass(frozen=True)
class Case:
    """A network, and how to train it; the weights come from `seed`."""

    sizes: list[int]
    activations: list[str]
    loss: str
    train_biases: bool
    batch_size: int
    learning_rate: float
    order: list[int]
    seed: int

    def network(self) -> NeuralNetwork:
        made = NeuralNetwork.build(self.sizes, self.activations, initializer="uniform", seed=self.seed, loss=self.loss)
        made.train_biases = self.train_biases
        return made


@st.composite
def cases(draw: st.DrawFn) -> Case:
    sizes = draw(st.lists(WIDTHS, min_size=2, max_size=5))
    loss, output = draw(st.sampled_from(LOSS_AND_OUTPUT))
    n_hidden = len(sizes) - 2
    hidden = draw(st.lists(st.sampled_from(HIDDEN_ACTIVATIONS), min_size=n_hidden, max_size=n_hidden))
    return Case(
        sizes=sizes,
        activations=[*hidden, output],
        loss=loss,
        train_biases=draw(st.booleans()),
        batch_size=draw(st.integers(1, 7)),
        learning_rate=draw(st.sampled_from([0.001, 0.01, 0.1])),
        order=draw(st.lists(st.integers(0, SAMPLES - 1), max_size=SAMPLES)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def by_traces(network: NeuralNetwork, X: Array, y: Array, case: Case) -> Array:
    """Train a batch at a time by trace and update; return the sum of delta squares of every neuron."""
    squares = np.zeros(sum(case.sizes[1:]))
    for start in range(0, len(case.order), case.batch_size):
        chosen = case.order[start : start + case.batch_size]
        done = backprop.trace(network, X[chosen], y[chosen])
        squares += np.concatenate([(layer.delta**2).sum(axis=0) for layer in done.layers])
        backprop.update(network, done, case.learning_rate)
    return squares


def assert_close(found: Array, expected: Array) -> None:
    """Hold two vectors together to 1e-12 of the largest component."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


# Both do the same arithmetic, so that a kink of relu is no exception: both stand on the same side of it.
@given(cases())
@settings(deadline=None)
def test_kernel_does_what_trace_and_update_do(case: Case) -> None:
    fused, readable = case.network(), case.network()
    X, y = samples_for(fused, SAMPLES, case.seed)
    kernel = Kernel(fused)
    kernel.run(X, y, np.array(case.order, dtype=np.intp), case.learning_rate, case.batch_size)
    squares = by_traces(readable, X, y, case)
    assert_close(fused.parameters, readable.parameters)
    assert_close(kernel.delta_squares, squares)
    if not case.train_biases:
        for layer, start in zip(fused.layers, case.network().layers, strict=True):
            np.testing.assert_array_equal(layer.bias, start.bias)


def network_of_two() -> NeuralNetwork:
    return NeuralNetwork.build((2, 3, 2), ["tanh", "sigmoid"])


def test_kernel_leaves_what_it_is_given() -> None:
    network = network_of_two()
    X, y = samples_for(network, 5)
    kept, order = (X.copy(), y.copy()), np.arange(5)
    Kernel(network).run(X, y, order, 0.1, 2)
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(y, kept[1])
    np.testing.assert_array_equal(order, np.arange(5))


def test_kernel_trains_the_samples_of_its_order_alone() -> None:
    network, twin = network_of_two(), network_of_two()
    X, y = samples_for(network, 5)
    Kernel(network).run(X, y, np.array([3, 1]), 0.1)
    Kernel(twin).run(X[[3, 1]], y[[3, 1]], np.arange(2), 0.1)
    np.testing.assert_array_equal(network.parameters, twin.parameters)
    assert (network.parameters != network_of_two().parameters).all()


def test_freezing_the_biases_takes_hold_between_two_runs() -> None:
    network = network_of_two()
    X, y = samples_for(network, 5)
    kernel = Kernel(network)
    kernel.run(X, y, np.arange(5), 0.1)
    network.train_biases = False
    bias, weights = network.layers[0].bias.copy(), network.layers[0].weights.copy()
    kernel.run(X, y, np.arange(5), 0.1)
    np.testing.assert_array_equal(network.layers[0].bias, bias)
    assert (network.layers[0].weights != weights).any()


def test_delta_squares_add_up_over_runs() -> None:
    network = network_of_two()
    X, y = samples_for(network, 5)
    kernel = Kernel(network)
    kernel.run(X, y, np.arange(5), 0.0)
    once = kernel.delta_squares.copy()
    kernel.run(X, y, np.arange(5), 0.0)
    np.testing.assert_allclose(kernel.delta_squares, 2 * once, rtol=1e-15)
    assert (once > 0).all()
