"""One update on the table: all that its operations read and write, and how many of them are done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.backprop import Trace
from bpviz.core.losses import Loss, loss_for
from bpviz.core.network import Layer, Network
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import Operation, operations


class UpdateKind(StrEnum):
    """How a sample came onto the table."""

    IN_TURN = "in turn"
    INSPECTED = "inspected"
    APPLIED = "applied"


@dataclass(frozen=True)
class LayerChange:
    """A layer's parameters before an update and after it. Read-only arrays.

    Attributes
    ----------
    activation : str
    W, W_after : ndarray of shape (n_input, n_neurons)
    b, b_after : ndarray of shape (n_neurons,)
    """

    activation: str
    W: Array
    b: Array
    W_after: Array
    b_after: Array


@dataclass(frozen=True)
class TracedUpdate:
    """One update in the middle of its operations.

    Attributes
    ----------
    position : Position
        Where training stands. Once all operations of a sample in turn are done, that is before the next sample.
    index : int
        How many operations are done; 0 stands before the first.
    role : UpdateKind
        An inspected sample is looked at, and nothing is trained; an applied one was trained on out of turn.
    samples : ndarray of int
        The training samples of the update: one, or a batch.
    trace : Trace
        Of the batch, with the parameters from before the update: z, a, error, slope and delta have shape
        (n_samples, n_neurons).
    layers : tuple of LayerChange
        Layers 1..L.
    learning_rate : float
    loss_name : str
    losses_before, losses_after : ndarray of shape (n_samples,)
        The loss of each of the samples before and after the update.
    mse_before, mse_after : float or None
        The mean squared error over the training set, None where it is too large to be scored at every step.
    """

    position: Position
    index: int
    kind: UpdateKind
    samples: Indices
    trace: Trace
    layers: tuple[LayerChange, ...]
    learning_rate: float
    loss_name: str
    losses_before: Array
    losses_after: Array
    mse_before: float | None
    mse_after: float | None

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations of this update, in their order."""
        return operations(len(self.layers))

    @property
    def operation(self) -> Operation | None:
        """The operation just done, None before the first."""
        return self.operations[self.index - 1] if self.index else None

    @property
    def loss(self) -> Loss:
        """The loss, as it reads for the activation of the output layer."""
        return loss_for(self.loss_name, self.layers[-1].activation)

    def is_done(self, operation: Operation) -> bool:
        """Say whether an operation is among those that are done."""
        return self.operations.index(operation) < self.index

    def row_of(self, sample: int | None) -> int:
        """Return which row of the trace's arrays belongs to a training sample; the first if it is not among them."""
        found = np.flatnonzero(self.samples == sample)
        return int(found[0]) if len(found) else 0

    def value(self, operation: Operation) -> Array:
        """Return what an operation computes, as in `bpviz.core.backprop.LayerTrace`; for an update, W after it."""
        if operation.quantity == "loss":
            return np.asarray(self.trace.loss)
        if operation.quantity == "update":
            return self.layers[operation.layer - 1].W_after
        value: Array = getattr(self.trace.layers[operation.layer - 1], operation.quantity)
        return value


def network_of(update: TracedUpdate, *, after: bool = False) -> Network:
    """Return a network with the parameters from before the update on the table, or from after it."""
    network = Network(loss=update.loss_name)
    for change in update.layers:
        W, b = (change.W_after, change.b_after) if after else (change.W, change.b)
        network.add_layer(Layer(len(W), len(b), change.activation, W, b))
    return network
