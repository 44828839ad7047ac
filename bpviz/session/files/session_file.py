"""Session files: a whole session in one file, fully validated when it is read."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import numpy as np

from bpviz.language import _
from bpviz.session.files import session_arrays
from bpviz.session.files.lesson_member import LESSON, lesson_bytes, read_lesson_member
from bpviz.session.files.safe_write import ExportError, open_regular_file, reason, write_atomically
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.session_json import (
    MOST_JSON_BYTES,
    BranchHead,
    NewerFormatError,
    from_json,
    to_json,
    with_arrays,
)
from bpviz.session.files.session_repair import repair
from bpviz.session.files.session_validation import check
from bpviz.session.files.table_member import read_table_member, table_bytes, write_table
from bpviz.session.files.zip_archive import Archive, NotAnArchiveError, new_member
from bpviz.session.tables.table import Table
from bpviz.session.time_travel.history import position_of
from bpviz.session.training.position import Position

#: Most bytes that the checkpoints of all branches use in a file.
BUDGET = 16 * 2**20
_MAX_BYTES = 2 * 10**9
_JSON, _MAX_LETTERS = "session.json", 300
_DIGITS = 16  # of a digest, in the name of a table


class SessionFileError(ValueError):
    """A file is not a valid session. The message is one sentence: which file, what is wrong, and what to do."""


def write_session(path: Path, session: SavedSession, *, budget: int = BUDGET) -> tuple[str, ...]:
    """Write a session to a file, thinning out its checkpoints evenly if they exceed the budget.

    What fails its own check is left out, so that saving is not refused for it. Equal sessions give equal bytes. Of each
    branch three checkpoints are always kept: the first, from which everything can be replayed; the last, from which
    training continues; and the one nearest before the current position.

    Parameters
    ----------
    path : Path
    session : SavedSession
    budget : int
        Most bytes that the checkpoints of all branches may use.

    Returns
    -------
    tuple of str
        A sentence about each thing that was left out.

    Raises
    ------
    ExportError
        If the file cannot be written, or would not be readable; an existing file is then unchanged.
    """
    session, notes = repair(session)
    share = budget // max(len(session.branches), 1)
    thinned = dataclasses.replace(session, branches=tuple(_thinned(branch, share) for branch in session.branches))
    content = to_json(thinned)
    # Refuse to replace a good file by one that could not be opened again.
    _check_readable(path, thinned, content)
    write_atomically(path, lambda file: _write(file, thinned, content))
    return notes


def _check_readable(path: Path, session: SavedSession, content: bytes) -> None:
    try:
        check(session)
        from_json(content, tables_of(session).__getitem__)
    except ValueError as fault:
        raise ExportError(
            _("{path} cannot be written: {printable}; this is an error in bpviz, please report it").format(
                path=path, printable=printable(fault)
            )
        ) from fault
    arrays = sum(map(_array_bytes, session.branches)) + sum(map(table_bytes, tables_of(session).values()))
    if len(content) > MOST_JSON_BYTES or len(content) + arrays > _MAX_BYTES:
        raise ExportError(_("{path} cannot be written: the session is too large; delete branches").format(path=path))


def tables_of(session: SavedSession) -> dict[str, Table]:
    """Return the different tables that the branches are trained on, by their digests."""
    tables = [branch.first.table for branch in session.branches]
    return {table.digest: table for table in tables if table is not None}


def _array_bytes(branch: SavedBranch) -> int:
    per_row = branch.epochs.deltas.epochs_per_row
    lengths = len(branch.epochs), len(branch.checkpoints)
    head = BranchHead(branch, *lengths, per_row, session_arrays.learning_size(branch.first))
    return session_arrays.most_bytes(_layout(head))


def _layout(head: BranchHead) -> session_arrays.Layout:
    first = head.branch.first
    lengths = head.n_epochs, head.n_checkpoints
    return session_arrays.layout(first, *lengths, head.epochs_per_delta_row, head.n_learning, head.has_losses)


def _write(file: BinaryIO, session: SavedSession, content: bytes) -> None:
    with ZipFile(file, "w") as archive:
        with new_member(archive, _JSON) as member:
            member.write(content)
        for branch in session.branches:
            with new_member(archive, _name(branch)) as member:
                session_arrays.write_arrays(branch, member)
        if session.lesson:
            with new_member(archive, LESSON) as member:
                member.write(lesson_bytes(session.lesson))
        for digest, table in tables_of(session).items():
            with new_member(archive, _table_name(digest)) as member:
                write_table(table, member)


def _table_name(digest: str) -> str:
    return f"table-{digest[:_DIGITS]}.npz"


def _name(branch: SavedBranch) -> str:
    return f"branch-{branch.number}.npz"


def _thinned(branch: SavedBranch, budget: int) -> SavedBranch:
    checkpoints = branch.checkpoints
    if not checkpoints:
        return branch  # the check before writing refuses it
    first = checkpoints[0].checkpoint
    size = sum(part.nbytes for part in (first.parameters, first.statistics, first.learning))
    if len(checkpoints) * size <= budget:
        return branch
    most = max(budget // size - 1, 2)  # one less, for the one before the current position
    place = Position(branch.place.epoch, branch.place.sample)
    before = bisect_right(checkpoints, place, key=position_of) - 1
    kept = sorted({*np.linspace(0, len(checkpoints) - 1, most).round().astype(int).tolist(), max(before, 0)})
    return dataclasses.replace(branch, checkpoints=tuple(checkpoints[number] for number in kept))


def read_session(path: Path) -> SavedSession:
    """Read a session from a file.

    Raises
    ------
    SessionFileError
        If the file does not exist, is damaged, is not a session, or has a newer format.
    """
    try:
        with open_regular_file(path) as file:
            return _read(file)
    except (OSError, ValueError, RecursionError, MemoryError) as fault:
        raise SessionFileError(
            _("{path} cannot be opened: {sentence}").format(path=path, sentence=_sentence(fault))
        ) from fault


def _sentence(fault: BaseException) -> str:
    """Return what is wrong with a file and what to do, as the end of a sentence."""
    if isinstance(fault, OSError):
        return _("{reason}; choose another file").format(reason=reason(fault))
    if isinstance(fault, NotAnArchiveError):
        return _("it is not a bpviz session; choose another file")
    if isinstance(fault, NewerFormatError):
        return _("{fault}; update bpviz").format(fault=fault)
    if isinstance(fault, MemoryError):
        return _("there is not enough memory; close other programs")
    return _("{printable}; use another copy, this one is damaged or was changed").format(printable=printable(fault))


def printable(fault: BaseException | str) -> str:
    """Return a message, which may quote a file's content, as one line of limited length."""
    text = str(fault)
    short = text if len(text) <= _MAX_LETTERS else f"{text[:_MAX_LETTERS]}..."
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short)


def _read(file: BinaryIO) -> SavedSession:
    archive = Archive(file, _MAX_BYTES)
    tables: dict[str, Table] = {}

    def table_of(digest: str) -> Table:
        if digest not in tables:
            tables[digest] = read_table_member(archive.read(_table_name(digest), _MAX_BYTES), digest)
        return tables[digest]

    session, heads = from_json(archive.read(_JSON, MOST_JSON_BYTES), table_of)
    archive.expect([_JSON, *(_name(head.branch) for head in heads), *map(_table_name, tables)], spare=LESSON)
    complete = dataclasses.replace(session, branches=tuple(_branch(archive, head) for head in heads))
    check(complete)
    lesson, fault = read_lesson_member(archive)
    text = _("its lesson was left out: {fault}").format(fault=printable(fault)) if fault else ""
    return dataclasses.replace(complete, lesson=lesson, left_out=text)


def _branch(archive: Archive, head: BranchHead) -> SavedBranch:
    wanted = _layout(head)
    content = archive.read(_name(head.branch), session_arrays.most_bytes(wanted))
    try:
        return with_arrays(head, *session_arrays.read_arrays(content, wanted, head.epochs_per_delta_row))
    except ValueError as fault:
        raise ValueError(_("branch {number}: {fault}").format(number=head.branch.number, fault=fault)) from fault
