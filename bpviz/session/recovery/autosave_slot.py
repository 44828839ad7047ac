"""Shelf: the place on disk where one running program keeps a copy of its session."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from bpviz.session.recovery.file_lock import FileLock

_FRESH, _OFFERED, _LOCK = "autosave.bpviz", "offered.bpviz", ".lock"


class AutosaveSlot:
    """A folder for one session and the lock beside it. What is in the folder belongs to whoever holds the lock.

    Parameters
    ----------
    folder : Path
        That of all shelves.
    name : str
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._place, self._lock_path = folder / name, folder / f"{name}{_LOCK}"
        self._lock: FileLock | None = None

    @property
    def fresh(self) -> Path:
        """Where its program writes."""
        return self._place / _FRESH

    @property
    def session(self) -> Path | None:
        """The file that is kept here, None where there is none."""
        return next((path for path in (self.fresh, self._place / _OFFERED) if path.is_file()), None)

    @property
    def was_offered(self) -> bool:
        """Whether the user was told of it."""
        return not self.fresh.is_file()

    def take(self) -> bool:
        """Take the lock; returns whether that could be done. Raises an OSError where no lock can be made at all."""
        self._lock = FileLock.take(self._lock_path)
        return self._lock is not None

    def leave(self) -> None:
        """Let others take it, as it is."""
        if self._lock:
            self._lock.release()
            self._lock = None

    def sweep(self) -> None:
        """Remove what a killed write has left unfinished."""
        for path in self._place.glob(".bpviz-*"):
            with contextlib.suppress(OSError):
                path.unlink()

    def mark_offered(self) -> None:
        """Remember on disk that the user was told of it, in one step that needs no room there."""
        with contextlib.suppress(OSError):  # then it is offered once more
            self.fresh.replace(self._place / _OFFERED)

    def clear(self) -> None:
        """Remove all that is kept here, and the lock last: until then nobody else looks."""
        self.sweep()
        with contextlib.suppress(OSError):
            for path in (self.fresh, self._place / _OFFERED):
                path.unlink(missing_ok=True)
            self._place.rmdir()
        if self._lock:
            self._lock.remove()
            self._lock = None


def make_slot(folder: Path) -> AutosaveSlot:
    """Make a shelf of this process's own and take it.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    slot = AutosaveSlot(folder, _new_name())
    while not slot.take():  # somebody who tidies up came upon it first
        slot = AutosaveSlot(folder, _new_name())
    try:
        slot.fresh.parent.mkdir()
    except OSError:
        slot.clear()
        raise
    return slot


def _new_name() -> str:
    # Time and process are for people who look into the folder; the rest makes it the only one.
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{secrets.token_hex(4)}"


def find_slots(folder: Path) -> Iterator[AutosaveSlot]:
    """Return all shelves, those that are taken and those without a session too."""
    try:
        names = {path.name.removesuffix(_LOCK) for path in folder.iterdir() if path.is_dir() or path.suffix == _LOCK}
    except OSError:
        return
    for name in sorted(names):
        yield AutosaveSlot(folder, name)
