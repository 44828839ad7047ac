"""Bad values for every option of every command: each is refused in a sentence, and none gives a traceback."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from bpviz.cli import main
from bpviz.commands import check, film, gradcheck, handout, info, train, window

PARSERS = {
    "": window._parser(),
    "train": train._parser(),
    "gradcheck": gradcheck._parser(),
    "check": check._parser(),
    "info": info._parser(),
    "film": film._parser(),
    "handout": handout._parser(),
}
#: What must be given besides, and the file.
REQUIRED = {"film": (["--out", "run.webp"], "run.bpviz"), "handout": (["--out", "xor.pdf"], "xor")}
VALUES = {
    "two dashes": "--",
    "nothing": "",
    "space": " ",
    "line break": "a\nb",
    "null": "a\0b",
    "unknown user": "~nobody-at-all/x.bpviz",
    "long word": "x" * 100_000,
    "long number": "9" * 5000,
    "many numbers": ",".join(["9"] * 20_000),
    "not a number": "nan",
    "too large": "1e400",
    "negative": "-1",
    "other alphabet": "Плато-高原-\u202e",
    "not UTF-8": "\udcff\udcfe.bpviz",
    "folder": ".",
    "no such folder": "nowhere/else/x.bpviz",
    "device": "/dev/null",
    "endless": "/dev/zero",
}
QUICK, QUICK_OPTIONS = ("two dashes", "unknown user", "null"), ("--dataset", "--experiment", "--epsilon", "")
Output = pytest.CaptureFixture[str]


def options() -> Iterator[tuple[str, str]]:
    """Yield each command with each of its options that takes a value; "" is the file without an option."""
    for command, parser in PARSERS.items():
        for action in parser._actions:
            takes_a_value = action.nargs != 0
            if takes_a_value and not isinstance(action, argparse.BooleanOptionalAction):
                yield command, action.option_strings[0] if action.option_strings else ""


def cases() -> Iterator[object]:
    for command, option in options():
        for name, value in VALUES.items():
            marks = () if name in QUICK and option in QUICK_OPTIONS else pytest.mark.slow
            yield pytest.param(
                command, option, value, id=f"{command or 'window'} {option or 'FILE'} {name}", marks=marks
            )


@pytest.fixture(autouse=True)
def _no_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Do nothing after the arguments were accepted, and let no file be written but in a new folder."""

    def accepted(*_: object, **__: object) -> NoReturn:
        raise SystemExit(0)

    monkeypatch.setattr(train, "_train", accepted)
    monkeypatch.setattr(gradcheck, "_check", accepted)
    monkeypatch.setattr(check, "_write_example", accepted)
    monkeypatch.setitem(sys.modules, "bpviz.app", argparse.Namespace(open_window=accepted))
    made = argparse.Namespace(make_film=accepted, make_handout=accepted, Watcher=accepted)
    monkeypatch.setitem(sys.modules, "bpviz.offscreen", made)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("command", "option", "value"), list(cases()))
def test_a_bad_value_is_refused_in_a_sentence(command: str, option: str, value: str, capfd: Output) -> None:
    required, path = REQUIRED.get(command, ([], ""))
    argv = [command, *required] if command else []
    argv += [f"{option}={value}", *([path] if path else [])] if option else ["--", value]
    with pytest.raises(SystemExit) as end:
        main(argv)
    err = capfd.readouterr().err
    if end.value.code == 0 and value != "--":
        return  # this option allows the value
    assert end.value.code == 2
    program = f"bpviz {command}".strip()
    assert err.startswith(f"{program}: error: ")
    assert err.endswith(f"\nTry “{program} --help”.\n")
    assert "Traceback" not in err
    assert len(err) < 1000 + 2 * len(value)
