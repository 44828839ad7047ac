"""Turns the branches of a session into what a file keeps, and back."""

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
) -> SavedSession:
    """Return a session as it is now; nothing that it holds is changed later.

    Parameters
    ----------
    branches : Branches
        Nothing of them is being scored.
    shown : Stepper
        What is on screen of the active branch.
    bookmarks, breakpoints, watches
        What else belongs to it.
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
        max(history.furthest, history.here),
        shown.place,
        branch.stepper.training.trainer.numpy_epochs,
        branch.epochs.copy(),
        history.checkpoints,
    )


def restored(saved: SavedSession) -> tuple[Branches, Position]:
    """Return the branches of a session that was kept, none of which has gone to its place yet, and where to go.

    Raises
    ------
    ValueError
        If its samples cannot be made.
    """
    split: Split | None = None
    made = []
    for each in saved.branches:
        branch = _branch(each, split)
        split = branch.stepper.training.split
        made.append(branch)
    branches = Branches(made, saved.active, saved.compared)
    for branch in made:
        branch.n_inherited = _n_inherited(branch, branches)
    place = next(each.place for each in saved.branches if each.number == saved.active)
    return branches, place


def _branch(saved: SavedBranch, split: Split | None) -> Branch:
    training = Training(saved.first, split)
    training.trainer.numpy_epochs = saved.numpy_epochs
    history = History(training, BRANCH_BUDGET)
    history.restore(HistoryState(saved.interventions, saved.checkpoints, saved.furthest), len(saved.epochs))
    stepper = Stepper(training, history=history)
    return Branch(saved.number, saved.name, stepper, saved.epochs, saved.parent, saved.forked_at, saved.by_change)


def _n_inherited(branch: Branch, branches: Branches) -> int:
    """Return how many interventions a branch has in common with its parent, up to the fork."""
    parents = [each for each in branches.all if each.number == branch.parent]
    if not parents:
        return 0
    count = 0
    for mine, its in zip(branch.stepper.history.interventions, parents[0].stepper.history.interventions, strict=False):
        if mine != its or mine.at > branch.forked_at:
            break
        count += 1
    return count


#: What the line is called that no other was forked from.
MAIN = "main"


def recorded(history: History, first: Experiment, epochs: EpochTable) -> SavedSession:
    """Return a session of one branch.

    Parameters
    ----------
    history : History
    first : Experiment
        As training began.
    epochs : EpochTable
        Of every epoch that is done.
    """
    branch = SavedBranch(
        number=0,
        name=MAIN,
        parent=None,
        forked_at=Position(),
        by_change=False,
        first=first,
        interventions=tuple(history.interventions),
        # Where a number is not finite, training stands closer to it than it had come before.
        furthest=max(history.furthest, history.here),
        place=history.here,
        numpy_epochs=history.training.trainer.numpy_epochs,
        epochs=epochs,
        checkpoints=history.checkpoints,
    )
    return SavedSession((branch,), 0, None, (), (), (), path_name(), now(), __version__)


def now() -> str:
    """Return the time as a file keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
