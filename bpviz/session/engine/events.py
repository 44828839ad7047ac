"""The events that a session sends to its window. Frozen, with read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bpviz.core.datasets import Split
from bpviz.session.debugging.breakpoints import Breakpoint, Hits
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.diagnostics.gradient_check import GradientsChecked
from bpviz.session.diagnostics.plateau import PlateauReport
from bpviz.session.effects.effect import Effect, Movers
from bpviz.session.effects.ledger import Ledger, LedgerProgress
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.session_data import SavedSession
from bpviz.session.frames.frame import Frame, ShownSamples
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.session.recording.survey import Survey
from bpviz.session.recording.understanding import Understood
from bpviz.session.recording.verdict import RecordedUpdateChecked
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


class Cause(StrEnum):
    """Why a session does not train."""

    NONE = ""
    PAUSE = "pause"
    BREAKPOINT = "breakpoint"
    LIMIT = "limit"
    PATIENCE = "patience"
    STEP = "step"
    FAULT = "fault"


@dataclass(frozen=True)
class NetworkReady:
    """A new network is ready to train: its experiment, its samples, and which of them are shown.

    Attributes
    ----------
    experiment : Experiment
    split : Split
    shown : ShownSamples
    n_parameters : int
    goes_on : bool
        Whether it belongs to another branch of the same session, whose timeline is sent next.
    is_redrawn : bool
        Whether it is the same network as before, and only the samples are others: points were drawn or erased.
    """

    experiment: Experiment
    split: Split
    shown: ShownSamples
    n_parameters: int
    goes_on: bool = False
    is_redrawn: bool = False


@dataclass(frozen=True)
class PointsDrawn:
    """Points were drawn or erased that do not hold yet, or, if `holds_from` is None, the last of them hold now.

    Attributes
    ----------
    split : Split
        The samples with all that was drawn and erased.
    holds_from : int or None
        The epoch from which on they hold, if there is a training sample among them by then.
    """

    split: Split
    holds_from: int | None


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
    """The epoch records sent before are replaced by these; the receiver owns the tables.

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
    """Other hyperparameters are in force at the position that was reached."""

    experiment: Experiment


@dataclass(frozen=True)
class Status:
    """The session's state changed, or its position in a long epoch.

    Attributes
    ----------
    state : State
    position : Position or None
        None where there is no network.
    is_live : bool
        False if training has reached a later position already, so that the past is on screen.
    furthest : Position or None
        The live end of the active branch; None where there is no network.
    trains_on : bool
        Whether the live end continues to train while the past is on screen; `state` is that of the screen.
    cause : Cause
        Why it does not train; none where it does, and where the user went to this position.
    """

    state: State
    position: Position | None
    is_live: bool = True
    furthest: Position | None = None
    trains_on: bool = False
    cause: Cause = Cause.NONE


@dataclass(frozen=True)
class SessionOpened:
    """A session was opened from a file, with these bookmarks, breakpoints and watches, and with its lesson."""

    bookmarks: tuple[Bookmark, ...]
    breakpoints: tuple[Breakpoint, ...]
    watches: tuple[Watch, ...]
    lesson: Lesson | None = None


@dataclass(frozen=True)
class RecordingOpened:
    """A recording of somebody's training was read from a file."""

    path: Path
    understood: Understood


@dataclass(frozen=True)
class SessionSaved:
    """The session was written to a file that the user chose."""

    path: Path


@dataclass(frozen=True)
class SnapshotTaken:
    """The session as it was when a snapshot was asked for; None where there is no network."""

    session: SavedSession | None


@dataclass(frozen=True)
class SessionKept:
    """The session that was replaced is kept: undo opens it again. Its active branch had so many epochs."""

    epochs: int


@dataclass(frozen=True)
class Failed:
    """Something went wrong.

    Attributes
    ----------
    sentence : str
        For the user.
    details : str
        For a bug report.
    neuron : (int, int, int) or None
        Sample, layer and neuron at which a number stopped being finite.
    is_beside : bool
        Whether it concerns only something beside the session: an effect, a ledger or the branch that is compared.
    """

    sentence: str
    details: str = ""
    neuron: tuple[int, int, int] | None = None
    is_beside: bool = False


Event = (
    NetworkReady
    | PointsDrawn
    | EpochsDone
    | EpochTablesReplaced
    | Timeline
    | ExperimentChanged
    | Frame
    | TracedUpdate
    | Watched
    | Hits
    | GradientsChecked
    | PlateauReport
    | Effect
    | Movers
    | Ledger
    | LedgerProgress
    | NumbersChecked
    | RecordingOpened
    | Survey
    | RecordedUpdateChecked
    | SessionOpened
    | SessionSaved
    | SnapshotTaken
    | SessionKept
    | Status
    | Failed
)
