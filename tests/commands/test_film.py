"""`bpviz film`: films of session files, and every bad argument."""

from __future__ import annotations

import builtins
import dataclasses
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bpviz.session.files.session_file import write_session
from tests.commands.helpers import DEADLINE_SECONDS, exit_code, start
from tests.session.files.saved_sessions import trained_session

Output = pytest.CaptureFixture[str]


@pytest.fixture
def session(tmp_path: Path) -> Path:
    write_session(tmp_path / "run.bpviz", trained_session())
    return tmp_path / "run.bpviz"


def film(*argv: str) -> tuple[int, str]:
    """Run the command in a process of its own, which has no window yet; return exit code and error output."""
    process = start("film", *argv)
    err = process.communicate(timeout=DEADLINE_SECONDS)[1]
    return process.returncode, err


def test_a_film_of_a_run(session: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.gif"
    options = ("--every", "2", "--rate", "5", "--panels", "curves,network", "--size", "480x270", "--theme", "dark")
    code, err = film(str(session), "--out", str(out), *options)
    assert (code, err) == (0, f"bpviz film: wrote {out}\n")
    with Image.open(out) as made:
        assert made.size == (480, 270)
        assert made.n_frames == 3  # type: ignore[attr-defined]
        assert made.info["duration"] == 200
        red, green, blue = made.convert("RGB").getpixel((1, 1))  # type: ignore[misc]
    assert max(red, green, blue) < 40  # dark paper


@pytest.mark.slow
def test_a_film_of_operations_with_the_usual_panels(session: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.webp"
    code, err = film(str(session), "--out", str(out), "--by", "operation", "--from", "2,3")
    assert (code, err) == (0, f"bpviz film: wrote {out}\n")
    with Image.open(out) as made:
        assert made.size == (1280, 720)
        assert made.n_frames == 26  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_stretch_that_was_not_trained_is_refused(session: Path, tmp_path: Path) -> None:
    code, err = film(str(session), "--out", str(tmp_path / "a.webp"), "--to", "9")
    assert (code, err) == (1, "bpviz film: error: Training has come to epoch 4, not to epoch 9.\n")
    assert not (tmp_path / "a.webp").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--out", "a.png"), "a.png cannot be written: its name must end in .webp or .gif or .mp4"),
        (("--out", "nowhere/a.gif"), "nowhere/a.gif cannot be written: no such file or directory"),
        ((), "the following arguments are required: --out"),
        (
            ("--out", "a.gif", "--panels", "surface,loss"),
            "argument --panels: no panel is called loss; choose among surface,",
        ),
        (("--out", "a.gif", "--panels", ""), "argument --panels: no panel is called nothing"),
        (("--out", "a.gif", "--panels", "check"), "argument --panels: Gradient check is left out: it is made for one"),
        (("--out", "a.gif", "--panels", "code,code"), "argument --panels: must be at most 6 panels, each once"),
        (("--out", "a.gif", "--size", "100x100"), "argument --size: must be like 1280x720, from 320x180 to 3840x2160"),
        (("--out", "a.gif", "--size", "big"), "argument --size: must be like 1280x720"),
        (("--out", "a.mp4", "--size", "641x480"), "width and height of an MP4 film must be even numbers"),
        (("--out", "a.gif", "--rate", "0"), "argument --rate: must be"),
        (("--out", "a.gif", "--rate", "quick"), "argument --rate: must be"),
        (("--out", "a.gif", "--every", "0"), "argument --every: must be"),
        (("--out", "a.gif", "--every", "1.5"), "argument --every: must be"),
        (("--out", "a.gif", "--from", "x"), "argument --from: a position must be like 12 or 12,30,4"),
        (("--out", "a.gif", "--to", "-1"), "argument --to: "),
        (("--out", "a.gif", "--by", "layer"), "argument --by: must be"),
        (("--out", "a.gif", "--captions", "maybe"), "argument --captions: must be"),
        (("--out", "a.gif", "--theme", "blue"), "argument --theme: must be"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_bad_argument_gives_one_sentence(
    session: Path, options: tuple[str, ...], sentence: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(session.parent)
    assert exit_code("film", session.name, *options) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"bpviz film: error: {sentence}")
    assert second == "Try “bpviz film --help”."
    assert [path.name for path in session.parent.iterdir()] == [session.name]


@pytest.mark.parametrize(
    ("panel", "sentence"), [("watch", "there is nothing to watch: "), ("comparison", "no branches are compared: ")]
)
@pytest.mark.parametrize("command", ["film", "handout"])
def test_a_panel_that_the_session_has_nothing_for_is_refused(
    command: str, panel: str, sentence: str, tmp_path: Path, capsys: Output
) -> None:
    write_session(tmp_path / "a.bpviz", dataclasses.replace(trained_session(), watches=(), compared=None))
    out = tmp_path / ("a.gif" if command == "film" else "a.pdf")
    assert exit_code(command, str(tmp_path / "a.bpviz"), "--out", str(out), "--panels", panel) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(("content", "reason"), [(None, "no such file"), (b"hello", "it is not a bpviz session")])
def test_a_file_that_is_no_session_is_refused(
    content: bytes | None, reason: str, tmp_path: Path, capsys: Output
) -> None:
    if content is not None:
        (tmp_path / "x.bpviz").write_bytes(content)
    assert exit_code("film", str(tmp_path / "x.bpviz"), "--out", str(tmp_path / "a.gif")) == 2
    assert reason in capsys.readouterr().err


def test_a_video_without_pyav_names_the_extra(session: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "av":
            raise ImportError(name)
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert exit_code("film", str(session), "--out", str(session.parent / "a.mp4")) == 2
    assert "an MP4 film needs PyAV, the extra video: pip install 'bpviz[video]'" in capsys.readouterr().err


@pytest.mark.slow
def test_ctrl_c_leaves_no_file(session: Path, tmp_path: Path) -> None:
    process = start("film", str(session), "--by", "sample", "--from", "0", "--out", str(tmp_path / "a.webp"))
    with pytest.raises(subprocess.TimeoutExpired):  # it is at work by then
        process.wait(timeout=3)
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=DEADLINE_SECONDS)[1]
    assert (process.returncode, err) == (130, "bpviz film: stopped; no file was written\n")
    assert [path.name for path in tmp_path.iterdir()] == [session.name]
