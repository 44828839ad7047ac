"""What a cell of an operand is called, and what it stands for."""

from __future__ import annotations

from bpviz.session.walkthrough.operands import Operand
from bpviz.ui.style import formats

_DIGITS = 6


def cell_value(operand: Operand, row: int, column: int) -> str:
    """Write name, index and value: "W of layer 3[12, 4] = 0.123456"."""
    value = formats.number(float(operand.values[row, column]), _DIGITS)
    return f"{operand.name}{_index(operand, row, column)} = {value}"


def cell_meaning(operand: Operand, row: int, column: int) -> str:
    """Name the neurons that a cell belongs to, in the direction of the forward pass; empty if there are none."""
    ends = [(operand.row_layer, row), (operand.column_layer, column)]
    named = [_neuron(layer, number) for layer, number in sorted((at, n) for at, n in ends if at is not None)]
    return f"from {named[0]} to {named[1]}" if len(named) == 2 else "".join(named)


def shape(operand: Operand) -> str:
    """Write rows and columns: "25 × 50"."""
    rows, columns = operand.values.shape
    return f"{rows} × {columns}"


def neuron_names(layer: int | None, count: int) -> list[str]:
    """Name the rows or columns of a table: by their neurons, or as samples where they stand for none."""
    word = "sample " if layer is None and count > 1 else ""
    return [f"{word}{number}" for number in range(count)]


def _index(operand: Operand, row: int, column: int) -> str:
    rows, columns = operand.values.shape
    numbers = [str(number) for number, count in ((row, rows), (column, columns)) if count > 1]
    if not numbers:
        return "" if operand.neuron_at(row, column) is None else "[0]"
    return f"[{', '.join(numbers)}]"


def _neuron(layer: int, number: int) -> str:
    return f"neuron {number} of layer {layer}" if layer else f"input {number}"
