"""The operations of one update, in the order of `bpviz.core.backprop`, and the levels of stepping."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby

from bpviz.language import N_, _, without_gaps

FORWARD, BACKWARD, GRADIENTS = ("z", "a"), ("error", "slope", "delta"), ("dW", "db")
#: What an update does with its gradient if its rule is not plain SGD; see `LearningRule.extra_operations`.
RULE = ("penalty", "clip", "moment")
# The quantities that are words; the others are symbols.
_WORDS = {
    "loss": N_("loss"),
    "error": N_("error"),
    "slope": N_("slope"),
    "delta": N_("delta"),
    "penalty": N_("penalty"),
    "clip": N_("clip"),
    "moment": N_("moment"),
    "update": N_("update"),
}
_PHASES = {
    **dict.fromkeys(FORWARD, "forward"),
    "loss": "loss",
    **dict.fromkeys(BACKWARD, "backward"),
    **dict.fromkeys((*GRADIENTS, *RULE), "gradients"),
    "update": "update",
}
LEVELS = (N_("operation"), N_("layer"), N_("phase"), N_("sample"), N_("epoch"))


@dataclass(frozen=True)
class Operation:
    """One line of the algorithm for one layer.

    Attributes
    ----------
    quantity : str
        "z", "a", "loss", "error", "slope", "delta", "dW", "db", one of `RULE`, or "update".
    layer : int
        Counted from 1; for the loss, the last layer.
    """

    quantity: str
    layer: int

    @property
    def phase(self) -> str:
        """One of "forward", "loss", "backward", "gradients", "update"."""
        return _PHASES[self.quantity]

    @property
    def name(self) -> str:
        """Its name on screen, as in "delta of layer 1"; "loss"."""
        if self.quantity == "loss":
            return quantity_name(self.quantity)
        text = _("{quantity} of layer {layer}")
        return without_gaps(text.format(quantity=quantity_name(self.quantity), layer=self.layer))


def quantity_name(quantity: str) -> str:
    """Return the name of a quantity on screen."""
    return _(_WORDS[quantity]) if quantity in _WORDS else quantity


@cache
def operations(n_layers: int, extra: tuple[str, ...] = ()) -> tuple[Operation, ...]:
    """Return the operations of one update in their order: forward, loss, backward, gradients, `extra`, update."""
    up, down = range(1, n_layers + 1), range(n_layers, 0, -1)
    forward = [Operation(quantity, layer) for layer in up for quantity in FORWARD]
    backward = [Operation(quantity, layer) for layer in down for quantity in BACKWARD]
    gradients = [Operation(quantity, layer) for layer in up for quantity in GRADIENTS]
    updates = [Operation("update", layer) for layer in up]
    between = [Operation(quantity, layer) for quantity in extra for layer in up]
    return (*forward, Operation("loss", n_layers), *backward, *gradients, *between, *updates)


def operation_text(done: int, n_layers: int, extra: tuple[str, ...] = ()) -> str:
    """Return where an update stands after some of its operations, as in "after delta of layer 1"."""
    if not done:
        return _("before the first operation")
    operation = operations(n_layers, extra)[done - 1]
    if operation.quantity == "loss":
        return _("after the loss")
    return without_gaps(_("after {operation}").format(operation=operation.name))


@cache
def marks(n_layers: int, level: str, extra: tuple[str, ...] = ()) -> tuple[int, ...]:
    """Return the numbers of operations of an update after which a step of a level ends; the last is all of them.

    Raises
    ------
    ValueError
        If the level is unknown.
    """
    if level not in LEVELS:
        text = _("no level is called {level!r}; choose one of {levels}")
        raise ValueError(text.format(level=level, levels=", ".join(LEVELS)))
    numbered = enumerate(operations(n_layers, extra), start=1)
    return tuple(list(group)[-1][0] for _, group in groupby(numbered, key=lambda pair: _part(pair[1], level)))


def _part(operation: Operation, level: str) -> object:
    """Return a key that is equal for the operations of one step of a level."""
    if level == "operation":
        return operation
    if level == "layer":
        # An extra operation of a layer comes when the gradients of all layers are there: it is a step of its own.
        own = operation.quantity if operation.quantity in RULE else ""
        return operation.phase, operation.layer, own
    return operation.phase if level == "phase" else None
