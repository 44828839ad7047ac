"""Branches: changes in the past, forks, undo and redo; every state is reproduced bit for bit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bpviz.core.arrays import Array
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.branches import BranchError, Branches
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.time_travel.timeline import MOST_BRANCHES
from bpviz.session.training.interventions import Edit, EditError
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.helpers import EXPLOSIVE, SMALL

N_TRAIN = 28
FASTER = dataclasses.replace(SMALL, learning_rate=0.5)


def bits(stepper: Stepper) -> bytes:
    return stepper.training.network.parameters.tobytes()


def go(branches: Branches, place: Position) -> None:
    """Seek a position on the active branch, and keep the records of new epochs."""
    branch = branches.active
    branch.epochs.extend(branch.stepper.go_to(place))


def change_hyperparameters(branches: Branches, experiment: Experiment) -> None:
    branches.change(branches.active.stepper, lambda stepper: stepper.change_hyperparameters(experiment))


def trained(epochs: int = 3, experiment: Experiment = SMALL) -> Branches:
    branches = Branches.begin(Training(experiment))
    go(branches, Position(epochs))
    return branches


def mse(branches: Branches) -> list[float]:
    return [float(value) for value in branches.active.epochs.column("mse_train")]


# Changes in the past


def test_a_change_at_the_live_end_stays_on_the_branch() -> None:
    branches = trained()
    change_hyperparameters(branches, FASTER)
    assert [branch.number for branch in branches.all] == [0]
    assert branches.timeline().branches[0].interventions == ((Position(3), "learning rate 0.5"),)


def test_a_change_in_the_past_keeps_what_came_after_as_a_branch() -> None:
    branches = trained()
    before, end = mse(branches), bits(branches.active.stepper)
    go(branches, Position(1, 5))
    change_hyperparameters(branches, FASTER)
    made = branches.active
    assert (made.number, made.parent, made.forked_at) == (1, 0, Position(1, 5))
    assert made.name == "learning rate 0.5 at epoch 1"
    assert mse(branches) == before[:1]
    go(branches, Position(3))
    assert mse(branches)[1:] != before[1:]
    branches.show(0)
    assert mse(branches) == before
    go(branches, Position(3))
    assert bits(branches.active.stepper) == end


def test_the_new_branch_trains_as_if_the_change_had_been_made_in_a_run() -> None:
    branches = trained()
    go(branches, Position(1, 5))
    change_hyperparameters(branches, FASTER)
    go(branches, Position(3))
    training = Training(SMALL)
    training.run_epoch()
    training.trainer.advance(5)
    training.change_hyperparameters(FASTER)
    training.run_epoch()
    training.run_epoch()
    assert np.array_equal(branches.active.stepper.training.network.parameters, training.network.parameters)


def test_a_change_that_fails_leaves_no_branch() -> None:
    branches = trained()
    go(branches, Position(1))
    here = bits(branches.active.stepper)
    with pytest.raises(EditError, match="W9"):
        branches.change(branches.active.stepper, lambda stepper: stepper.edit(Edit(9, 0, 0, 1.0)))
    assert (len(branches.all), branches.active.number) == (1, 0)
    assert bits(branches.active.stepper) == here
    assert branches.active.stepper.history.furthest == Position(3)


def test_a_fifth_branch_is_refused_and_nothing_is_lost() -> None:
    branches = trained()
    for number in range(1, MOST_BRANCHES):
        branches.fork(branches.active.stepper.copy(), f"fork {number}", by_change=False)
    go(branches, Position(4))
    go(branches, Position(2))
    with pytest.raises(BranchError, match="delete one first"):
        change_hyperparameters(branches, FASTER)
    assert branches.active.stepper.history.furthest == Position(4)


# Forks and comparisons


def test_a_fork_trains_as_its_origin_until_something_is_changed() -> None:
    branches = trained()
    go(branches, Position(2, 7))
    origin = branches.active
    fork = branches.fork(origin.stepper.copy(), "fork", by_change=False)
    assert (fork.parent, fork.forked_at, len(fork.epochs)) == (0, Position(2, 7), 2)
    go(branches, Position(3))
    branches.show(0)
    go(branches, Position(3))
    assert bits(fork.stepper) == bits(origin.stepper)
    assert fork.epochs.column("mse_train").tolist() == origin.epochs.column("mse_train").tolist()


def test_showing_the_compared_branch_compares_it_with_the_one_before() -> None:
    branches = trained()
    fork = branches.fork(branches.active.stepper.copy(), "fork", by_change=False)
    branches.compare(0)
    branches.show(0)
    assert (branches.active.number, branches.compared) == (0, fork)


def test_a_branch_is_not_compared_with_itself() -> None:
    branches = trained()
    with pytest.raises(BranchError, match="itself"):
        branches.compare(0)


def test_deleting_the_active_branch_returns_to_its_parent() -> None:
    branches = trained()
    branches.fork(branches.active.stepper.copy(), "fork", by_change=False)
    branches.compare(0)
    branches.delete(1)
    assert (branches.active.number, branches.compared, len(branches.all)) == (0, None, 1)
    with pytest.raises(BranchError, match="only branch"):
        branches.delete(0)


def test_a_fork_of_a_deleted_branch_takes_over_its_fork_and_its_changes() -> None:
    branches = trained()
    go(branches, Position(1))
    change_hyperparameters(branches, FASTER)
    go(branches, Position(2))
    fork = branches.fork(branches.active.stepper.copy(), "fork", by_change=False)
    assert (fork.parent, fork.forked_at, fork.own_changes) == (1, Position(2), [])
    branches.delete(1)
    assert (fork.parent, fork.forked_at) == (0, Position(1))
    assert [change.at for change in fork.own_changes] == [Position(1)]
    branches.deleted = None  # which undo would take back first
    assert branches.undo() == Position(1)


def test_numbers_of_branches_are_not_given_twice() -> None:
    branches = trained()
    branches.fork(branches.active.stepper.copy(), "fork", by_change=False)
    branches.delete(1)
    assert branches.fork(branches.active.stepper.copy(), "again", by_change=False).number == 2


# Undo and redo


def test_undo_takes_the_last_change_back_and_redo_brings_all_of_it_again() -> None:
    branches = trained(2)
    change_hyperparameters(branches, FASTER)
    go(branches, Position(4, 3))
    end, record = bits(branches.active.stepper), mse(branches)
    assert branches.timeline().undo == "learning rate 0.5"
    assert branches.undo() == Position(2)
    go(branches, Position(2))
    assert mse(branches) == record[:2]
    assert branches.active.stepper.training.experiment.learning_rate == 0.1
    assert (branches.timeline().undo, branches.timeline().redo) == ("", "learning rate 0.5")
    place = branches.redo()
    go(branches, place)
    assert (place, bits(branches.active.stepper), mse(branches)) == (Position(4, 3), end, record)


def test_redo_is_offered_with_the_words_of_the_change_undone_last() -> None:
    branches = trained()
    change_hyperparameters(branches, FASTER)
    change_hyperparameters(branches, dataclasses.replace(SMALL, learning_rate=0.25))
    assert (branches.timeline().undo, branches.timeline().redo) == ("learning rate 0.25", "")
    branches.undo()
    assert (branches.timeline().undo, branches.timeline().redo) == ("learning rate 0.5", "learning rate 0.25")


def test_undoing_a_change_in_the_past_returns_to_the_branch_that_it_left() -> None:
    branches = trained()
    record = mse(branches)
    go(branches, Position(1))
    change_hyperparameters(branches, FASTER)
    go(branches, Position(2))
    other = mse(branches)
    assert branches.undo() == Position(1)
    assert ([branch.number for branch in branches.all], mse(branches)) == ([0], record)
    branches.redo()
    assert (branches.active.number, mse(branches)) == (1, other)


def test_a_new_change_cannot_be_followed_by_a_redo_of_another() -> None:
    branches = trained(2)
    change_hyperparameters(branches, FASTER)
    go(branches, branches.undo())
    change_hyperparameters(branches, dataclasses.replace(SMALL, learning_rate=0.2))
    assert branches.timeline().redo == ""
    with pytest.raises(BranchError, match="nothing to redo"):
        branches.redo()


def test_training_on_after_an_undo_leaves_nothing_to_redo() -> None:
    branches = trained(2)
    change_hyperparameters(branches, FASTER)
    go(branches, branches.undo())
    go(branches, Position(3))
    assert branches.timeline().redo == ""


def test_changes_before_a_fork_are_not_undone_on_it() -> None:
    branches = trained(1)
    change_hyperparameters(branches, FASTER)
    branches.fork(branches.active.stepper.copy(), "fork", by_change=False)
    assert branches.timeline().undo == ""
    with pytest.raises(BranchError, match="nothing to undo"):
        branches.undo()


def test_several_changes_at_one_position_are_undone_one_by_one() -> None:
    branches = trained(1)
    change_hyperparameters(branches, FASTER)
    branches.change(branches.active.stepper, lambda stepper: stepper.edit(Edit(2, 1, 2, 0.75)))
    branches.change(branches.active.stepper, lambda stepper: stepper.apply(5))
    said = []
    while words := branches.timeline().undo:
        said.append(words)
        go(branches, branches.undo())
    assert said == ["sample 5 applied", "W2[1, 2] = 0.75", "learning rate 0.5"]
    assert bits(branches.active.stepper) == bits(trained(1).active.stepper)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(2, 1, 2, 0.75), "W2[1, 2] = 0.75"),
        (Edit(1, None, 3, -1.5), "b1[3] = -1.5"),
    ],
)
def test_a_parameter_typed_in_is_where_it_was_typed(edit: Edit, words: str) -> None:
    branches = trained(1)
    before = branches.active.stepper.training.network.parameters.copy()
    branches.change(branches.active.stepper, lambda stepper: stepper.edit(edit))
    layer = branches.active.stepper.training.network.layers[edit.layer - 1]
    found = layer.bias[edit.neuron] if edit.source is None else layer.weights[edit.source, edit.neuron]
    assert (found, branches.timeline().undo) == (edit.value, words)
    assert np.sum(before != branches.active.stepper.training.network.parameters) == 1


@pytest.mark.parametrize(
    "edit",
    [Edit(0, 0, 0, 1.0), Edit(4, 0, 0, 1.0), Edit(1, 2, 0, 1.0), Edit(1, 0, 4, 1.0), Edit(1, 0, -1, 1.0)]
    + [Edit(1, None, 0, value) for value in (np.nan, np.inf)],
)
def test_a_parameter_that_cannot_be_is_refused_with_a_sentence(edit: Edit) -> None:
    branches = trained(1)
    with pytest.raises(EditError, match="cannot be"):
        branches.change(branches.active.stepper, lambda stepper: stepper.edit(edit))
    assert branches.timeline().undo == ""


# Any state, again


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    hidden = tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)))
    names = tuple(draw(st.sampled_from(("sigmoid", "tanh", "relu"))) for _ in hidden)
    return dataclasses.replace(
        SMALL,
        hidden=hidden,
        activations=(*names, "sigmoid"),
        seed=draw(st.integers(0, 99)),
        batch_size=draw(st.sampled_from((1, 1, 3))),
        shuffle=draw(st.booleans()),
        train_biases=draw(st.booleans()),
    )


@st.composite
def deeds(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Make a list of things to do; the numbers say where, or which."""
    names = ("forward", "forward", "seek", "seek", "rate", "batch", "sample", "edit", "fork", "show", "undo", "redo")
    deed = st.tuples(st.sampled_from(names), st.integers(0, 10**6), st.integers(0, 10**6))
    return draw(st.lists(deed, min_size=5, max_size=25))


class Walk:
    """Makes random changes to branches, and records every state when it is first reached."""

    def __init__(self, experiment: Experiment) -> None:
        self.branches = Branches.begin(Training(experiment))
        self.seen: dict[tuple[object, ...], tuple[bytes, Array]] = {}

    def note(self) -> None:
        """Compare with what was here before, or note it."""
        stepper = self.branches.active.stepper
        made = stepper.history.interventions[: stepper.history.n_applied]
        key = (stepper.training.position, *made)
        statistics = stepper.training.trainer.statistics.packed.copy()
        before, sums = self.seen.setdefault(key, (bits(stepper), statistics))
        assert bits(stepper) == before
        # Sums over an epoch that numpy makes in other slices may differ in their last bits.
        assert statistics == pytest.approx(sums, rel=1e-12, abs=1e-300)

    def do(self, name: str, a: int, b: int) -> None:
        branches, stepper = self.branches, self.branches.active.stepper
        now, furthest = stepper.training.experiment, stepper.history.furthest
        match name:
            case "forward":
                go(branches, dataclasses.replace(furthest, epoch=furthest.epoch + a % 2, sample=0))
                stepper.step("sample", 1 + b % 40)
            case "seek":
                go(branches, min(Position(a % (furthest.epoch + 1), b % N_TRAIN), furthest))
            case "rate":
                change_hyperparameters(
                    branches, dataclasses.replace(now, learning_rate=now.learning_rate * (0.5 + a % 4))
                )
            case "batch":
                change_hyperparameters(branches, dataclasses.replace(now, batch_size=1 + (now.batch_size + a % 3) % 4))
            case "sample":
                branches.change(stepper, lambda each: each.apply(a % N_TRAIN))
            case "edit":
                branches.change(stepper, lambda each: each.edit(Edit(1, a % 2, 0, b / 10**6 - 0.5, goes_on=a % 3 > 0)))
            case "fork":
                branches.fork(stepper.copy(), "fork", by_change=False)
            case "show":
                branches.show(branches.all[a % len(branches.all)].number)
            case "undo":
                go(branches, branches.undo())
            case "redo":
                go(branches, branches.redo())


@pytest.mark.slow
@settings(max_examples=60, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.too_slow])
@given(experiments(), deeds())
def test_every_state_of_a_random_walk_is_reproduced_bit_for_bit(
    experiment: Experiment, todo: list[tuple[str, int, int]]
) -> None:
    walk = Walk(experiment)
    for name, a, b in todo:
        try:
            walk.do(name, a, b)
        except BranchError:
            continue  # too many branches, nothing to undo or redo
        walk.branches.active.stepper.leave()
        walk.note()


def test_a_fault_in_a_change_leaves_everything_as_it_was() -> None:
    branches = Branches.begin(Training(EXPLOSIVE))
    here = bits(branches.active.stepper)
    for sample in range(N_TRAIN):
        try:
            branches.change(branches.active.stepper, lambda stepper, sample=sample: stepper.apply(sample))  # type: ignore[misc]
        except ArithmeticError:
            break
        here = bits(branches.active.stepper)
    else:
        pytest.fail("its numbers never left their range")
    assert bits(branches.active.stepper) == here
