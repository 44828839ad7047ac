"""A lock on a file that the system takes back when the process that holds it ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            # Not `lockf`: that would be lost as soon as anything else in this process closes the same file.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """A lock that is held; `take` makes one.

    A number of a process would not do: after a crash it may be another's.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """Make the file if there is none, and lock it; returns None where it is held, in this process or another.

        Raises
        ------
        OSError
            If there can be no such file, or no lock on one.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            is_ours = _lock(descriptor) and _is_at(path, descriptor)  # else whoever held it has removed it since
        except OSError:
            os.close(descriptor)
            raise
        if is_ours:
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def release(self) -> None:
        """Let others take it."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Remove the file, and with it the lock."""
        if sys.platform == "win32":  # where a file that is open cannot be removed
            os.close(self._descriptor)
            self._unlink()
        else:  # while it is held: nobody must come to hold a file that is about to go
            self._unlink()
            os.close(self._descriptor)

    def _unlink(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError:  # another has just taken it, and will find that it keeps nothing
            return


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
