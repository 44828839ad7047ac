"""Autosave: keep a copy of the running session on disk, in case the program crashes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from bpviz.language import _
from bpviz.session.files.safe_write import ExportError, reason
from bpviz.session.recovery.autosave_slot import AutosaveSlot, make_slot
from bpviz.session.recovery.background_writer import BackgroundWriter

#: Longest interval between saves if only training has progressed, which a replay could repeat. The first intervals are
#: shorter, each twice the one before, so that a crash never loses more than half of a young run.
SECONDS = 30.0
#: Smallest interval between saves after changes by the user, which no replay could repeat.
SOON_SECONDS = 2.0

Session = TypeVar("Session")


class Autosave(Generic[Session]):
    """Decides when to save, and writes on a thread of its own.

    Its methods must be called on the training thread.

    Parameters
    ----------
    folder : Path
        The folder of all autosave slots; it is made on the first save.
    write : callable
        ``write(path, session)`` writes a session atomically; raises an `ExportError`.
    report : callable
        Called on the writing thread with a sentence if a save fails; not again until a save has succeeded.
    clock : callable, optional
        Returns seconds.
    """

    def __init__(
        self,
        folder: Path,
        write: Callable[[Path, Session], None],
        report: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._write, self._report, self._clock = folder, write, report, clock
        self._slot: AutosaveSlot | None = None
        self._saved_at = clock()
        self._is_changed = self._is_urgent = self._has_failed = False
        self._wait = SOON_SECONDS
        self._writer: BackgroundWriter[Session] = BackgroundWriter(self._try, "bpviz autosave", most_waiting=1)

    @property
    def path(self) -> Path | None:
        """The autosave file; None before the first save."""
        return self._slot.fresh if self._slot else None

    # Scheduling

    def begin(self) -> None:
        """Note that another session has begun, which is saved soon."""
        self._wait = SOON_SECONDS

    def changed(self) -> None:
        """Note that training has progressed since the last save."""
        self._is_changed = True

    def request(self) -> None:
        """Note a change by the user, to be saved soon: unlike training, it could not be repeated after a crash."""
        self._is_changed = self._is_urgent = True

    def seconds_until_due(self) -> float | None:
        """Return the seconds until the next save is due; None if there is nothing to save."""
        if not self._is_changed and not self._has_failed:
            return None
        wait = SOON_SECONDS if self._is_urgent else SECONDS if self._has_failed else self._wait
        return max(self._saved_at + wait - self._clock(), 0.0)

    def is_due(self) -> bool:
        """Return whether a save is due now."""
        return self.seconds_until_due() == 0

    # Saving

    def save(self, session: Session) -> None:
        """Write a session on the writing thread. While one is being written, only the latest of those waiting is kept.

        Parameters
        ----------
        session : Session
            It must not be changed afterwards.
        """
        self._saved_at = self._clock()
        self._wait = min(2 * self._wait, SECONDS)
        self._is_changed = self._is_urgent = False
        self._writer.write(session)

    def close(self) -> None:
        """Wait for a write in progress and remove the autosave: the program ends normally."""
        self._writer.drop_waiting()
        self._writer.wait()
        if self._slot:
            self._slot.clear()
            self._slot = None

    # On the writing thread

    def _try(self, session: Session) -> None:
        try:
            self._slot = self._slot or make_slot(self._folder)
            self._write(self._slot.fresh, session)
        except Exception as fault:  # training must continue whatever happens; the next save tries again
            if not self._has_failed:
                self._report(_sentence(self._folder, fault))
            self._has_failed = True
        else:
            self._has_failed = False


def _sentence(folder: Path, fault: Exception) -> str:
    why = reason(fault) if isinstance(fault, OSError) else str(fault)
    what = (
        str(fault)
        if isinstance(fault, ExportError)
        else _("{folder} cannot be written: {why}").format(folder=folder, why=why)
    )
    return _("The session cannot be autosaved and would be lost in a crash: {what}.").format(what=what)
