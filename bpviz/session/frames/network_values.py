"""The values of all neurons and weights at the position on screen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.packing import unpack
from bpviz.language import N_
from bpviz.session.frames.frame import Frame
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate

NODE_QUANTITIES = ("a", "z", N_("delta"), N_("error"), N_("slope"), N_("bias"))
EDGE_QUANTITIES = ("W", "dW", N_("contribution"), N_("backflow"), "m", "v")
Values = list[Array | None]


class NetworkValues:
    """Values of the current update, as far as it is done, or of a frame if there is no current update.

    Parameters
    ----------
    sizes : sequence of int
        Widths of all layers, the inputs included.
    frame : Frame or None
    update : TracedUpdate or None
    row : int
        The sample, as a row of the update's batch.
    """

    def __init__(self, sizes: Sequence[int], frame: Frame | None, update: TracedUpdate | None, row: int = 0) -> None:
        self.sizes, self.frame, self.current_update, self.row = tuple(sizes), frame, update, row
        self._parameters = list(self._find_parameters())

    @property
    def n_layers(self) -> int:
        """Number of layers with weights."""
        return len(self.sizes) - 1

    def _find_parameters(self) -> Sequence[tuple[Array, Array]]:
        if self.current_update is None:
            return unpack(self.frame.parameters, self.sizes) if self.frame and self.frame.parameters.size else ()
        return [
            (layer.W_after, layer.b_after) if self._is_done("update", number) else (layer.W, layer.b)
            for number, layer in enumerate(self.current_update.layers, start=1)
        ]

    def nodes(self, quantity: str) -> Values:
        """Return a quantity of layers 1..L, shape (n_neurons,); None for what is not computed yet.

        Without a current update, delta is its root mean square over the shown samples.
        """
        return [self._node(quantity, layer) for layer in range(1, self.n_layers + 1)]

    def edges(self, quantity: str) -> Values:
        """Return a quantity of the weights into layers 1..L, shape (n_in, n_out); None for what is not computed yet.

        A contribution is W * a of the neuron that the weight comes from, a backflow W * delta of the neuron that it
        leads to. The inputs have no backflow. m is the velocity or mean gradient that the optimiser keeps, v its mean
        or sum of squared gradients; before its operation as they were before the update.
        """
        return [self._edge(quantity, layer) for layer in range(1, self.n_layers + 1)]

    def parameter(self, layer: int, source: int | None, neuron: int) -> float | None:
        """Return one weight, or one bias if `source` is None."""
        if not self._parameters:
            return None
        W, b = self._parameters[layer - 1]
        return float(b[neuron] if source is None else W[source, neuron])

    def strongest_source(self, layer: int, neuron: int) -> int:
        """Return the neuron of the layer before from which the largest weight into a neuron comes."""
        return int(np.abs(self._parameters[layer - 1][0][:, neuron]).argmax()) if self._parameters else 0

    def _node(self, quantity: str, layer: int) -> Array | None:
        if quantity == "bias":
            return self._parameters[layer - 1][1] if self._parameters else None
        if self.current_update is not None:
            value = self.current_update.value(Operation(quantity, layer))[self.row]
            return value if self._is_done(quantity, layer) else None
        return self._rms_delta(layer) if quantity == "delta" else None

    def _rms_delta(self, layer: int) -> Array | None:
        if self.frame is None or not len(self.frame.deltas[layer - 1]):
            return None
        with np.errstate(all="ignore"):
            squares = np.square(self.frame.deltas[layer - 1], dtype=np.float64)
            return np.asarray(np.sqrt(squares.mean(axis=0)))

    def _edge(self, quantity: str, layer: int) -> Array | None:
        if quantity == "W":
            return self._parameters[layer - 1][0] if self._parameters else None
        update = self.current_update
        if quantity in ("m", "v"):
            return self._moment(quantity, layer)
        needs = {"dW": "dW", "contribution": "z", "backflow": "delta"}[quantity]
        if update is None or not self._is_done(needs, layer) or (quantity == "backflow" and layer == 1):
            return None
        trace, W = update.trace.layers[layer - 1], update.layers[layer - 1].W
        if quantity == "dW":
            return trace.dW
        with np.errstate(all="ignore"):
            if quantity == "contribution":
                return np.asarray(W * update.trace.inputs_of(layer - 1)[self.row][:, None])
            return np.asarray(W * trace.delta[self.row])

    def _moment(self, name: str, layer: int) -> Array | None:
        update = self.current_update
        if update is None or update.learning is None or (slot := update.rule.slot_of(name)) is None:
            return None
        learning = update.learning
        slots = learning.slots if self._is_done("moment", layer) else learning.slots_before
        return update.weights_of(slots[slot], layer)

    def _is_done(self, quantity: str, layer: int) -> bool:
        return self.current_update is not None and self.current_update.is_done(Operation(quantity, layer))
