"""Shortens a failing run of random events to the least that still fails, each attempt in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_LATE = 1000  # no exit code of a process
_MOST_SECONDS, _SHORTEN_SECONDS = 7200.0, 300.0


@dataclass(frozen=True)
class Found:
    """What a run in a process of its own has found.

    Attributes
    ----------
    kind : str
        Names of the faults, or of the signal that ended the process; "" if nothing was found.
    numbers : tuple of int
        The numbers of the events that were made.
    output : str
        What the process printed.
    trace : str
        The events in words.
    """

    kind: str
    numbers: tuple[int, ...]
    output: str
    trace: str

    @property
    def made(self) -> int:
        """The number of events that were made."""
        return len(self.numbers)

    def __str__(self) -> str:
        return f"the shortest run that still fails has {self.made} events:\n{self.trace}\n{self.output}"


def run_apart(
    seed: int,
    numbers: tuple[int, ...],
    *,
    goes_on: bool = False,
    compiled: bool = False,
    seconds: float = _MOST_SECONDS,
) -> Found:
    """Run events of a seed in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        only, log = Path(folder, "only"), Path(folder, "log")
        only.write_text(" ".join(map(str, numbers)), encoding="ascii")
        command = [sys.executable, "-m", "tests.ui.random_events", f"--seed={seed}", f"--only={only}", f"--log={log}"]
        command += ["--go-on"] * goes_on + ["--compiled"] * compiled
        try:
            done = subprocess.run(command, check=False, timeout=seconds, capture_output=True, text=True, cwd=_ROOT)
            output, code = done.stdout + done.stderr, done.returncode
        except subprocess.TimeoutExpired as late:
            output, code = str(late.stderr or b"", "utf-8") if isinstance(late.stderr, bytes) else "", _LATE
        trace = log.read_text(encoding="utf-8") if log.exists() else ""
    made = tuple(int(line.partition(":")[0]) for line in trace.splitlines() if line.partition(":")[0].isdigit())
    return Found(_kind(code, output), made, output, trace)


def _kind(code: int, output: str) -> str:
    if code == _LATE:
        return "did not end"
    if code < 0:
        return f"ended by signal {-code}"
    faults = [line.removeprefix("FAULTS: ") for line in output.splitlines() if line.startswith("FAULTS:")]
    return "" if code == 0 else faults[-1] if faults else f"exit code {code}"


def shortest(seed: int, found: Found, *, compiled: bool = False) -> Found:
    """Return the shortest run that still fails in the same way; delta debugging with a limit of time."""
    deadline = time.monotonic() + _SHORTEN_SECONDS
    least, pieces = found, 2
    while least.made > 1 and time.monotonic() < deadline:
        shorter = _without_a_piece(seed, least, pieces, deadline, compiled=compiled)
        if shorter:
            least, pieces = shorter, max(pieces - 1, 2)
        elif pieces >= least.made:
            break
        else:
            pieces = min(2 * pieces, least.made)
    return least


def _without_a_piece(seed: int, least: Found, pieces: int, deadline: float, *, compiled: bool) -> Found | None:
    size = -(-least.made // pieces)
    # The last events matter most: the first pieces are left out first.
    for start in range(0, least.made, size):
        if time.monotonic() > deadline:
            return None
        kept = least.numbers[:start] + least.numbers[start + size :]
        again = run_apart(seed, kept, compiled=compiled, seconds=120.0)
        if again.kind == least.kind:
            return again
    return None
