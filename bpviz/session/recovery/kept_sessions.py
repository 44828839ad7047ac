"""KeptSessions: no session is thrown away. What is replaced can be opened again by undo, and from the recent sessions.

One rule for all ways to replace a session: reset, another experiment, a file, and the end of the program.
"""

from __future__ import annotations

import dataclasses

from bpviz.language import _, ngettext
from bpviz.session.files.session_data import SavedSession
from bpviz.session.recovery.recent import RecentSessions, n_epochs
from bpviz.session.training.position import Position


class KeptSessions:
    """Keeps the session that was replaced last in memory, for undo and redo, and each of them on disk.

    Attributes
    ----------
    undo_session, redo_session : SavedSession or None
        What undo and redo open.
    recent : RecentSessions or None
        Writes to disk; None writes nothing.
    """

    def __init__(self) -> None:
        self.undo_session: SavedSession | None = None
        self.redo_session: SavedSession | None = None
        self.recent: RecentSessions | None = None
        self._on_disk: object = None  # what identifies the session that a file has already

    def know_file(self, session: SavedSession) -> None:
        """Take note that a file has this session, which need not be written once more."""
        self._on_disk = _identity(session)

    def keep(self, session: SavedSession) -> bool:
        """Keep a session that is about to be replaced; return whether there was anything in it to be kept."""
        self.redo_session = None
        if not _is_worth_keeping(session):
            return False
        self.undo_session = session
        self._write(session)
        return True

    def undo(self, present: SavedSession | None) -> SavedSession | None:
        """Return the session to open in place of the present one, which redo opens again; None for none."""
        session = self.undo_session
        if session:
            self.undo_session, self.redo_session = None, present
            self._leave(present)
        return _copy(session)

    def redo(self, present: SavedSession | None) -> SavedSession | None:
        """Return the session that was on screen before the undo, which undo opens again; None for none."""
        session = self.redo_session
        if session:
            self.redo_session, self.undo_session = None, present
            self._leave(present)
        return _copy(session)

    def describe(self) -> tuple[str, str]:
        """Return what undo and redo do, as texts; "" for nothing."""
        sessions = self.undo_session, self.redo_session
        undo, redo = (_("(back to {words})").format(words=_words(each)) if each else "" for each in sessions)
        return undo, redo

    def close(self, present: SavedSession | None) -> None:
        """Write the present session, and wait until it is written."""
        self._leave(present)
        if self.recent:
            self.recent.close()

    def _leave(self, session: SavedSession | None) -> None:
        if session and _is_worth_keeping(session):
            self._write(session)

    def _write(self, session: SavedSession) -> None:
        if self.recent and _identity(session) != self._on_disk:
            self.recent.keep(session)


def _is_worth_keeping(session: SavedSession) -> bool:
    return any(each.furthest > Position() or each.interventions for each in session.branches)


def _identity(session: SavedSession) -> object:
    branches = ((each.number, each.name, each.first, each.interventions, each.furthest) for each in session.branches)
    return session.lesson, tuple(branches)


def _copy(session: SavedSession | None) -> SavedSession | None:
    """Return a session with epoch tables of its own, which grow, while the other may still be being written."""
    if session is None:
        return None
    branches = tuple(dataclasses.replace(each, epochs=each.epochs.copy()) for each in session.branches)
    return dataclasses.replace(session, branches=branches)


def _words(session: SavedSession) -> str:
    if not _is_worth_keeping(session):
        return _("the new network")
    epochs = n_epochs(session)
    return ngettext("the run of {epochs:,} epoch", "the run of {epochs:,} epochs", epochs).format(epochs=epochs)
