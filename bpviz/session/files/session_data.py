"""A session as a file keeps it: values and read-only arrays, which nothing goes on with until they are taken over."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.history import HistoryCheckpoint
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.interventions import Intervention
from bpviz.session.training.position import Position


@dataclass(frozen=True)
class SavedBranch:
    """One line of training through time; see `bpviz.session.time_travel.timeline.BranchInfo` for what is not told here.

    Attributes
    ----------
    number : int
    name : str
    parent : int or None
    forked_at : Position
    by_change : bool
        It came about because something in the past was changed.
    first : Experiment
        As training began.
    interventions : tuple of Intervention
        In the order of time.
    furthest : Position
        The latest update that training has come to.
    place : Position
        Where it stands, with the operation.
    numpy_epochs : int
        So many epochs from the start were begun on the numpy path.
    epochs : EpochTable
    checkpoints : tuple of HistoryCheckpoint
        Ascending; the first is the beginning, epoch 0 and sample 0.
    """

    number: int
    name: str
    parent: int | None
    forked_at: Position
    by_change: bool
    first: Experiment
    interventions: tuple[Intervention, ...]
    furthest: Position
    place: Position
    numpy_epochs: int
    epochs: EpochTable
    checkpoints: tuple[HistoryCheckpoint, ...]


@dataclass(frozen=True)
class SavedSession:
    """Everything that is needed to go on where somebody left off.

    Attributes
    ----------
    branches : tuple of SavedBranch
    active : int
        The number of the branch on screen.
    compared : int or None
        The number of the branch beside it.
    bookmarks : tuple of Bookmark
    breakpoints : tuple of Breakpoint
    watches : tuple of Watch
    made_with : str
        What `bpviz.core.training.kernel.path_name` said: on the same path it goes on bit for bit.
    saved_at : str
        ISO 8601, UTC.
    version : str
        Of bpviz.
    """

    branches: tuple[SavedBranch, ...]
    active: int
    compared: int | None
    bookmarks: tuple[Bookmark, ...]
    breakpoints: tuple[Breakpoint, ...]
    watches: tuple[Watch, ...]
    made_with: str
    saved_at: str
    version: str
