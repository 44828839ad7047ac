"""File lock: the operating system releases it when its process ends, also after a crash or a kill."""

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
            # Not `lockf` (POSIX locks): those are released as soon as the process closes any descriptor of the file.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """A lock that is held; `take` returns one.

    A process id written to a file would not do: after a crash the system may give the same id to another process.

    Two races are guarded against. The holder may remove the file between another program's `open` and its lock, which
    would then be on a file without a name: so after locking, the file at the path must still be the one opened. And two
    programs may clean up the same slot at once: so the file is removed while the lock is held.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """Create the file if necessary and lock it; return None if the lock is held, in this process or another.

        Raises
        ------
        OSError
            If the file cannot be created or locked.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            is_ours = _lock(descriptor) and _is_at(path, descriptor)  # else the former holder has removed it
        except OSError:
            os.close(descriptor)
            raise
        if is_ours:
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def release(self) -> None:
        """Release the lock and leave the file."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Remove the file, and with it the lock."""
        if sys.platform == "win32":  # Windows cannot remove an open file
            os.close(self._descriptor)
            self._unlink()
        else:  # remove first, so that no other program can lock a file that is about to be removed
            self._unlink()
            os.close(self._descriptor)

    def _unlink(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError:  # on Windows another program has just locked it; it will find the slot empty and remove it
            return


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
