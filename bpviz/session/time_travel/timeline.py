"""What is told of a session's branches, and of what lies on the time of the active one."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position

#: So many lines of training through time a session may have.
MOST_BRANCHES = 4


@dataclass(frozen=True)
class BranchInfo:
    """One line of training through time.

    Attributes
    ----------
    number : int
        Never given twice in a session.
    name : str
    experiment : Experiment
        In force at its live end.
    parent : int or None
        The number of the branch that it was forked from; None for one that begins at the start.
    forked_at : Position
    interventions : tuple of (Position, str)
        What was changed by hand, in the order of time, the part before the fork included.
    furthest : Position
        Its live end.
    mse : float or None
        Over the training set at the end of its last epoch; None before that.
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
    """All branches, and what lies on the time of the active one.

    Attributes
    ----------
    branches : tuple of BranchInfo
    active : int
        The number of the branch on screen.
    compared : int or None
        The number of the branch that goes with it in lock-step.
    checkpoints : tuple of int
        Epochs in which the active branch has checkpoints, ascending, each once.
    undo, redo : str
        What could be taken back, or made again, in words; "" for nothing.
    """

    branches: tuple[BranchInfo, ...]
    active: int
    compared: int | None
    checkpoints: tuple[int, ...]
    undo: str
    redo: str

    def branch(self, number: int | None) -> BranchInfo | None:
        """Return a branch by its number, None where there is none of that number."""
        return next((each for each in self.branches if each.number == number), None)
