"""Which neuron a metric's value belongs to."""

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.core.metrics.metric import Metric
from bpviz.core.metrics.reading import Reading
from bpviz.core.network import Layer, Network


def reading(weights: float = 1.0) -> tuple[Reading, backprop.Trace]:
    """Return the reading of a batch of three samples, and its trace."""
    network, rng = Network(), np.random.default_rng(5)
    for n_input, n_neurons in ((2, 5), (5, 4), (4, 2)):
        W = weights * rng.normal(size=(n_input, n_neurons))
        network.add_layer(Layer(n_input, n_neurons, "sigmoid", W, rng.normal(size=n_neurons)))
    with np.errstate(all="ignore"):
        trace = backprop.trace(network, rng.normal(size=(3, 2)), np.eye(2)[[0, 1, 0]])
    made = Reading.of_trace(network, trace, network, learning_rate=0.1, samples=np.arange(3), epoch=0)
    return made, trace


@pytest.mark.parametrize("aggregation", ["smallest", "largest"])
def test_an_extreme_belongs_to_the_neuron_that_has_it(aggregation: str) -> None:
    made, trace = reading()
    metric = Metric("abs_delta", 2, aggregation)
    cause = made.neuron_of(metric)
    assert cause is not None
    assert cause[0] == 2
    assert made.value(metric) in np.abs(trace.layers[1].delta[:, cause[1]])


def test_a_weight_belongs_to_the_neuron_that_it_leads_to() -> None:
    made, trace = reading()
    cause = made.neuron_of(Metric("dW", 1, "largest"))
    assert cause is not None
    assert trace.layers[0].dW.max() in trace.layers[0].dW[:, cause[1]]


def test_a_chosen_neuron_is_its_own() -> None:
    assert reading()[0].neuron_of(Metric("z", 1, neuron=3)) == (1, 3)


def test_a_saturated_layer_is_shown_by_its_smallest_slope() -> None:
    made, trace = reading()
    cause = made.neuron_of(Metric("saturated", 1))
    assert cause is not None
    assert trace.layers[0].slope.min() in trace.layers[0].slope[:, cause[1]]


@pytest.mark.parametrize("quantity", ["loss", "loss_rise", "misclassified"])
def test_a_loss_belongs_to_the_output_that_is_furthest_from_its_target(quantity: str) -> None:
    made, trace = reading()
    wrong = np.abs(trace.layers[-1].a - trace.y)
    assert made.neuron_of(Metric(quantity)) == (3, int(wrong.max(axis=0).argmax()))


@pytest.mark.parametrize("quantity", ["epoch", "sample", "class"])
def test_what_the_network_does_not_decide_belongs_to_no_neuron(quantity: str) -> None:
    assert reading()[0].neuron_of(Metric(quantity)) is None


def test_the_first_number_that_is_not_finite_belongs_to_its_neuron() -> None:
    made, trace = reading(weights=7e307)
    wrong = [(n, np.flatnonzero(~np.isfinite(layer.z).all(axis=0))) for n, layer in enumerate(trace.layers, 1)]
    first = next((layer, int(neurons[0])) for layer, neurons in wrong if len(neurons))
    assert made.neuron_of(Metric("not_finite")) == first
    assert reading()[0].neuron_of(Metric("not_finite")) is None
