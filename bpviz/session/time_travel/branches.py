"""The branches of a session: forking, comparing, changes in the past, undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bpviz.core.training.trainer import NonFiniteError
from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.deletion import Deletion
from bpviz.session.time_travel.history import BUDGET, HistoryState
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.time_travel.timeline import MAX_NAME_LENGTH, MOST_BRANCHES, BranchInfo, Timeline
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.interventions import EditError, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import Stroke
from bpviz.session.training.training import Training

#: Most bytes that the checkpoints of one branch may use.
BRANCH_BUDGET = BUDGET // MOST_BRANCHES


class BranchError(RuntimeError):
    """A command on branches cannot be carried out. The message says why, and what to do."""


@dataclass(frozen=True)
class UndoRecord:
    """An undone change, with everything that was trained after it."""

    past: HistoryState
    epochs: EpochTable
    place: Position


@dataclass(eq=False)
class Branch:
    """One course of training, with its own interventions, checkpoints and epoch records.

    Attributes
    ----------
    number : int
    name : str
    stepper : Stepper
    epochs : EpochTable
        The records of all epochs up to its live end.
    parent : int or None
        The number of the branch that it was forked from.
    forked_at : Position
    by_change : bool
        Whether it was created by a change in the past.
    n_inherited : int
        Number of interventions that it shares with its parent, or begins with.
    undone : list of UndoRecord or Branch
        The changes that can be redone, the latest last.
    """

    number: int
    name: str
    stepper: Stepper
    epochs: EpochTable = field(default_factory=EpochTable)
    parent: int | None = None
    forked_at: Position = field(default_factory=Position)
    by_change: bool = False
    n_inherited: int = 0
    undone: list[UndoRecord | Branch] = field(default_factory=list)

    @property
    def experiment(self) -> Experiment:
        """The experiment at the branch's live end, with all interventions."""
        history = self.stepper.history
        return history.experiment_after(len(history.interventions))

    @property
    def own_changes(self) -> list[Intervention]:
        """The interventions that its parent does not have."""
        return self.stepper.history.interventions[self.n_inherited :]

    def begin_with(self, strokes: tuple[Stroke, ...]) -> None:
        """Draw points before the first update; they belong to the start, so that undo does not take them back."""
        for stroke in strokes:
            self.stepper.draw(stroke)
        self.n_inherited = len(strokes)

    def inherit_fork_of(self, lost: Branch) -> None:
        """Take over the fork of a deleted parent."""
        self.parent, self.forked_at = lost.parent, min(self.forked_at, lost.forked_at)
        self.n_inherited, self.by_change = min(self.n_inherited, lost.n_inherited), False

    def describe(self, number: int) -> str:
        """Return the description of an intervention, by its index."""
        history = self.stepper.history
        return history.interventions[number].describe(history.experiment_after(number))

    def name_by_change(self) -> str:
        """Return a name made from the change that created the branch; "" if no change did."""
        is_named = self.by_change and self.own_changes
        return (
            shortened(
                _("{describe} at epoch {epoch:,}").format(
                    describe=self.describe(self.n_inherited), epoch=self.forked_at.epoch
                )
            )
            if is_named
            else ""
        )

    def info(self) -> BranchInfo:
        """Return the branch's description for the screen."""
        history = self.stepper.history
        return BranchInfo(
            self.number,
            self.name,
            self.experiment,
            self.parent,
            self.forked_at,
            tuple((change.at, self.describe(number)) for number, change in enumerate(history.interventions)),
            history.furthest,
            self.epochs.row(len(self.epochs) - 1)[1] if len(self.epochs) else None,
        )


def shortened(name: str) -> str:
    """Return a name of at most `MAX_NAME_LENGTH` characters; one that is cut ends with an ellipsis."""
    return name if len(name) <= MAX_NAME_LENGTH else f"{name[: MAX_NAME_LENGTH - 1].rstrip()}…"


class Branches:
    """Up to `MOST_BRANCHES` branches, of which one is active.

    Parameters
    ----------
    branches : list of Branch
        At least one.
    active : int
        The number of one of them.
    compared : int, optional
        The number of the branch that trains in lock-step with it.

    Attributes
    ----------
    all : list of Branch
    active : Branch
    compared : Branch or None
    deleted : Deletion or None
        If it was the latest change by the user, which undo takes back first.
    """

    def __init__(self, branches: list[Branch], active: int = 0, compared: int | None = None) -> None:
        self.all = branches
        self.active = self._find(active)
        self.compared = None if compared is None else self._find(compared)
        self.deleted: Deletion | None = None
        self._next = max(branch.number for branch in branches) + 1

    @classmethod
    def begin(cls, training: Training) -> Branches:
        """Return a session's initial branches: one, for a training at its start."""
        return cls([Branch(0, "main", Stepper(training, BRANCH_BUDGET))])

    def timeline(self) -> Timeline:
        """Return the description of all branches for the screen."""
        return Timeline(
            tuple(branch.info() for branch in self.all),
            self.active.number,
            self.compared.number if self.compared else None,
            tuple(dict.fromkeys(checkpoint.position.epoch for checkpoint in self.active.stepper.history.checkpoints)),
            self._undo_description(),
            self._redo_description(),
            self.deleted.branch.info() if self.deleted else None,
        )

    def _find(self, number: int) -> Branch:
        for branch in self.all:
            if branch.number == number:
                return branch
        raise BranchError(_("Branch {number} no longer exists: choose another.").format(number=number))

    # Active and compared branch

    def show(self, number: int) -> None:
        """Make a branch the active one; if it is the compared branch, the two change places."""
        chosen, before = self._find(number), self.active
        self.active = chosen
        if self.compared is chosen:
            self.compared = before

    def compare(self, number: int | None) -> None:
        """Compare a branch with the active one; None ends the comparison."""
        chosen = None if number is None else self._find(number)
        if chosen is self.active:
            raise BranchError(_("A branch cannot be compared with itself: choose another."))
        self.compared = chosen

    # Creating and deleting

    def fork(self, stepper: Stepper, name: str, *, by_change: bool) -> Branch:
        """Create a branch at the position of a stepper of the active one, give it the stepper and make it active.

        Raises
        ------
        BranchError
            If there are too many branches.
        """
        self.check_room()
        place = stepper.training.position
        stepper.history.forget_future()
        # Epochs that are complete before the fork keep their records; the ones after it get new ones.
        stepper.training.n_scored = place.epoch
        made = Branch(
            self._next,
            name,
            stepper,
            self.active.epochs.copy(place.epoch),
            self.active.number,
            place,
            by_change,
            len(stepper.history.interventions),
        )
        return self._add(made)

    def add(self, training: Training, name: str) -> Branch:
        """Create a branch with another experiment on the same samples; the active branch stays active."""
        self.check_room()
        active = self.active
        made = self._add(Branch(self._next, shortened(name), Stepper(training, BRANCH_BUDGET)))
        self.active = active
        return made

    def _add(self, branch: Branch) -> Branch:
        self._next += 1
        self.deleted = None
        self.all.append(branch)
        self.active = branch
        return branch

    def check_room(self) -> None:
        """Raise a BranchError if there can be no more branches."""
        if len(self.all) >= MOST_BRANCHES:
            raise BranchError(
                _("There are {most_branches} branches already: delete one first.").format(most_branches=MOST_BRANCHES)
            )

    def delete(self, number: int) -> None:
        """Delete a branch; branches forked from it stay."""
        branch = self._find(number)
        if len(self.all) == 1:
            raise BranchError(_("The only branch cannot be deleted: use Reset to start again."))
        deletion = Deletion.of(branch, self)
        self._remove(branch)
        self.deleted = deletion

    def _remove(self, branch: Branch) -> None:
        self.all.remove(branch)
        for child in self.all:
            if child.parent == branch.number:
                child.inherit_fork_of(branch)
        if self.compared is branch:
            self.compared = None
        if self.active is branch:
            parents = [each for each in self.all if each.number == branch.parent]
            self.active = (parents or self.all)[0]
            if self.compared is self.active:
                self.compared = None

    def rename(self, number: int, name: str) -> None:
        """Rename a branch."""
        self._find(number).name = name

    # Changes by the user

    def change(self, stepper: Stepper, make: Callable[[Stepper], None]) -> Stepper:
        """Make a change at the position of a stepper of the active branch; in the past, on a new branch.

        Parameters
        ----------
        stepper : Stepper
            The active branch's own stepper, or one that shows its past while it trains.
        make : callable
            Makes the change.

        Returns
        -------
        Stepper
            The stepper of the branch that is active now.

        Raises
        ------
        BranchError, NonFiniteError, EditError
            If the change is refused; nothing is changed then.
        """
        active = self.active
        if stepper is active.stepper and stepper.is_live:
            is_named_after_it = active.name == active.name_by_change()
            make(stepper)
            self.deleted = None
            active.undone.clear()
            if is_named_after_it:
                active.name = active.name_by_change()
            return stepper
        self.check_room()
        copied = stepper.copy()
        made = self.fork(copied, "", by_change=True)
        try:
            make(copied)
        except (NonFiniteError, EditError):
            self._remove(made)
            self.active = active
            raise
        made.name = made.name_by_change()
        return copied

    def undo(self) -> Position:
        """Undo the last change of the active branch, or the deletion that came after it; return the position to seek.

        Raises
        ------
        BranchError
            If there is none.
        """
        if self.deleted:
            deletion, self.deleted = self.deleted, None
            deletion.take_back(self)
            return self.active.stepper.place
        branch = self.active
        if not branch.own_changes:
            raise BranchError(_("There is nothing to undo on this branch."))
        if parent := self._parent_to_return_to(branch):
            self._remove(branch)
            self.active = parent
            parent.undone.append(branch)
            return branch.forked_at
        place, last = branch.stepper.place, branch.own_changes[-1]
        branch.stepper.leave()
        branch.undone.append(UndoRecord(branch.stepper.history.undo_last(), branch.epochs, place))
        branch.stepper.current_update = None
        branch.epochs = branch.epochs.copy(last.at.epoch)
        return last.at

    def redo(self) -> Position:
        """Redo the change of the active branch that was undone last; return the position to seek then.

        Raises
        ------
        BranchError
            If there is none.
        """
        branch = self.active
        if not self._can_redo(branch):
            raise BranchError(_("There is nothing to redo on this branch."))
        undone, self.deleted = branch.undone.pop(), None
        if isinstance(undone, Branch):
            self.all.append(undone)
            self.active = undone
            return undone.stepper.place
        branch.stepper.leave()
        branch.stepper.history.restore(undone.past, len(undone.epochs))
        branch.stepper.current_update = None
        branch.epochs = undone.epochs
        return undone.place

    def _parent_to_return_to(self, branch: Branch) -> Branch | None:
        """Return the parent of a branch that consists of one change in the parent's past, else None."""
        if not branch.by_change or len(branch.own_changes) > 1:
            return None
        return next((each for each in self.all if each.number == branch.parent), None)

    def _can_redo(self, branch: Branch) -> bool:
        if not branch.undone:
            return False
        undone, history = branch.undone[-1], branch.stepper.history
        if isinstance(undone, Branch):
            return len(self.all) < MOST_BRANCHES
        # Redo is possible only if nothing has been trained or changed since the undo.
        *before, last = undone.past.interventions
        return history.interventions == before and history.furthest == last.at

    def _undo_description(self) -> str:
        if self.deleted:
            return _("deletion of {name}").format(name=self.deleted.branch.name)
        branch = self.active
        return branch.describe(len(branch.stepper.history.interventions) - 1) if branch.own_changes else ""

    def _redo_description(self) -> str:
        branch = self.active
        if not self._can_redo(branch):
            return ""
        undone = branch.undone[-1]
        if isinstance(undone, Branch):
            return undone.describe(undone.n_inherited)
        return undone.past.interventions[-1].describe(branch.experiment)
