"""The numbers that are written into the network diagram: at the inputs, the neurons and the weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array
from bpviz.language import N_
from bpviz.session.frames.network_values import NetworkValues, Values
from bpviz.session.walkthrough.operations import Operation

Number = tuple[str, float | None]
_FORWARD, _BACKWARD, _LATER = ("z", "a", "b"), ("error", "slope", "delta"), ("a", "delta", "b")
#: The quantities of a neuron that matter in a phase of the update, where there is no room for all of them.
_OF_PHASE = {"forward": _FORWARD, "loss": _FORWARD, "backward": _BACKWARD, "gradients": _LATER, "update": _LATER}
_QUANTITIES = {"b": "bias"}
#: What the current operation sends along the weights.
_SENT = {"z": "contribution", "error": "backflow", "dW": "dW"}


@dataclass(frozen=True)
class SentNumbers:
    """What the current operation computes for each weight into a layer.

    Attributes
    ----------
    layer : int
        Counted from 1.
    values : ndarray of shape (n_in, n_out)
    is_backward : bool
        Whether it goes from the layer to the one before.
    """

    layer: int
    values: Array
    is_backward: bool


class NetworkNumbers:
    """Numbers of a network, as far as they are computed.

    Parameters
    ----------
    values : NetworkValues
    edge_quantity : str
        One of `bpviz.session.frames.network_values.EDGE_QUANTITIES`.
    """

    def __init__(self, values: NetworkValues, edge_quantity: str = "W") -> None:
        self._values, self._update = values, values.current_update
        self.edges: Values = values.edges(edge_quantity)
        self._nodes = {name: values.nodes(_QUANTITIES.get(name, name)) for name in {*_FORWARD, *_BACKWARD}}

    @property
    def operation(self) -> Operation | None:
        """The operation that was done last."""
        return self._update.operation if self._update else None

    def input(self, neuron: int) -> float | None:
        """Return one input of the selected sample; None without a current update."""
        return float(self._update.trace.x[self._values.row, neuron]) if self._update else None

    def target(self, neuron: int) -> float | None:
        """Return one target of the selected sample; None without a current update."""
        return float(self._update.trace.y[self._values.row, neuron]) if self._update else None

    def in_short(self, layer: int, neuron: int) -> tuple[Number, ...]:
        """Return up to three numbers of a neuron, those that matter at the current operation; None if not computed."""
        operation = self.operation
        if self._update is None:
            return self._at(layer, neuron, ("b",)) + self._rms_delta(layer, neuron)
        names = _OF_PHASE[operation.phase] if operation else _FORWARD
        if layer == self._values.n_layers and names == _FORWARD:
            return (*self._at(layer, neuron, ("z", "a")), ("y", self.target(neuron)))
        return self._at(layer, neuron, names)

    def in_full(self, layer: int, neuron: int) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
        """Return all numbers of a neuron: those of the forward pass, bias and target; and of the backward pass."""
        if self._update is None:
            return self._at(layer, neuron, ("b",)), self._rms_delta(layer, neuron)
        target = (("y", self.target(neuron)),) if layer == self._values.n_layers else ()
        return self._at(layer, neuron, _FORWARD) + target, self._at(layer, neuron, _BACKWARD)

    def _at(self, layer: int, neuron: int, names: tuple[str, ...]) -> tuple[Number, ...]:
        found = ((name, self._nodes[name][layer - 1]) for name in names)
        return tuple((name, None if each is None else float(each[neuron])) for name, each in found)

    def _rms_delta(self, layer: int, neuron: int) -> tuple[Number, ...]:
        each = self._nodes["delta"][layer - 1]
        return () if each is None else ((N_("RMS δ"), float(each[neuron])),)

    def sent(self) -> SentNumbers | None:
        """Return what the current operation sends along the weights, or None if it sends nothing."""
        operation = self.operation
        if operation is None or operation.quantity not in _SENT:
            return None
        is_backward = operation.quantity == "error"
        layer = operation.layer + is_backward
        if layer > self._values.n_layers:  # the error of the output comes from the loss
            return None
        values = self._values.edges(_SENT[operation.quantity])[layer - 1]
        return None if values is None else SentNumbers(layer, values, is_backward)


@dataclass(frozen=True)
class RankedWeight:
    """A weight into a neuron or out of it.

    Attributes
    ----------
    is_into : bool
    layer, neuron : int
        The neuron at its other end; layer 0 is the input.
    weight : float
    carried : float or None
        What it carries: a * W into the neuron, W * delta back into it; None if that is not computed.
    """

    is_into: bool
    layer: int
    neuron: int
    weight: float
    carried: float | None


def ranked_weights(values: NetworkValues, layer: int, neuron: int) -> tuple[RankedWeight, ...]:
    """Return the weights into a neuron, then those out of it, each ordered by size, the largest first."""
    into = _ranked(values, layer, neuron, is_into=True)
    return into + (_ranked(values, layer + 1, neuron, is_into=False) if layer < values.n_layers else ())


def _ranked(values: NetworkValues, layer: int, neuron: int, *, is_into: bool) -> tuple[RankedWeight, ...]:
    W = values.edges("W")[layer - 1]
    if W is None:
        return ()
    chosen = (slice(None), neuron) if is_into else (neuron, slice(None))
    carried = values.edges("contribution" if is_into else "backflow")[layer - 1]
    sizes = np.nan_to_num(np.abs(W[chosen]), nan=np.inf)
    return tuple(
        RankedWeight(
            is_into,
            layer - 1 if is_into else layer,
            other,
            float(W[chosen][other]),
            None if carried is None else float(carried[chosen][other]),
        )
        for other in np.argsort(-sizes, kind="stable").tolist()
    )
