"""Texts about the cells of an operand: value, neurons and shape."""

from __future__ import annotations

from bpviz.language import _, without_gaps
from bpviz.session.walkthrough.operands import Operand
from bpviz.ui.style import formats

_DIGITS = 6


def cell_value(operand: Operand, row: int, column: int) -> str:
    """Return name, index and value, as in "W of layer 3[12, 4] = 0.123456"."""
    value = formats.number(float(operand.values[row, column]), _DIGITS)
    return f"{operand.name}{_index(operand, row, column)} = {value}"


def cell_meaning(operand: Operand, row: int, column: int) -> str:
    """Return the neurons of a cell in the direction of the forward pass, or ""."""
    ends = [(operand.row_layer, row), (operand.column_layer, column)]
    named = [
        _neuron(layer, number + operand.first) for layer, number in sorted((at, n) for at, n in ends if at is not None)
    ]
    if len(named) == 2:
        return without_gaps(_("from {source} to {target}").format(source=named[0], target=named[1]))
    return "".join(named)


def shape(operand: Operand) -> str:
    """Return rows and columns, as in "25 × 50"."""
    rows, columns = operand.values.shape
    return f"{rows} × {columns}"


def neuron_names(layer: int | None, count: int, first: int = 0) -> list[str]:
    """Return the names of the rows or columns of a table: neuron numbers, or samples if there is no layer."""
    name = _("sample {number}") if layer is None and count > 1 else "{number}"
    return [name.format(number=number) for number in range(first, count + first)]


def _index(operand: Operand, row: int, column: int) -> str:
    rows, columns = operand.values.shape
    numbers = [str(number + operand.first) for number, count in ((row, rows), (column, columns)) if count > 1]
    if not numbers:
        return "" if operand.neuron_at(row, column) is None else f"[{operand.first}]"
    return f"[{', '.join(numbers)}]"


def _neuron(layer: int, number: int) -> str:
    if layer:
        return _("neuron {neuron} of layer {layer}").format(neuron=number, layer=layer)
    return _("input {number}").format(number=number)
