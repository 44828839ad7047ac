"""Zip archives as bpviz writes them: few members, none compressed, so that none holds more than the file itself."""

from __future__ import annotations

import os
import struct
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

_MOST_MEMBERS, _MOST_DIRECTORY_BYTES = 64, 2**16
_START, _END, _LONG_END = b"PK\3\4", b"PK\5\6", b"PK\6\7"
_END_BYTES, _LONG_END_BYTES = 22, 20
# What zipfile raises, besides its own error, for members that are encrypted or cut off, or have features that it lacks.
_FAULTS = (BadZipFile, RuntimeError, EOFError, ValueError, OverflowError, struct.error)


class NotAnArchiveError(ValueError):
    """It does not even begin like a zip archive."""


class Archive:
    """The members of a zip archive, read strictly: what does not read like something bpviz wrote is refused.

    Parameters
    ----------
    file : binary file
        Open for reading; it must be seekable.
    most : int
        How many bytes it may have.

    Raises
    ------
    NoArchiveError
        If it begins like something else.
    ValueError
        If it is damaged, or an archive that bpviz does not write.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._bytes = file.seek(0, os.SEEK_END)
        if self._bytes > most:
            raise ValueError(f"it is larger than {most:,} bytes")
        _check_ends(file, self._bytes)
        with _damage_as_sentence():
            self._zip = ZipFile(file)
        infos = self._zip.infolist()
        self._infos = {info.filename: info for info in infos}
        if len(self._infos) < len(infos):
            raise ValueError("two of its members have one name")

    def expect(self, names: Collection[str]) -> None:
        """Make sure that these are its members, and that together they are not more than the file.

        Raises
        ------
        ValueError
            If one is missing, or there are others.
        """
        if missing := [name for name in names if name not in self._infos]:
            raise ValueError(f"its member {missing[0]} is missing")
        if unknown := sorted(self._infos.keys() - set(names)):
            raise ValueError(f"it has a member called {unknown[0]}, which does not belong there")
        if sum(info.file_size for info in self._infos.values()) > self._bytes:
            raise ValueError("its members lie one over the other")

    def read(self, name: str, most: int) -> bytes:
        """Return the content of a member of at most so many bytes.

        Raises
        ------
        ValueError
            If there is none, or it is larger, compressed, encrypted or damaged.
        """
        info = self._infos.get(name)
        if info is None:
            raise ValueError(f"its member {name} is missing")
        if info.compress_type != ZIP_STORED or info.file_size != info.compress_size:
            raise ValueError(f"its member {name} is compressed")
        if info.file_size > min(most, self._bytes) or info.header_offset > self._bytes:
            raise ValueError(f"its member {name} claims to be larger than it may be")
        with _damage_as_sentence(), self._zip.open(info) as member:
            content = member.read(info.file_size + 1)  # to the very end, where the checksum is looked at
        if len(content) != info.file_size:
            raise ValueError(f"its member {name} is not as long as it claims to be")
        return content


def new_member(archive: ZipFile, name: str) -> IO[bytes]:
    """Open a member of an archive for writing; it bears no date, so that the same content makes the same bytes."""
    return archive.open(ZipInfo(name), "w")


def _check_ends(file: BinaryIO, size: int) -> None:
    """Refuse what is cut off, and directories that would take much memory before anything of them is known."""
    file.seek(0)
    if file.read(len(_START)) != _START:
        raise NotAnArchiveError
    file.seek(max(size - _LONG_END_BYTES - _END_BYTES, 0))
    end = file.read()
    if end[-_END_BYTES:][:4] != _END or end[-2:] != b"\0\0":
        raise ValueError("it is not complete")
    members, directory, offset = struct.unpack("<HLL", end[-12:-2])
    if end.startswith(_LONG_END) or directory + offset + _END_BYTES != size:
        raise ValueError("it does not end as it should")
    if members > _MOST_MEMBERS or directory > _MOST_DIRECTORY_BYTES:
        raise ValueError(f"it has {members:,} members, and none that bpviz writes has so many")


@contextmanager
def _damage_as_sentence() -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        raise ValueError("it is damaged") from fault
