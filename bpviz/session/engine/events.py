"""What travels from a running session to whoever watches it. Frozen, with read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bpviz.core.datasets import Split
from bpviz.session.debugging.breakpoints import Breakpoint, Hits
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.diagnostics.gradient_check import GradientsChecked
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import Frame, ShownSamples
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.timeline import Timeline
from bpviz.session.training.epochs import EpochRecord, EpochTable
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate


class State(StrEnum):
    """What a session is doing."""

    PREPARING = "preparing"
    PAUSED = "paused"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class NetworkReady:
    """A new network stands ready: its experiment, its samples, and which of them are shown.

    Attributes
    ----------
    experiment : Experiment
    split : Split
    shown : ShownSamples
    n_parameters : int
    goes_on : bool
        Whether it is that of another branch of the same session, whose time is told next.
    """

    experiment: Experiment
    split: Split
    shown: ShownSamples
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
class EpochTablesReplaced:
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
class ExperimentChanged:
    """Another moment was come to, in which other training options are in force."""

    experiment: Experiment


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
class SessionOpened:
    """A session was opened from a file, and this is what belongs to it on screen."""

    bookmarks: tuple[Bookmark, ...]
    breakpoints: tuple[Breakpoint, ...]
    watches: tuple[Watch, ...]


@dataclass(frozen=True)
class SessionSaved:
    """The session was written to a file that the user chose."""

    path: Path


@dataclass(frozen=True)
class Failed:
    """Something went wrong: a sentence for the user, and the details for whoever mends it."""

    sentence: str
    details: str = ""


Event = (
    NetworkReady
    | EpochsDone
    | EpochTablesReplaced
    | Timeline
    | ExperimentChanged
    | Frame
    | TracedUpdate
    | Watched
    | Hits
    | GradientsChecked
    | SessionOpened
    | SessionSaved
    | Status
    | Failed
)
