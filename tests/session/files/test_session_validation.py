"""Consistency checks between the parts of a session file."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.time_travel.history import History
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.interventions import Edit, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.files.saved_sessions import trained, trained_session
from tests.session.helpers import EXPLOSIVE, SMALL

GOOD = trained_session()
CHANGES = GOOD.branches[0].interventions
N_PARAMETERS = len(Training(SMALL).network.parameters)
NOT_FINITE = "it has a checkpoint with numbers that are not finite"


def with_first(session: SavedSession, **changes: object) -> SavedSession:
    own = dataclasses.replace(session.branches[0], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(session, branches=(own, *session.branches[1:]))


def with_checkpoint(number: int, **changes: object) -> SavedSession:
    checkpoints = list(GOOD.branches[0].checkpoints)
    changed = dataclasses.replace(checkpoints[number].checkpoint, **changes)  # type: ignore[arg-type]
    checkpoints[number] = dataclasses.replace(checkpoints[number], checkpoint=changed)
    return with_first(GOOD, checkpoints=tuple(checkpoints))


def with_number(row: int, column: int, value: float) -> SavedSession:
    arrays = {name: array.copy() for name, array in GOOD.branches[0].epochs.arrays().items()}
    arrays["numbers"][row, column] = value
    return with_first(GOOD, epochs=EpochTable.from_arrays(arrays))


def with_changes(*changes: Intervention) -> SavedSession:
    return with_first(GOOD, interventions=changes)


def with_edit(layer: int, source: int | None, neuron: int) -> SavedSession:
    return with_changes(Intervention(Position(2), edit=Edit(layer, source, neuron, 1.0)), CHANGES[1])


@pytest.mark.parametrize(
    ("session", "sentence"),
    [
        (dataclasses.replace(GOOD, branches=()), "it has no branch"),
        (
            dataclasses.replace(GOOD, branches=GOOD.branches[:1] * 2, active=0),
            "two of its branches have the same number",
        ),
        (dataclasses.replace(GOOD, active=1), "branch 1, which should be active, does not exist"),
        (dataclasses.replace(GOOD, compared=7), "branch 7, which should be compared, does not exist"),
        (with_first(GOOD, parent=9), "branch 0 has no original branch"),
        (with_first(GOOD, parent=3), "branch 0 has no original branch"),
        (with_first(GOOD, parent=0), "branch 0 has no original branch"),
        (with_first(GOOD, first=Experiment(samples=41)), "its branches are trained on different samples"),
        (with_first(GOOD, name="two\nlines"), "branch 0: its name must be one line of 1 to 60 characters"),
        (with_first(GOOD, name=" "), "branch 0: its name must be one line of 1 to 60 characters"),
        (with_first(GOOD, name="a" * 61), "branch 0: its name must be one line of 1 to 60 characters"),
        (with_first(GOOD, furthest=Position(10_000_001)), "branch 0: the epoch of furthest must be a whole number"),
        (with_first(GOOD, place=Position(1, 28)), "branch 0: place is at a sample or an operation that does not exist"),
        (with_first(GOOD, place=Position(1, 0, 99)), "branch 0: place is at a sample or an operation that does"),
        (with_first(GOOD, place=Position(4, 1)), "branch 0: place is after the latest update"),
        (with_first(GOOD, forked_at=Position(5)), "branch 0: forked at is after the latest update"),
        (with_first(GOOD, numpy_epochs=6), "branch 0: it has more epochs on the numpy path"),
        (with_changes(CHANGES[0], Intervention(Position(1), sample=1)), "branch 0: intervention 2 is out of order"),
        (with_changes(*CHANGES, Intervention(Position(5), sample=1)), "branch 0: intervention 3 is out of order"),
        (with_changes(Intervention(Position(2), sample=28), CHANGES[1]), "branch 0: intervention 1 is about sample 28"),
        (with_edit(4, 0, 0), "branch 0: intervention 1 is about W4[0, 0], which does not exist"),
        (with_edit(1, 2, 0), "branch 0: intervention 1 is about W1[2, 0], which does not exist"),
        (with_edit(0, None, 0), "branch 0: intervention 1 is about b0[0], which does not exist"),
        (with_edit(2, None, 3), "branch 0: intervention 1 is about b2[3], which does not exist"),
        (with_changes(), "branch 0: it has a checkpoint that is inconsistent with its interventions"),
        (with_first(GOOD, checkpoints=()), "branch 0: its checkpoints are out of order"),
        (with_checkpoint(0, sample=1), "branch 0: its checkpoints are out of order"),
        (with_checkpoint(1, epoch=3), "branch 0: its checkpoints are out of order"),
        (with_checkpoint(-1, epoch=5), "branch 0: it has a checkpoint at a position that it has not reached"),
        (with_checkpoint(1, parameters=np.full(N_PARAMETERS, np.nan)), f"branch 0: {NOT_FINITE}"),
        (with_checkpoint(1, statistics=np.full(19, np.inf)), f"branch 0: {NOT_FINITE}"),
        (with_first(GOOD, epochs=trained(5)[1]), "branch 0: it has records of epochs that it has not reached"),
        (with_number(1, 0, 7), "branch 0: the records of its epochs are out of order"),
        (with_number(1, 1, np.nan), "branch 0: its mean squared error is not finite"),
        (with_number(1, 5, 29), "branch 0: its number of mistakes is negative or larger"),
        (with_number(1, 5, np.nan), "branch 0: its number of mistakes is negative or larger"),
    ],
)
def test_inconsistent_parts_are_refused(tmp_path: Path, session: SavedSession, sentence: str) -> None:
    with pytest.raises(ExportError) as fault:
        write_session(tmp_path / "a.bpviz", session)
    assert str(fault.value).startswith(f"{tmp_path / 'a.bpviz'} cannot be written: {sentence}")


def test_positions_within_an_update_are_refused(tmp_path: Path) -> None:
    pairs = dataclasses.replace(SMALL, batch_size=2)
    history, table = trained(2, pairs)
    session = single_branch_session(history, pairs, table)
    odd = Intervention(Position(1, 5), sample=1)
    for wrong in (with_first(session, place=Position(1, 3)), with_first(session, interventions=(odd,))):
        with pytest.raises(ExportError, match="is not at the start of an update"):
            write_session(tmp_path / "a.bpviz", wrong)


def test_a_change_of_the_batch_size_moves_where_updates_begin(tmp_path: Path) -> None:
    threes = dataclasses.replace(SMALL, batch_size=3)
    history = History(Training(threes))
    history.advance(9)
    history.change_hyperparameters(dataclasses.replace(SMALL, batch_size=5))
    history.advance(10)
    assert history.position == Position(0, 19)
    write_session(tmp_path / "a.bpviz", single_branch_session(history, threes, EpochTable()))
    assert read_session(tmp_path / "a.bpviz").branches[0].place == Position(0, 19)


def test_a_state_before_a_number_that_is_not_finite_can_be_kept(tmp_path: Path) -> None:
    history = History(Training(EXPLOSIVE))
    with pytest.raises(ArithmeticError):
        history.advance(28)
    assert history.position > history.furthest
    write_session(tmp_path / "a.bpviz", single_branch_session(history, EXPLOSIVE, EpochTable()))
    branch = read_session(tmp_path / "a.bpviz").branches[0]
    again = History(Training(branch.first))
    again.advance(28, until=branch.place)
    assert again.training.network.parameters.tobytes() == history.training.network.parameters.tobytes()
