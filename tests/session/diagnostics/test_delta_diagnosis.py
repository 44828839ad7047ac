"""What the sentence about a delta names as its main cause deviates in the direction of the delta."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.core.arrays import rms
from bpviz.core.network import Network
from bpviz.session.diagnostics.causes import Cause
from bpviz.session.diagnostics.delta_diagnosis import _main_part, diagnose_delta
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import LayerChange, TracedUpdate, UpdateKind

ACTIVATIONS = ("relu", "leaky_relu", "tanh", "sigmoid")


def traced(hidden: str, output: str, loss: str, seed: int) -> TracedUpdate:
    network = Network.build((3, 6, 5, 3), [hidden, hidden, output], initializer="uniform", seed=seed, loss=loss)
    network.parameters[:] *= 1 + seed % 3
    x, y = np.random.RandomState(seed).uniform(-1, 1, (2, 3)), np.eye(3)[[seed % 3, 1]]
    done, after = backprop.trace(network, x, y), network.copy()
    backprop.update(after, done, 0.1)
    layers = tuple(
        LayerChange(old.activation, old.weights, old.bias, new.weights, new.bias)
        for old, new in zip(network.layers, after.layers, strict=True)
    )
    losses = network.losses(x, y)
    return TracedUpdate(
        Position(), 0, UpdateKind.IN_TURN, np.arange(2), done, layers, 0.1, loss, losses, losses, None, None
    )


def deltas(update: TracedUpdate) -> Iterator[tuple[int, int, int]]:
    """Yield row, layer and neuron of every delta."""
    for layer, done in enumerate(update.trace.layers, start=1):
        yield from ((row, layer, neuron) for row, neuron in np.ndindex(done.delta.shape))


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_the_main_cause_has_the_direction_of_the_delta(hidden: str) -> None:
    named = 0
    for seed in range(40):
        update = traced(hidden, "sigmoid", "mse", seed)
        for row, layer, neuron in deltas(update):
            sentence = diagnose_delta(update, row, layer, neuron)
            if not (
                found := re.search(r"times (smaller|larger) than .*?, mostly because of its (error|slope)", sentence)
            ):
                continue
            values = getattr(update.trace.layers[layer - 1], found[2])[row]
            assert (abs(values[neuron]) < rms(values)) == (found[1] == "smaller"), sentence
            named += 1
    assert named > 50


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_an_output_whose_slope_is_no_factor_of_its_delta_is_not_explained_by_it(output: str, loss: str) -> None:
    compared = explained = 0
    for seed in range(20):
        update = traced("tanh", output, loss, seed)
        for row, layer, neuron in deltas(update):
            if layer == 3:
                sentence = diagnose_delta(update, row, layer, neuron)
                compared += "than its layer's RMS" in sentence
                explained += "because of" in sentence
    assert compared > 0
    assert (explained > 0) == (output == "sigmoid" and loss == "mse")


def test_a_delta_that_neither_factor_explains_gets_no_main_cause() -> None:
    """Both factors are below their RMS, and yet the delta is twice the RMS: all other products are 0."""
    cause = Cause(1, 0, "relu", 1.0, 1.0, 1.0, 0.5, 0.5, None, False, ())
    assert _main_part(np.array([1.0, 5.0, 0.0, 5.0]), np.array([0.5, 0.0, 1.0, 0.0]), cause, is_small=False) == ""


def test_what_remains_of_terms_that_cancel_has_no_sign() -> None:
    remaining = []
    for seed in range(40):
        update = traced("tanh", "sigmoid", "mse", seed)
        for row, layer, neuron in deltas(update):
            sentence = diagnose_delta(update, row, layer, neuron)
            if "its terms nearly cancel" in sentence:
                assert re.search(r"all but [0-9.]+ % of their sizes", sentence), sentence
                remaining.append(update.trace.layers[layer - 1].error[row, neuron])
    assert min(remaining) < 0 < max(remaining)
