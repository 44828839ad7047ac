"""The session file: everything of a session in one file that lasts, and is never believed blindly."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import numpy as np

from bpviz.session.files import session_arrays
from bpviz.session.files.safe_write import ExportError, open_ordinary, reason, write_whole
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.session_json import (
    MOST_JSON_BYTES,
    BranchHead,
    NewerFormatError,
    from_json,
    to_json,
    with_arrays,
)
from bpviz.session.files.session_validation import check
from bpviz.session.files.zip_archive import Archive, NotAnArchiveError, new_member
from bpviz.session.time_travel.history import HistoryCheckpoint
from bpviz.session.training.position import Position

SUFFIX = ".bpviz"
#: Bytes that the checkpoints of all branches take in a file.
BUDGET = 16 * 2**20
_MOST_BYTES = 2 * 10**9
_JSON, _MOST_LETTERS = "session.json", 300


class SessionFileError(ValueError):
    """A file that holds no session. The message is one sentence: which file, what is wrong, and what to do."""


def write_session(path: Path, session: SavedSession, *, budget: int = BUDGET) -> None:
    """Write a session to a file, with evenly fewer checkpoints where there are too many.

    The same session makes the same bytes. The first checkpoint of each branch, the last, and the one from which the
    place it stands at is reached stay in any case.

    Parameters
    ----------
    path : Path
    session : SavedSession
    budget : int
        How many bytes the checkpoints of all branches may take.

    Raises
    ------
    ExportError
        If the file cannot be written, or could not be read again; what stood there before is still there.
    """
    share = budget // max(len(session.branches), 1)
    thinned = dataclasses.replace(session, branches=tuple(_thinned(branch, share) for branch in session.branches))
    content = to_json(thinned)
    _check_readable(path, thinned, content)
    write_whole(path, lambda file: _write(file, thinned, content))


def _check_readable(path: Path, session: SavedSession, content: bytes) -> None:
    try:
        check(session)
        from_json(content)
    except ValueError as fault:
        raise ExportError(f"{path} cannot be written: {_in_a_line(fault)}; this is a fault of bpviz's own") from fault
    if len(content) > MOST_JSON_BYTES or len(content) + sum(map(_array_bytes, session.branches)) > _MOST_BYTES:
        raise ExportError(f"{path} cannot be written: the session is too large for a file; delete branches")


def _array_bytes(branch: SavedBranch) -> int:
    return session_arrays.most_bytes(_layout(BranchHead(branch, len(branch.epochs), len(branch.checkpoints))))


def _layout(head: BranchHead) -> session_arrays.Layout:
    return session_arrays.layout(head.branch.first.sizes, head.n_epochs, head.n_stations)


def _write(file: BinaryIO, session: SavedSession, content: bytes) -> None:
    with ZipFile(file, "w") as archive:
        with new_member(archive, _JSON) as member:
            member.write(content)
        for branch in session.branches:
            with new_member(archive, _name(branch)) as member:
                session_arrays.write_arrays(branch, member)


def _name(branch: SavedBranch) -> str:
    return f"branch-{branch.number}.npz"


def _thinned(branch: SavedBranch, budget: int) -> SavedBranch:
    checkpoints = branch.checkpoints
    if not checkpoints:
        return branch  # which is refused
    size = sum(part.nbytes for part in (checkpoints[0].checkpoint.parameters, checkpoints[0].checkpoint.statistics))
    if len(checkpoints) * size <= budget:
        return branch
    most = max(budget // size - 1, 2)  # with the one before its place
    place = Position(branch.place.epoch, branch.place.sample)
    before = bisect_right(checkpoints, place, key=HistoryCheckpoint.at) - 1
    kept = sorted({*np.linspace(0, len(checkpoints) - 1, most).round().astype(int).tolist(), max(before, 0)})
    return dataclasses.replace(branch, checkpoints=tuple(checkpoints[number] for number in kept))


def read_session(path: Path) -> SavedSession:
    """Read a session from a file.

    Raises
    ------
    SessionFileError
        If there is no such file, or it is damaged, foreign or newer than this bpviz.
    """
    try:
        with open_ordinary(path) as file:
            return _read(file)
    except (OSError, ValueError, RecursionError, MemoryError) as fault:
        raise SessionFileError(f"{path} cannot be opened: {_sentence(fault)}") from fault


def _sentence(fault: BaseException) -> str:
    """Return what is wrong, and what to do."""
    if isinstance(fault, OSError):
        return f"{reason(fault)}; choose another file"
    if isinstance(fault, NotAnArchiveError):
        return "it is no session that bpviz saved; choose another file"
    if isinstance(fault, NewerFormatError):
        return f"{fault}; update bpviz"
    if isinstance(fault, MemoryError):
        return "it needs more memory than there is; close other programs"
    return f"{_in_a_line(fault)}; take another copy of it, this one was damaged or changed"


def _in_a_line(fault: BaseException) -> str:
    """Return a sentence that may quote a file, whatever that contains."""
    text = str(fault)
    short = text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}..."
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short)


def _read(file: BinaryIO) -> SavedSession:
    archive = Archive(file, _MOST_BYTES)
    session, heads = from_json(archive.read(_JSON, MOST_JSON_BYTES))
    archive.expect([_JSON, *(_name(head.branch) for head in heads)])
    complete = dataclasses.replace(session, branches=tuple(_branch(archive, head) for head in heads))
    check(complete)
    return complete


def _branch(archive: Archive, head: BranchHead) -> SavedBranch:
    wanted = _layout(head)
    content = archive.read(_name(head.branch), session_arrays.most_bytes(wanted))
    try:
        return with_arrays(head, *session_arrays.read_arrays(content, wanted))
    except ValueError as fault:
        raise ValueError(f"branch {head.branch.number}: {fault}") from fault
