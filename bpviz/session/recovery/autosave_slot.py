"""AutosaveSlot: the folder in which one running program keeps a copy of its session.

Several programs may run at once, each with a slot of its own in the same folder. A slot whose lock is held belongs to a
running program; one whose lock can be taken was left by a crash. Only the holder of the lock may change a slot.
"""

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
    """A folder for one session, and a lock file beside it.

    Parameters
    ----------
    folder : Path
        The folder of all slots.
    name : str
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._place, self._lock_path = folder / name, folder / f"{name}{_LOCK}"
        self._lock: FileLock | None = None

    @property
    def fresh(self) -> Path:
        """The file that the running program writes."""
        return self._place / _FRESH

    @property
    def session(self) -> Path | None:
        """The session file in this slot; None if there is none."""
        return next((path for path in (self.fresh, self._place / _OFFERED) if path.is_file()), None)

    @property
    def was_offered(self) -> bool:
        """Whether recovery of this session has been offered to the user."""
        return not self.fresh.is_file()

    def take(self) -> bool:
        """Take the lock; return False if it is held. Raises an OSError if no lock can be made."""
        self._lock = FileLock.take(self._lock_path)
        return self._lock is not None

    def leave(self) -> None:
        """Release the lock and leave the files as they are."""
        if self._lock:
            self._lock.release()
            self._lock = None

    def sweep(self) -> None:
        """Remove temporary files of a write that was killed."""
        for path in self._place.glob(".bpviz-*"):
            with contextlib.suppress(OSError):
                path.unlink()

    def mark_offered(self) -> None:
        """Record on disk that recovery has been offered: by a rename, which works even on a full disk."""
        with contextlib.suppress(OSError):  # if it fails, recovery is offered once more
            self.fresh.replace(self._place / _OFFERED)

    def clear(self) -> None:
        """Remove the slot's files, and last the lock, which keeps other programs out until then."""
        self.sweep()
        with contextlib.suppress(OSError):
            for path in (self.fresh, self._place / _OFFERED):
                path.unlink(missing_ok=True)
            self._place.rmdir()
        if self._lock:
            self._lock.remove()
            self._lock = None


def make_slot(folder: Path) -> AutosaveSlot:
    """Make a new slot for this process and take its lock.

    Raises
    ------
    OSError
        If the folder is not writable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    slot = AutosaveSlot(folder, _new_name())
    while not slot.take():  # another program, which cleans up empty slots, took the lock first
        slot = AutosaveSlot(folder, _new_name())
    try:
        slot.fresh.parent.mkdir()
    except OSError:
        slot.clear()
        raise
    return slot


def _new_name() -> str:
    # Time and process id are for people who look into the folder; the random part makes the name unique.
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{secrets.token_hex(4)}"


def find_slots(folder: Path) -> Iterator[AutosaveSlot]:
    """Yield all slots, including locked ones and ones without a session."""
    try:
        names = {path.name.removesuffix(_LOCK) for path in folder.iterdir() if path.is_dir() or path.suffix == _LOCK}
    except OSError:
        return
    for name in sorted(names):
        yield AutosaveSlot(folder, name)
