"""Trace an update: compute the operands and results of all its operations without training."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.network import Network
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import LayerChange, TracedUpdate, UpdateKind


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
    trainer, position = training.trainer, training.position
    trace, after = trainer.preview(chosen)
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
        learning_rate=trainer.learning_rate,
        loss_name=training.network.loss_name,
        losses_before=frozen(training.losses(chosen, before)),
        losses_after=frozen(training.losses(chosen, after)),
        mse_before=training.mse_with(before),
        mse_after=training.mse_with(after),
    )


def _changes(network: Network, before: Array, after: Array) -> Iterator[LayerChange]:
    start = 0
    for layer in network.layers:
        here, shape = slice(start, start + layer.n_parameters), layer.matrix.shape
        old, new = before[here].reshape(shape), after[here].reshape(shape)
        yield LayerChange(layer.activation, old[:-1], old[-1], new[:-1], new[-1], layer.leak)
        start += layer.n_parameters
