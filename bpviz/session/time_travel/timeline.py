"""Timeline: a description of a session's branches and of the active one's checkpoints, for the screen."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position

#: Largest number of branches of a session.
MOST_BRANCHES = 4
#: Largest number of characters of a branch's name.
MAX_NAME_LENGTH = 60


@dataclass(frozen=True)
class BranchInfo:
    """A description of one branch.

    Attributes
    ----------
    number : int
        Unique in a session, also after the branch is deleted.
    name : str
    experiment : Experiment
        The experiment at the branch's live end, with all interventions.
    parent : int or None
        The number of the branch that it was forked from; None for one that starts at epoch 0.
    forked_at : Position
    interventions : tuple of (Position, str)
        Position and description of each intervention, in order, those before the fork included.
    furthest : Position
        The branch's live end: the latest position reached.
    mse : float or None
        MSE over the training set after the last complete epoch; None before that.
    """

    number: int
    name: str
    experiment: Experiment
    parent: int | None
    forked_at: Position
    interventions: tuple[tuple[Position, str], ...]
    furthest: Position
    mse: float | None


@dataclass(frozen=True)
class Timeline:
    """All branches, and the checkpoints and undoable changes of the active one.

    Attributes
    ----------
    branches : tuple of BranchInfo
    active : int
        The number of the branch on screen.
    compared : int or None
        The number of the branch that trains in lock-step with it.
    checkpoints : tuple of int
        Epochs in which the active branch has checkpoints, ascending, each once.
    undo, redo : str
        The change that undo, or redo, would affect, as text; "" for none.
    deleted : BranchInfo or None
        The branch whose deletion undo would take back.
    """

    branches: tuple[BranchInfo, ...]
    active: int
    compared: int | None
    checkpoints: tuple[int, ...]
    undo: str
    redo: str
    deleted: BranchInfo | None = None

    def branch(self, number: int | None) -> BranchInfo | None:
        """Return the branch with a number, None if there is none."""
        return next((each for each in self.branches if each.number == number), None)

    def closest(self) -> int | None:
        """Return the number of the branch to compare the active one with: its parent, or else the latest fork."""
        active = self.branch(self.active)
        parent = self.branch(active.parent) if active else None
        others = [each.number for each in self.branches if each.number != self.active]
        return parent.number if parent else max(others, default=None)
