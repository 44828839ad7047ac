"""Saving never refuses what bpviz made: what fails its own check is left out, and said."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.session_repair import repair
from bpviz.session.files.snapshot import restored
from bpviz.session.training.position import Position
from tests.session.files.saved_sessions import trained_session

GOOD = trained_session()
OWN = GOOD.branches[0]


def with_first(**changes: Any) -> SavedSession:
    return dataclasses.replace(GOOD, branches=(dataclasses.replace(OWN, **changes), *GOOD.branches[1:]))


def bad_checkpoints(branch: SavedBranch) -> dict[str, Any]:
    first, second, *rest = branch.checkpoints
    return {"checkpoints": (first, dataclasses.replace(second, n_interventions=99), *rest)}


def opened_parameters(session: SavedSession) -> bytes:
    branches, position = restored(session)
    branches.active.stepper.go_to(position)
    return branches.active.stepper.training.network.parameters.tobytes()


def test_a_sound_session_is_saved_whole_and_nothing_is_said() -> None:
    assert repair(GOOD) == (GOOD, ())


@pytest.mark.parametrize(
    ("session", "note"),
    [
        (with_first(**bad_checkpoints(OWN)), "1 checkpoints left out, which are replayed"),
        (with_first(checkpoints=OWN.checkpoints[::-1]), "checkpoints left out, which are replayed"),
        (with_first(name="learning rate 0.5, batch size 7, " * 3), "its name was shortened"),
        (with_first(name="a\nname"), "its name was shortened"),
        (with_first(place=dataclasses.replace(OWN.place, epoch=OWN.furthest.epoch + 5)), "it opens at epoch"),
        (dataclasses.replace(GOOD, bookmarks=(GOOD.bookmarks[0],) * 500), "the bookmarks were left out"),
    ],
)
def test_a_part_that_fails_its_check_is_left_out_and_the_rest_opens(
    session: SavedSession, note: str, tmp_path: Path
) -> None:
    notes = write_session(tmp_path / "a.bpviz", session)
    assert [each for each in notes if note in each]
    assert len(read_session(tmp_path / "a.bpviz").branches) == len(GOOD.branches)


def test_a_session_without_its_bad_checkpoints_opens_to_the_same_bits(tmp_path: Path) -> None:
    write_session(tmp_path / "a.bpviz", with_first(**bad_checkpoints(OWN)))
    assert opened_parameters(read_session(tmp_path / "a.bpviz")) == opened_parameters(GOOD)


def test_too_many_numpy_epochs_are_no_reason_to_say_anything(tmp_path: Path) -> None:
    assert write_session(tmp_path / "a.bpviz", with_first(numpy_epochs=10_000)) == ()
    assert read_session(tmp_path / "a.bpviz").branches[0].numpy_epochs == OWN.furthest.epoch + 1


def test_records_that_are_not_finite_are_left_out_with_those_after_them() -> None:
    columns = OWN.epochs.arrays()
    numbers = columns["numbers"].copy()
    numbers[2, 1] = np.nan  # the training MSE of epoch 2
    columns["numbers"] = numbers
    spoiled = with_first(epochs=type(OWN.epochs).from_arrays(columns))
    repaired, notes = repair(spoiled)
    assert len(repaired.branches[0].epochs) == 2
    assert f"{len(OWN.epochs) - 2} epoch records left out" in notes[0]


def test_a_branch_that_cannot_be_repaired_is_left_out_and_the_others_are_saved() -> None:
    spoiled = with_first(furthest=Position(1))
    repaired, notes = repair(spoiled)
    assert [branch.number for branch in repaired.branches] == [branch.number for branch in GOOD.branches[1:]]
    assert "branch 0 was left out" in notes[-1]
