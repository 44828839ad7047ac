"""Small updates for the tests of formulas and captions."""

from __future__ import annotations

import dataclasses

import numpy as np

from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update

ALL = operations(2)
HIDDEN = HIDDEN_ACTIVATIONS
OUTPUTS = (
    ("none", "mse"),
    ("tanh", "mse"),
    ("sigmoid", "mse"),
    ("softmax", "mse"),
    ("none", "huber"),
    ("softplus", "huber"),
    ("sin", "mae"),
    ("softmax", "mae"),
    ("sigmoid", "cross_entropy"),
    ("softmax", "cross_entropy"),
)
SMALL = Experiment(samples=40, hidden=(3,), activations=("sigmoid", "sigmoid"), learning_rate=0.1)


def at(update: TracedUpdate, operation: Operation) -> TracedUpdate:
    """Return the same update when an operation was just done."""
    return dataclasses.replace(update, index=update.operations.index(operation) + 1)


def traced_update(experiment: Experiment, samples: int = 1, kind: UpdateKind = UpdateKind.IN_TURN) -> TracedUpdate:
    training = Training(experiment)
    training.run_epoch()
    return trace_update(training, np.arange(7, 7 + samples), kind, index=0)
