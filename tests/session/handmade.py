"""Updates of hand-made networks, whose deltas are known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.backprop import trace
from bpviz.core.network import Layer, Network
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import LayerChange, TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL

DEEP = dataclasses.replace(SMALL, hidden=(5, 4, 6), activations=("sigmoid", "relu", "tanh", "sigmoid"), batch_size=3)
KINDS = pytest.mark.parametrize(
    "experiment",
    [DEEP, dataclasses.replace(SMALL, activations=("leaky_relu", "none", "softmax"), loss="cross_entropy")],
    ids=["squared error", "cross-entropy"],
)


ONE, MANY = np.eye(1), np.ones((1, 2))
NAN, INFINITE = np.full((1, 1), np.nan), np.full((1, 1), np.inf)


def made(
    weights: list[Array],
    activations: list[str],
    x: list[float],
    y: list[float],
    *,
    bias: float = 0.0,
    loss: str = "mse",
) -> TracedUpdate:
    """Return the update of a hand-made network; the parameters after it are arbitrary."""
    network = Network(loss=loss)
    for W, activation in zip(weights, activations, strict=True):
        network.add_layer(Layer(len(W), W.shape[1], activation, W, np.full(W.shape[1], bias)))
    with np.errstate(all="ignore"):
        done = trace(network, [x], [y])
    nothing = np.zeros(1)
    changes = tuple(LayerChange(each.activation, *2 * (each.weights, each.bias)) for each in network.layers)
    start = Position(0, 0, 0)
    return TracedUpdate(
        start, 0, UpdateKind.IN_TURN, np.array([0]), done, changes, 0.1, loss, nothing, nothing, None, None
    )


def faulty(update: TracedUpdate, layer: int, **values: Array) -> TracedUpdate:
    """Return an update with other values in one layer of its trace."""
    layers = list(update.trace.layers)
    layers[layer - 1] = dataclasses.replace(layers[layer - 1], **values)
    return dataclasses.replace(update, trace=dataclasses.replace(update.trace, layers=tuple(layers)))


def trained(experiment: Experiment) -> TracedUpdate:
    """Return the first update after an epoch."""
    training = Training(experiment)
    training.run_epoch()
    return trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN)
