"""Collecting somebody's arrays under bpviz's names: from lists of one array a layer, or a dict of W1, dW1, ..."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bpviz.core.diagnosis.input_error import InputError
from bpviz.core.diagnosis.layouts import Raw, words
from bpviz.core.diagnosis.numbers import QUANTITIES
from bpviz.core.mistakes.program import Key
from bpviz.language import _

WORDS: dict[str, tuple[str, ...]] = {
    "W": ("W", "w", "weights", "weight", "Ws", "theta"),
    "b": ("b", "bias", "biases", "bs"),
    "z": ("z", "Z", "zs", "net_input", "last_z", "preactivation", "pre_activation"),
    "a": ("a", "A", "last_activation", "output", "outputs", "last_output", "last_a"),
    "error": ("error", "errors", "dA", "da", "dL_da", "last_error"),
    "slope": ("slope", "slopes"),
    "delta": ("delta", "deltas", "dZ", "dz", "last_delta"),
    "dW": (
        "dW",
        "dw",
        "dWs",
        "grad_W",
        "grad_w",
        "nabla_w",
        "dweights",
        "d_weights",
        "grad_weights",
        "weights_gradient",
    ),
    "db": ("db", "dB", "dbs", "grad_b", "nabla_b", "dbias", "dbiases", "d_bias", "grad_bias", "bias_gradient"),
    "W_after": ("W_after", "W_new", "new_W", "weights_after"),
    "b_after": ("b_after", "b_new", "new_b", "biases_after", "bias_after"),
    "loss": ("loss", "loss_value", "cost"),
    "x": ("x", "X", "inputs"),
    "y": ("y", "Y", "targets", "labels"),
    "learning_rate": ("learning_rate", "lr", "alpha", "eta"),
    "activations": ("activations", "activation"),
}
NAMES = {word: name for name, several in WORDS.items() for word in several}
_NUMBERED = re.compile(r"(?P<name>.*?)_?(?P<layer>\d+)(?P<after>_after|_new)?")


def meaning(key: str) -> tuple[str, int | None] | None:
    """Return bpviz's name and layer of a key such as "W1", "dZ2" or "weights"; None if it is unknown."""
    if key in NAMES:
        return NAMES[key], None
    if not (found := _NUMBERED.fullmatch(key)):
        return None
    name = NAMES.get(found["name"])
    if found["after"]:
        name = {"W": "W_after", "b": "b_after"}.get(name or "")
    return None if name is None else (name, int(found["layer"]))


@dataclass
class Collected:
    """Arrays by bpviz's names: parameters, samples, numbers to check.

    Attributes
    ----------
    weights, biases : dict
        By layer, from 1.
    numbers : dict
        By quantity and layer.
    x, y : ndarray or None
    settings : dict
        "learning_rate", "activations", "loss" (a name), as far as given.
    finite : bool
        Whether NaN and infinity are refused.
    """

    weights: dict[int, Raw] = field(default_factory=dict)
    biases: dict[int, Raw] = field(default_factory=dict)
    numbers: dict[Key, Raw] = field(default_factory=dict)
    x: Raw | None = None
    y: Raw | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    finite: bool = True

    def add(self, name: str, layer: int | None, value: Any) -> None:
        """Add what was given under one of bpviz's names: an array, or a list of one array a layer.

        Raises
        ------
        ValueError
            If it is no array of finite numbers.
        """
        if value is None:
            return
        if name in ("learning_rate", "activations") or (name == "loss" and isinstance(value, str)):
            self.settings[name] = value
        elif name in ("x", "y"):
            setattr(self, name, array_of(value, name, finite=self.finite))
        elif name == "loss":
            self.numbers["loss", 0] = array_of(value, _("the loss"), finite=self.finite)
        elif layer is None:
            self._add_list(name, value)
        elif layer > 0 or name != "a":  # a of layer 0 is x
            self._add_one(name, layer, value)

    def _add_list(self, name: str, value: Any) -> None:
        if isinstance(value, np.ndarray) and value.dtype != object and value.ndim < 3:
            value = [value]
        if not isinstance(value, Iterable) or isinstance(value, str | Mapping):
            raise InputError(
                _("{name} must be a list of one array for each layer, not {kind}").format(
                    name=name, kind=type(value).__name__
                )
            )
        given = list(value)
        if name == "a" and self.weights and len(given) == len(self.weights) + 1:
            del given[0]  # the inputs, which many programs keep as the first activations
        if self.weights and len(given) != len(self.weights):
            raise InputError(
                _(
                    "{name} has {n_given} entries, but there are {n_weights} layers of weights: "
                    "give one each, None where you have none"
                ).format(name=name, n_given=len(given), n_weights=len(self.weights))
            )
        for layer, each in enumerate(given, start=1):
            if each is not None:
                self._add_one(name, layer, each)

    def _add_one(self, name: str, layer: int, value: Any) -> None:
        where = _("{name} of layer {layer}").format(name=name, layer=layer)
        if name in ("W", "b"):
            target = self.weights if name == "W" else self.biases
            target[layer] = array_of(value, where, finite=self.finite)
        else:
            self.numbers[name, layer] = array_of(value, words((name, layer)), finite=self.finite)

    def parameters(self) -> tuple[list[Raw], list[Raw]]:
        """Return the weights and biases of all layers, first to last.

        Raises
        ------
        ValueError
            If some are missing.
        """
        if not self.weights:
            raise InputError(
                _("the weights are missing: give W=[W1, W2, ...], one array of shape (n_in, n_out) a layer")
            )
        count = max(self.weights)
        for layer in range(1, count + 1):
            if layer not in self.weights:
                raise InputError(
                    _("W of layer {layer} is missing: layers are counted from 1, and each needs its weights").format(
                        layer=layer
                    )
                )
            if self.weights[layer].ndim != 2:
                raise InputError(
                    _("W of layer {layer} has shape {shape}; it must have two axes: (n_in, n_out)").format(
                        layer=layer, shape=self.weights[layer].shape
                    )
                )
        missing = [layer for layer in range(1, count + 1) if layer not in self.biases]
        if missing:
            raise InputError(
                _(
                    "b of layer {missing} is missing: give b=[b1, b2, ...], one array of shape (n_out,) a layer; "
                    "zeros where there is no bias"
                ).format(missing=missing[0])
            )
        beyond = [key for key in self.numbers if key[1] > count]
        if beyond:
            raise InputError(
                _("there is {beyond}, but only {count} layers have weights").format(
                    beyond=words(beyond[0]), count=count
                )
            )
        return [self.weights[n] for n in range(1, count + 1)], [self.biases[n] for n in range(1, count + 1)]


def collect(given: Mapping[str, Any], *, finite: bool = True) -> Collected:
    """Return the arrays of a dict under bpviz's names.

    Raises
    ------
    ValueError
        If a key has no meaning, such as a misspelt one, or a value is no array of finite numbers.
    """
    found = Collected(finite=finite)
    understood = [(key, meaning(str(key)), value) for key, value in given.items()]
    unknown = [key for key, known, _value in understood if known is None]
    if unknown:
        raise InputError(
            _(
                "the name {unknown!r} has no meaning here; names are W1, b1, x, y, learning_rate, activations, loss "
                "and, to be checked, {quantities}"
            ).format(unknown=unknown[0], quantities=", ".join(f"{name}1" for name in QUANTITIES if name != "loss"))
        )
    # Weights first: they tell how many layers there are.
    for _key, known, value in sorted(understood, key=lambda one: one[1] is None or one[1][0] != "W"):
        if known is not None:
            found.add(*known, value)
    return found


def array_of(value: Any, what: str, *, finite: bool = True) -> Raw:
    """Return a copy of an array of numbers, which must be finite unless it is said that they need not.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        array = np.array(value)
        if array.dtype.kind in "biu" or array.dtype.kind not in "f":
            array = array.astype(np.float64)
    except (TypeError, ValueError) as fault:
        raise InputError(
            _("{what} is no array of numbers: give nested lists or a numpy array").format(what=what)
        ) from fault
    if not array.size:
        raise InputError(_("{what} is empty: give its numbers, or leave it out").format(what=what))
    if finite and not np.isfinite(array).all():
        place = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        raise InputError(
            _("{what} holds {array} at {place}: there is nothing to compare; remove the cause first").format(
                what=what, array=array[place], place=place
            )
        )
    return array
