"""Outputs of a network, and of each of its neurons, over a grid of the input plane, or of another plane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array
from bpviz.core.plane import Plane

if TYPE_CHECKING:
    from bpviz.core.network import Network

Outputs = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Grid:
    """A rectangle of the input plane, divided into cells.

    Attributes
    ----------
    left, right, bottom, top : float
        The rectangle's edges, in the units of the two inputs.
    columns, rows : int
        Number of cells in each direction; outputs are computed at their centres.
    plane : Plane or None
        Where the rectangle is in the space of inputs; None for two inputs, whose plane is the whole space.
    """

    left: float
    right: float
    bottom: float
    top: float
    columns: int
    rows: int
    plane: Plane | None = None

    @property
    def n_inputs(self) -> int:
        """Number of inputs of a network whose outputs can be computed over the grid."""
        return self.plane.n_inputs if self.plane else 2

    def coarser(self) -> Grid:
        """Return the same rectangle with half as many cells in each direction."""
        return replace(self, columns=max(self.columns // 2, 2), rows=max(self.rows // 2, min(self.rows, 2)))

    def axes(self) -> tuple[Outputs, Outputs]:
        """Return the centres of the cells: x (columns,) and y (rows,)."""
        x = self.left + (np.arange(self.columns) + 0.5) * (self.right - self.left) / self.columns
        y = self.bottom + (np.arange(self.rows) + 0.5) * (self.top - self.bottom) / self.rows
        return x.astype(np.float32), y.astype(np.float32)

    def points(self) -> Outputs:
        """Return the centres as inputs, shape (rows * columns, n_inputs), row by row from the bottom."""
        x, y = self.axes()
        places = np.column_stack((np.tile(x, self.rows), np.repeat(y, self.columns)))
        return self.plane.inputs(places) if self.plane else places


def grid_around(X: Array, columns: int = 10, rows: int = 10) -> Grid:
    """Return a grid over the bounding box of some points, shape (n_samples, 2)."""
    (left, bottom), (right, top) = extent(X)
    return Grid(float(left), float(right), float(bottom), float(top), columns, rows)


def extent(X: Array) -> tuple[Array, Array]:
    """Return the lower left and upper right corners of the points' bounding box, shape (2,) each.

    A box of no width, or of no height, is extended by half a unit to either side.
    """
    low, high = X.min(axis=0), X.max(axis=0)
    room = np.where(high > low, 0.0, 0.5)
    return low - room, high + room


def outputs_over(network: Network, grid: Grid) -> Outputs:
    """Return the outputs over a grid, shape (rows, columns, n_outputs)."""
    return outputs_at(network, grid.points()).reshape(grid.rows, grid.columns, -1)


def outputs_at(network: Network, points: Outputs) -> Outputs:
    """Return the outputs for some points, shape (n_points, n_outputs), in float32."""
    return activations_at(network, points)[-1]


def activations_at(network: Network, points: Outputs) -> list[Outputs]:
    """Return a of layers 1..L for some points, each of shape (n_points, n_neurons): one forward pass.

    In float32: twice as fast as float64, and precise enough for a screen.
    """
    a, found = points, []
    with np.errstate(all="ignore"):  # what overflows a float32 is saturated, or beyond the colour scale, anyway
        for layer in network.layers:
            z = a @ layer.weights.astype(np.float32) + layer.bias.astype(np.float32)
            a = layer.rule.f(z, z)  # type: ignore[arg-type, assignment]
            found.append(a)
    return found


def maps_over(activations: list[Outputs], grid: Grid) -> list[Outputs]:
    """Return the activations of each neuron over a grid, shape (n_neurons, rows, columns) for each layer.

    Parameters
    ----------
    activations : list of ndarray of shape (rows * columns, n_neurons)
        Activations at ``grid.points()``, in that order.
    grid : Grid
    """
    return [np.ascontiguousarray(a.T).reshape(-1, grid.rows, grid.columns) for a in activations]


def boundaries(outputs: Outputs) -> list[Outputs]:
    """Return for each class its output minus the largest other one, shape (rows, columns); its boundary is at 0.

    For two classes there is only one map: the second output minus the first; for a single output there is none.
    """
    if outputs.shape[-1] == 1:
        return []
    if outputs.shape[-1] == 2:
        return [outputs[..., 1] - outputs[..., 0]]
    others = [np.delete(outputs, k, axis=-1).max(axis=-1) for k in range(outputs.shape[-1])]
    return [outputs[..., k] - other for k, other in enumerate(others)]
