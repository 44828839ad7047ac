"""Strict reading and reproducible writing of zip archives with few, uncompressed members.

Without compression no member can be larger than the file, so a small malicious file cannot fill the memory.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bpviz.language import _

_MAX_MEMBERS, _MAX_DIRECTORY_BYTES = 64, 2**16
_START, _END, _LONG_END = b"PK\3\4", b"PK\5\6", b"PK\6\7"
_END_BYTES, _LONG_END_BYTES = 22, 20
# What zipfile raises, besides its own error, for encrypted or truncated members and for unsupported features.
_FAULTS = (BadZipFile, RuntimeError, EOFError, ValueError, OverflowError, struct.error)


class NotAnArchiveError(ValueError):
    """The file does not start like a zip archive."""


class Archive:
    """A zip archive, read strictly: anything that bpviz would not write is refused.

    Parameters
    ----------
    file : binary file
        Open for reading; it must be seekable.
    most : int
        Largest size of the file in bytes.

    Raises
    ------
    NotAnArchiveError
        If the file does not start like a zip archive.
    ValueError
        If the file is damaged, or has features that bpviz does not write.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._bytes = file.seek(0, os.SEEK_END)
        if self._bytes > most:
            raise ValueError(_("it is larger than {most:,} bytes").format(most=most))
        _check_ends(file, self._bytes)
        with _zip_errors_as_sentences():
            self._zip = ZipFile(file)
        infos = self._zip.infolist()
        self._infos = {info.filename: info for info in infos}
        if len(self._infos) < len(infos):
            raise ValueError(_("two of its members have the same name"))

    def has(self, name: str) -> bool:
        """Return whether there is a member of a name."""
        return name in self._infos

    def expect(self, names: Collection[str], spare: str = "") -> None:
        """Check that the archive has exactly these members, and that together they are not larger than the file.

        Parameters
        ----------
        names : collection of str
        spare : str
            A member that may also be there. It is not counted, since its damage must not lose the others.

        Raises
        ------
        ValueError
            If a member is missing, unexpected, or overlaps another.
        """
        if missing := [name for name in names if name not in self._infos]:
            raise ValueError(_("its member {missing} is missing").format(missing=missing[0]))
        if unknown := sorted(self._infos.keys() - {*names, spare}):
            raise ValueError(_("it has an unexpected member called {unknown}").format(unknown=unknown[0]))
        if sum(self._infos[name].file_size for name in names) > self._bytes:
            raise ValueError(_("its members overlap"))

    def read(self, name: str, most: int) -> bytes:
        """Return the content of a member of at most `most` bytes.

        Raises
        ------
        ValueError
            If the member is missing, larger, compressed, encrypted or damaged.
        """
        info = self._infos.get(name)
        if info is None:
            raise ValueError(_("its member {name} is missing").format(name=name))
        if info.compress_type != ZIP_STORED or info.file_size != info.compress_size:
            raise ValueError(_("its member {name} is compressed").format(name=name))
        if info.file_size > min(most, self._bytes) or info.header_offset > self._bytes:
            raise ValueError(_("its member {name} claims to be larger than it may be").format(name=name))
        with _zip_errors_as_sentences(), self._zip.open(info) as member:
            content = member.read(info.file_size + 1)  # one byte beyond the end, where zipfile checks the CRC
        if len(content) != info.file_size:
            raise ValueError(_("its member {name} is not as long as it claims to be").format(name=name))
        return content


def new_member(archive: ZipFile, name: str) -> IO[bytes]:
    """Open a member for writing, with a fixed date, so that the same content gives the same bytes."""
    return archive.open(ZipInfo(name), "w")


def _check_ends(file: BinaryIO, size: int) -> None:
    """Check start and end of the file before zipfile reads it: truncated files, and oversized directories."""
    file.seek(0)
    if file.read(len(_START)) != _START:
        raise NotAnArchiveError
    file.seek(max(size - _LONG_END_BYTES - _END_BYTES, 0))
    end = file.read()
    if end[-_END_BYTES:][:4] != _END or end[-2:] != b"\0\0":
        raise ValueError(_("it is not complete"))
    members, directory, offset = struct.unpack("<HLL", end[-12:-2])
    if end.startswith(_LONG_END) or directory + offset + _END_BYTES != size:
        raise ValueError(_("it does not end as it should"))
    if members > _MAX_MEMBERS or directory > _MAX_DIRECTORY_BYTES:
        raise ValueError(_("it has {members:,} members, more than a bpviz file can have").format(members=members))


@contextmanager
def _zip_errors_as_sentences() -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        raise ValueError(_("it is damaged")) from fault
