"""Reading the arrays of somebody's network: an object with layers, with lists, with W1, b1, or a dict of arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bpviz.core.checking.collecting import WORDS, Collected, meaning

_LAYERS = ("_layers", "layers")
_DICTS = ("params", "parameters", "_params", "grads", "gradients", "_grads", "cache", "_cache")
_LAYER_QUANTITIES = ("W", "b", "z", "a", "error", "slope", "delta", "dW", "db")
#: Attribute names by bpviz's names; None for a quantity that is not to be read.
Names = Mapping[str, str | None]


def snapshot(network: Any, names: Names, *, finite: bool = True) -> Collected:
    """Return copies of all arrays of a network that have a meaning, and the names of its activation functions.

    Raises
    ------
    ValueError
        If an array that must be finite is not.
    """
    found = Collected(finite=finite)
    if network is None:
        return found
    layers = layers_of(network, names)
    if layers is not None:
        _read_layers(layers, names, found)
    else:
        _read_dict(network if isinstance(network, Mapping) else _attributes(network), names, found)
    for word in WORDS["learning_rate"]:
        value = getattr(network, word, None)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.settings.setdefault("learning_rate", float(value))
    loss = getattr(network, "loss_name", None)
    if isinstance(loss, str):
        found.settings.setdefault("loss", loss)
    return found


def layers_of(network: Any, names: Names) -> Sequence[Any] | None:
    """Return the layers of a network, None if it is no list of layers with weights."""
    for word in (names.get("layers"), *_LAYERS):
        layers = network if isinstance(network, list | tuple) else getattr(network, word, None) if word else None
        if isinstance(layers, list | tuple) and any(_has_weights(layer, names) for layer in layers):
            return layers
    return None


def _part(layer: Any, quantity: str, names: Names) -> Any:
    """Return what a layer stores of a quantity, under the name that was given, or any that is usual."""
    words = WORDS[quantity]
    if quantity in names or words[0] in names:
        chosen = names.get(quantity, names.get(words[0]))
        return None if chosen is None else _entry(layer, chosen)
    for mapped in (names.get(word) for word in words):
        if mapped:
            return _entry(layer, mapped)
    for word in words:
        for spelling in (word, f"_{word}"):
            value = _entry(layer, spelling)
            if value is not None and not callable(value):
                return value
    return None


def _entry(layer: Any, name: str) -> Any:
    return layer.get(name) if isinstance(layer, Mapping) else getattr(layer, name, None)


def _read_layers(layers: Sequence[Any], names: Names, found: Collected) -> None:
    """Read layers in their order; one without weights is the activation function of the layer before it."""
    activations: list[Any] = []
    for layer in layers:
        if _has_weights(layer, names):
            _read_layer(layer, len(activations) + 1, names, found)
            word = names.get("activation") or "activation"
            activations.append(_entry(layer, word) if _has(layer, word) else "?")
        elif activations:
            number = len(activations)
            activations[-1] = _entry(layer, "activation") or type(layer).__name__
            output = found.numbers.pop(("a", number), None)  # of the layer before it: that is z
            if output is not None:
                found.numbers.setdefault(("z", number), output)
            if is_array(value := _part(layer, "a", names)):
                found.add("a", number, value)
    if activations and "?" not in activations:
        found.settings["activations"] = activations


def _read_layer(layer: Any, number: int, names: Names, found: Collected) -> None:
    for quantity in _LAYER_QUANTITIES:
        value = _part(layer, quantity, names)
        if is_array(value):
            found.add(quantity, number, value)
    if number not in found.biases:
        found.biases[number] = np.zeros(0)


def _has_weights(layer: Any, names: Names) -> bool:
    return isinstance(_part(layer, "W", names), np.ndarray | list)


def _has(layer: Any, name: str) -> bool:
    return name in layer if isinstance(layer, Mapping) else hasattr(layer, name)


def _attributes(network: Any) -> dict[str, Any]:
    """Return what an object and its classes hold, without their methods and properties."""
    found: dict[str, Any] = {}
    for kind in reversed(type(network).__mro__):
        found |= {name: value for name, value in vars(kind).items() if _is_data(name, value)}
        slots = (name for name in vars(kind).get("__slots__", ()) if hasattr(network, name))
        found |= {name: getattr(network, name) for name in slots}
    return found | getattr(network, "__dict__", {})


def _is_data(name: str, value: Any) -> bool:
    return not (name.startswith("__") or callable(value) or hasattr(value, "__get__"))


def _read_dict(arrays: Mapping[Any, Any], names: Names, found: Collected) -> None:
    """Read W1, b1, ... and lists such as weights, also inside a dict such as params."""
    wanted = {theirs: ours for ours, theirs in names.items() if theirs}
    refused = {ours for ours, theirs in names.items() if theirs is None}
    entries = []
    for key, value in arrays.items():
        name = str(key)
        if isinstance(value, Mapping) and (name in _DICTS or name in wanted):
            _read_dict(value, names, found)
        else:
            known = meaning(wanted.get(name, name).strip("_"))
            if known is not None and known[0] not in refused:
                entries.append((known, value))
    for (name, layer), value in sorted(entries, key=lambda one: one[0][0] != "W"):
        is_usable = is_array(value) if layer is not None else is_list_of_arrays(value)
        if name in _LAYER_QUANTITIES and is_usable:
            found.add(name, layer, value)
        elif name == "activations" and is_list_of_arrays(value):
            found.add("a", None, value)
        elif name == "activations" and isinstance(value, str | list | tuple):
            found.settings.setdefault("activations", value)


def is_array(value: Any) -> bool:
    """Return whether something is an array of numbers, or nested lists of them."""
    if not isinstance(value, np.ndarray | list | tuple | float | np.floating):
        return False
    try:
        return np.asarray(value, dtype=np.float64).size > 0
    except (TypeError, ValueError):
        return False


def is_list_of_arrays(value: Any) -> bool:
    """Return whether something is a list of one array a layer."""
    return isinstance(value, list | tuple) and bool(value) and all(each is None or is_array(each) for each in value)
