"""Atomic file writing: a file appears under its name only when it is complete. Errors are sentences for the user."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bpviz.language import N_, _

#: Of session files.
SUFFIX = ".bpviz"
_ELSEWHERE = N_("choose another place")
_ADVICE = {
    errno.ENOENT: N_("make that folder first, or choose another"),
    errno.ENOTDIR: N_("a part of the path is a file: choose a folder"),
    errno.EISDIR: N_("that is a folder: add the name of a file"),
    errno.EACCES: N_("choose a folder that you may write in"),
    errno.EPERM: N_("choose a folder that you may write in"),
    errno.EROFS: N_("choose a folder that you may write in"),
    errno.ENOSPC: N_("make room, or choose another disk"),
    errno.ENAMETOOLONG: N_("choose a shorter name"),
}


class ExportError(OSError):
    """A file cannot be written. The message says which, why, and what to do."""


def check_target(path: Path, suffixes: tuple[str, ...]) -> None:
    """Check that a file can be written, before a long training whose result it is for.

    Parameters
    ----------
    path : Path
    suffixes : tuple of str
        The suffixes, with dots, that the file's name may have.

    Raises
    ------
    ExportError
        If the name has another suffix, is that of a folder, or its folder is not writable.
    """
    if path.suffix.lower() not in suffixes:
        raise ExportError(
            _("{path} cannot be written: its name must end in {suffixes}").format(
                path=path, suffixes=_(" or ").join(suffixes)
            )
        )
    with _errors_as_sentences(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with _temporary_file(_resolved(path)):
            pass


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Call `write` with a temporary file in the folder of `path`, then rename it to `path`.

    Raises
    ------
    ExportError
        If that fails; an existing file at `path` is then unchanged.
    """
    with _errors_as_sentences(path), _temporary_file(_resolved(path)) as temporary:
        with temporary.open("wb") as file:
            write(file)
        with temporary.open("rb+") as file:
            # Otherwise, after a power failure, the disk may have the new name but not yet the content.
            os.fsync(file.fileno())
        temporary.replace(_resolved(path))


def open_regular_file(path: Path) -> BinaryIO:
    """Open a regular file for reading.

    Raises
    ------
    OSError
        If it cannot be opened, or is a folder, a pipe or a device, which might never end; see `reason`.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, _("that is a folder, not a file"))
    if not stat.S_ISREG(mode):  # a pipe or a device may have no end
        raise OSError(errno.EINVAL, _("that is not a regular file"))
    return path.open("rb")


def reason(fault: OSError) -> str:
    """Return the cause of an OSError in lower case, for use within a sentence."""
    return (fault.strerror or str(fault)).lower()


def _resolved(path: Path) -> Path:
    # Replace the target of a symbolic link, not the link.
    return Path(os.path.realpath(path))


@contextmanager
def _temporary_file(path: Path) -> Iterator[Path]:
    path.exists()  # raises for an invalid name
    temporary = path.with_name(f".bpviz-{secrets.token_hex(8)}")
    temporary.touch(exist_ok=False)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _errors_as_sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        advice = _(_ADVICE.get(fault.errno or 0, _ELSEWHERE))
        raise ExportError(
            _("{path} cannot be written: {reason}; {advice}").format(path=path, reason=reason(fault), advice=advice)
        ) from fault
