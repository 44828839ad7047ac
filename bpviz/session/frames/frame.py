"""What the screen draws of one position, and what it may ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices
from bpviz.core.surface import Grid, Outputs
from bpviz.session.training.position import Position

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ShownSamples:
    """Which samples a screen shows one by one: all, or evenly spaced ones where there are too many.

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
    """What the screen draws of one position.

    Attributes
    ----------
    position : Position
    grid : Grid
        Where `outputs`, shape (rows, columns, n_outputs), were taken.
    deltas : tuple of ndarray of float32, each of shape (n_shown, n_neurons)
        Deltas of layers 1..L at this moment, for the shown training samples in their order.
    wrong_train, wrong_test : ndarray of bool, shape (n_shown,)
        Which shown samples are misclassified.
    beside : Frame or None
        The same of the branch that is compared, over the same grid; at another position while it catches up.
    parameters : ndarray
        All parameters of the network at this moment, packed as `Network.parameters` is.
    maps : tuple of ndarray of float32, each of shape (n_neurons, rows, columns)
        What the neurons of layers 1..L put out over the wished grid; empty where it was not wished.
    activations : tuple of ndarray of float32, each of shape (n_shown, n_neurons)
        a of layers 1..L for the shown training samples in their order; empty where it was not wished.
    maps_grid : Grid or None
        Where the maps were taken.
    error_rms, delta_rms : tuple of float
        Root mean square error, and delta, of layers 1..L over the neurons and the shown training samples.
    neuron_health : tuple of ndarray of uint8, each of shape (n_neurons,)
        The `NeuronHealth` of the neurons of layers 1..L; empty where activations were not wished.
    """

    position: Position
    grid: Grid
    outputs: Outputs
    deltas: tuple[npt.NDArray[np.float32], ...]
    wrong_train: Flags
    wrong_test: Flags
    beside: Frame | None = None
    parameters: Array = field(default_factory=lambda: np.empty(0))
    maps: tuple[npt.NDArray[np.float32], ...] = ()
    activations: tuple[npt.NDArray[np.float32], ...] = ()
    maps_grid: Grid | None = None
    error_rms: tuple[float, ...] = ()
    delta_rms: tuple[float, ...] = ()
    neuron_health: tuple[npt.NDArray[np.uint8], ...] = ()


@dataclass(frozen=True)
class FrameOptions:
    """What frames should hold beside the surface and the deltas.

    Attributes
    ----------
    maps : Grid or None
        Where to take what every neuron puts out; None for nowhere.
    activations : bool
        Whether to hold a of every layer for the shown training samples, and what ails neurons.
    """

    maps: Grid | None = None
    activations: bool = False
