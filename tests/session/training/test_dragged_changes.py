"""A drag of a value is one change, however many edits it consists of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.snapshot import restored, snapshot
from bpviz.session.time_travel.branches import Branches
from bpviz.session.training.interventions import Edit, EditError
from bpviz.session.training.position import Position
from tests.session.time_travel.test_branches import bits, go, trained

WEIGHT = (2, 1, 2)


def hand_in(branches: Branches, value: float, *, goes_on: bool, where: tuple[int, int, int] = WEIGHT) -> None:
    edit = Edit(*where, value, goes_on)
    branches.change(branches.active.stepper, lambda stepper: stepper.edit(edit))


def drag(branches: Branches, *values: float) -> None:
    for number, value in enumerate(values):
        hand_in(branches, value, goes_on=number > 0)


def changes(branches: Branches) -> list[str]:
    return [words for _, words in branches.active.info().interventions]


def weight(branches: Branches) -> float:
    return float(branches.active.stepper.training.network.layers[1].weights[1, 2])


def test_a_drag_is_one_change_with_its_last_value() -> None:
    branches = trained(1)
    drag(branches, 0.1, 0.2, 0.3)
    assert (changes(branches), weight(branches)) == (["W2[1, 2] = 0.3"], 0.3)


def test_one_undo_takes_a_whole_drag_back_and_one_redo_brings_its_end_again() -> None:
    branches = trained(1)
    before = bits(branches.active.stepper)
    drag(branches, 0.1, 0.2, 0.3)
    after = bits(branches.active.stepper)
    go(branches, branches.undo())
    assert bits(branches.active.stepper) == before
    go(branches, branches.redo())
    assert bits(branches.active.stepper) == after


def test_a_change_before_a_drag_at_the_same_position_is_a_separate_change() -> None:
    branches = trained(1)
    hand_in(branches, 0.7, goes_on=False)
    drag(branches, 0.1, 0.2)
    drag(branches, 0.3, 0.4)
    assert changes(branches) == [f"W2[1, 2] = {value}" for value in (0.7, 0.2, 0.4)]
    for value in (0.2, 0.7):
        go(branches, branches.undo())
        assert weight(branches) == value


@pytest.mark.parametrize("where", [(2, 1, 1), (2, 0, 2), (1, 1, 2), (2, None, 2)])
def test_a_drag_never_takes_the_place_of_another_parameter(where: tuple[int, int, int]) -> None:
    branches = trained(1)
    hand_in(branches, 0.7, goes_on=False, where=where)
    hand_in(branches, 0.2, goes_on=True)
    assert len(changes(branches)) == 2


def test_a_drag_while_training_runs_is_one_change_at_each_position() -> None:
    branches = trained(1)
    drag(branches, 0.1)
    go(branches, Position(1, 5))
    hand_in(branches, 0.2, goes_on=True)
    assert [at for at, _ in branches.active.info().interventions] == [Position(1), Position(1, 5)]


def test_an_undo_during_a_drag_undoes_only_one_change() -> None:
    branches = trained(1)
    hand_in(branches, 0.7, goes_on=False)
    drag(branches, 0.1, 0.2)
    go(branches, branches.undo())
    hand_in(branches, 0.3, goes_on=True)
    assert changes(branches) == ["W2[1, 2] = 0.7", "W2[1, 2] = 0.3"]


def test_a_drag_in_the_past_makes_one_branch_named_after_its_end() -> None:
    branches = trained(3)
    live = bits(branches.active.stepper)
    go(branches, Position(1))
    drag(branches, 0.1, 0.2, 0.3)
    assert [branch.name for branch in branches.all] == ["main", "W2[1, 2] = 0.3 at epoch 1"]
    go(branches, branches.undo())
    assert [branch.name for branch in branches.all] == ["main"]
    go(branches, Position(3))
    assert bits(branches.active.stepper) == live


def test_a_name_of_ones_own_stays_while_a_value_is_dragged() -> None:
    branches = trained(3)
    go(branches, Position(1))
    drag(branches, 0.1)
    branches.rename(branches.active.number, "mine")
    hand_in(branches, 0.2, goes_on=True)
    assert branches.active.name == "mine"


def test_an_invalid_value_does_not_affect_the_drag() -> None:
    branches = trained(1)
    drag(branches, 0.1, 0.2)
    with pytest.raises(EditError):
        hand_in(branches, np.inf, goes_on=True)
    assert (changes(branches), weight(branches)) == (["W2[1, 2] = 0.2"], 0.2)
    go(branches, branches.undo())
    assert bits(branches.active.stepper) == bits(trained(1).active.stepper)


def test_a_drag_whose_first_value_is_refused_keeps_the_change_before_it() -> None:
    branches = trained(1)
    hand_in(branches, 0.7, goes_on=False)
    with pytest.raises(EditError):
        hand_in(branches, np.inf, goes_on=False)
    hand_in(branches, 0.2, goes_on=True)
    hand_in(branches, 0.3, goes_on=True)
    assert changes(branches) == ["W2[1, 2] = 0.7", "W2[1, 2] = 0.3"]
    go(branches, branches.undo())
    assert weight(branches) == 0.7


def test_a_drag_is_saved_as_one_change_and_not_continued_after_opening(tmp_path: Path) -> None:
    saved = trained(1)
    drag(saved, 0.1, 0.2)
    write_session(tmp_path / "a.bpviz", snapshot(saved, saved.active.stepper))
    branches, place = restored(read_session(tmp_path / "a.bpviz"))
    go(branches, place)
    assert (changes(branches), bits(branches.active.stepper)) == (["W2[1, 2] = 0.2"], bits(saved.active.stepper))
    hand_in(branches, 0.3, goes_on=True)
    assert changes(branches) == ["W2[1, 2] = 0.2", "W2[1, 2] = 0.3"]


def test_training_on_after_a_drag_goes_as_after_its_last_value_typed_in() -> None:
    dragged, typed = trained(1), trained(1)
    drag(dragged, 0.1, 0.2, 0.3)
    hand_in(typed, 0.3, goes_on=False)
    for branches in (dragged, typed):
        go(branches, Position(2, 7))
        go(branches, Position(1))
        go(branches, Position(2))
    assert bits(dragged.active.stepper) == bits(typed.active.stepper)
