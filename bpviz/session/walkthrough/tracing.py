"""Trace an update: compute the operands and results of all its operations without training."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.backprop import LayerTrace, Trace
from bpviz.core.network import Layer, Network
from bpviz.core.optimisers.learning import HEAD
from bpviz.core.optimisers.rule import LearningRule
from bpviz.core.optimisers.steps import clipped, penalised
from bpviz.core.optimisers.update import norm_of, trained_parts
from bpviz.core.training.trainer import Checkpoint
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import OWN_SAMPLE, LayerChange, LearningTrace, TracedUpdate, UpdateKind


def trace_update(training: Training, chosen: Indices, kind: UpdateKind, *, index: int = 0) -> TracedUpdate:
    """Return the update with some training samples, computed with the current parameters.

    Parameters
    ----------
    training : Training
        It is not changed.
    chosen : ndarray of int
        One sample, or a batch.
    kind : UpdateKind
    index : int
        Number of operations done.
    """
    return _traced(training, *training.trainer.outcome(chosen), chosen, kind, index)


def trace_own(training: Training, x: Array, y: Array, *, index: int = 0) -> TracedUpdate:
    """Return the update that a sample of the user's own would make, which is not in the training set.

    Parameters
    ----------
    training : Training
        It is not changed.
    x : ndarray of shape (n_inputs,)
        The inputs, scaled as those of the training samples are.
    y : ndarray of shape (n_outputs,)
    index : int
        Number of operations done.
    """
    outcome = training.trainer.outcome_of(x[None], y[None])
    return _traced(training, *outcome, np.array([OWN_SAMPLE]), UpdateKind.INSPECTED, index)


def _traced(
    training: Training, trace: Trace, outcome: Checkpoint, chosen: Indices, kind: UpdateKind, index: int
) -> TracedUpdate:
    trainer, position, after = training.trainer, training.position, outcome.parameters
    samples = chosen.copy()
    samples.flags.writeable = False
    before = frozen(training.network.parameters)
    return TracedUpdate(
        position=Position(position.epoch, position.sample, index if kind is UpdateKind.IN_TURN else 0),
        index=index,
        kind=kind,
        samples=samples,
        trace=trace,
        layers=tuple(_changes(training.network, before, after)),
        learning_rate=trainer.rate,
        loss_name=training.network.loss_name,
        losses_before=frozen(training.losses_of(trace.x, trace.y, before)),
        losses_after=frozen(training.losses_of(trace.x, trace.y, after)),
        mse_before=training.mse_with(before),
        mse_after=training.mse_with(after),
        learning=None if trainer.learning.rule.is_plain else _learning_trace(training, trace, outcome.learning),
    )


def _learning_trace(training: Training, trace: Trace, packed_after: Array) -> LearningTrace:
    """Return what an update does with its gradient, by the functions that `bpviz.core.optimisers.update` uses."""
    network, learning = training.network, training.trainer.learning
    n_slots, n_parameters = learning.slots.shape
    with np.errstate(all="ignore"):
        pairs = zip(network.layers, trace.layers, strict=True)
        gradient = np.concatenate([_penalised(layer, done, learning.rule) for layer, done in pairs])
        norm = norm_of([gradient[part] for part in trained_parts(network)])
        taken = clipped(gradient, norm, learning.rule) if learning.rule.clip_norm else gradient
    return LearningTrace(
        learning.rule,
        learning.updates + 1,
        norm,
        frozen(gradient),
        frozen(taken),
        frozen(learning.slots),
        frozen(packed_after[HEAD:].reshape(n_slots, n_parameters)),
    )


def _penalised(layer: Layer, done: LayerTrace, rule: LearningRule) -> Array:
    return np.concatenate((penalised(layer.weights, done.dW, rule).ravel(), done.db))


def _changes(network: Network, before: Array, after: Array) -> Iterator[LayerChange]:
    start = 0
    for layer in network.layers:
        here, shape = slice(start, start + layer.n_parameters), layer.matrix.shape
        old, new = before[here].reshape(shape), after[here].reshape(shape)
        yield LayerChange(layer.activation, old[:-1], old[-1], new[:-1], new[-1], layer.leak)
        start += layer.n_parameters
