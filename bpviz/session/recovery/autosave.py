"""Autosave: a copy of the running session on disk, for the case that the program does not end as it should."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from typing import Generic, TypeVar

from bpviz.session.files.safe_write import ExportError
from bpviz.session.recovery.autosave_slot import AutosaveSlot, make_slot

#: Training alone is written again after this long.
SECONDS = 30.0
#: What was done by hand is written at once, but not more often than this.
SOON_SECONDS = 2.0

Session = TypeVar("Session")


class Autosave(Generic[Session]):
    """Says when to save, and writes on a thread of its own, so that nobody waits for a disk.

    Its methods are for the thread that trains. The thread that writes lives only while there is something to write.

    Parameters
    ----------
    folder : Path
        Where every running program has a shelf of its own; it is made when there is something to write.
    write : callable
        Writes a session to a path, whole or not at all; raises an `ExportError`.
    tell : callable
        Takes a sentence when it cannot be written, on the thread that writes, and no second one until it could again.
    clock : callable, optional
        Returns seconds.
    """

    def __init__(
        self,
        folder: Path,
        write: Callable[[Path, Session], None],
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._write, self._tell, self._clock = folder, write, tell, clock
        self._slot: AutosaveSlot | None = None
        self._saved_at = clock()
        self._is_changed = self._is_urgent = self._has_failed = False
        self._guard = Lock()  # of the two that follow
        self._waiting: deque[Session] = deque(maxlen=1)
        self._writer: Thread | None = None

    @property
    def path(self) -> Path | None:
        """The file that is written; None before the first time."""
        return self._slot.fresh if self._slot else None

    # When

    def changed(self) -> None:
        """Say that training went on since the last save."""
        self._is_changed = True

    def request(self) -> None:
        """Say that something was done by hand, which cannot be done again by training."""
        self._is_changed = self._is_urgent = True

    def seconds_until_due(self) -> float | None:
        """Return in how many seconds to save: 0 for at once, None for not at all as things are."""
        if not self._is_changed and not self._has_failed:
            return None
        wait = SOON_SECONDS if self._is_urgent else SECONDS
        return max(self._saved_at + wait - self._clock(), 0.0)

    def is_due(self) -> bool:
        """Return whether to save now."""
        return self.seconds_until_due() == 0

    # What

    def save(self, session: Session) -> None:
        """Have a session written as soon as the one before is; of those that wait for that, the latest is kept.

        Parameters
        ----------
        session : Session
            Nobody must change it any more.
        """
        self._saved_at = self._clock()
        self._is_changed = self._is_urgent = False
        with self._guard:
            self._waiting.append(session)
            if self._writer is None:
                # No daemon: that would be cut off in the middle when the program ends.
                self._writer = Thread(target=self._write_what_waits, name="bpviz autosave")
                self._writer.start()

    def close(self) -> None:
        """End as one should: wait for what is being written, and leave nothing behind."""
        with self._guard:
            self._waiting.clear()
            writer = self._writer
        if writer:
            writer.join()
        if self._slot:
            self._slot.clear()
            self._slot = None

    # The thread that writes

    def _write_what_waits(self) -> None:
        while True:
            with self._guard:
                if not self._waiting:
                    self._writer = None
                    return
                session = self._waiting.popleft()
            self._try(session)

    def _try(self, session: Session) -> None:
        try:
            self._slot = self._slot or make_slot(self._folder)
            self._write(self._slot.fresh, session)
        except Exception as fault:  # whatever it is, training goes on, and is tried to be saved again
            if not self._has_failed:
                self._tell(_sentence(self._folder, fault))
            self._has_failed = True
        else:
            self._has_failed = False


def _sentence(folder: Path, fault: Exception) -> str:
    reason = str(fault) if isinstance(fault, ExportError) else f"{folder}: {fault}"
    return f"The session is not autosaved, and would be lost in a crash: {reason}."
