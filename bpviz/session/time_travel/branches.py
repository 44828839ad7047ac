"""The lines of training through time of one session: changed in the past, forked, compared, undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bpviz.core.training.trainer import NonFiniteError
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.history import BUDGET, HistoryState
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.time_travel.timeline import MOST_BRANCHES, BranchInfo, Timeline
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.interventions import EditError, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training

#: Bytes that the checkpoints of one branch may take.
BRANCH_BUDGET = BUDGET // MOST_BRANCHES


class BranchError(RuntimeError):
    """Something that cannot be done with branches. The message says why, and what to do."""


@dataclass(frozen=True)
class UndoRecord:
    """A change that was taken back, and all that came after it."""

    past: HistoryState
    epochs: EpochTable
    place: Position


@dataclass(eq=False)
class Branch:
    """One line of training through time.

    Attributes
    ----------
    number : int
    name : str
    stepper : Stepper
    epochs : EpochTable
        The record of every epoch up to its live end.
    parent : int or None
        The number of the branch that it was forked from.
    forked_at : Position
    by_change : bool
        Whether it came about by a change in the past.
    n_inherited : int
        How many interventions it shares with its parent.
    undone : list of UndoRecord or Branch
        What can be made again, the latest last.
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
        """The experiment in force at its live end."""
        history = self.stepper.history
        return history.experiment_after(len(history.interventions))

    @property
    def own_changes(self) -> list[Intervention]:
        """What was changed on it and not on its parent."""
        return self.stepper.history.interventions[self.n_inherited :]

    def adopt(self, lost: Branch) -> None:
        """Come from where its parent came from, which is no more."""
        self.parent, self.forked_at = lost.parent, min(self.forked_at, lost.forked_at)
        self.n_inherited, self.by_change = min(self.n_inherited, lost.n_inherited), False

    def describe(self, number: int) -> str:
        """Return what its intervention of that number changed."""
        history = self.stepper.history
        return history.interventions[number].describe(history.experiment_after(number))

    def name_by_change(self) -> str:
        """Return a name for a branch that begins with a change; "" for any other."""
        is_named = self.by_change and self.own_changes
        return f"{self.describe(self.n_inherited)} at epoch {self.forked_at.epoch:,}" if is_named else ""

    def info(self) -> BranchInfo:
        """Return what is told of it."""
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


class Branches:
    """Up to `MOST_BRANCHES` branches, of which one is active.

    Parameters
    ----------
    branches : list of Branch
        At least one.
    active : int
        The number of one of them.
    compared : int, optional
        The number of another that goes with it.

    Attributes
    ----------
    all : list of Branch
    active : Branch
    compared : Branch or None
    """

    def __init__(self, branches: list[Branch], active: int = 0, compared: int | None = None) -> None:
        self.all = branches
        self.active = self._of(active)
        self.compared = None if compared is None else self._of(compared)
        self._next = max(branch.number for branch in branches) + 1

    @classmethod
    def begin(cls, training: Training) -> Branches:
        """Return the one branch with which a session begins."""
        return cls([Branch(0, "main", Stepper(training, BRANCH_BUDGET))])

    def timeline(self) -> Timeline:
        """Return what is told of all."""
        return Timeline(
            tuple(branch.info() for branch in self.all),
            self.active.number,
            self.compared.number if self.compared else None,
            tuple(dict.fromkeys(checkpoint.at().epoch for checkpoint in self.active.stepper.history.checkpoints)),
            self._undo_words(),
            self._redo_words(),
        )

    def _of(self, number: int) -> Branch:
        for branch in self.all:
            if branch.number == number:
                return branch
        raise BranchError(f"There is no branch {number} any more.")

    # Which is shown

    def show(self, number: int) -> None:
        """Make a branch the active one; the one that was compared with it changes places with it."""
        chosen, before = self._of(number), self.active
        self.active = chosen
        if self.compared is chosen:
            self.compared = before

    def compare(self, number: int | None) -> None:
        """Let a branch go with the active one, or none."""
        chosen = None if number is None else self._of(number)
        if chosen is self.active:
            raise BranchError("A branch cannot be compared with itself: choose another.")
        self.compared = chosen

    # More and fewer

    def fork(self, stepper: Stepper, name: str, *, by_change: bool) -> Branch:
        """Begin a branch where a stepper of the active one stands, make it the active one, and give it that stepper.

        Raises
        ------
        BranchError
            If there are too many.
        """
        self.make_room()
        place = stepper.training.position
        stepper.history.forget_future()
        # What is scored only from here on gets its record on this branch.
        stepper.training.scored = place.epoch
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
        """Begin a branch with another experiment on the same samples; the active one stays active."""
        self.make_room()
        active = self.active
        made = self._add(Branch(self._next, name, Stepper(training, BRANCH_BUDGET)))
        self.active = active
        return made

    def _add(self, branch: Branch) -> Branch:
        self._next += 1
        self.all.append(branch)
        self.active = branch
        return branch

    def make_room(self) -> None:
        """Raise a BranchError if there is no room for another."""
        if len(self.all) >= MOST_BRANCHES:
            raise BranchError(f"There are {MOST_BRANCHES} branches already: delete one first, so that nothing is lost.")

    def delete(self, number: int) -> None:
        """Forget a branch; those forked from it stay."""
        branch = self._of(number)
        if len(self.all) == 1:
            raise BranchError("This is the only branch: reset begins anew.")
        self._remove(branch)

    def _remove(self, branch: Branch) -> None:
        self.all.remove(branch)
        for child in self.all:
            if child.parent == branch.number:
                child.adopt(branch)
        if self.compared is branch:
            self.compared = None
        if self.active is branch:
            parents = [each for each in self.all if each.number == branch.parent]
            self.active = (parents or self.all)[0]
            if self.compared is self.active:
                self.compared = None

    def rename(self, number: int, name: str) -> None:
        """Give a branch another name."""
        self._of(number).name = name

    # Changes by hand

    def change(self, stepper: Stepper, make: Callable[[Stepper], None]) -> Stepper:
        """Make a change where a stepper of the active branch stands; in the past, on a branch of its own.

        Parameters
        ----------
        stepper : Stepper
            The active branch's own, or one that looks at its past while it trains on.
        make : callable
            Makes the change.

        Returns
        -------
        Stepper
            The active branch's own from now on.

        Raises
        ------
        BranchError, NonFiniteError, EditError
            Nothing is changed then.
        """
        active = self.active
        if stepper is active.stepper and stepper.is_live:
            is_named_after_it = active.name == active.name_by_change()
            make(stepper)
            active.undone.clear()
            if is_named_after_it:
                active.name = active.name_by_change()
            return stepper
        self.make_room()
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
        """Take the last change of the active branch back; returns where to go then.

        Raises
        ------
        BranchError
            If there is none.
        """
        branch = self.active
        if not branch.own_changes:
            raise BranchError("There is nothing to undo on this branch.")
        if parent := self._parent_to_return_to(branch):
            self._remove(branch)
            self.active = parent
            parent.undone.append(branch)
            return branch.forked_at
        place, last = branch.stepper.place, branch.own_changes[-1]
        branch.stepper.leave()
        branch.undone.append(UndoRecord(branch.stepper.history.take_back(), branch.epochs, place))
        branch.stepper.current_update = None
        branch.epochs = branch.epochs.copy(last.at.epoch)
        return last.at

    def redo(self) -> Position:
        """Make the change again that was taken back last on the active branch; returns where to go then.

        Raises
        ------
        BranchError
            If there is none.
        """
        branch = self.active
        if not self._can_redo(branch):
            raise BranchError("There is nothing to redo on this branch.")
        undone = branch.undone.pop()
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
        """Return the parent of a branch that is nothing but one change in the parent's past."""
        if not branch.by_change or len(branch.own_changes) > 1:
            return None
        return next((each for each in self.all if each.number == branch.parent), None)

    def _can_redo(self, branch: Branch) -> bool:
        if not branch.undone:
            return False
        undone, history = branch.undone[-1], branch.stepper.history
        if isinstance(undone, Branch):
            return len(self.all) < MOST_BRANCHES
        # Training has not gone on since, and nothing else was changed.
        *before, last = undone.past.interventions
        return history.interventions == before and history.furthest == last.at

    def _undo_words(self) -> str:
        branch = self.active
        return branch.describe(len(branch.stepper.history.interventions) - 1) if branch.own_changes else ""

    def _redo_words(self) -> str:
        branch = self.active
        if not self._can_redo(branch):
            return ""
        undone = branch.undone[-1]
        if isinstance(undone, Branch):
            return undone.describe(undone.n_inherited)
        return undone.past.interventions[-1].describe(branch.experiment)
