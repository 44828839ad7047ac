"""A deleted branch comes back with undo, and everything is as it was."""

from __future__ import annotations

import pytest

from bpviz.session.training.position import Position
from tests.session.time_travel.test_branches import FASTER, change_hyperparameters, go, trained


def test_undo_takes_back_a_deletion_with_all_that_it_changed() -> None:
    branches = trained()
    go(branches, Position(1))
    change_hyperparameters(branches, FASTER)
    go(branches, Position(2))
    fork = branches.fork(branches.active.stepper.copy(), "fork", by_change=False)
    branches.show(1)
    branches.compare(2)
    before = branches.timeline()
    branches.delete(1)
    after = branches.timeline()
    assert after.deleted == before.branches[1]
    assert after.undo == f"deletion of {before.branches[1].name}"
    branches.undo()
    assert branches.timeline() == before
    assert fork.own_changes == []


@pytest.mark.parametrize("change", ["fork", "change"])
def test_a_deletion_is_final_once_something_else_was_changed(change: str) -> None:
    branches = trained()
    branches.fork(branches.active.stepper.copy(), "fork", by_change=False)
    branches.delete(0)
    if change == "fork":
        branches.fork(branches.active.stepper.copy(), "again", by_change=False)
    else:
        change_hyperparameters(branches, FASTER)
    assert branches.timeline().deleted is None
