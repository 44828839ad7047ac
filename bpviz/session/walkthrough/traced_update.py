"""TracedUpdate: the operands and results of all operations of an update, and how many of them are done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from bpviz.core.activations import LEAK
from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.backprop import Trace
from bpviz.core.losses import Loss, loss_for
from bpviz.core.network import Layer, Network
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.language import N_, _
from bpviz.session.conventions.conventions import OWN, Conventions
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import RULE, Operation, operations

_SIGNED = ("error", "delta", "dW", "db")
#: Stands for the number of a sample of the user's own, which is not in the training set.
OWN_SAMPLE = -1


def sample_name(sample: int) -> str:
    """Return "sample 12" for a training sample, or "own sample"."""
    return _("own sample") if sample == OWN_SAMPLE else _("sample {sample:,}").format(sample=sample)


class UpdateKind(StrEnum):
    """Why an update is shown: the next in turn, an inspected sample, or an extra update."""

    IN_TURN = N_("in turn")
    INSPECTED = N_("inspected")
    APPLIED = N_("applied")


@dataclass(frozen=True)
class LayerChange:
    """A layer's parameters before an update and after it. Read-only arrays.

    Attributes
    ----------
    activation : str
    W, W_after : ndarray of shape (n_input, n_neurons)
    b, b_after : ndarray of shape (n_neurons,)
    leak : float
        The slope of leaky_relu for z < 0.
    """

    activation: str
    W: Array
    b: Array
    W_after: Array
    b_after: Array
    leak: float = LEAK


@dataclass(frozen=True)
class LearningTrace:
    """What an update does with its gradient before it changes the parameters. Read-only arrays.

    Packed arrays hold all layers, W before b, as `bpviz.core.network.Network.parameters`.

    Attributes
    ----------
    rule : LearningRule
    number : int
        Of this update since the start of training, counted from 1.
    norm : float
        Norm of the gradient of all parameters, with penalties, before it is clipped.
    penalised, taken : ndarray of shape (n_parameters,)
        The gradient with penalties, and what the optimiser takes: the same, clipped.
    slots_before, slots : ndarray of shape (n_slots, n_parameters)
        What the optimiser remembers before the update and after it.
    """

    rule: LearningRule
    number: int
    norm: float
    penalised: Array
    taken: Array
    slots_before: Array
    slots: Array


@dataclass(frozen=True)
class TracedUpdate:
    """An update of which some operations are done.

    Attributes
    ----------
    position : Position
        The position of training; after all operations of an update in turn, that of the next update.
    index : int
        Number of operations done.
    kind : UpdateKind
        An inspected update is shown without training; an applied one was made in addition to those in turn.
    samples : ndarray of int
        The training samples of the update: one, or a batch; `OWN_SAMPLE` for one that is not in the training set.
    trace : Trace
        The trace with the parameters before the update: z, a, error, slope and delta have shape
        (n_samples, n_neurons).
    layers : tuple of LayerChange
        Layers 1..L.
    learning_rate : float
        That of this epoch, by the schedule.
    loss_name : str
    losses_before, losses_after : ndarray of shape (n_samples,)
        The loss of each of the samples before and after the update.
    mse_before, mse_after : float or None
        The mean squared error over the training set; None if that is too large to be scored at every step.
    learning : LearningTrace or None
        None for plain SGD.
    conventions : Conventions
        In which the numbers are written, see `as_shown`. All that is computed from an update needs those of bpviz.
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
    learning: LearningTrace | None = None
    conventions: Conventions = OWN

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations of this update, in their order."""
        return operations(len(self.layers), self.rule.extra_operations)

    @property
    def rule(self) -> LearningRule:
        """How the update is made of its gradient."""
        return self.learning.rule if self.learning else PLAIN_SGD

    @property
    def rate_of_decay(self) -> float:
        """The learning rate that weight decay takes: the session's, in all conventions."""
        return self.learning_rate * self.conventions.rate_factor(rescales=self.rule.rescales)

    @property
    def operation(self) -> Operation | None:
        """The operation just done, None before the first."""
        return self.operations[self.index - 1] if self.index else None

    @property
    def loss(self) -> Loss:
        """The loss function for the activation of the output layer."""
        return loss_for(self.loss_name, self.layers[-1].activation)

    def is_done(self, operation: Operation) -> bool:
        """Return whether an operation is done."""
        return self.operations.index(operation) < self.index

    @property
    def is_own(self) -> bool:
        """Whether it is of a sample of the user's own."""
        return int(self.samples[0]) == OWN_SAMPLE

    def sample_name(self, row: int) -> str:
        """Return "sample 12" for a row of the trace's arrays, or "own sample"."""
        return sample_name(int(self.samples[row]))

    def row_of(self, sample: int | None) -> int:
        """Return the row of a training sample in the trace's arrays; 0 if it is not in the batch."""
        found = np.flatnonzero(self.samples == sample)
        return int(found[0]) if len(found) else 0

    def value(self, operation: Operation) -> Array:
        """Return the result of an operation, as in `bpviz.core.backprop.LayerTrace`; for "update", W after it."""
        if operation.quantity == "loss":
            return np.asarray(self.trace.loss)
        if operation.quantity == "update":
            return self.layers[operation.layer - 1].W_after
        if operation.quantity in RULE:
            return self.weights_of(self._packed(operation.quantity), operation.layer)
        value: Array = getattr(self.trace.layers[operation.layer - 1], operation.quantity)
        return value

    def weights_of(self, packed: Array, layer: int) -> Array:
        """Return the part of a packed array that belongs to the weights of a layer, shape (n_input, n_neurons)."""
        start, W = self._start(layer), self.layers[layer - 1].W
        return packed[start : start + W.size].reshape(W.shape)

    def biases_of(self, packed: Array, layer: int) -> Array:
        """Return the part of a packed array that belongs to the biases of a layer, shape (n_neurons,)."""
        change = self.layers[layer - 1]
        start = self._start(layer) + change.W.size
        return packed[start : start + len(change.b)]

    def _start(self, layer: int) -> int:
        return sum(before.W.size + before.b.size for before in self.layers[: layer - 1])

    def _packed(self, quantity: str) -> Array:
        """Return the packed result of an extra operation; for "moment", the last of the optimiser's numbers."""
        assert self.learning is not None
        if quantity == "penalty":
            return self.learning.penalised
        return self.learning.taken if quantity == "clip" else self.learning.slots[-1]


@np.errstate(over="ignore", invalid="ignore")  # twice the largest number is infinite, and shown so
def as_shown(update: TracedUpdate, conventions: Conventions) -> TracedUpdate:
    """Return an update with its numbers in other conventions, to be shown.

    The factors are powers of 2, so nothing is rounded: each step is what it was, bit for bit. The learning rate is
    negative where gradients have the other sign. The rule of learning has the coefficients that fit the numbers.
    """
    applying = conventions.applying(update.loss_name)
    by, of_loss = applying.factor, applying.loss_factor
    if by == 1.0:
        return replace(update, conventions=applying)
    trace = update.trace
    layers = tuple(
        replace(layer, **{name: frozen(by * getattr(layer, name)) for name in _SIGNED}) for layer in trace.layers
    )
    return replace(
        update,
        trace=replace(trace, layers=layers, loss=of_loss * trace.loss),
        learning_rate=update.learning_rate / applying.rate_factor(rescales=update.rule.rescales),
        losses_before=frozen(of_loss * update.losses_before),
        losses_after=frozen(of_loss * update.losses_after),
        learning=_learning_as_shown(update.learning, by, of_loss) if update.learning else None,
        conventions=applying,
    )


def _learning_as_shown(learning: LearningTrace, by: float, of_loss: float) -> LearningTrace:
    """Return what an update does with its gradient, where that is `by` times as large, and the loss `of_loss` times."""
    rule = learning.rule
    larger = {name: of_loss * getattr(rule, name) for name in ("l1", "l2", "clip_norm", "epsilon")}
    factors = np.array([by * by if name == "v" else by for name in rule.slots])[:, np.newaxis]
    return replace(
        learning,
        rule=replace(rule, **larger),
        norm=of_loss * learning.norm,
        penalised=frozen(by * learning.penalised),
        taken=frozen(by * learning.taken),
        slots_before=frozen(factors * learning.slots_before),
        slots=frozen(factors * learning.slots),
    )


def network_of(update: TracedUpdate, *, after: bool = False) -> Network:
    """Return a network with the parameters before an update, or after it."""
    network = Network(loss=update.loss_name)
    for change in update.layers:
        W, b = (change.W_after, change.b_after) if after else (change.W, change.b)
        network.add_layer(Layer(len(W), len(b), change.activation, W, b, leak=change.leak))
    return network
