"""Helpers of the commands' tests: run `bpviz` in this process or in a new one."""

from __future__ import annotations

import subprocess
import sys
from subprocess import PIPE

from bpviz.cli import main

# Only a process that hangs is ever waited for so long.
DEADLINE_SECONDS = 120


def exit_code(*argv: str) -> int | str | None:
    """Run a command in this process."""
    try:
        return main(list(argv))
    except SystemExit as stop:
        return stop.code


def start(*argv: str) -> subprocess.Popen[str]:
    """Start `bpviz` in a new process, with pipes for its output."""
    return subprocess.Popen(
        [sys.executable, "-m", "bpviz", *argv], stdout=PIPE, stderr=PIPE, text=True, encoding="utf-8"
    )


def first_line(process: subprocess.Popen[str]) -> str:
    """Wait for the first line that a process prints."""
    assert process.stdout is not None
    return process.stdout.readline()


def python(code: str) -> str:
    """Run a piece of Python in a fresh interpreter, and return what it prints."""
    return subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=PIPE, text=True, timeout=DEADLINE_SECONDS
    ).stdout
