"""Repair of a session before it is saved: what fails its own check is left out, so that the rest is never refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from bpviz.language import _
from bpviz.session.debugging import breakpoints, watches
from bpviz.session.files.lesson_member import lesson_problem
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.session_validation import branch_problems, check, checkpoint_problems, epoch_problems
from bpviz.session.time_travel import bookmarks
from bpviz.session.time_travel.history import HistoryCheckpoint
from bpviz.session.time_travel.timeline import MAX_NAME_LENGTH
from bpviz.session.training.position import Position

Repair = Callable[[SavedBranch], tuple[SavedBranch, str]]


def repair(session: SavedSession) -> tuple[SavedSession, tuple[str, ...]]:
    """Return a session that passes `check` if that can be had, and a sentence about each thing that was left out.

    A checkpoint that is left out is replayed when the session is opened; nothing that the user made depends on it.
    """
    session, notes = _repair_lists(session)
    kept = []
    for branch in session.branches:
        mended, more = _repair_branch(branch)
        notes += [_("branch {number}: {note}").format(number=branch.number, note=note) for note in more]
        kept.append(mended)
    session = dataclasses.replace(session, branches=tuple(kept))
    return _leave_out_branches(session, notes)


def _repair_lists(session: SavedSession) -> tuple[SavedSession, list[str]]:
    notes = []
    for name, module in (("bookmarks", bookmarks), ("breakpoints", breakpoints), ("watches", watches)):
        try:
            module.from_values(module.to_values(getattr(session, name)))
        except ValueError as fault:
            nothing: dict[str, Any] = {name: ()}
            session = dataclasses.replace(session, **nothing)
            notes.append(_("the {name} were left out: {fault}").format(name=name, fault=fault))
    if session.lesson and (problem := lesson_problem(session.lesson)):
        session = dataclasses.replace(session, lesson=None)
        notes.append(_("the lesson was left out: {problem}").format(problem=problem))
    return session, notes


def _repair_branch(branch: SavedBranch) -> tuple[SavedBranch, list[str]]:
    notes = []
    for repair_part in _REPAIRS:
        if not any(branch_problems(branch)):
            break
        branch, note = repair_part(branch)
        if note:
            notes.append(note)
    return branch, notes


def _repair_name(branch: SavedBranch) -> tuple[SavedBranch, str]:
    printable = "".join(each if each.isprintable() else " " for each in branch.name).strip()
    name = printable[:MAX_NAME_LENGTH].rstrip() or _("branch {number}").format(number=branch.number)
    return dataclasses.replace(branch, name=name), "" if name == branch.name else _("its name was shortened")


def _repair_path(branch: SavedBranch) -> tuple[SavedBranch, str]:
    return dataclasses.replace(branch, numpy_epochs=min(branch.numpy_epochs, branch.furthest.epoch + 1)), ""


def _repair_epochs(branch: SavedBranch) -> tuple[SavedBranch, str]:
    """Keep the longest valid beginning of the table; a shorter one is valid whenever a longer one is."""
    low, high = 0, len(branch.epochs)
    while low < high:
        middle = (low + high + 1) // 2
        is_valid = not any(epoch_problems(dataclasses.replace(branch, epochs=branch.epochs.copy(middle))))
        low, high = (middle, high) if is_valid else (low, middle - 1)
    lost = len(branch.epochs) - low
    return dataclasses.replace(branch, epochs=branch.epochs.copy(low)), _("{lost:,} epoch records left out").format(
        lost=lost
    ) if lost else ""


def _repair_checkpoints(branch: SavedBranch) -> tuple[SavedBranch, str]:
    kept: list[HistoryCheckpoint] = []
    for each in branch.checkpoints:
        neighbours = (*kept[:1], *kept[-1:], each) if len(kept) > 1 else (*kept, each)
        if not any(checkpoint_problems(dataclasses.replace(branch, checkpoints=neighbours))):
            kept.append(each)
    lost = len(branch.checkpoints) - len(kept)
    note = _("{lost:,} checkpoints left out, which are replayed when it is opened").format(lost=lost) if lost else ""
    return dataclasses.replace(branch, checkpoints=tuple(kept)), note


def _repair_place(branch: SavedBranch) -> tuple[SavedBranch, str]:
    """Go to the last checkpoint: an update starts there for certain."""
    at = branch.checkpoints[-1].position if branch.checkpoints else Position()
    return dataclasses.replace(branch, place=at), _("it opens at epoch {epoch:,}, sample {sample:,}").format(
        epoch=at.epoch, sample=at.sample
    )


_REPAIRS: tuple[Repair, ...] = (_repair_name, _repair_path, _repair_epochs, _repair_checkpoints, _repair_place)


def _leave_out_branches(session: SavedSession, notes: list[str]) -> tuple[SavedSession, tuple[str, ...]]:
    """Leave out branches that cannot be repaired, as long as one is left."""
    sound = [branch for branch in session.branches if not any(branch_problems(branch))]
    if not sound or len(sound) == len(session.branches):
        return session, tuple(notes)
    lost = [branch for branch in session.branches if branch not in sound]
    notes += [
        _("branch {number} was left out: {branch_problems}").format(
            number=branch.number, branch_problems=next(branch_problems(branch))
        )
        for branch in lost
    ]
    numbers = {branch.number for branch in sound}
    orphaned = [b if b.parent in numbers else dataclasses.replace(b, parent=None, n_inherited=0) for b in sound]
    active = session.active if session.active in numbers else sound[0].number
    compared = session.compared if session.compared in numbers - {active} else None
    repaired = dataclasses.replace(session, branches=tuple(orphaned), active=active, compared=compared)
    check(repaired)
    return repaired, tuple(notes)
