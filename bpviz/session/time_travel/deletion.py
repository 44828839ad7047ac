"""The deletion of a branch, which can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpviz.session.training.position import Position

if TYPE_CHECKING:
    from bpviz.session.time_travel.branches import Branch, Branches


@dataclass(frozen=True)
class Fork:
    """Where a branch was forked from the deleted one."""

    child: Branch
    parent: int | None
    forked_at: Position
    n_inherited: int
    by_change: bool


@dataclass(frozen=True)
class Deletion:
    """A deleted branch, and what has to be as before when it comes back.

    Attributes
    ----------
    branch : Branch
    place : int
        Its index in the list of branches.
    was_active : bool
    compared : Branch or None
        What was compared before.
    forks : tuple of Fork
    """

    branch: Branch
    place: int
    was_active: bool
    compared: Branch | None
    forks: tuple[Fork, ...]

    @classmethod
    def of(cls, branch: Branch, branches: Branches) -> Deletion:
        """Return what has to be known of a branch that is about to be deleted."""
        forks = tuple(
            Fork(each, each.parent, each.forked_at, each.n_inherited, each.by_change)
            for each in branches.all
            if each.parent == branch.number
        )
        return cls(branch, branches.all.index(branch), branches.active is branch, branches.compared, forks)

    def take_back(self, branches: Branches) -> None:
        """Bring the branch back, to the screen too if it was there."""
        branches.all.insert(self.place, self.branch)
        for fork in self.forks:
            fork.child.parent, fork.child.forked_at = fork.parent, fork.forked_at
            fork.child.n_inherited, fork.child.by_change = fork.n_inherited, fork.by_change
        if self.was_active:
            branches.active, branches.compared = self.branch, self.compared
        elif self.compared is self.branch:
            branches.compared = self.branch
