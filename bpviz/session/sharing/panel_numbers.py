"""What the panels draw, as numbers: one function for each kind of picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices
from bpviz.session.diagnostics.gradient_check import GradientsChecked
from bpviz.session.diagnostics.histograms import bin_edges
from bpviz.session.frames.frame import Frame
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.training.epochs import COLUMNS, LOSS_COLUMNS, REGRESSION_COLUMNS, EpochTable
from bpviz.session.walkthrough.operands import Operand

Image = npt.NDArray[np.float32]


def history_numbers(table: EpochTable) -> Numbers:
    """Return one row for each epoch, the number of complete passes first; accuracy is a fraction, 0 to 1."""
    scores = COLUMNS if not table.is_regression else (*COLUMNS[:3], *REGRESSION_COLUMNS)
    names = (*scores, *LOSS_COLUMNS)
    columns = [table.column(name).tolist() for name in names[1:]]
    return Numbers(names, zip(table.numbers.astype(int).tolist(), *columns, strict=True))


def delta_numbers(layers: Sequence[Image], samples: Indices, labels: Indices) -> Numbers:
    """Return the deltas of some training samples, one row for each, as the heat map has them from below."""
    columns = ("sample", "class", *_names("delta", layers))
    matrix = np.concatenate([layer.astype(np.float64) for layer in layers], axis=1)
    rows = zip(samples.tolist(), labels.tolist(), matrix.tolist(), strict=True)
    return Numbers(columns, ((sample, label, *values) for sample, label, values in rows))


def delta_history_numbers(layers: Sequence[Image], size: str, step: int, epochs: int) -> Numbers:
    """Return the size of the deltas of each neuron, one row for every `step` epochs, the last epoch of each first."""
    matrix = np.concatenate([layer.astype(np.float64) for layer in layers], axis=1).tolist()
    rows = ((min((row + 1) * step, epochs), *values) for row, values in enumerate(matrix))
    return Numbers(("epoch", *_names(size, layers)), rows)


def surface_numbers(frame: Frame) -> Numbers:
    """Return the outputs over the grid of the surface, one row for each cell: its inputs, then its outputs."""
    points, outputs = frame.grid.points(), frame.outputs.reshape(-1, frame.outputs.shape[-1])
    names = *(f"x{number}" for number in range(1, points.shape[1] + 1)), *_numbered("output", outputs.shape[1])
    rows = zip(points.astype(np.float64).tolist(), outputs.astype(np.float64).tolist(), strict=True)
    return Numbers(tuple(names), ((*inputs, *found) for inputs, found in rows))


def operand_numbers(operands: Sequence[Operand]) -> Numbers:
    """Return all operands of an operation, one row for each entry of each array; rows and columns count from 0."""
    rows = (
        (operand.name, row, column, float(operand.values[row, column]))
        for operand in operands
        for row, column in np.ndindex(operand.values.shape)
    )
    return Numbers(("array", "row", "column", "value"), rows)


def check_numbers(checked: GradientsChecked) -> Numbers:
    """Return both gradients of every weight, then of every bias, of each layer, with their relative error."""
    return Numbers(
        ("layer", "parameter", "from", "to", "backprop", "central_difference", "relative_error"), _of(checked)
    )


def _of(checked: GradientsChecked) -> Iterator[tuple[object, ...]]:
    for check in checked.checks:
        n_rows, n_neurons = check.errors.shape
        numbers = zip(check.analytic.tolist(), check.numerical.tolist(), check.errors.ravel().tolist(), strict=True)
        for index, values in enumerate(numbers):
            row, neuron = divmod(index, n_neurons)
            is_bias = row == n_rows - 1
            yield check.layer, "b" if is_bias else "W", "" if is_bias else row, neuron, *values


def place_numbers(places: Array, axes: Sequence[str], samples: Indices, labels: Indices) -> Numbers:
    """Return where samples are drawn, one row for each."""
    rows = zip(samples.tolist(), labels.tolist(), places.astype(np.float64).tolist(), strict=True)
    return Numbers(("sample", "class", *axes), ((sample, label, *place) for sample, label, place in rows))


def histogram_numbers(quantity: str, layer: int, counts: Indices, top: float) -> Iterator[tuple[object, ...]]:
    """Yield a row for each bin of a histogram: quantity, layer, its ends, and the number of values between them."""
    for index, count in enumerate(counts.tolist()):
        yield quantity, layer, *bin_edges(index, top), count


def _names(quantity: str, layers: Sequence[Image]) -> tuple[str, ...]:
    return tuple(
        name
        for number, layer in enumerate(layers, start=1)
        for name in _numbered(f"{quantity}_{number}", layer.shape[1])
    )


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}_{number}" for number in range(count))
