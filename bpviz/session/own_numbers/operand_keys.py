"""The arrays of an update that somebody's numbers can be compared with, in the order of computing."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.layouts import words
from bpviz.core.mistakes.program import Key, keys_in_order
from bpviz.language import N_, _
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate

#: Quantities and their names on screen.
TITLES = {
    **{quantity: quantity for quantity in ("z", "a", "loss", "error", "slope", "delta", "dW", "db")},
    "W_after": N_("W after"),
    "b_after": N_("b after"),
}
PER_SAMPLE = ("z", "a", "error", "slope", "delta")
MATRICES = ("dW", "W_after")
_LOSS: Key = ("loss", 0)


def keys_of(update: TracedUpdate) -> tuple[Key, ...]:
    """Return quantity and layer of every array of an update, in the order in which they are compared."""
    return keys_in_order(len(update.layers))


def right_numbers(update: TracedUpdate, key: Key) -> Array:
    """Return bpviz's array, always of two axes: the values of neurons are a row, for each sample if they are many."""
    quantity, layer = key
    if quantity == "loss":
        return np.array([[update.trace.loss]], dtype=np.float64)
    if quantity.endswith("_after"):
        return np.atleast_2d(getattr(update.layers[layer - 1], quantity))
    return np.atleast_2d(getattr(update.trace.layers[layer - 1], quantity))


def key_of(operation: Operation) -> Key:
    """Return the array that an operation computes; of an update W, not b."""
    if operation.quantity == "loss":
        return _LOSS
    return ("W_after" if operation.quantity == "update" else operation.quantity, operation.layer)


def operation_of(key: Key, n_layers: int) -> Operation:
    """Return the operation that computes an array."""
    quantity, layer = key
    return Operation("update" if quantity.endswith("_after") else quantity, layer or n_layers)


def name_of(key: Key) -> str:
    """Return e.g. "dW of layer 2"."""
    return words(key)


def place_of(key: Key, update: TracedUpdate, row: int, column: int) -> str:
    """Return which number of an array a cell is, e.g. "neuron 3" or "from input 0 to neuron 3"."""
    quantity, layer = key
    if quantity == "loss":
        return ""
    neuron = _("neuron {column}").format(column=column)
    if quantity in MATRICES:
        text = _("from input {row} to {neuron}") if layer == 1 else _("from neuron {row} to {neuron}")
        return text.format(row=row, neuron=neuron)
    if quantity in PER_SAMPLE and len(update.samples) > 1:
        return _("{neuron}, sample {sample}").format(neuron=neuron, sample=update.samples[row])
    return neuron
