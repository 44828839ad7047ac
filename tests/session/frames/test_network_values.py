import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.session.frames.network_values import NetworkValues
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL

ALL = operations(3)


@pytest.fixture
def training() -> Training:
    return Training(SMALL)


def there(value: Array | None) -> Array:
    assert value is not None
    return value


def update_after(training: Training, quantity: str, layer: int) -> TracedUpdate:
    return trace_update(training, np.array([5]), UpdateKind.IN_TURN, index=ALL.index(Operation(quantity, layer)) + 1)


def values_after(training: Training, quantity: str, layer: int) -> NetworkValues:
    return NetworkValues(SMALL.sizes, None, update_after(training, quantity, layer))


@pytest.mark.parametrize("quantity", ["z", "a", "error", "slope", "delta"])
def test_values_not_computed_yet_are_none(training: Training, quantity: str) -> None:
    values = values_after(training, quantity, 2)
    order = [1, 2, 3] if quantity in ("z", "a") else [3, 2, 1]
    known = [layer for layer, found in enumerate(values.nodes(quantity), start=1) if found is not None]
    assert sorted(known) == sorted(order[: order.index(2) + 1])
    trace = values.current_update.trace if values.current_update else None
    assert trace is not None
    np.testing.assert_array_equal(values.nodes(quantity)[1], getattr(trace.layers[1], quantity)[0])


def test_edges_are_products_of_what_they_connect(training: Training) -> None:
    values = values_after(training, "db", 3)
    x, network = training.split.X_train[5], training.network
    first, second = network.layers[0], network.layers[1]
    a1 = 1 / (1 + np.exp(-(x @ first.weights + first.bias)))
    contributions, backflows = values.edges("contribution"), values.edges("backflow")
    assert contributions[0] is not None
    assert contributions[1] is not None
    np.testing.assert_allclose(contributions[0], first.weights * x[:, None])
    np.testing.assert_allclose(contributions[1].sum(axis=0) + second.bias, there(values.nodes("z")[1]))
    np.testing.assert_allclose(contributions[1], second.weights * a1[:, None])
    assert backflows[0] is None
    assert backflows[1] is not None
    np.testing.assert_allclose(backflows[1].sum(axis=1), there(values.nodes("error")[0]))


def test_weights_change_with_the_update_of_their_layer(training: Training) -> None:
    values = values_after(training, "update", 1)
    update = values.current_update
    assert update is not None
    W = values.edges("W")
    np.testing.assert_array_equal(W[0], update.layers[0].W_after)
    np.testing.assert_array_equal(W[1], update.layers[1].W)
    assert values.parameter(1, None, 2) == update.layers[0].b_after[2]
    assert values.parameter(2, 3, 1) == update.layers[1].W[3, 1]
    assert values.strongest_source(2, 1) == np.abs(update.layers[1].W[:, 1]).argmax()


def test_without_a_frame_or_an_update_there_are_no_values() -> None:
    values = NetworkValues(SMALL.sizes, None, None)
    assert values.nodes("bias") == values.nodes("delta") == values.edges("W") == [None] * 3
    assert values.parameter(1, 0, 0) is None
