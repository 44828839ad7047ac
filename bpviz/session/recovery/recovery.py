"""Recovery: find, open or discard the sessions of programs that crashed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bpviz.language import _
from bpviz.session.recovery.autosave_slot import AutosaveSlot, find_slots
from bpviz.session.recovery.recent import recent_folder


@dataclass(frozen=True)
class Leftover:
    """A session left by a program that crashed.

    Attributes
    ----------
    name : str
        Name of its slot.
    path : Path
        The session file.
    written : datetime
        Time of the last autosave, in local time.
    was_offered : bool
        Whether its recovery has been offered to the user.
    """

    name: str
    path: Path
    written: datetime
    was_offered: bool


@dataclass(frozen=True)
class LeftoverSummary:
    """A description of a leftover session.

    Attributes
    ----------
    description : str
        Progress, dataset and network, or why the file cannot be read.
    is_sound : bool
        Whether the file can be read.
    """

    description: str
    is_sound: bool


def describe(path: Path) -> str:
    """Return a description of the session in a file: progress, dataset and network.

    Raises
    ------
    SessionFileError
        If the file cannot be read.
    """
    from bpviz.session.files.session_file import read_session  # which a program that has nothing to recover never needs

    session = read_session(path)
    shown = next(branch for branch in session.branches if branch.number == session.active)
    sizes = "-".join(map(str, shown.first.sizes))
    others = (
        _(", with {n_branches} branches").format(n_branches=len(session.branches)) if len(session.branches) > 1 else ""
    )
    return _("epoch {epoch:,} of {dataset}, {sizes}{others}").format(
        epoch=shown.furthest.epoch, dataset=shown.first.dataset, sizes=sizes, others=others
    )


class Recovery:
    """Finds, locks and discards leftover sessions; several programs may do so at once.

    Other programs do not see an acquired session until it is released or this program ends.

    Parameters
    ----------
    folder : Path
        The folder of all autosave slots.
    describe : callable, optional
        Returns a description of the session in a file; may raise.
    """

    def __init__(self, folder: Path, describe: Callable[[Path], str] = describe) -> None:
        self._folder, self._describe = folder, describe
        self._acquired: dict[str, AutosaveSlot] = {}

    @property
    def recent_folder(self) -> Path:
        """The folder of recent sessions, which is beside that of the autosaves."""
        return recent_folder(self._folder)

    def find_leftovers(self) -> list[Leftover]:
        """Return the sessions that no other program holds, newest first, and remove empty slots."""
        found = [self._check_slot(slot) for slot in find_slots(self._folder)]
        return sorted((each for each in found if each), key=lambda each: each.written, reverse=True)

    def summarize(self, leftover: Leftover) -> LeftoverSummary:
        """Return a description of a leftover session, also of one that cannot be read."""
        try:
            return LeftoverSummary(self._describe(leftover.path), True)
        except Exception as fault:  # a damaged file must not prevent the program from starting
            sentence = str(fault).removeprefix(f"{leftover.path} ")  # the path means nothing to the user
            return LeftoverSummary(sentence or _("cannot be opened"), False)

    def next_offer(self) -> Leftover | None:
        """Acquire and return the newest session not offered before, and mark it as offered; None if there is none."""
        for each in self.find_leftovers():
            acquired = None if each.was_offered else self.acquire(each)
            if acquired and not acquired.was_offered:
                slot = self._acquired[acquired.name]
                slot.mark_offered()
                return _leftover(slot)
        return None

    def acquire(self, leftover: Leftover) -> Leftover | None:
        """Lock a session; return its current state, or None if it is gone or another program holds it."""
        slot = self._acquired.get(leftover.name) or AutosaveSlot(self._folder, leftover.name)
        if leftover.name not in self._acquired and not _take(slot):
            return None
        now = _leftover(slot)
        if now is None:
            slot.clear()
            self._acquired.pop(leftover.name, None)
        else:
            self._acquired[leftover.name] = slot
        return now

    def release(self, leftover: Leftover) -> None:
        """Release a session to other programs."""
        if slot := self._acquired.pop(leftover.name, None):
            slot.leave()

    def discard(self, leftover: Leftover) -> None:
        """Delete a session, unless another program holds it."""
        if self.acquire(leftover):
            self._acquired.pop(leftover.name).clear()

    def close(self) -> None:
        """Release all acquired sessions."""
        while self._acquired:
            self._acquired.popitem()[1].leave()

    def _check_slot(self, slot: AutosaveSlot) -> Leftover | None:
        if slot.name in self._acquired:
            return _leftover(self._acquired[slot.name])
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
    except OSError:  # of another user, or on a read-only disk
        return False


def _leftover(slot: AutosaveSlot) -> Leftover | None:
    path = slot.session
    if path is None:
        return None
    written = datetime.fromtimestamp(path.stat().st_mtime)
    return Leftover(slot.name, path, written, slot.was_offered)
