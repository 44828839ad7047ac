"""CommandJournal: the last commands of a session, in memory and on disk, without anything that the user has named."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import re
from collections import deque
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position

MOST_COMMANDS = 200
_SLOT_BYTES = 512
_LINE = re.compile(r"\d{1,15} at ")
# Fields with text that bpviz itself has chosen; any other text may be a name or a path of the user's.
_OWN_TEXTS = frozenset({"level"})
# Fields of an experiment with the names and numbers of a user's table.
_OWN_DATA = frozenset({"table", "inputs", "target"})


class CommandJournal:
    """Keeps the last `MOST_COMMANDS` commands, each with the position at which it came.

    The file has as many slots of a fixed length, which are overwritten in turn: one write for each command, no growth,
    and whatever ends the process, the commands before are in it.

    Parameters
    ----------
    path : Path, optional
        The file; without it the commands are in memory only.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._entries: deque[tuple[Position | None, str]] = deque(maxlen=MOST_COMMANDS)
        self._lock, self._n_noted = Lock(), 0
        self._file: BinaryIO | None = path.open("w+b", buffering=0) if path else None

    def note(self, position: Position | None, command: object) -> None:
        """Keep a command; may be called from any thread."""
        with self._lock:
            entry = (position, describe_command(command))
            self._entries.append(entry)
            self._n_noted += 1
            with contextlib.suppress(OSError):  # on a full disk the commands are in memory
                self._write(_line(self._n_noted, *entry))

    def _write(self, line: str) -> None:
        if self._file:
            self._file.seek((self._n_noted - 1) % MOST_COMMANDS * _SLOT_BYTES)
            content = line.encode("ascii", "backslashreplace")[: _SLOT_BYTES - 1]
            self._file.write(content.ljust(_SLOT_BYTES - 1) + b"\n")

    def lines(self) -> list[str]:
        """Return the last commands as numbered lines, the latest last."""
        with self._lock:
            first = self._n_noted - len(self._entries) + 1
            return [_line(number, *entry) for number, entry in enumerate(self._entries, start=first)]

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._file = None


def read_lines(path: Path) -> list[str]:
    """Return the lines in the file of a journal, the latest last; none where there is no file."""
    try:
        content = path.read_bytes()[: MOST_COMMANDS * _SLOT_BYTES]
    except OSError:
        return []
    lines = [line.decode("ascii", "replace").strip() for line in content.splitlines()]
    return sorted(filter(_LINE.match, lines), key=_number)


def _number(line: str) -> int:
    return int(line.partition(" ")[0])


def _line(number: int, position: Position | None, description: str) -> str:
    where = f"{position.epoch}/{position.sample}/{position.operation}" if position else "-"
    return f"{number} at {where}: {description}"


def describe_command(command: object) -> str:
    """Return the name of a command and its values; paths, names and other texts of the user are left out."""
    values = ((field.name, getattr(command, field.name)) for field in dataclasses.fields(command))  # type: ignore[arg-type]
    words = [f"{name}={_described(name, value)}" for name, value in values]
    return f"{type(command).__name__}({', '.join(words)})"


def _described(name: str, value: object) -> str:
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, str) and name in _OWN_TEXTS:
        return value
    if isinstance(value, Experiment):
        names = (field.name for field in dataclasses.fields(value))
        changes = {field: getattr(value, field) for field in names if field not in _OWN_DATA}
        return ";".join(f"{field}={entry}" for field, entry in changes.items() if entry != getattr(Experiment(), field))
    if isinstance(value, tuple):
        return f"<{len(value)}>"
    if dataclasses.is_dataclass(value):
        return describe_command(value)
    return "<left out>"
