"""Writing and reading of session files."""

import dataclasses
import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from bpviz.core.arrays import Array
from bpviz.core.optimisers.learning import Learning
from bpviz.core.training.trainer import Checkpoint
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.session_file import SessionFileError, read_session, write_session
from bpviz.session.files.session_summary import describe
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.time_travel.history import HistoryCheckpoint
from bpviz.session.training.epochs import LOSS_COLUMNS, EpochTable
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.files.damage import members, packed
from tests.session.files.saved_sessions import same, sessions, trained, trained_session
from tests.session.helpers import SMALL, advance


@given(sessions())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_session_comes_back_bit_for_bit(tmp_path: Path, session: SavedSession) -> None:
    write_session(tmp_path / "a.bpviz", session)
    found = read_session(tmp_path / "a.bpviz")
    assert same(found, session)
    assert all(line.isprintable() for line in describe(found))


def test_a_trained_session_comes_back_bit_for_bit(tmp_path: Path) -> None:
    session = trained_session()
    write_session(tmp_path / "a.bpviz", session)
    assert same(read_session(tmp_path / "a.bpviz"), session)


def test_a_session_that_was_read_continues_like_the_original(tmp_path: Path) -> None:
    history, table = trained(3)
    write_session(tmp_path / "a.bpviz", single_branch_session(history, SMALL, table))
    branch = read_session(tmp_path / "a.bpviz").branches[0]
    other = Training(branch.first)
    other.trainer.restore(branch.checkpoints[-1].checkpoint)
    history.training.run_epoch()
    other.trainer.advance(28)
    assert other.network.parameters.tobytes() == history.training.network.parameters.tobytes()
    records = advance(history, 28)
    branch.epochs.extend(records)
    assert len(branch.epochs) == 3 + len(records)


def test_the_same_session_makes_the_same_bytes(tmp_path: Path) -> None:
    session = trained_session()
    for name in ("a.bpviz", "b.bpviz"):
        write_session(tmp_path / name, session)
    assert (tmp_path / "a.bpviz").read_bytes() == (tmp_path / "b.bpviz").read_bytes()


def test_a_file_is_a_zip_of_json_and_arrays_that_others_can_read(tmp_path: Path) -> None:
    write_session(tmp_path / "a.bpviz", trained_session())
    with zipfile.ZipFile(tmp_path / "a.bpviz") as archive:
        assert archive.namelist() == ["session.json", "branch-0.npz", "branch-3.npz"]
        assert archive.testzip() is None
        with np.load(io.BytesIO(archive.read("branch-0.npz")), allow_pickle=False) as arrays:
            assert arrays["epochs"].tolist() == [0, 1, 2, 2, 2, 3, 4]  # before and after each change
            assert arrays["deltas"].shape == (4, 2, 9)


def branch_with(n_checkpoints: int, place: Position) -> SavedBranch:
    n_parameters, learning = len(Training(SMALL).network.parameters), Learning(0).packed
    checkpoints = tuple(
        HistoryCheckpoint(Checkpoint(epoch, 0, np.full(n_parameters, float(epoch)), np.zeros(19), learning), 0)
        for epoch in range(n_checkpoints)
    )
    last = Position(n_checkpoints - 1)
    return SavedBranch(0, "main", None, Position(), False, SMALL, (), last, place, 0, EpochTable(), checkpoints)


@pytest.mark.parametrize("most", [0, 1, 3, 4, 10, 50, 99, 100, 1000])
@pytest.mark.parametrize("place", [Position(0), Position(37, 5, 2), Position(99)])
def test_checkpoints_keep_their_budget_the_ends_and_the_one_before_the_place(
    tmp_path: Path, most: int, place: Position
) -> None:
    branch = branch_with(100, place)
    checkpoint = branch.checkpoints[0].checkpoint
    size = checkpoint.parameters.nbytes + checkpoint.statistics.nbytes + checkpoint.learning.nbytes
    session = dataclasses.replace(trained_session(), branches=(branch,), active=0, compared=None)
    write_session(tmp_path / "a.bpviz", session, budget=most * size)
    kept = [checkpoint.checkpoint.epoch for checkpoint in read_session(tmp_path / "a.bpviz").branches[0].checkpoints]
    assert {0, place.epoch, 99} <= set(kept)
    assert len(kept) <= max(most, 3)
    assert len(kept) >= min(most, 100) - 1
    gaps = np.diff(kept)
    assert most < 10 or gaps.max() <= 2 * 99 / (most - 2) + 1


def test_a_session_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    session = trained_session()
    own = session.branches[0]
    wrong = dataclasses.replace(own, furthest=Position(1))
    (tmp_path / "a.bpviz").write_bytes(b"before")
    with pytest.raises(ExportError, match=r"a\.bpviz cannot be written: branch 0: intervention 1 is out of order"):
        write_session(tmp_path / "a.bpviz", dataclasses.replace(session, branches=(wrong,), active=0, compared=None))
    assert (tmp_path / "a.bpviz").read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a.bpviz"]


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="that is a folder"):
        write_session(tmp_path, trained_session())


def refusal(path: Path) -> str:
    with pytest.raises(SessionFileError) as fault:
        read_session(path)
    return str(fault.value).removeprefix(f"{path} cannot be opened: ")


def test_a_path_that_is_not_a_regular_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "that is a folder, not a file; choose another file"
    assert refusal(tmp_path / "a.bpviz") == "no such file or directory; choose another file"
    assert refusal(tmp_path / ("a" * 300)) == "file name too long; choose another file"


def test_a_pipe_without_a_writer_is_refused_at_once(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "that is not a regular file; choose another file"


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bpviz").touch(mode=0o000)
    if os.access(tmp_path / "a.bpviz", os.R_OK):
        pytest.skip("here everything may be read")
    assert refusal(tmp_path / "a.bpviz") == "permission denied; choose another file"


def test_a_session_of_format_2_opens_with_deltas_of_every_epoch_and_plain_sgd(tmp_path: Path) -> None:
    write_session(tmp_path / "a.bpviz", trained_session())
    parts = members((tmp_path / "a.bpviz").read_bytes())
    for name in [each for each in parts if each.endswith(".npz")]:
        arrays = {key: value for key, value in members(parts[name]).items() if key != "learning.npy"}
        parts[name] = packed(arrays_without_losses(arrays))
    values = json.loads(parts["session.json"]) | {"format": 2}
    for branch in values["branches"]:
        assert branch.pop("epochs_per_delta_row") == 1
    (tmp_path / "b.bpviz").write_bytes(packed(parts | {"session.json": json.dumps(values).encode()}))
    expected = without_losses(with_learning(trained_session(), Learning(0).packed))
    assert same(read_session(tmp_path / "b.bpviz"), expected)


def test_a_session_of_format_4_opens_without_the_losses_of_its_epochs(tmp_path: Path) -> None:
    write_session(tmp_path / "a.bpviz", trained_session())
    parts = members((tmp_path / "a.bpviz").read_bytes())
    for name in [each for each in parts if each.endswith(".npz")]:
        parts[name] = packed(arrays_without_losses(members(parts[name])))
    values = json.loads(parts["session.json"]) | {"format": 4}
    (tmp_path / "b.bpviz").write_bytes(packed(parts | {"session.json": json.dumps(values).encode()}))
    session = read_session(tmp_path / "b.bpviz")
    assert same(session, without_losses(trained_session()))
    assert np.isnan(session.branches[0].epochs.column("loss_train")).all()


def arrays_without_losses(arrays: dict[str, bytes]) -> dict[str, bytes]:
    """Return the arrays of a branch with the columns that formats 1 to 4 had."""
    if "numbers.npy" not in arrays:
        return arrays
    numbers = np.load(io.BytesIO(arrays["numbers.npy"]))
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(numbers[:, : -len(LOSS_COLUMNS)]), version=(1, 0))
    return arrays | {"numbers.npy": file.getvalue()}


def without_losses(session: SavedSession) -> SavedSession:
    """Return a session whose epochs have no losses."""

    def changed(branch: SavedBranch) -> SavedBranch:
        arrays = {name: array.copy() for name, array in branch.epochs.arrays().items()}
        if arrays:
            arrays["numbers"][:, -len(LOSS_COLUMNS) :] = np.nan
        return dataclasses.replace(branch, epochs=EpochTable.from_arrays(arrays, branch.epochs.deltas.epochs_per_row))

    return dataclasses.replace(session, branches=tuple(map(changed, session.branches)))


def with_learning(session: SavedSession, learning: Array) -> SavedSession:
    """Return a session with other memories of the optimiser in all checkpoints."""

    def changed(each: HistoryCheckpoint) -> HistoryCheckpoint:
        return dataclasses.replace(each, checkpoint=dataclasses.replace(each.checkpoint, learning=learning))

    branches = (
        dataclasses.replace(branch, checkpoints=tuple(map(changed, branch.checkpoints))) for branch in session.branches
    )
    return dataclasses.replace(session, branches=tuple(branches))
