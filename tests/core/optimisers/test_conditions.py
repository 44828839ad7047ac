"""Conditions on what an optimiser remembers and on the change of a weight, tested while training."""

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.core.metrics.metric import Metric
from bpviz.core.metrics.reading import Reading
from bpviz.core.metrics.scan import Scan
from bpviz.core.network import Network
from bpviz.core.optimisers.learning import Learning
from bpviz.core.optimisers.rule import OPTIMISERS, LearningRule
from bpviz.core.optimisers.update import update
from bpviz.core.training.kernel import Kernel
from bpviz.session.debugging.breakpoints import Condition
from tests.core.optimisers.cases import ACTIVATIONS, SIZES, samples, start

pytestmark = pytest.mark.usefixtures("kernel_path")
RATE, ORDER = 0.1, np.arange(12)
METRICS = [
    *(Metric(name, 2, measure) for name in ("m", "v", "update") for measure in ("smallest", "largest", "rms")),
    Metric("update", 3, neuron=1, source=2),
    Metric("m", 1, neuron=4, source=0),
    Metric("v", 1, neuron=4),
]


def network_of() -> Network:
    network = Network.build(SIZES, ACTIVATIONS)
    network.parameters[:] = start()
    return network


def rule_of(name: str) -> LearningRule:
    return LearningRule(name, l2=0.01, clip_norm=0.3)


def expected_values(rule: LearningRule, batch_size: int) -> list[list[float]]:
    """Return the value of every metric in every update, by the functions that a reader sees."""
    network, (X, y) = network_of(), samples()
    learning, found = Learning(len(network.parameters), rule), []
    for first in range(0, len(ORDER), batch_size):
        rows = ORDER[first : first + batch_size]
        before, done = network.copy(), backprop.trace(network, X[rows], y[rows])
        gradient = np.concatenate([np.append(layer.dW.ravel(), layer.db) for layer in done.layers])
        update(network, gradient, learning, RATE)
        reading = Reading.of_trace(
            before, done, network, learning_rate=RATE, samples=rows, epoch=0, rule=rule, slots=learning.slots
        )
        found.append([reading.value(metric) for metric in METRICS])
    return found


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_training_finds_the_values_of_the_plain_functions(name: str, batch_size: int) -> None:
    rule, network, (X, y) = rule_of(name), network_of(), samples()
    learning = Learning(len(network.parameters), rule)
    scan = Scan([[Condition(metric, "<", 1e300)] for metric in METRICS], [False] * len(METRICS))
    Kernel(network, learning=learning).run(X, y, ORDER, RATE, batch_size, scan)
    found = np.full((len(ORDER) // batch_size, len(METRICS)), np.nan)
    for hit in scan.drain():
        found[hit.offset // batch_size, hit.group] = hit.values[0]
    np.testing.assert_allclose(found, expected_values(rule, batch_size), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_stop_leaves_everything_as_before_that_update(name: str, batch_size: int) -> None:
    (X, y), kernels = samples(), []
    for _ in range(2):
        network = network_of()
        kernels.append(Kernel(network, learning=Learning(len(network.parameters), rule_of(name))))
    stopped, other = kernels
    scan = Scan([[Condition(Metric("sample"), "=", 8)]], [True])
    assert stopped.run(X, y, ORDER, RATE, batch_size, scan) == 8
    other.run(X, y, ORDER[:8], RATE, batch_size)
    np.testing.assert_array_equal(stopped._network.parameters, other._network.parameters)
    np.testing.assert_array_equal(stopped.learning.packed, other.learning.packed)
    np.testing.assert_array_equal(stopped.statistics.packed, other.statistics.packed)
