"""Convert the branches of a running session to the contents of a session file, and back."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import bpviz
from bpviz import __version__
from bpviz.core.datasets import Split
from bpviz.core.training.kernel import path_name
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.branches import BRANCH_BUDGET, Branch, Branches
from bpviz.session.time_travel.history import History, HistoryState
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training


def snapshot(
    branches: Branches,
    shown: Stepper,
    bookmarks: tuple[Bookmark, ...] = (),
    breakpoints: tuple[Breakpoint, ...] = (),
    watches: tuple[Watch, ...] = (),
    lesson: Lesson | None = None,
) -> SavedSession:
    """Return the current state of a session. Later changes of the session do not affect it.

    Parameters
    ----------
    branches : Branches
        No epoch may be being scored.
    shown : Stepper
        The stepper of the active branch that is on screen.
    bookmarks, breakpoints, watches, lesson
        The other parts of the session.
    """
    return SavedSession(
        tuple(_saved(branch, shown if branch is branches.active else branch.stepper) for branch in branches.all),
        branches.active.number,
        branches.compared.number if branches.compared else None,
        bookmarks,
        breakpoints,
        watches,
        path_name(),
        now(),
        bpviz.__version__,
        lesson,
    )


def _saved(branch: Branch, shown: Stepper) -> SavedBranch:
    history = branch.stepper.history
    return SavedBranch(
        branch.number,
        branch.name,
        branch.parent,
        branch.forked_at,
        branch.by_change,
        dataclasses.replace(history.first, epochs=branch.stepper.training.experiment.epochs),
        tuple(history.interventions),
        max(history.furthest, history.position),
        shown.place,
        branch.stepper.training.trainer.numpy_epochs,
        branch.epochs.copy(),
        history.checkpoints,
        branch.n_inherited,
    )


def restored(saved: SavedSession) -> tuple[Branches, Position]:
    """Return the branches of a saved session, each at epoch 0, and the position to seek on the active one.

    Raises
    ------
    ValueError
        If the dataset cannot be made.
    """
    split: Split | None = None
    made = []
    for each in saved.branches:
        branch = _branch(each, split)
        split = branch.stepper.training.samples.first
        made.append(branch)
    branches = Branches(made, saved.active, saved.compared)
    for branch, each in zip(made, saved.branches, strict=True):
        branch.n_inherited = _n_inherited(branch, branches) if each.n_inherited is None else each.n_inherited
    place = next(each.place for each in saved.branches if each.number == saved.active)
    return branches, place


def _branch(saved: SavedBranch, split: Split | None) -> Branch:
    training = Training(saved.first, split)
    history = History(training, BRANCH_BUDGET)
    state = HistoryState(saved.interventions, saved.checkpoints, saved.furthest, saved.numpy_epochs)
    history.restore(state, len(saved.epochs))
    stepper = Stepper(training, history=history)
    return Branch(saved.number, saved.name, stepper, saved.epochs, saved.parent, saved.forked_at, saved.by_change)


def _n_inherited(branch: Branch, branches: Branches) -> int:
    """Return the number of interventions that a branch shares with its parent, for files of format 1.

    They do not say it: up to the fork, equal interventions are taken for shared ones.
    """
    parents = [each for each in branches.all if each.number == branch.parent]
    if not parents:
        return 0
    count = 0
    for mine, its in zip(branch.stepper.history.interventions, parents[0].stepper.history.interventions, strict=False):
        if mine != its or mine.at > branch.forked_at:
            break
        count += 1
    return count


#: Name of the first branch of a session.
MAIN = "main"


def single_branch_session(history: History, first: Experiment, epochs: EpochTable) -> SavedSession:
    """Return a session with one branch.

    Parameters
    ----------
    history : History
    first : Experiment
        The experiment at the start of training.
    epochs : EpochTable
        The records of all complete epochs.
    """
    branch = SavedBranch(
        number=0,
        name=MAIN,
        parent=None,
        forked_at=Position(),
        by_change=False,
        first=first,
        interventions=tuple(history.interventions),
        # A training that stopped at a non-finite number may be further than its history has recorded.
        furthest=max(history.furthest, history.position),
        place=history.position,
        numpy_epochs=history.training.trainer.numpy_epochs,
        epochs=epochs,
        checkpoints=history.checkpoints,
    )
    return SavedSession((branch,), 0, None, (), (), (), path_name(), now(), __version__)


def now() -> str:
    """Return the current time, in UTC, in ISO 8601 format."""
    return datetime.now(UTC).isoformat(timespec="seconds")
