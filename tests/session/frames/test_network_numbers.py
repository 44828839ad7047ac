"""The numbers in the network diagram, and those that Matt Mazur published for his example."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bpviz.session.experiment.presets import load_preset
from bpviz.session.frames.network_numbers import NetworkNumbers, ranked_weights
from bpviz.session.frames.network_values import NetworkValues
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update

SIZES = (2, 2, 2)
ALL = operations(2)


@pytest.fixture(scope="module")
def update() -> TracedUpdate:
    training = Training(load_preset("mazur").experiment)
    return trace_update(training, np.array([0]), UpdateKind.IN_TURN, index=len(ALL))


def at(update: TracedUpdate, quantity: str, layer: int) -> NetworkNumbers:
    """Return the numbers after an operation."""
    index = ALL.index(Operation(quantity, layer)) + 1
    return NetworkNumbers(NetworkValues(SIZES, None, dataclasses.replace(update, index=index)))


def test_all_numbers_that_mazur_published_are_there(update: TracedUpdate) -> None:
    numbers = at(update, "update", 2)
    forward, backward = zip(*(numbers.in_full(2, neuron) for neuron in range(2)), strict=True)
    assert [numbers.input(0), numbers.input(1)] == [0.05, 0.1]
    assert [dict(each)["y"] for each in forward] == [0.01, 0.99]
    hidden = [dict(numbers.in_full(1, neuron)[0]) for neuron in range(2)]
    published = {
        "net h1": (hidden[0]["z"], 0.3775),
        "out h1": (hidden[0]["a"], 0.593269992),
        "out h2": (hidden[1]["a"], 0.596884378),
        "net o1": (dict(forward[0])["z"], 1.105905967),
        "out o1": (dict(forward[0])["a"], 0.75136507),
        "out o2": (dict(forward[1])["a"], 0.772928465),
        "dE/dout o1": (dict(backward[0])["error"], 0.74136507),
        "dout/dnet o1": (dict(backward[0])["slope"], 0.186815602),
        "delta o1": (dict(backward[0])["delta"], 0.138498562),
        "dE/dout h1": (dict(numbers.in_full(1, 0)[1])["error"], 0.036350306),
        "dout/dnet h1": (dict(numbers.in_full(1, 0)[1])["slope"], 0.241300709),
    }
    for name, (found, expected) in published.items():
        assert found == pytest.approx(expected, abs=1e-9), name
    new = numbers.edges[0], numbers.edges[1]
    assert new[0] is not None
    assert new[1] is not None
    np.testing.assert_allclose(new[0].T.ravel(), [0.149780716, 0.19956143, 0.24975114, 0.29950229], atol=1e-8)
    np.testing.assert_allclose(new[1].T.ravel(), [0.35891648, 0.408666186, 0.511301270, 0.561370121], atol=1e-8)
    gradient = at(update, "dW", 2).sent()
    assert gradient is not None
    assert gradient.values[0, 0] == pytest.approx(0.082167041, abs=1e-9)
    gradient = at(update, "dW", 1).sent()
    assert gradient is not None
    assert gradient.values[0, 0] == pytest.approx(0.000438568, abs=1e-9)


def names(numbers: NetworkNumbers, layer: int) -> list[str]:
    return [name for name, _ in numbers.in_short(layer, 0)]


def test_in_short_they_are_those_of_the_phase(update: TracedUpdate) -> None:
    assert names(at(update, "z", 1), 1) == ["z", "a", "b"]
    assert names(at(update, "z", 1), 2) == ["z", "a", "y"]
    assert names(at(update, "error", 2), 1) == ["error", "slope", "delta"]
    assert names(at(update, "dW", 1), 1) == names(at(update, "update", 2), 2) == ["a", "delta", "b"]


def test_what_is_not_computed_has_no_number(update: TracedUpdate) -> None:
    after_z = at(update, "z", 1)
    assert dict(after_z.in_short(1, 0)) == {"z": pytest.approx(0.3775), "a": None, "b": 0.35}
    assert dict(after_z.in_full(2, 0)[1]) == {"error": None, "slope": None, "delta": None}


def test_without_an_update_there_are_the_parameters_alone() -> None:
    training = Training(load_preset("mazur").experiment)
    numbers = NetworkNumbers(NetworkValues(SIZES, None, None))
    assert (numbers.input(0), numbers.target(0), numbers.operation, numbers.sent()) == (None, None, None, None)
    assert numbers.in_short(1, 0) == (("b", None),)
    assert numbers.in_full(1, 0) == ((("b", None),), ())
    assert training.split.X_train.shape == (1, 2)


@pytest.mark.parametrize(
    ("quantity", "layer", "sent_into", "is_backward"),
    [("z", 1, 1, False), ("z", 2, 2, False), ("error", 1, 2, True), ("dW", 1, 1, False)],
)
def test_an_operation_sends_its_numbers_along_the_weights(
    update: TracedUpdate, quantity: str, layer: int, sent_into: int, is_backward: bool
) -> None:
    sent = at(update, quantity, layer).sent()
    assert sent is not None
    assert (sent.layer, sent.is_backward) == (sent_into, is_backward)
    trace, change = update.trace.layers[sent_into - 1], update.layers[sent_into - 1]
    expected = {
        "z": change.W * update.trace.inputs_of(sent_into - 1)[0][:, None],
        "error": change.W * trace.delta[0],
        "dW": trace.dW,
    }
    np.testing.assert_array_equal(sent.values, expected[quantity])


@pytest.mark.parametrize(("quantity", "layer"), [("a", 1), ("loss", 2), ("error", 2), ("delta", 1), ("update", 1)])
def test_other_operations_send_nothing(update: TracedUpdate, quantity: str, layer: int) -> None:
    assert at(update, quantity, layer).sent() is None


def test_weights_are_ranked_by_size_those_into_the_neuron_first(update: TracedUpdate) -> None:
    values = NetworkValues(SIZES, None, dataclasses.replace(update, index=ALL.index(Operation("delta", 2)) + 1))
    ranked = ranked_weights(values, 1, 0)
    assert [(weight.is_into, weight.layer, weight.neuron, weight.weight) for weight in ranked] == [
        (True, 0, 1, 0.2),
        (True, 0, 0, 0.15),
        (False, 2, 1, 0.5),
        (False, 2, 0, 0.4),
    ]
    deltas = update.trace.layers[1].delta[0]
    assert [weight.carried for weight in ranked] == pytest.approx([0.02, 0.0075, 0.5 * deltas[1], 0.4 * deltas[0]])


def test_an_output_has_no_weights_out_and_a_network_without_values_none(update: TracedUpdate) -> None:
    assert all(weight.is_into for weight in ranked_weights(NetworkValues(SIZES, None, update), 2, 1))
    assert ranked_weights(NetworkValues(SIZES, None, None), 1, 0) == ()
