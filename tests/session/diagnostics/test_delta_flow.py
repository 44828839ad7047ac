"""Delta flow of networks whose deltas vanish through slopes, vanish through weights, or explode."""

import math

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.surface import Grid
from bpviz.session.diagnostics.delta_flow import DeltaFlow, flow_of_update
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame_maker import FrameMaker, choose_shown_samples
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL

DEEP = Experiment(samples=40, hidden=(6, 6, 6), activations=("tanh", "tanh", "tanh", "sigmoid"), initializer="lecun")


def flow_of(training: Training) -> DeltaFlow:
    maker = FrameMaker(training, choose_shown_samples(training.split))
    maker.request(Grid(-1, 1, -1, 1, 2, 2))
    while (frame := maker.make_piece()) is None:
        pass
    return DeltaFlow(frame.error_rms, frame.delta_rms)


def rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))


def test_worked_example() -> None:
    # Layer 2 has delta 4: through weights of 1/2 that is an error of 2, through slopes of 1/8 a delta of 1/4.
    flow = DeltaFlow((2.0, 8.0), (0.25, 4.0))
    assert (flow.slopes_of(1), flow.weights_of(1), flow.slopes_of(2)) == (0.125, 0.5, 0.5)
    assert (flow.by_slopes, flow.by_weights) == pytest.approx((0.125, 0.5))
    assert flow.whole == 1 / 16
    assert flow.sentence() == "delta shrinks 16 times from layer 2 to 1: 8.0 of it by the slopes, 2.0 by the weights"


def test_the_two_factors_multiply_to_the_whole() -> None:
    training = Training(DEEP)
    update = trace_update(training, np.array([3]), UpdateKind.INSPECTED, index=20)
    flow = flow_of_update(update, 0)
    first, last = rms(update.trace.layers[0].delta[0]), rms(update.trace.layers[-1].delta[0])
    assert flow.by_slopes * flow.by_weights == pytest.approx(first / last)
    assert flow.deltas == pytest.approx([rms(layer.delta[0]) for layer in update.trace.layers])


def test_both_factors_of_a_frame_make_the_whole() -> None:
    flow = flow_of(Training(SMALL))
    assert flow.by_slopes * flow.by_weights == pytest.approx(flow.deltas[0] / flow.deltas[-1], rel=1e-5)


def test_a_network_whose_neurons_are_saturated_vanishes_by_its_slopes() -> None:
    training = Training(DEEP)
    for layer in training.network.layers[:-1]:
        layer.bias = np.full(layer.n_neurons, 4.0)
    flow = flow_of(training)
    assert flow.by_slopes < 1e-3 < 0.1 < flow.by_weights
    assert "slopes take it down" in flow.sentence() or "of it by the slopes" in flow.sentence()
    assert flow.sentence().startswith("delta shrinks")


def test_a_network_with_tiny_weights_vanishes_by_its_weights() -> None:
    training = Training(DEEP)
    for layer in training.network.layers:
        layer.weights = layer.weights * 0.01
        layer.bias = np.zeros(layer.n_neurons)
    flow = flow_of(training)
    assert flow.by_weights < 1e-4
    assert flow.by_slopes > 0.9
    assert flow.sentence().startswith("delta shrinks")


def test_a_network_with_large_weights_and_no_bend_explodes() -> None:
    training = Training(Experiment(samples=40, hidden=(6, 6, 6), activations=("none",) * 4, initializer="lecun"))
    for layer in training.network.layers:
        layer.weights = layer.weights * 20
    flow = flow_of(training)
    assert flow.by_slopes == pytest.approx(1)
    assert flow.by_weights > 1000
    assert flow.sentence().startswith("delta grows")


@pytest.mark.parametrize(
    ("flow", "sentence"),
    [
        (DeltaFlow((0.1,), (0.1,)), "One layer only: its RMS delta is 0.1"),
        (
            DeltaFlow((2.0, 1.0), (1.0, 1.0)),
            "delta stays about as large from layer 2 to 1: the slopes take it down 2.0 times, the weights up 2.0 times",
        ),
        (
            DeltaFlow((5.0, 1.0), (0.5, 1.0)),
            "delta shrinks 2.0 times from layer 2 to 1: the slopes take it down 10 times, the weights up 5.0 times",
        ),
        (
            DeltaFlow((0.0, 0.0, 1.0), (0.0, 0.0, 1.0)),
            "delta is exactly 0 in layers 2 to 1: nothing is learned there",
        ),
        (DeltaFlow((1.0, 1.0), (0.0, 1.0)), "delta is exactly 0 in layer 1: nothing is learned there"),
        (
            DeltaFlow((math.nan, math.inf), (math.nan, math.inf)),
            "delta is ∞ in layer 2: a number has left the computer's range",
        ),
    ],
)
def test_sentences(flow: DeltaFlow, sentence: str) -> None:
    assert flow.sentence() == sentence
