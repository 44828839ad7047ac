"""The contents of a session file: immutable values and read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.history import HistoryCheckpoint
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.interventions import Intervention
from bpviz.session.training.position import Position


@dataclass(frozen=True)
class SavedBranch:
    """A branch in a session file; see `bpviz.session.time_travel.timeline.BranchInfo` for the other attributes.

    Attributes
    ----------
    number : int
    name : str
    parent : int or None
    forked_at : Position
    by_change : bool
        Whether it was created by a change in the past.
    first : Experiment
        The experiment at the start of training.
    interventions : tuple of Intervention
        In the order of their positions.
    furthest : Position
        The latest position that training has reached.
    place : Position
        The current position, with the operation.
    numpy_epochs : int
        Number of epochs, from the first, that started on the numpy path.
    epochs : EpochTable
    checkpoints : tuple of HistoryCheckpoint
        In ascending order; the first is at epoch 0, sample 0.
    n_inherited : int or None
        How many of the interventions it shares with its parent; None in files of format 1.
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
    n_inherited: int | None = None


@dataclass(frozen=True)
class SavedSession:
    """A complete session, as stored in a file.

    Attributes
    ----------
    branches : tuple of SavedBranch
    active : int
        The number of the branch on screen.
    compared : int or None
        The number of the compared branch.
    bookmarks : tuple of Bookmark
    breakpoints : tuple of Breakpoint
    watches : tuple of Watch
    made_with : str
        The value of `bpviz.core.training.kernel.path_name` when it was saved: only the same path continues bit for bit.
    saved_at : str
        The time of saving in ISO 8601 format, in UTC.
    version : str
        The version of bpviz that saved it.
    lesson : Lesson or None
        The lesson that is kept with the session.
    left_out : str
        What of its file could not be read, as the end of a sentence; "" if all was. It is not written.
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
    lesson: Lesson | None = None
    left_out: str = ""
