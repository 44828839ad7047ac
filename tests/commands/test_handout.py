"""`bpviz handout`: lessons and sessions on paper, and every bad argument."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bpviz.session.files.lesson_file import write_lesson_file
from bpviz.session.files.session_file import write_session
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.shipped import load_lesson
from tests.commands.helpers import DEADLINE_SECONDS, exit_code, start
from tests.session.files.saved_sessions import trained_session

Output = pytest.CaptureFixture[str]


@pytest.fixture
def session(tmp_path: Path) -> Path:
    write_session(tmp_path / "run.bpviz", trained_session())
    return tmp_path / "run.bpviz"


def handout(*argv: str) -> tuple[int, str]:
    """Run the command in a process of its own, which has no window yet; return exit code and error output."""
    process = start("handout", *argv)
    err = process.communicate(timeout=DEADLINE_SECONDS)[1]
    return process.returncode, err


@pytest.mark.slow
def test_the_bookmarks_of_a_session(session: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.html"
    assert handout(str(session), "--out", str(out)) == (0, f"bpviz handout: wrote {out}\n")
    assert "<h2>plateau — Плато</h2>" in out.read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_update_of_a_session(session: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    options = ("--at", "2,3", "--panels", "operations")
    assert handout(str(session), "--out", str(out), *options) == (0, f"bpviz handout: wrote {out}\n")
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.slow
def test_a_lesson_of_ones_own(tmp_path: Path) -> None:
    whole, out = load_lesson("chain-rule"), tmp_path / "a.html"
    write_lesson_file(tmp_path / "mine.json", Lesson("My lesson", whole.about, whole.steps[:1]))
    assert handout(str(tmp_path / "mine.json"), "--out", str(out)) == (0, f"bpviz handout: wrote {out}\n")
    assert "<title>My lesson</title>" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("chain-rule", "--out", "a.docx"), "a.docx cannot be written: its name must end in .pdf or .html"),
        (("chain-rule", "--out", "nowhere/a.pdf"), "nowhere/a.pdf cannot be written: no such file or directory"),
        (("chain-rule",), "the following arguments are required: --out"),
        (("chain", "--out", "a.pdf"), "no lesson is called chain; choose one-neuron, chain-rule, xor,"),
        (("mine.json", "--out", "a.pdf"), "mine.json cannot be read: no such file or directory"),
        (("mine.bpviz", "--out", "a.pdf"), "mine.bpviz cannot be opened: no such file or directory"),
        (("chain-rule", "--out", "a.pdf", "--at", "1"), "--at and --panels are for a saved session"),
        (("chain-rule", "--out", "a.pdf", "--panels", "code"), "--at and --panels are for a saved session"),
        (("run.bpviz", "--out", "a.pdf", "--at", "9"), "training has come to epoch 4, not to epoch 9"),
        (("run.bpviz", "--out", "a.pdf", "--at", "1,99"), "no update begins at epoch 1, sample 99"),
        (("run.bpviz", "--out", "a.pdf", "--at", "1,2,3"), "no update begins at epoch 1, sample 2, operation 3"),
        (("run.bpviz", "--out", "a.pdf", "--at", "x"), "argument --at: a position must be like 12 or 12,30,4"),
        (("run.bpviz", "--out", "a.pdf", "--panels", "all"), "argument --panels: no panel is called all"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_bad_argument_gives_one_sentence(
    session: Path, options: tuple[str, ...], sentence: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(session.parent)
    assert exit_code("handout", *options) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"bpviz handout: error: {sentence}")
    assert second == "Try “bpviz handout --help”."
    assert [path.name for path in session.parent.iterdir()] == [session.name]


def test_a_session_without_bookmarks_asks_for_an_update(tmp_path: Path, capsys: Output) -> None:
    write_session(tmp_path / "a.bpviz", dataclasses.replace(trained_session(), bookmarks=()))
    assert exit_code("handout", str(tmp_path / "a.bpviz"), "--out", str(tmp_path / "a.pdf")) == 2
    assert "has no bookmarks: give --at EPOCH,SAMPLES for the operations of an update" in capsys.readouterr().err
