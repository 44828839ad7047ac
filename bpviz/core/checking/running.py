"""Running somebody's program on copies, and collecting the numbers of its updates."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bpviz.core.checking.calling import call, takes
from bpviz.core.checking.collecting import Collected
from bpviz.core.checking.returned import read_backward, read_forward
from bpviz.core.checking.snapshot import Names, snapshot
from bpviz.core.diagnosis.input_error import InputError
from bpviz.core.diagnosis.layouts import Raw, RawUpdate
from bpviz.core.mistakes.program import BACKWARD, GRADIENTS, UPDATED, Key
from bpviz.language import _

_FORWARD = ("feed_forward", "forward", "feedforward", "forward_pass", "forward_propagation")
_BACKWARD = (
    "backpropagation", "backprop", "backward", "backward_pass", "backward_propagation", "back_propagation",
    "train_step", "train_on_batch", "fit_one", "train_one", "learn",
)  # fmt: skip
_UPDATE = (
    "update",
    "update_parameters",
    "update_params",
    "update_weights",
    "apply_gradients",
    "gradient_descent",
    "step",
)
DEFAULT_RATE = 0.1
# How many samples a program gets that takes one at a time.
MOST_SAMPLES = 5
_OF_BACKWARD = (*BACKWARD, *GRADIENTS, *UPDATED)


@dataclass
class Theirs:
    """Somebody's program.

    Attributes
    ----------
    network : object
        Their object or dict of parameters. It is copied, never called itself.
    forward, backward, update : callable or None
        Functions beside it; by default the object's methods of the usual names.
    names : mapping
        Their attribute and method names by bpviz's.
    """

    network: Any
    forward: Callable[..., Any] | None = None
    backward: Callable[..., Any] | None = None
    update: Callable[..., Any] | None = None
    names: Names = field(default_factory=dict)

    def copied(self) -> Theirs:
        """Return the program with a copy of its network.

        Raises
        ------
        ValueError
            If it cannot be copied.
        """
        try:
            network = copy.deepcopy(self.network)
        except Exception as fault:
            raise InputError(
                _(
                    "the network cannot be copied ({fault}), and bpviz calls only copies; "
                    "hand over its parameters as a dict, and its functions as forward=..., backward=..."
                ).format(fault=fault)
            ) from fault
        return Theirs(network, self.forward, self.backward, self.update, self.names)

    def function(self, role: str) -> tuple[str, Callable[..., Any]] | None:
        """Return the name and the function that does the forward or backward pass, or the update."""
        given: Callable[..., Any] | None = getattr(self, role)
        if given is not None:
            return role, given
        usual = {"forward": _FORWARD, "backward": _BACKWARD, "update": _UPDATE}[role]
        for name in (self.names.get(role), *(self.names.get(word) for word in usual), *usual):
            method = getattr(self.network, name, None) if name and not isinstance(self.network, Mapping) else None
            if callable(method):
                return str(name), method
        return None


def run(theirs: Theirs, samples: Sequence[tuple[Raw, Raw]], rate: float, *, train_biases: bool) -> list[RawUpdate]:
    """Run one update after another on a copy; return what each started from and what it computed."""
    copied, state = theirs.copied(), np.random.get_state()
    try:
        return [_one_update(copied, x, y, rate, train_biases=train_biases) for x, y in samples]
    finally:
        np.random.set_state(state)


def _one_update(theirs: Theirs, x: Raw, y: Raw, rate: float, *, train_biases: bool) -> RawUpdate:
    before = snapshot(theirs.network, theirs.names)
    weights, biases = parameters_of(before)
    numbers, has_updated = _call_all(theirs, x, y, rate, (weights, biases))
    after = snapshot(theirs.network, theirs.names)
    found: dict[Key, Raw] = {**after.numbers, **numbers.numbers}
    if has_updated or is_changed(before, after):
        found |= parameters_after(before, after)
    if theirs.function("backward") and not any(quantity in _OF_BACKWARD for quantity, _ in found):
        raise InputError(
            _(
                "the backward pass left nothing that can be checked: let it store error and delta in the layers, "
                "return "
                "gradients as a dict {'dW1': ..., 'db1': ...} or as lists, or update the parameters"
            )
        )
    is_updated = any(quantity.endswith("_after") for quantity, _ in found)
    return RawUpdate(x, y, weights, biases, found, rate if is_updated else None, train_biases)


def parameters_after(before: Collected, after: Collected) -> dict[Key, Raw]:
    """Return the parameters of each layer after an update under the names of these."""
    return {
        (name, layer): new[layer]
        for name, old, new in (("W_after", before.weights, after.weights), ("b_after", before.biases, after.biases))
        for layer in old
        if new.get(layer) is not None and new[layer].size
    }


def is_changed(before: Collected, after: Collected) -> bool:
    """Return whether a parameter is another one now."""
    return any(
        layer not in new or not np.array_equal(old[layer], new[layer], equal_nan=True)
        for old, new in ((before.weights, after.weights), (before.biases, after.biases))
        for layer in old
    )


def _call_all(
    theirs: Theirs, x: Raw, y: Raw, rate: float, parameters: tuple[list[Raw], list[Raw]]
) -> tuple[Collected, bool]:
    """Call forward, backward and, if backward does not, update; return the numbers, and whether there was an update."""
    weights, biases = parameters
    numbers = Collected(weights=dict(enumerate(weights, start=1)), biases=dict(enumerate(biases, start=1)))
    values: dict[str, Any] = {"x": np.array(x), "y": np.array(y), "learning_rate": rate, "network": theirs.network}
    values |= {"weights": weights, "biases": biases}
    values |= {f"W{n}": W for n, W in enumerate(weights, start=1)} | {f"b{n}": b for n, b in enumerate(biases, start=1)}
    backward = theirs.function("backward")
    if forward := theirs.function("forward"):
        given = call(forward[1], forward[0], values)
        values |= read_forward(given, numbers, len(weights))
    if backward is None:
        return numbers, False
    given = call(backward[1], backward[0], values)
    values["gradients"] = given
    read_backward(given, numbers, weights, biases)
    if takes(backward[1], "learning_rate"):
        return numbers, True
    update = theirs.function("update")
    if update is None or not takes(update[1], "learning_rate"):
        return numbers, False
    given = call(update[1], update[0], values)
    if isinstance(given, Mapping):  # a function that returns new parameters
        new = snapshot(given, {})
        numbers.numbers |= {("W_after", layer): value for layer, value in new.weights.items()}
        numbers.numbers |= {("b_after", layer): value for layer, value in new.biases.items()}
        return numbers, False
    return numbers, True


def parameters_of(found: Collected) -> tuple[list[Raw], list[Raw]]:
    """Return weights and biases; zeros where a layer has no bias.

    Raises
    ------
    ValueError
        If there are no weights.
    """
    for layer, W in found.weights.items():
        if layer in found.biases and not found.biases[layer].size and W.ndim == 2:
            found.biases[layer] = np.zeros(W.shape[1])
    if not found.weights:
        raise InputError(
            _(
                "no weights were found: the network needs `layers` (each with `weights` and `bias`), lists `weights` "
                "and "
                "`biases`, or W1, b1, ...; other names are given by names={'weights': 'their_name'}"
            )
        )
    return found.parameters()


def ways_to_call(x: Raw, y: Raw) -> Iterator[tuple[str, list[tuple[Raw, Raw]]]]:
    """Yield the ways to hand samples to a program: as a batch, then one after another, as vectors, rows or columns."""
    if x.ndim < 2:
        yield "vector", [(x, y)]
        yield "row", [(x.reshape(1, -1), y.reshape(1, -1))]
        yield "column", [(x.reshape(-1, 1), y.reshape(-1, 1))]
        return
    yield "batch", [(x, y), (x, y)]
    pairs = list(zip(x, y, strict=False))[:MOST_SAMPLES]
    yield "vector", pairs
    yield "row", [(one.reshape(1, -1), np.reshape(other, (1, -1))) for one, other in pairs]
    yield "column", [(one.reshape(-1, 1), np.reshape(other, (-1, 1))) for one, other in pairs]
    yield "batch of columns", [(x.T, y.T), (x.T, y.T)]
