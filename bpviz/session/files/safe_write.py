"""Whole files or none: what is written appears under its name when it is complete, and faults are sentences."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_ADVICE = {
    errno.ENOENT: "make that folder first, or choose another",
    errno.ENOTDIR: "a part of the path is a file: choose a folder",
    errno.EISDIR: "that is a folder: add the name of a file",
    errno.EACCES: "choose a folder that you may write in",
    errno.EPERM: "choose a folder that you may write in",
    errno.EROFS: "choose a folder that you may write in",
    errno.ENOSPC: "make room, or choose another disk",
    errno.ENAMETOOLONG: "choose a shorter name",
}


class ExportError(OSError):
    """A file that cannot be written. The message says what, where, why, and what to do."""


def check_target(path: Path, suffixes: tuple[str, ...]) -> None:
    """Make sure that a file can be written, before hours of work are spent on what goes into it.

    Parameters
    ----------
    path : Path
    suffixes : tuple of str
        The endings, each with its dot, that the file's name may have.

    Raises
    ------
    ExportError
        If the name has another ending, is a folder's, or nothing can be written beside it.
    """
    if path.suffix.lower() not in suffixes:
        raise ExportError(f"{path} cannot be written: its name must end in {' or '.join(suffixes)}")
    with _as_sentence(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with _beside(_real(path)):
            pass


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in the place of `path`.

    Raises
    ------
    ExportError
        If that fails; what stood at `path` before is still there.
    """
    with _as_sentence(path), _beside(_real(path)) as temporary:
        with temporary.open("wb") as file:
            write(file)
        with temporary.open("rb+") as file:
            # After a power cut a disk may know the new name, and not yet what it names.
            os.fsync(file.fileno())
        temporary.replace(_real(path))


def open_ordinary(path: Path) -> BinaryIO:
    """Open a file for reading that is a file and nothing else.

    Raises
    ------
    OSError
        If it cannot be opened, or is a folder, a pipe or a device; `reason` says which.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, "that is a folder, not a file")
    if not stat.S_ISREG(mode):  # a pipe or a device may have no end
        raise OSError(errno.EINVAL, "that is no ordinary file")
    return path.open("rb")


def reason(fault: OSError) -> str:
    """Return what went wrong, as a part of a sentence."""
    return (fault.strerror or str(fault)).lower()


def _real(path: Path) -> Path:
    # A link stays a link: what it points to is replaced.
    return Path(os.path.realpath(path))


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    path.exists()  # raises for a name that no file can have
    temporary = path.with_name(f".bpviz-{secrets.token_hex(8)}")
    temporary.touch(exist_ok=False)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _as_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        advice = _ADVICE.get(fault.errno or 0, "choose another place")
        raise ExportError(f"{path} cannot be written: {reason(fault)}; {advice}") from fault
