"""Both paths of the kernel agree with `backprop`."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bpviz import NeuralNetwork
from bpviz.core import backprop
from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS
from bpviz.core.arrays import Array, frozen
from bpviz.core.metrics.scores import accuracy, mean_squared_error
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.training.kernel import Kernel
from tests.combinations import combinations
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for

SAMPLES = 20
WIDTHS = st.integers(1, 9)

#: The same numbers, as they may lie in memory.
LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "rows in order": np.ascontiguousarray,
    "read-only": frozen,
    "columns in order": np.asfortranarray,
    "every other row": lambda values: np.repeat(values, 2, axis=0)[::2],
}

pytestmark = pytest.mark.usefixtures("kernel_path")


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
    layout: str
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
        batch_size=draw(st.just(1) | st.integers(1, 7)),
        learning_rate=draw(st.sampled_from([0.001, 0.01, 0.1])),
        order=draw(st.lists(st.integers(0, SAMPLES - 1), max_size=SAMPLES)),
        layout=draw(st.sampled_from(list(LAYOUTS))),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def by_traces(network: NeuralNetwork, X: Array, y: Array, case: Case) -> Statistics:
    """Train a batch at a time by trace and update; return the statistics, summed from the traces."""
    sums = Statistics(sum(case.sizes[1:]))
    for start in range(0, len(case.order), case.batch_size):
        chosen = case.order[start : start + case.batch_size]
        done = backprop.trace(network, X[chosen], y[chosen])
        sums.squares += np.concatenate([(layer.delta**2).sum(axis=0) for layer in done.layers])
        sums.sizes += np.concatenate([abs(layer.delta).sum(axis=0) for layer in done.layers])
        sums.packed[-1] += sum(a.argmax() != t.argmax() for a, t in zip(done.layers[-1].a, done.y, strict=True))
        backprop.update(network, done, case.learning_rate)
    return sums


def assert_close(found: Array, expected: Array) -> None:
    """Assert that two vectors agree to 1e-12 of the largest component."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


# The fixture that chooses the path is meant to last for all examples.
@given(cases())
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_kernel_agrees_with_trace_and_update(case: Case) -> None:
    fused, readable = case.network(), case.network()
    X, y = (LAYOUTS[case.layout](values) for values in samples_for(fused, SAMPLES, case.seed))
    expected = by_traces(readable, X, y, case)
    assume(np.abs(readable.parameters).max() < 10)  # where training runs away, so does the rounding
    kernel = Kernel(fused)
    kernel.run(X, y, np.array(case.order, dtype=np.intp), case.learning_rate, case.batch_size)
    assert_close(fused.parameters, readable.parameters)
    assert_close(kernel.statistics.squares, expected.squares)
    assert_close(kernel.statistics.sizes, expected.sizes)
    assert kernel.statistics.mistakes == expected.mistakes


@given(cases())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_frozen_biases_stay_as_they_are_bit_for_bit(case: Case) -> None:
    network, start = case.network(), case.network()
    network.train_biases = False
    X, y = samples_for(network, SAMPLES, case.seed)
    Kernel(network).run(X, y, np.array(case.order, dtype=np.intp), case.learning_rate, case.batch_size)
    for layer, untouched in zip(network.layers, start.layers, strict=True):
        np.testing.assert_array_equal(layer.bias, untouched.bias)


@given(cases(), st.sampled_from([1, 2, 127, 128, 129, 300]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_score_is_that_of_the_readable_forward_pass(case: Case, samples: int) -> None:
    network = case.network()
    X, y = (LAYOUTS[case.layout](values) for values in samples_for(network, samples, case.seed))
    squares, losses, right = Kernel(network).score(X, y)
    assert squares == pytest.approx(mean_squared_error(network.feed_forward(X), y) * y.size, rel=1e-12)
    assert losses == pytest.approx(np.sum(network.losses(X, y)), rel=1e-11, abs=1e-300)
    assert right == round(accuracy(network.predict(X), y) * samples)


@pytest.mark.parametrize(("hidden", "output"), combinations(HIDDEN_ACTIVATIONS, ACTIVATIONS))
def test_a_nan_shows_in_the_score_only_while_its_cause_lasts(hidden: str, output: str) -> None:
    network = NeuralNetwork.build((2, 3, 2), [hidden, output], initializer="uniform", seed=2)
    X, y = samples_for(network, 200)
    kernel, sound = Kernel(network), network.parameters.copy()
    squares = kernel.score(X, y)
    network.layers[0].weights[1, 1] = np.nan
    assert np.isnan(kernel.score(X, y)[0])
    network.parameters[:] = sound
    assert kernel.score(X[:150], y[:150])[0] < squares[0]
    assert kernel.score(X, y) == squares


def network_of_two() -> NeuralNetwork:
    return NeuralNetwork.build((2, 3, 2), ["tanh", "sigmoid"])


@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [1, 7])
def test_a_long_run_trains_all_of_its_order(batch_size: int) -> None:
    network = NeuralNetwork.build((2, 3, 2), ["tanh", "sigmoid"], seed=0)
    other = network.copy()
    X, y = samples_for(network, SAMPLES)
    order = np.arange(9000) % SAMPLES
    assert Kernel(network).run(X, y, order, 0.1, batch_size) == len(order)
    kernel = Kernel(other)
    for start in range(0, len(order), 700):
        kernel.run(X, y, order[start : start + 700], 0.1, batch_size)
    np.testing.assert_array_equal(network.parameters, other.parameters)


def test_of_two_equal_outputs_the_first_is_the_answer() -> None:
    network = NeuralNetwork.build((2, 2), ["sigmoid"], seed=0)
    network.parameters[:] = 0.0
    kernel = Kernel(network)
    kernel.run(np.zeros((2, 2)), np.array([[1.0, 0.0], [0.0, 1.0]]), np.arange(2), 0.0)
    assert kernel.statistics.mistakes == 1


@pytest.mark.parametrize("batch_size", [1, 2])
def test_kernel_does_not_change_its_arguments(batch_size: int) -> None:
    network = network_of_two()
    X, y = samples_for(network, 5)
    kept, order = (X.copy(), y.copy()), np.arange(5)
    Kernel(network).run(X, y, order, 0.1, batch_size)
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(y, kept[1])
    np.testing.assert_array_equal(order, np.arange(5))


def test_kernel_trains_the_samples_of_its_order_alone() -> None:
    network, copied = network_of_two(), network_of_two()
    X, y = samples_for(network, 5)
    Kernel(network).run(X, y, np.array([3, 1]), 0.1)
    Kernel(copied).run(X[[3, 1]], y[[3, 1]], np.arange(2), 0.1)
    np.testing.assert_array_equal(network.parameters, copied.parameters)
    assert (network.parameters != network_of_two().parameters).all()


@pytest.mark.parametrize("batch_size", [1, 2])
def test_freezing_the_biases_takes_hold_between_two_runs(batch_size: int) -> None:
    network = network_of_two()
    X, y = samples_for(network, 5)
    kernel = Kernel(network)
    kernel.run(X, y, np.arange(5), 0.1, batch_size)
    network.train_biases = False
    bias, weights = network.layers[0].bias.copy(), network.layers[0].weights.copy()
    kernel.run(X, y, np.arange(5), 0.1, batch_size)
    np.testing.assert_array_equal(network.layers[0].bias, bias)
    assert (network.layers[0].weights != weights).any()


@pytest.mark.parametrize("batch_size", [1, 2])
def test_statistics_add_up_over_runs_until_they_are_cleared(batch_size: int) -> None:
    network = network_of_two()
    X, y = samples_for(network, 5)
    kernel = Kernel(network)
    kernel.run(X, y, np.arange(5), 0.0, batch_size)
    once = kernel.statistics.packed.copy()
    kernel.run(X, y, np.arange(5), 0.0, batch_size)
    np.testing.assert_allclose(kernel.statistics.packed, 2 * once, rtol=1e-15)
    assert (once > 0).all()
    kernel.statistics.clear()
    kernel.run(X, y, np.arange(5), 0.0, batch_size)
    np.testing.assert_allclose(kernel.statistics.packed, once, rtol=1e-15)
