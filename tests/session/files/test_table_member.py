import dataclasses
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.experiment_file import (
    ExperimentFile,
    ExperimentFileError,
    read_experiment_file,
    write_experiment_file,
)
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_file import SessionFileError, read_session, write_session
from bpviz.session.files.session_summary import describe
from bpviz.session.files.snapshot import restored, single_branch_session
from bpviz.session.tables.columns import NumberColumn
from bpviz.session.tables.table import Table, frozen_rows
from tests.session.files.saved_sessions import same, trained
from tests.session.own_table import classes, regression


def saved(path: Path, experiment: Experiment) -> None:
    history, table = trained(2, experiment)
    session = single_branch_session(history, experiment, table)
    fork = dataclasses.replace(session.branches[0], number=1, parent=0, name="fork")
    write_session(path, dataclasses.replace(session, branches=(*session.branches, fork)))


@pytest.mark.parametrize("make", [classes, regression])
def test_a_session_on_a_table_comes_back_and_continues(make: object, tmp_path: Path) -> None:
    experiment = classes() if make is classes else regression()
    path = tmp_path / "own.bpviz"
    saved(path, experiment)
    session = read_session(path)
    first, second = (branch.first.table for branch in session.branches)
    assert first is second
    assert first == experiment.table
    assert first is not None
    assert experiment.table is not None
    assert first.name == "mine.csv"
    assert first.row_numbers.tolist() == experiment.table.row_numbers.tolist()
    branches, _ = restored(session)
    assert branches.active.stepper.training.split.input_names[:2] == ("a", "b")
    again = tmp_path / "again.bpviz"
    write_session(again, session)
    assert same(read_session(again), session)
    assert again.read_bytes() == path.read_bytes()


def test_a_table_is_one_member_for_all_branches(tmp_path: Path) -> None:
    saved(tmp_path / "own.bpviz", classes())
    with zipfile.ZipFile(tmp_path / "own.bpviz") as archive:
        names = archive.namelist()
    own = classes().table
    assert own is not None
    assert names == ["session.json", "branch-0.npz", "branch-1.npz", f"table-{own.digest[:16]}.npz"]


def test_the_summary_names_the_table_and_what_is_learned(tmp_path: Path) -> None:
    saved(tmp_path / "own.bpviz", classes())
    lines = describe(read_session(tmp_path / "own.bpviz"))
    assert "table mine.csv, 30 rows, “kind” from 3 columns; 4-4-3" in "\n".join(lines)


def rewritten(path: Path, change: dict[str, bytes | None]) -> None:
    """Write a session file again with some members changed or, for None, left out."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (members | change).items():
            if content is not None:
                archive.writestr(zipfile.ZipInfo(name), content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "is missing"),
        (b"", "its table is not a zip archive"),
        (b"PK\3\4" + b"x" * 40, "it does not end as it should|it is not complete"),
    ],
)
def test_a_damaged_table_is_one_sentence(content: bytes | None, sentence: str, tmp_path: Path) -> None:
    path, own = tmp_path / "own.bpviz", classes().table
    assert own is not None
    saved(path, classes())
    rewritten(path, {f"table-{own.digest[:16]}.npz": content})
    with pytest.raises(SessionFileError, match=sentence) as fault:
        read_session(path)
    assert "\n" not in str(fault.value)


def test_another_table_in_its_place_is_refused(tmp_path: Path) -> None:
    path, other, own = tmp_path / "own.bpviz", tmp_path / "other.bpviz", classes().table
    assert own is not None
    saved(path, classes())
    short = dataclasses.replace(classes(), table=own.without_rows([2]))
    saved(other, short)
    assert short.table is not None
    with zipfile.ZipFile(other) as archive:
        content = archive.read(f"table-{short.table.digest[:16]}.npz")
    rewritten(path, {f"table-{own.digest[:16]}.npz": content})
    with pytest.raises(SessionFileError, match="its table is not the one that it was trained on"):
        read_session(path)


def test_faults_in_cells_are_kept(tmp_path: Path) -> None:
    from bpviz.session.tables.reading import read_table_text

    holed = read_table_text("a,b,c\n1,2,x\n3,oh,y\n5,6,x\n7,8,y\n", "holed.csv").table
    experiment = dataclasses.replace(classes(), table=holed, inputs=("a",), target="c")
    write_experiment_file(tmp_path / "own.json", ExperimentFile(experiment))
    table = read_experiment_file(tmp_path / "own.json").experiment.table
    assert table is not None
    assert table.problems(("b",), "c") == holed.problems(("b",), "c")


def test_an_experiment_file_holds_its_table(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    write_experiment_file(path, ExperimentFile(classes()))
    assert read_experiment_file(path) == ExperimentFile(classes())


@pytest.mark.parametrize(("old", "new"), [('"table": "UEsD', '"table": "!!!!'), ('"table": "UEsD', '"table": "QUFB')])
def test_an_experiment_file_with_a_damaged_table_is_one_sentence(old: str, new: str, tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    write_experiment_file(path, ExperimentFile(classes()))
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ExperimentFileError) as fault:
        read_experiment_file(path)
    assert "\n" not in str(fault.value)


def test_a_large_table_is_refused_by_an_experiment_file(tmp_path: Path) -> None:
    numbers = np.arange(20_000.0)
    columns = tuple(NumberColumn(f"c{n}", numbers) for n in range(160))
    wide = Table("wide.csv", columns, frozen_rows(np.arange(20_000)))
    experiment = dataclasses.replace(regression(), table=wide, inputs=("c0",), target="c1")
    with pytest.raises(ExportError, match="save the session instead"):
        write_experiment_file(tmp_path / "own.json", ExperimentFile(experiment))
