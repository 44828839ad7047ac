"""Validation of a session file as a whole: consistency between parts that are valid by themselves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from bpviz.core.datasets import count_samples
from bpviz.core.optimisers.learning import HEAD, is_head
from bpviz.language import _
from bpviz.session.experiment.experiment import RULES, SAMPLES, Experiment
from bpviz.session.experiment.validation import TextLine
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.time_travel.timeline import MAX_NAME_LENGTH
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import SampleCounts, amount_problem, holding
from bpviz.session.walkthrough.operations import operations

_NAME = TextLine(MAX_NAME_LENGTH)
_START = Position()


def check(session: SavedSession) -> None:
    """Check that a session is consistent, so that it can be restored.

    Raises
    ------
    ValueError
        With a sentence about the first inconsistency.
    """
    for problem in _problems(session):
        raise ValueError(problem)


def _problems(session: SavedSession) -> Iterator[str]:
    yield from _problems_between(session)
    for branch in session.branches:
        yield from (
            _("branch {number}: {problem}").format(number=branch.number, problem=problem)
            for problem in branch_problems(branch)
        )


def _problems_between(session: SavedSession) -> Iterator[str]:
    parents = {branch.number: branch.parent for branch in session.branches}
    if not parents:
        yield _("it has no branch")
    if len(parents) < len(session.branches):
        yield _("two of its branches have the same number")
    for what, number in (("active", session.active), ("compared", session.compared)):
        if number is not None and number not in parents:
            yield _("branch {number}, which should be {what}, does not exist").format(number=number, what=what)
    yield from (
        _("branch {number} has no original branch").format(number=number)
        for number in parents
        if _has_no_root(number, parents)
    )
    if len({_samples_of(branch.first) for branch in session.branches}) > 1:
        yield _("its branches are trained on different samples")


def _has_no_root(number: int, parents: dict[int, int | None]) -> bool:
    """Return whether an ancestor of a branch does not exist, or a branch is its own ancestor."""
    line, parent = {number}, parents[number]
    while parent is not None:
        if parent in line or parent not in parents:
            return True
        line.add(parent)
        parent = parents[parent]
    return False


def _samples_of(experiment: Experiment) -> tuple[object, ...]:
    return tuple(getattr(experiment, name) for name in sorted(SAMPLES))


def branch_problems(branch: SavedBranch) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with a branch by itself."""
    if problem := _NAME.problem(branch.name):
        yield _("its name {problem}").format(problem=problem)
    # First of all, since the numbers of samples follow from the strokes.
    if found := list(_problems_of_strokes(branch)):
        yield from found
        return
    yield from _problems_of_places(branch)
    yield from _problems_of_interventions(branch)
    yield from checkpoint_problems(branch)
    yield from epoch_problems(branch)


def _counts(branch: SavedBranch) -> SampleCounts:
    """Return how many samples there are before all strokes."""
    first = branch.first
    counts = count_samples(first.data, first.samples, first.test_share)
    return SampleCounts(first.sizes[0], first.n_outputs if first.is_classification else 0, *counts)


def _problems_of_strokes(branch: SavedBranch) -> Iterator[str]:
    there = _counts(branch)
    if problem := amount_problem([change.stroke for change in branch.interventions if change.stroke]):
        yield problem
    for number, change in enumerate(branch.interventions, start=1):
        if change.stroke is None:
            continue
        if problem := change.stroke.problem(there):
            yield _("intervention {number} is no stroke: {problem}").format(number=number, problem=problem)
            return
        there = there.after(change.stroke)


class _Samples:
    """The number of training samples of each epoch, given the strokes."""

    def __init__(self, branch: SavedBranch) -> None:
        self._first = _counts(branch).n_train
        made = enumerate(branch.interventions)
        self._strokes = [(number, each.at, each.stroke) for number, each in made if each.stroke]

    def count(self, epoch: int, n_changes: int | None = None) -> int:
        """Return the number of training samples of an epoch, with the first interventions or with all of them."""
        within = [(at, stroke) for number, at, stroke in self._strokes if n_changes is None or number < n_changes]
        return holding(within, epoch, self._first)[1]


def _problems_of_places(branch: SavedBranch) -> Iterator[str]:
    furthest, place = _("furthest"), _("place")
    places = {furthest: branch.furthest, place: branch.place, _("forked at"): branch.forked_at}
    most_operations = len(operations(len(branch.first.activations), branch.first.rule.extra_operations))
    starts, samples = _Starts(branch), _Samples(branch)
    for what, position in places.items():
        if position.epoch and (problem := RULES["epochs"].problem(position.epoch)):
            yield _("the epoch of {what} {problem}").format(what=what, problem=problem)
        if position.sample >= samples.count(position.epoch) or position.operation > most_operations:
            yield _("{what} is at a sample or an operation that does not exist").format(what=what)
        if _update(position) > _update(branch.furthest):
            yield _("{what} is after the latest update").format(what=what)
    for what in (furthest, place):
        if not starts.holds(places[what]):
            yield _("{what} is not at the start of an update").format(what=what)
    if branch.n_inherited is not None and branch.n_inherited > len(branch.interventions):
        yield _("it shares more interventions with its parent than it has")
    if branch.numpy_epochs > branch.furthest.epoch + 1:
        yield _("it has more epochs on the numpy path than epochs")


def _problems_of_interventions(branch: SavedBranch) -> Iterator[str]:
    before, starts, samples = _START, _Starts(branch), _Samples(branch)
    n_samples = samples.count(0, 0)
    for number, change in enumerate(branch.interventions, start=1):
        here = _update(change.at)
        if change.stroke or here.epoch != before.epoch:
            n_samples = samples.count(here.epoch, number)
        if not before <= here <= _update(branch.furthest) or here.sample >= n_samples:
            yield _("intervention {number} is out of order").format(number=number)
        if not starts.holds(here, number):
            yield _("intervention {number} is not at the start of an update").format(number=number)
        if change.sample is not None and change.sample >= n_samples:
            yield _("intervention {number} is about sample {sample}, which does not exist").format(
                number=number, sample=change.sample
            )
        if change.edit is not None and not _exists(change.edit, branch.first.sizes):
            yield _("intervention {number} is about {name}, which does not exist").format(
                number=number, name=change.edit.name
            )
        before = here


def _exists(edit: Edit, sizes: tuple[int, ...]) -> bool:
    if not 1 <= edit.layer < len(sizes) or edit.neuron >= sizes[edit.layer]:
        return False
    return edit.source is None or edit.source < sizes[edit.layer - 1]


class _Starts:
    """The positions at which updates start, given the batch size and its changes."""

    def __init__(self, branch: SavedBranch) -> None:
        self._changes, size = [(_START, branch.first.batch_size)], branch.first.batch_size
        for change in branch.interventions:
            size = change.experiment.batch_size if change.experiment else size
            self._changes.append((_update(change.at), size))

    def holds(self, position: Position, n_changes: int | None = None) -> bool:
        """Return whether an update starts at a position, after `n_changes` entries of the changes, or all before it."""
        here = _update(position)
        behind = bisect_right(self._changes, here, key=lambda change: change[0]) if n_changes is None else n_changes
        since, size = self._changes[max(behind - 1, 0)]
        return (here.sample - (since.sample if since.epoch == here.epoch else 0)) % size == 0


def checkpoint_problems(branch: SavedBranch) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with the checkpoints of a branch."""
    changes, starts = [_update(change.at) for change in branch.interventions], _Starts(branch)
    order = [(checkpoint.position, checkpoint.n_interventions) for checkpoint in branch.checkpoints]
    if order[:1] != [(_START, 0)] or any(here >= after for here, after in pairwise(order)):
        yield _("its checkpoints are out of order")
    for checkpoint in branch.checkpoints:
        here = checkpoint.position
        if not bisect_left(changes, here) <= checkpoint.n_interventions <= bisect_right(changes, here):
            yield _("it has a checkpoint that is inconsistent with its interventions")
        if here > _update(branch.furthest) or not starts.holds(here, checkpoint.n_interventions + 1):
            yield _("it has a checkpoint at a position that it has not reached")
        state = checkpoint.checkpoint
        numbers = (state.parameters, state.statistics, state.learning[HEAD:])
        if not all(np.isfinite(each).all() for each in numbers) or not is_head(state.learning[:HEAD]):
            yield _("it has a checkpoint with numbers that are not finite")


def epoch_problems(branch: SavedBranch) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with the epoch records of a branch."""
    n_samples = _counts(branch).n_train + sum(len(each.stroke.points) for each in branch.interventions if each.stroke)
    table = branch.epochs
    mistakes = table.column("mistakes")
    if len(table) > branch.furthest.epoch:
        yield _("it has records of epochs that it has not reached")
    if not np.array_equal(table.column("epoch"), np.arange(len(table))):
        yield _("the records of its epochs are out of order")
    if not np.isfinite(table.column("mse_train")).all():
        yield _("its mean squared error is not finite")
    if not ((mistakes >= 0) & (mistakes <= n_samples)).all():
        yield _("its number of mistakes is negative or larger than the number of samples")


def _update(position: Position) -> Position:
    """Return a position without its operation: the start of its update."""
    return Position(position.epoch, position.sample)
