"""Texts about the current values of variables in the code."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.session.walkthrough.variables import Variable
from bpviz.ui.style import formats
from bpviz.ui.view_model.selection import Selection

_SHOWN = 4
# All other two-dimensional arrays have a row for each sample.
_MATRICES = ("weights", "weights.T", "dW")


def in_short(name: str, known: Variable) -> str:
    """Return a name with its shape, or with its value if that is a single number."""
    if isinstance(known.value, np.ndarray):
        return f"{name} {_shape(known.value)}"
    return f"{name} = {_plain(known)}"


def in_full(name: str, known: Variable, row: int, selection: Selection) -> str:
    """Return lines of text: name and shape, range, first values, and the value of the selected neuron.

    Parameters
    ----------
    name : str
        Name in the code.
    known : Variable
    row : int
        Row of the selected sample in the batch.
    selection : Selection
    """
    if not isinstance(known.value, np.ndarray):
        return f"{name} = {_plain(known)}"
    array = known.value
    is_matrix = name.endswith(_MATRICES)
    values = array if is_matrix or array.ndim == 1 else array[row]
    lines = [_title(name, array, known.layer), _range(array), _some(values)]
    if len(array) > 1 and values is not array:
        lines[2] = _("row {row}: {values}").format(row=row, values=lines[2])
    if selection.layer == known.layer and selection.neuron is not None:
        lines.append(_of_neuron(values.T if name.endswith(".T") else values, selection.neuron))
    return "\n".join(lines)


def _title(name: str, array: Array, layer: int | None) -> str:
    text = "{name} {shape}" if layer is None else _("{name} {shape} · layer {layer}")
    if layer == 0:
        text = _("{name} {shape} · the input")
    return text.format(name=name, shape=_shape(array), layer=layer)


def _of_neuron(values: Array, neuron: int) -> str:
    own = values[..., neuron]
    if own.ndim:
        return _("into neuron {neuron}: {values}").format(neuron=neuron, values=_some(own))
    return _("neuron {neuron}: {value}").format(neuron=neuron, value=formats.number(float(own), 6))


def _plain(known: Variable) -> str:
    value = known.value
    if isinstance(value, tuple):
        shapes = ", ".join(_shape(each) for each in value)
        text = _("a list of {count} arrays {shapes}")
        return text.format(count=len(value), shapes=shapes) if value else _("an empty list")
    if value is None:
        return _("None, since this is the last layer")
    return str(value) if isinstance(value, bool | str) else formats.number(float(value))


def _shape(array: Array) -> str:
    return str(array.shape)


def _range(array: Array) -> str:
    bad = int(np.count_nonzero(~np.isfinite(array)))
    if bad:
        text = _("{bad} of {count} are not finite")
        return text.format(bad=formats.count(bad), count=formats.count(array.size))
    text = _("from {least} to {largest}")
    return text.format(least=formats.number(float(array.min())), largest=formats.number(float(array.max())))


def _some(values: Array) -> str:
    # A tooltip has room for a few values; the panels show all of them.
    first = ", ".join(formats.number(float(value)) for value in values.flat[:_SHOWN])
    return first if values.size <= _SHOWN else f"{first}, …"
