"""What travels from a running session to whoever watches it. Frozen, with read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices
from bpviz.core.datasets import Split
from bpviz.core.surface import Grid, Outputs
from bpviz.session.bookmarks import Bookmark
from bpviz.session.breakpoints import Breakpoint, Hits
from bpviz.session.checking import GradientsChecked
from bpviz.session.epoch_table import EpochTable
from bpviz.session.experiment import Experiment
from bpviz.session.moment import Moment
from bpviz.session.position import Position
from bpviz.session.timeline import Timeline
from bpviz.session.watches import Watch, Watched

Flags = npt.NDArray[np.bool_]


class State(StrEnum):
    """What a session is doing."""

    PREPARING = "preparing"
    PAUSED = "paused"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class EpochRecord:
    """The outcome of one epoch.

    Attributes
    ----------
    epoch : int
        Counted from 0, as the article does.
    mse_train, mse_test : float
    accuracy_train, accuracy_test : float
        Shares, 0 to 1.
    delta_rms : ndarray of float32
        Root mean square delta of every neuron over the epoch's samples, each in its turn, layer after layer.
    delta_mean : ndarray of float32
        Mean |delta| of every neuron over the same.
    mistakes : int
        How many training samples were misclassified when their turn came.
    update_ratio : ndarray of float32, shape (n_layers,)
        RMS of update / RMS of W of every layer, as `bpviz.core.update_size.update_ratios`, over evenly spaced training
        samples each of which makes an update of its own at the end of the epoch.
    """

    epoch: int
    mse_train: float
    mse_test: float
    accuracy_train: float
    accuracy_test: float
    delta_rms: npt.NDArray[np.float32]
    delta_mean: npt.NDArray[np.float32]
    mistakes: int
    update_ratio: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shown:
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
class Prepared:
    """A new network stands ready: its experiment, its samples, and which of them are shown.

    Attributes
    ----------
    experiment : Experiment
    split : Split
    shown : Shown
    n_parameters : int
    goes_on : bool
        Whether it is that of another branch of the same session, whose time is told next.
    """

    experiment: Experiment
    split: Split
    shown: Shown
    n_parameters: int
    goes_on: bool = False


@dataclass(frozen=True)
class EpochsDone:
    """One or more epochs in a row; every epoch is sent exactly once.

    Attributes
    ----------
    records : tuple of EpochRecord
    rate : float
        In epochs a second.
    watched : tuple of Watched
        The watches at the end of each of these epochs; empty where there were none.
    of_compared : bool
        Whether they are epochs of the branch that is compared with the active one.
    """

    records: tuple[EpochRecord, ...]
    rate: float
    watched: tuple[Watched, ...] = ()
    of_compared: bool = False


@dataclass(frozen=True)
class Taken:
    """Other records than those that were told hold from now on; the tables belong to whoever takes them.

    Attributes
    ----------
    epochs : EpochTable
        Of the active branch.
    compared : EpochTable or None
        Of the branch that is compared with it.
    """

    epochs: EpochTable
    compared: EpochTable | None


@dataclass(frozen=True)
class Retuned:
    """Another moment was come to, in which other training options are in force."""

    experiment: Experiment


@dataclass(frozen=True)
class Frame:
    """What the screen draws of one moment.

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
        All parameters of the network at this moment, packed as `NeuralNetwork.parameters` is.
    maps : tuple of ndarray of float32, each of shape (n_neurons, rows, columns)
        What the neurons of layers 1..L put out over the wished grid; empty where it was not wished.
    activations : tuple of ndarray of float32, each of shape (n_shown, n_neurons)
        a of layers 1..L for the shown training samples in their order; empty where it was not wished.
    maps_grid : Grid or None
        Where the maps were taken.
    error_rms, delta_rms : tuple of float
        Root mean square error, and delta, of layers 1..L over the neurons and the shown training samples.
    ailments : tuple of ndarray of uint8, each of shape (n_neurons,)
        The `Ailment` of the neurons of layers 1..L; empty where activations were not wished.
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
    ailments: tuple[npt.NDArray[np.uint8], ...] = ()


@dataclass(frozen=True)
class Wishes:
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


@dataclass(frozen=True)
class Status:
    """The session's state changed, or time went by in a long epoch.

    Attributes
    ----------
    state : State
    position : Position or None
        None where there is no network.
    is_live : bool
        False where training has been further already, so that this is a moment of the past.
    furthest : Position or None
        The live end of the active branch; None where there is no network.
    trains_on : bool
        Whether the live end trains on while this moment of the past is on screen; `state` is what is done on screen.
    """

    state: State
    position: Position | None
    is_live: bool = True
    furthest: Position | None = None
    trains_on: bool = False


@dataclass(frozen=True)
class Opened:
    """A session was opened from a file, and this is what belongs to it on screen."""

    bookmarks: tuple[Bookmark, ...]
    breakpoints: tuple[Breakpoint, ...]
    watches: tuple[Watch, ...]


@dataclass(frozen=True)
class Saved:
    """The session was written to a file that the user chose."""

    path: Path


@dataclass(frozen=True)
class Failed:
    """Something went wrong: a sentence for the user, and the details for whoever mends it."""

    sentence: str
    details: str = ""


Event = (
    Prepared
    | EpochsDone
    | Taken
    | Timeline
    | Retuned
    | Frame
    | Moment
    | Watched
    | Hits
    | GradientsChecked
    | Opened
    | Saved
    | Status
    | Failed
)
