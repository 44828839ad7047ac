"""Frame: the arrays that the screen draws for one position."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices
from bpviz.core.surface import Grid, Outputs
from bpviz.session.frames.predictions import Predictions
from bpviz.session.training.position import Position

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ShownSamples:
    """The samples that are drawn as points: all, or evenly spaced ones if there are too many.

    Attributes
    ----------
    train : ndarray of int
        Training samples, ordered by class and, within one, by number.
    test : ndarray of int
        Test samples.
    """

    train: Indices
    test: Indices


@dataclass(frozen=True)
class Frame:
    """The arrays that the screen draws for one position.

    Attributes
    ----------
    position : Position
    grid : Grid
        The grid of the decision surface.
    outputs : ndarray of float32, shape (rows, columns, n_outputs)
        The network's outputs over `grid`.
    deltas : tuple of ndarray of float32, each of shape (n_shown, n_neurons)
        Deltas of layers 1..L for the shown training samples.
    wrong_train, wrong_test : ndarray of bool, shape (n_shown,)
        Which shown samples are misclassified.
    beside : Frame or None
        The frame of the compared branch over the same grid; its position differs while that branch catches up.
    beside_is_behind : bool
        Whether the compared branch is still on its way to the position.
    parameters : ndarray
        All parameters of the network, packed as `Network.parameters` is.
    maps : tuple of ndarray of float32, each of shape (n_neurons, rows, columns)
        Activations of layers 1..L over `maps_grid`; empty if not requested.
    activations : tuple of ndarray of float32, each of shape (n_shown, n_neurons)
        a of layers 1..L for the shown training samples; empty if not requested.
    maps_grid : Grid or None
        The grid of `maps`.
    error_rms, delta_rms : tuple of float
        Root mean square error, and delta, of layers 1..L over the neurons and the shown training samples.
    neuron_health : tuple of ndarray of uint8, each of shape (n_neurons,)
        The `NeuronHealth` of the neurons of layers 1..L; empty if activations were not requested.
    predicted_train, predicted_test : Predictions or None
        Of the training and the test samples; None if not requested, and for a regression.
    """

    position: Position
    grid: Grid
    outputs: Outputs
    deltas: tuple[npt.NDArray[np.float32], ...]
    wrong_train: Flags
    wrong_test: Flags
    beside: Frame | None = None
    beside_is_behind: bool = False
    parameters: Array = field(default_factory=lambda: np.empty(0))
    maps: tuple[npt.NDArray[np.float32], ...] = ()
    activations: tuple[npt.NDArray[np.float32], ...] = ()
    maps_grid: Grid | None = None
    error_rms: tuple[float, ...] = ()
    delta_rms: tuple[float, ...] = ()
    neuron_health: tuple[npt.NDArray[np.uint8], ...] = ()
    predicted_train: Predictions | None = None
    predicted_test: Predictions | None = None

    def outputs_at(self, x: float, y: float) -> Outputs | None:
        """Return the outputs of the cell of the surface that a point lies in; None beside the surface."""
        grid = self.grid
        column = math.floor((x - grid.left) / (grid.right - grid.left) * grid.columns)
        height = (y - grid.bottom) / (grid.top - grid.bottom)
        row = 0 if grid.rows == 1 else math.floor(height * grid.rows)
        if 0 <= column < grid.columns and 0 <= row < grid.rows:
            here: Outputs = self.outputs[row, column]
            return here
        return None


@dataclass(frozen=True)
class FrameOptions:
    """Which optional arrays a frame contains.

    Attributes
    ----------
    maps : Grid or None
        The grid over which to compute every neuron's activations; None to omit them.
    activations : bool
        Whether to include a of every layer for the shown training samples, and the neurons' health.
    predictions : bool
        Whether to include what is predicted for the training and the test samples.
    """

    maps: Grid | None = None
    activations: bool = False
    predictions: bool = False
