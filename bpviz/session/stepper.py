"""A cursor over the operations of one trace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.backprop import Trace

FORWARD, BACKWARD, GRADIENTS = ("z", "a"), ("error", "slope", "delta"), ("dW", "db")


@dataclass(frozen=True)
class Operation:
    """One line of the algorithm for one layer.

    Attributes
    ----------
    quantity : str
        "z", "a", "loss", "error", "slope", "delta", "dW" or "db".
    layer : int
        Counted from 1; the last for the loss.
    """

    quantity: str
    layer: int


def operations(n_layers: int) -> tuple[Operation, ...]:
    """Return the operations of one sample in their order: forward, loss, backward, gradients."""
    up, down = range(1, n_layers + 1), range(n_layers, 0, -1)
    forward = [Operation(quantity, layer) for layer in up for quantity in FORWARD]
    backward = [Operation(quantity, layer) for layer in down for quantity in BACKWARD]
    gradients = [Operation(quantity, layer) for layer in down for quantity in GRADIENTS]
    return (*forward, Operation("loss", n_layers), *backward, *gradients)


class Stepper:
    """Walks through one trace, forward and back, and says what each operation computed.

    Attributes
    ----------
    index : int
        How many operations are done; 0 stands before the first.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.operations = operations(len(trace.layers))
        self.index = 0

    def go(self, index: int) -> None:
        """Move to `index`, held between the first and the last operation."""
        self.index = min(max(index, 0), len(self.operations))

    @property
    def operation(self) -> Operation | None:
        """The operation just done, None before the first."""
        return self.operations[self.index - 1] if self.index else None

    def value(self, operation: Operation) -> Array:
        """Return what an operation computed, in the shapes of `bpviz.core.backprop.LayerTrace`."""
        if operation.quantity == "loss":
            return np.asarray(self.trace.loss)
        value: Array = getattr(self.trace.layers[operation.layer - 1], operation.quantity)
        return value
