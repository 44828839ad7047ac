"""The examples of the README on checking one's own backpropagation do what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bpviz.session.recording.recording_file import read_recording
from bpviz.session.recording.survey import survey_in_pieces
from bpviz.session.recording.understanding import understand
from tests.commands.helpers import exit_code

README = Path(__file__).parents[1] / "README.md"


def section(title: str) -> str:
    """Return the text of one section."""
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## )", text, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def blocks(language: str) -> list[str]:
    """Return the pieces of code of the section on checking."""
    return re.findall(
        rf"^```{language}\n(.*?)^```", section("Check your own backpropagation"), re.DOTALL | re.MULTILINE
    )


def test_the_example_in_python_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("The first wrong number is delta of layer 1 at (0, 0): ")
    assert said[-1] == code.splitlines()[-1].partition("# ")[2]


def test_the_example_of_recording_finds_its_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _, code = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.strip() == code.splitlines()[-1].partition("# ")[2]
    understood = understand(read_recording(tmp_path / "mine.bpviz"))
    row = next(part for part in survey_in_pieces(understood, None) if part).rows[0]
    assert (row.number, row.first) == (1, ("delta", 1))


def test_the_examples_of_the_command_do_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("sh")
    commands = [shlex.split(line)[1:] for line in code.splitlines()]
    assert [exit_code(*command) for command in commands] == [0, 1]
    assert {path.name for path in tmp_path.iterdir()} == {"mine.py", "mine.npz"}


def test_the_example_with_scikit_learn_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(
        r"^```python\n(.*?)^```", section("Networks from elsewhere, and to elsewhere"), re.DOTALL | re.MULTILINE
    )
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == "True\n"
