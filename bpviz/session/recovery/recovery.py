"""Recovery: sessions whose program did not end as it should, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bpviz.session.files.session_file import read_session
from bpviz.session.recovery.autosave_slot import AutosaveSlot, find_slots


@dataclass(frozen=True)
class Leftover:
    """A session that was left over.

    Attributes
    ----------
    name : str
        Of its shelf.
    path : Path
        The file.
    written : datetime
        When, in local time.
    was_offered : bool
        Whether the user was told of it at the start of a program.
    """

    name: str
    path: Path
    written: datetime
    was_offered: bool


@dataclass(frozen=True)
class LeftoverSummary:
    """What is to be said of a session that was left over.

    Attributes
    ----------
    words : str
        What it is of, or why it cannot be read.
    is_sound : bool
        Whether it can be read.
    """

    description: str
    is_sound: bool


def describe(path: Path) -> str:
    """Say what the session in a file is of: how far it came, its samples, its network.

    Raises
    ------
    SessionFileError
        If it cannot be read.
    """
    session = read_session(path)
    shown = next(branch for branch in session.branches if branch.number == session.active)
    sizes = "-".join(map(str, shown.first.sizes))
    others = f", with {len(session.branches)} branches" if len(session.branches) > 1 else ""
    return f"epoch {shown.furthest.epoch:,} of {shown.first.dataset}, {sizes}{others}"


class Recovery:
    """Finds, keeps and discards what was left over; for two programs at once too.

    What is claimed here is not seen by other programs until it is released, or this program ends.

    Parameters
    ----------
    folder : Path
        That of `Autosave`.
    describe : callable, optional
        Says in words what the session in a file is of; may raise.
    """

    def __init__(self, folder: Path, describe: Callable[[Path], str] = describe) -> None:
        self._folder, self._describe = folder, describe
        self._claimed: dict[str, AutosaveSlot] = {}

    def left_over(self) -> list[Leftover]:
        """Return what no other program holds, newest first, and tidy up behind programs that are gone."""
        found = [self._look(slot) for slot in find_slots(self._folder)]
        return sorted((each for each in found if each), key=lambda each: each.written, reverse=True)

    def account(self, leftover: Leftover) -> LeftoverSummary:
        """Say what it is of."""
        try:
            return LeftoverSummary(self._describe(leftover.path), True)
        except Exception as fault:  # nothing that a file holds may stop a program from starting
            sentence = str(fault).removeprefix(f"{leftover.path} ")  # of which nobody need know
            return LeftoverSummary(sentence or "cannot be opened", False)

    def offer(self) -> Leftover | None:
        """Return the newest that no user was told of, claimed, and never again; None where there is none."""
        for each in self.left_over():
            claimed = None if each.was_offered else self.claim(each)
            if claimed and not claimed.was_offered:
                slot = self._claimed[claimed.name]
                slot.mark_offered()
                return _leftover(slot)
        return None

    def claim(self, leftover: Leftover) -> Leftover | None:
        """Keep others from it; returns it as it is now, None where it is gone or another has claimed it."""
        slot = self._claimed.get(leftover.name) or AutosaveSlot(self._folder, leftover.name)
        if leftover.name not in self._claimed and not _take(slot):
            return None
        now = _leftover(slot)
        if now is None:
            slot.clear()
            self._claimed.pop(leftover.name, None)
        else:
            self._claimed[leftover.name] = slot
        return now

    def release(self, leftover: Leftover) -> None:
        """Let others have it."""
        if slot := self._claimed.pop(leftover.name, None):
            slot.leave()

    def discard(self, leftover: Leftover) -> None:
        """Remove it for ever, unless another program has claimed it."""
        if self.claim(leftover):
            self._claimed.pop(leftover.name).clear()

    def close(self) -> None:
        """Release all."""
        while self._claimed:
            self._claimed.popitem()[1].leave()

    def _look(self, slot: AutosaveSlot) -> Leftover | None:
        if slot.name in self._claimed:
            return _leftover(self._claimed[slot.name])
        if not _take(slot):
            return None
        slot.sweep()
        found = _leftover(slot)
        if found is None:
            slot.clear()
        else:
            slot.leave()
        return found


def _take(slot: AutosaveSlot) -> bool:
    try:
        return slot.take()
    except OSError:  # somebody else's, or on a disk that cannot be written
        return False


def _leftover(slot: AutosaveSlot) -> Leftover | None:
    path = slot.session
    if path is None:
        return None
    written = datetime.fromtimestamp(path.stat().st_mtime)
    return Leftover(slot.name, path, written, slot.was_offered)
