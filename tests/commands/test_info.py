import dataclasses
import sys
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from bpviz.session.files.session_file import write_session
from bpviz.session.files.session_summary import describe
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.interventions import Intervention
from bpviz.session.training.position import Position
from tests.commands.helpers import DEADLINE_SECONDS, exit_code, start
from tests.session.files.saved_sessions import trained_session
from tests.session.recording.loops import layers, recorded, train_layers

Output = pytest.CaptureFixture[str]


def test_what_is_in_a_session_is_told(tmp_path: Path, capsys: Output) -> None:
    session = dataclasses.replace(
        trained_session(), saved_at="2026-11-23T23:41:28+02:00", made_with="numba", version="9"
    )
    write_session(tmp_path / "a.bpviz", session)
    assert exit_code("info", str(tmp_path / "a.bpviz")) == 0
    out, err = capsys.readouterr()
    mse = f"{session.branches[0].epochs.column('mse_train')[-1]:.6f}"
    assert err == ""
    assert out.splitlines() == [
        f"{tmp_path / 'a.bpviz'}: {(tmp_path / 'a.bpviz').stat().st_size:,} bytes",
        "format 5, saved 2026-11-23 21:41:28 UTC by bpviz 9, made with numba",
        "experiment of branch 0: moons, 40 samples; 2-4-3-2, sigmoid/tanh/sigmoid, article from seed 0; "
        "mse, learning rate 0.1, batches of 1, in the given order",
        f"branch 0, main (compared): trained to epoch 4, MSE {mse}, now at epoch 4, 7 checkpoints",
        "  epoch 2: learning rate 0.5",
        "  epoch 2: sample 7 applied",
        f"branch 3, bigger steps (on screen), from branch 0 at epoch 4: trained to epoch 4, MSE {mse}, "
        "now at epoch 4, 7 checkpoints",
        "  epoch 2: learning rate 0.5",
        "  epoch 2: sample 7 applied",
        "  epoch 4: b1[2] = -0.25",
        "bookmark “plateau — Плато” at epoch 1, sample 3, operation 2 of branch 3",
        "6 breakpoints, 2 watches",
    ]


def test_of_very_many_only_some_are_listed() -> None:
    session = trained_session()
    many = tuple(Intervention(Position(epoch), sample=1) for epoch in range(1_500))
    branch = dataclasses.replace(session.branches[0], interventions=many)
    bookmarks = tuple(Bookmark(Position(epoch), "here") for epoch in range(12))
    lines = describe(dataclasses.replace(session, branches=(branch,), bookmarks=bookmarks))
    assert [line for line in lines if line.endswith("more")] == ["  and 1,490 more", "  and 2 more"]
    assert len(lines) < 30


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.bpviz", b"hello", "it is not a bpviz session; choose another file"),
        ("a.bpviz", b"PK\3\4 cut off", "it is not complete; use another copy"),
        ("b.bpviz", b"", "no such file or directory; choose another file"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(
    tmp_path: Path, capsys: Output, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / "a.bpviz").write_bytes(content)
    assert exit_code("info", str(tmp_path / name)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"bpviz info: error: {tmp_path / name} cannot be opened: {sentence}")


def test_a_file_must_be_named(capsys: Output) -> None:
    assert exit_code("info") == 2
    assert "the following arguments are required: FILE.bpviz" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_letters_that_the_terminal_lacks_are_printed_as_codes(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    name = "\udcff.bpviz" if sys.platform == "linux" else "a.bpviz"  # elsewhere all names are UTF-8
    write_session(tmp_path / name, trained_session())
    process = start("info", str(tmp_path / name))
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, err) == (0, "")
    assert "bookmark " in out


def test_what_is_in_a_recording_is_told(tmp_path: Path, capsys: Output) -> None:
    network = layers("no bias")
    with recorded(network, tmp_path):
        train_layers(network)
    assert exit_code("info", str(tmp_path / "mine.bpviz")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == [
        "recording of a training that is not bpviz's: 4-4-4-4, sigmoid, sigmoid, sigmoid",
        "12 updates, all of them recorded.",
    ]
    assert lines[3].startswith("recorded of an update: a of layer 1, a of layer 2, a of layer 3, error of layer 3, ")


def test_a_damaged_recording_is_refused(tmp_path: Path, capsys: Output) -> None:
    with ZipFile(tmp_path / "mine.bpviz", "w") as archive:
        archive.writestr(ZipInfo("recording.json"), "{}")
    assert exit_code("info", str(tmp_path / "mine.bpviz")) == 2
    assert "mine.bpviz cannot be opened: " in capsys.readouterr().err
