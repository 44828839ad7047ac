"""Programs that are killed in the middle of an autosave lose nothing, and leave nothing that is broken."""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bpviz.session.recovery.recovery import Recovery

# Saves numbers as fast as it can, each in a file of about 2 MB, and tells each that is saved.
PROGRAM = """
import io, os, sys, threading, zipfile
from pathlib import Path
from bpviz.session.recovery.autosave import Autosave
from bpviz.session.files.safe_write import write_atomically

def fill(file, number):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("number", str(number))
        archive.writestr("weights", number.to_bytes(8, "little") * 250_000)

def write(path, number):
    write_atomically(path, lambda file: fill(file, number))
    os.write(1, f"{number}\\n".encode())
    saved.set()

autosave, saved, number = Autosave(Path(sys.argv[1]), write, print), threading.Event(), 0
while True:
    number += 1
    autosave.save(number)
    if number % 3 == 0:  # also while one is being written
        saved.wait()
        saved.clear()
"""


def run_and_kill(folder: Path, draw: random.Random) -> int:
    """Let a program save a few times, kill it at a random time, and return the last number that it printed."""
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        told = [int(program.stdout.readline()) for _ in range(draw.randint(1, 4))]
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(timeout=draw.uniform(0, 0.01))
        program.kill()
        lines = program.stdout.read().splitlines()
    return int(lines[-1]) if lines else told[-1]


def read(path: Path) -> str:
    """Return the number in a file; raises where the file is not whole."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        number = int(archive.read("number"))
        assert archive.read("weights") == number.to_bytes(8, "little") * 250_000
    return str(number)


@pytest.mark.parametrize("rounds", [5, pytest.param(50, marks=pytest.mark.slow)])
def test_programs_killed_while_they_save_lose_nothing(tmp_path: Path, rounds: int) -> None:
    draw, n_unfinished = random.Random(5), 0
    for turn in range(rounds):
        folder = tmp_path / str(turn)
        told = run_and_kill(folder, draw)
        n_unfinished += len(list(folder.rglob(".bpviz-*")))
        recovery = Recovery(folder, read)
        (found,) = recovery.find_leftovers()
        account = recovery.summarize(found)
        assert account.is_sound, account.description
        assert int(account.description) >= told
        assert list(folder.rglob(".bpviz-*")) == []
        recovery.discard(found)
        assert list(folder.iterdir()) == []
    assert n_unfinished > rounds // 10  # else the moments were not those that matter
