"""One update, quantity by quantity, in which any rule can be replaced by a wrong one.

Without a replacement a `Program` computes what `bpviz.core.backprop` computes; a test holds them together. Quantities
are computed when they are asked for, so that a comparison which fails early costs little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bpviz.core.activations import Activation
from bpviz.core.arrays import Array
from bpviz.core.backprop import Trace
from bpviz.core.network import Layer, Network
from bpviz.language import _

FORWARD = ("x", "y", "z", "a")
BACKWARD = ("error", "slope", "delta")
GRADIENTS = ("dW", "db")
UPDATED = ("W_after", "b_after")

#: A quantity and its layer, 1..L; x, y and loss belong to layer 0.
Key: TypeAlias = tuple[str, int]


def keys_in_order(n_layers: int) -> tuple[Key, ...]:
    """Return all quantities in the order of comparing: forward, loss, then from the last layer back.

    Gradients and new parameters come from the last layer back, too: a mistake in a delta makes all layers before it
    wrong, and the first of them in this order is where to look.
    """
    up, down = range(1, n_layers + 1), range(n_layers, 0, -1)
    forward = [(quantity, layer) for layer in up for quantity in ("z", "a")]
    back = [(quantity, layer) for part in (BACKWARD, GRADIENTS, UPDATED) for layer in down for quantity in part]
    return (*forward, ("loss", 0), *back)


@dataclass(frozen=True)
class Setup:
    """What one update starts from.

    Attributes
    ----------
    network : Network
        The parameters before the update, the activations and the loss. It is not changed.
    x, y : ndarray of shape (n_samples, n_inputs) and (n_samples, n_outputs)
    learning_rate : float or None
        None if it is not known: then nothing can be computed that needs it.
    """

    network: Network
    x: Array
    y: Array
    learning_rate: float | None = None

    @property
    def n_layers(self) -> int:
        """The number of layers that have weights."""
        return len(self.network.layers)

    def layer(self, number: int) -> Layer:
        """Return a layer by its number, 1..L."""
        return self.network.layers[number - 1]

    def width(self, number: int) -> int:
        """Return the number of neurons of a layer, or of inputs for layer 0."""
        return self.layer(number).n_neurons if number else self.network.layers[0].n_input


#: What takes the place of a rule: it gets the program, the layer, and what computes the value that the rule would give.
WrongRule: TypeAlias = Callable[["Program", int, Callable[[], Array]], Array]
Hooks: TypeAlias = Mapping[Key, tuple[WrongRule, ...]]


class CircularError(RuntimeError):
    """Two mistakes together would need a number to compute itself: no program can make both."""


class Program:
    """All quantities of one update, computed on demand.

    Parameters
    ----------
    setup : Setup
    hooks : mapping, optional
        The wrong rules by quantity and layer; of several at one place each is applied to what the one before gives.
    before : Program, optional
        The update before this one, for mistakes that leave something of it behind.
    known : mapping, optional
        Values that are known already, and that the hooks do not change.
    """

    def __init__(
        self,
        setup: Setup,
        hooks: Hooks | None = None,
        before: Program | None = None,
        known: Mapping[Key, Array] | None = None,
    ) -> None:
        self.setup, self.before = setup, before
        self._hooks: Hooks = hooks or {}
        self._values: dict[Key, Array] = dict(known or {})
        self._pending: set[Key] = set()

    def value(self, quantity: str, layer: int) -> Array:
        """Return a quantity of a layer.

        Raises
        ------
        CircularError
            If its wrong rules need the quantity itself.
        """
        key = (quantity, layer)
        found = self._values.get(key)
        if found is None:
            if key in self._pending:
                raise CircularError(
                    _("{quantity} of layer {layer} is needed to compute itself").format(quantity=quantity, layer=layer)
                )
            self._pending.add(key)
            found = self._values[key] = self._computed(key)
            self._pending.discard(key)
        return found

    def _computed(self, key: Key) -> Array:
        quantity, layer = key
        compute: Callable[[], Array] = lambda: _RULES[quantity](self, layer)  # noqa: E731 - the chain grows below
        for hook in self._hooks.get(key, ()):
            compute = _wrapped(hook, self, layer, compute)
        return compute()

    # Names as in formulas, for the rules

    def z(self, layer: int) -> Array:
        """Return z of a layer, shape (n_samples, n_neurons)."""
        return self.value("z", layer)

    def a(self, layer: int) -> Array:
        """Return a of a layer; for layer 0 the inputs."""
        return self.value("a", layer) if layer else self.value("x", 0)

    def delta(self, layer: int) -> Array:
        """Return delta of a layer, shape (n_samples, n_neurons)."""
        return self.value("delta", layer)

    def error(self, layer: int) -> Array:
        """Return error of a layer, shape (n_samples, n_neurons)."""
        return self.value("error", layer)

    def slope(self, layer: int) -> Array:
        """Return slope of a layer, shape (n_samples, n_neurons)."""
        return self.value("slope", layer)

    def W(self, layer: int) -> Array:
        """Return the weights of a layer before the update, shape (n_input, n_neurons)."""
        return self.setup.layer(layer).weights

    def b(self, layer: int) -> Array:
        """Return the biases of a layer before the update, shape (n_neurons,)."""
        return self.setup.layer(layer).bias

    def activation(self, layer: int) -> Activation:
        """Return the activation function of a layer."""
        return self.setup.layer(layer).rule

    @property
    def rate(self) -> float:
        """The learning rate."""
        if self.setup.learning_rate is None:
            raise LookupError(_("the learning rate is not known"))
        return self.setup.learning_rate

    @property
    def n_samples(self) -> int:
        """The number of samples of the update."""
        return len(self.setup.x)


def _wrapped(hook: WrongRule, program: Program, layer: int, compute: Callable[[], Array]) -> Callable[[], Array]:
    return lambda: hook(program, layer, compute)


# The right rules, one for each quantity


def _z(p: Program, layer: int) -> Array:
    return p.a(layer - 1) @ p.W(layer) + p.b(layer)


def _a(p: Program, layer: int) -> Array:
    return p.activation(layer).f(p.z(layer), None)


def _loss(p: Program, layer: int) -> Array:
    last, loss = p.setup.n_layers, p.setup.network.loss
    return np.asarray(np.mean(loss.value(p.z(last), p.a(last), p.value("y", 0))))


def _error(p: Program, layer: int) -> Array:
    if layer == p.setup.n_layers:
        return p.setup.network.loss.error(p.a(layer), p.value("y", 0))
    return p.delta(layer + 1) @ p.W(layer + 1).T


def _slope(p: Program, layer: int) -> Array:
    return p.activation(layer).slope(p.z(layer), p.a(layer), None)


def _delta(p: Program, layer: int) -> Array:
    if layer == p.setup.n_layers and p.setup.network.loss.cancels_slope:
        return p.a(layer) - p.value("y", 0)
    return p.activation(layer).delta(p.error(layer), p.slope(layer), p.a(layer))


def _dW(p: Program, layer: int) -> Array:
    return p.a(layer - 1).T @ p.delta(layer) / p.n_samples


def _db(p: Program, layer: int) -> Array:
    return np.asarray(p.delta(layer).mean(axis=0))


def _W_after(p: Program, layer: int) -> Array:
    return p.W(layer) - p.rate * p.value("dW", layer)


def _b_after(p: Program, layer: int) -> Array:
    if not p.setup.network.train_biases:
        return p.b(layer)
    return p.b(layer) - p.rate * p.value("db", layer)


_RULES: dict[str, Callable[[Program, int], Array]] = {
    "x": lambda p, layer: p.setup.x,
    "y": lambda p, layer: p.setup.y,
    "z": _z,
    "a": _a,
    "loss": _loss,
    "error": _error,
    "slope": _slope,
    "delta": _delta,
    "dW": _dW,
    "db": _db,
    "W_after": _W_after,
    "b_after": _b_after,
}


def values_of(trace: Trace) -> dict[Key, Array]:
    """Return the quantities of a trace of a batch, by quantity and layer."""
    values: dict[Key, Array] = {("x", 0): trace.x, ("y", 0): trace.y, ("loss", 0): np.asarray(trace.loss)}
    for number, layer in enumerate(trace.layers, start=1):
        for quantity in ("z", "a", *BACKWARD, *GRADIENTS):
            values[quantity, number] = getattr(layer, quantity)
    return values
