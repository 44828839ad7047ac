"""Metrics of updates, and where conditions on them stop training, on both of the kernel's paths."""

import random
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bpviz import NeuralNetwork
from bpviz.core import backprop
from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.metrics.metric import AGGREGATIONS, QUANTITIES, Metric
from bpviz.core.metrics.reading import Reading
from bpviz.core.metrics.scan import COMPARISONS, Scan, ScanHit, holds
from bpviz.core.network import Network
from bpviz.core.training.kernel import Kernel
from bpviz.core.training.trainer import NonFiniteError, Trainer
from tests.combinations import combinations
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for
from tests.core.plain_update import PlainUpdate

SAMPLES, RATE, EPOCH = 12, 0.1, 3

pytestmark = pytest.mark.usefixtures("kernel_path")


class Wanted(NamedTuple):
    """A number compared with another."""

    metric: Metric
    comparison: str
    value: float


class Case(NamedTuple):
    """A network, and in which order it is trained."""

    sizes: list[int]
    activations: list[str]
    loss: str
    train_biases: bool
    batch_size: int
    order: list[int]
    seed: int

    def network(self) -> NeuralNetwork:
        made = NeuralNetwork.build(self.sizes, self.activations, initializer="uniform", seed=self.seed, loss=self.loss)
        made.train_biases = self.train_biases
        return made

    def metrics(self) -> list[Metric]:
        """Draw every quantity of every layer with some measure, and for one neuron or weight where it has such."""
        draw, every = random.Random(self.seed), []
        known = [quantity for quantity in QUANTITIES if quantity not in ("m", "v")]  # plain SGD has none
        for quantity, layer in product(known, range(1, len(self.sizes))):
            measure, kind = draw.choice(AGGREGATIONS), QUANTITIES[quantity].kind
            neuron = draw.randrange(self.sizes[layer]) if kind in ("neurons", "weights") else None
            source = draw.randrange(self.sizes[layer - 1]) if kind == "weights" else None
            places = {(None, None), (neuron, None), (neuron, source)}
            every += [Metric(quantity, layer, measure, *place) for place in sorted(places, key=str)]
        return every


@st.composite
def cases(draw: st.DrawFn) -> Case:
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=4))
    loss, output = draw(st.sampled_from(LOSS_AND_OUTPUT))
    n_hidden = len(sizes) - 2
    return Case(
        sizes=sizes,
        activations=[*draw(st.tuples(*[st.sampled_from(HIDDEN_ACTIVATIONS)] * n_hidden)), output],
        loss=loss,
        train_biases=draw(st.booleans()),
        batch_size=draw(st.just(1) | st.integers(1, 5)),
        order=draw(st.lists(st.integers(0, SAMPLES - 1), min_size=1, max_size=6)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def scan_of(*tests: Wanted, stop: bool = False) -> Scan:
    """Return a scan with a group for each test."""
    return Scan([[test] for test in tests], [stop] * len(tests))


def found_by_training(case: Case, metrics: list[Metric]) -> dict[tuple[int, int], float]:
    """Return what a scan finds for place and subject: each is below a number beyond all others."""
    network, scan = case.network(), scan_of(*(Wanted(metric, "<", 1e300) for metric in metrics))
    X, y = samples_for(network, SAMPLES, case.seed)
    done = Kernel(network).run(X, y, np.array(case.order), RATE, case.batch_size, scan, EPOCH)
    assert done == len(case.order)
    return {(found.offset, found.group): found.values[0] for found in scan.drain()}


def assert_found(found: dict[tuple[int, int], float], expected: dict[tuple[int, int], float]) -> None:
    assert found.keys() == expected.keys()
    np.testing.assert_allclose(list(found.values()), [expected[key] for key in found], rtol=1e-9, atol=1e-13)


# The fixture that chooses the path is meant to last for all examples.
@given(cases())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_metric_agrees_with_plain_numpy(case: Case) -> None:
    metrics = case.metrics()
    network: Network = case.network()
    X, y = samples_for(network, SAMPLES, case.seed)
    expected: dict[tuple[int, int], float] = {}
    for start in range(0, len(case.order), case.batch_size):
        rows = np.array(case.order[start : start + case.batch_size])
        update = PlainUpdate(network, X[rows], y[rows], RATE, rows, EPOCH)
        expected |= {(start, group): update.value(metric) for group, metric in enumerate(metrics)}
        network = update.after
    assume(np.abs(network.parameters).max() < 10)  # where training runs away, so does the rounding
    assert_found(found_by_training(case, metrics), expected)


@pytest.mark.slow
@given(cases())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_metric_agrees_with_the_trace(case: Case) -> None:
    metrics = case.metrics()
    network: Network = case.network()
    X, y = samples_for(network, SAMPLES, case.seed)
    expected: dict[tuple[int, int], float] = {}
    for start in range(0, len(case.order), case.batch_size):
        rows = np.array(case.order[start : start + case.batch_size])
        before, done = network.copy(), backprop.trace(network, X[rows], y[rows])
        backprop.update(network, done, RATE)
        reading = Reading.of_trace(before, done, network, learning_rate=RATE, samples=rows, epoch=EPOCH)
        expected |= {(start, group): reading.value(metric) for group, metric in enumerate(metrics)}
    assume(np.abs(network.parameters).max() < 10)
    assert_found(found_by_training(case, metrics), expected)


# Where it holds


@pytest.mark.parametrize(
    ("comparison", "holding"),
    [("<", [1]), ("≤", [1, 2]), (">", [3]), ("≥", [2, 3]), ("=", [2]), ("≠", [1, 3])],
)
def test_each_comparison_does_what_its_sign_says(comparison: str, holding: list[int]) -> None:
    network, scan = network_of(), scan_of(Wanted(Metric("sample"), comparison, 2))
    X, y = samples_for(network, SAMPLES)
    Kernel(network).run(X, y, np.arange(1, 4), RATE, scan=scan)
    assert scan.drain() == [ScanHit(place - 1, 0, (float(place),)) for place in holding]
    assert scan.counts.tolist() == [len(holding)]


def network_of(hidden: str = "tanh", output: str = "sigmoid") -> NeuralNetwork:
    return NeuralNetwork.build((2, 4, 3, 2), [hidden, hidden, output], initializer="uniform", seed=2)


def trainer_of(batch_size: int = 1) -> Trainer:
    network = network_of()
    X, y = samples_for(network, 60)
    return Trainer(network, X, y, learning_rate=RATE, batch_size=batch_size, shuffle_seed=5)


def test_tests_of_a_group_hold_together_and_each_tells_its_number() -> None:
    network = network_of()
    X, y = samples_for(network, SAMPLES)
    both = [Wanted(Metric("sample"), "≥", 3), Wanted(Metric("class"), "=", 1), Wanted(Metric("sample"), "<", 9)]
    scan = Scan([both, both[1:2]], [False, False])
    Kernel(network).run(X, y, np.arange(SAMPLES), RATE, scan=scan)
    ones = np.flatnonzero(y[:, 1]).tolist()
    together = [sample for sample in ones if 3 <= sample < 9]
    found = scan.drain()
    assert [each.values for each in found if each.group == 0] == [(s, 1.0, s) for s in together]
    assert [each.offset for each in found if each.group == 1] == ones
    assert scan.counts.tolist() == [len(together), len(ones)]


def test_of_very_many_hits_the_latest_are_kept_and_all_are_counted() -> None:
    network, scan = network_of(), scan_of(Wanted(Metric("epoch"), "=", EPOCH))
    X, y = samples_for(network, SAMPLES)
    order = np.arange(10_000) % SAMPLES
    Kernel(network).run(X, y, order, RATE, scan=scan, epoch=EPOCH)
    assert [found.offset for found in scan.drain()] == list(range(10_000 - 4096, 10_000))
    assert scan.counts.tolist() == [10_000]
    assert scan.drain() == []


@pytest.mark.parametrize("place", [0, 1, 4500])
def test_a_stop_is_at_the_right_sample_of_a_long_run(place: int) -> None:
    network, copied = network_of(), network_of()
    X, y = samples_for(network, SAMPLES)
    order = np.arange(6000) % (SAMPLES - 1)
    order[place] = SAMPLES - 1
    scan, kernel, other = (
        scan_of(Wanted(Metric("sample"), "=", SAMPLES - 1), stop=True),
        Kernel(network),
        Kernel(copied),
    )
    assert kernel.run(X, y, order, RATE, scan=scan) == place
    assert [found.offset for found in scan.drain()] == [place]
    other.run(X, y, order[:place], RATE)
    np.testing.assert_array_equal(network.parameters, copied.parameters)
    np.testing.assert_array_equal(kernel.statistics.packed, other.statistics.packed)


# What it leaves of training


@pytest.mark.parametrize("batch_size", [1, 4, 7])
@pytest.mark.parametrize("place", [0, 28, 56])
def test_a_stop_leaves_everything_as_before_its_update_and_going_on_ends_at_the_same_bits(
    batch_size: int, place: int
) -> None:
    stopped, copied = trainer_of(batch_size), trainer_of(batch_size)
    scan = scan_of(Wanted(Metric("sample"), "=", int(stopped.order[place])), stop=True)
    stopped.advance(60, scan)
    if place:
        copied.advance(place)
    assert scan.stopped
    assert (stopped.epoch, stopped.sample) == (0, place)
    np.testing.assert_array_equal(stopped.network.parameters, copied.network.parameters)
    np.testing.assert_array_equal(stopped.statistics.packed, copied.statistics.packed)
    for each in (stopped, copied):
        each.advance(60)
    whole = trainer_of(batch_size)
    whole.advance(60)
    np.testing.assert_array_equal(stopped.network.parameters, whole.network.parameters)
    np.testing.assert_array_equal(stopped.statistics.packed, copied.statistics.packed)
    np.testing.assert_allclose(stopped.statistics.packed, whole.statistics.packed, rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 4])
def test_training_that_is_looked_at_and_never_stopped_is_training_bit_for_bit(batch_size: int) -> None:
    looked_at, plain = trainer_of(batch_size), trainer_of(batch_size)
    case = Case([2, 4, 3, 2], ["tanh"] * 3, "mse", True, 1, [], 7)
    never = [Wanted(metric, ">", 1e300) for metric in case.metrics()]
    always = Wanted(Metric("loss_rise"), "<", 1e300)
    scan = Scan([[test] for test in (*never, always)], [True] * len(never) + [False])
    for each, looking in ((looked_at, scan), (plain, None)):
        each.advance(33, looking)
        each.advance(60, looking)
    assert not scan.stopped
    assert scan.counts[:-1].sum() == 0
    assert scan.counts[-1] == -(-60 // batch_size)
    np.testing.assert_array_equal(looked_at.network.parameters, plain.network.parameters)
    np.testing.assert_array_equal(looked_at.statistics.packed, plain.statistics.packed)


def test_a_stop_lets_those_be_logged_that_hold_for_the_same_update() -> None:
    trainer = trainer_of()
    wanted = int(trainer.order[5])
    tests = [Wanted(Metric("sample"), "=", wanted), Wanted(Metric("epoch"), "=", 0)]
    scan = Scan([[test] for test in tests], [True, False])
    trainer.advance(60, scan)
    assert [(found.offset, found.group) for found in scan.drain()][-2:] == [(5, 0), (5, 1)]
    assert scan.counts.tolist() == [1, 6]


# Numbers that are not finite


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_nan_compares_with_nothing(comparison: str) -> None:
    with np.errstate(all="raise"):
        assert not holds(np.array([np.nan]), comparison, 0.0)
        assert not holds(np.array([np.nan, np.nan]), comparison, 0.0)


@pytest.mark.parametrize("output", ["none", "tanh", "sigmoid", "softmax"])
@pytest.mark.parametrize("hidden", ["relu", "leaky_relu", "tanh", "sigmoid"])
def test_no_test_of_a_nan_holds(hidden: str, output: str) -> None:
    network = network_of(hidden, output)
    network.parameters[:] = np.nan
    X, y = samples_for(network, 1)
    names = [name for name, quantity in QUANTITIES.items() if quantity.kind in ("neurons", "weights")]
    metrics = [Metric(name, layer, measure) for name, layer, measure in product(names, (1, 2), AGGREGATIONS)]
    metrics += [Metric(name, 2, neuron=1) for name in names] + [Metric("loss"), Metric("loss_rise")]
    tests = [Wanted(metric, comparison, 0.0) for metric, comparison in product(metrics, COMPARISONS)]
    scan = scan_of(*tests)
    Kernel(network).run(X, y, np.arange(1), RATE, scan=scan)
    assert [test for test, count in zip(tests, scan.counts, strict=True) if count] == []


def is_finite(network: NeuralNetwork, X: Array, y: Array, rate: float = RATE) -> bool:
    """Say whether a scan takes the update with the first sample, the only one that is not sound, for a finite one."""
    scan, sound = scan_of(Wanted(Metric("not_finite"), ">", 0)), network.parameters.copy()
    kernel = Kernel(network)
    kernel.run(X, y, np.array([0]), rate, scan=scan)
    network.parameters[:] = sound
    return not scan.counts[0]


@pytest.mark.parametrize(("hidden", "output"), combinations(HIDDEN_ACTIVATIONS, ACTIVATIONS))
def test_not_finite_is_found_whichever_number_it_is_planted_in(hidden: str, output: str) -> None:
    network = network_of(hidden, output)
    X, y = samples_for(network, 1)
    assert is_finite(network, X, y)
    for array in (network.parameters, X.reshape(-1), y.reshape(-1)):
        for index, value in product(range(len(array)), (np.nan, np.inf, -np.inf)):
            kept, array[index] = array[index], value
            assert not is_finite(network, X, y), (index, value)
            array[index] = kept
    assert is_finite(network, X, y)


def chain(hidden: str, *weights: float) -> NeuralNetwork:
    """Return a network of one neuron a layer, without biases; the output is the identity."""
    activations = [hidden] * (len(weights) - 1) + ["none"]
    network = NeuralNetwork.build([1] * (len(weights) + 1), activations)
    for layer, weight in zip(network.layers, weights, strict=True):
        layer.weights[...], layer.bias[...] = weight, 0.0
    return network


@pytest.mark.parametrize(
    ("network", "x", "y", "rate"),
    [
        pytest.param(chain("tanh", 1e200, 1.0), 1e200, 0.0, 0.1, id="z, where a, delta and the update are finite"),
        pytest.param(chain("none", 1.0, 1.0), 1.0, 1e200, 1e-300, id="the loss, where delta is finite"),
        pytest.param(chain("none", 1.0), 1e160, 0.0, 1e-300, id="dW, where the update is finite"),
        pytest.param(chain("none", 1.0), 1.0, 10.0, 1e308, id="the parameters after the update"),
        pytest.param(chain("none", 0.0, 1e300), 0.0, 1e100, 1e-300, id="an inner delta"),
    ],
)
def test_not_finite_is_found_where_a_product_leaves_the_range(
    network: NeuralNetwork, x: float, y: float, rate: float
) -> None:
    assert not is_finite(network, np.array([[x]]), np.array([[y]]), rate)
    assert is_finite(network, np.array([[0.5]]), np.array([[0.5]]), 1e-300)


@pytest.mark.parametrize("batch_size", [1, 4])
def test_hits_before_a_non_finite_number_are_logged(batch_size: int) -> None:
    trainer, copied = trainer_of(batch_size), trainer_of(batch_size)
    scan = scan_of(Wanted(Metric("epoch"), "=", 0), Wanted(Metric("not_finite"), ">", 0))
    trainer.advance(12, scan)
    fault = 5 * batch_size + 12
    for each in (trainer, copied):
        each.X = np.where(np.arange(60)[:, None] == each.order[fault], np.nan, each.X)
    with pytest.raises(NonFiniteError):
        trainer.advance(60, scan)
    place = fault - fault % batch_size
    assert trainer.sample == place
    assert scan.counts.tolist() == [place // batch_size, 0]
    starts = [*range(0, 12, batch_size), *range(0, place - 12, batch_size)]
    assert [(found.offset, found.group) for found in scan.drain()] == [(start, 0) for start in starts]
    copied.advance(place)
    np.testing.assert_array_equal(trainer.network.parameters, copied.network.parameters)
