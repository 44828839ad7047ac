"""The commands of files: save a session, open one, and keep a copy of the running one on disk."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from bpviz.session.engine.branch_commands import BranchCommands
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import Failed, SessionOpened, SessionSaved
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import SessionFileError, read_session, write_session
from bpviz.session.files.snapshot import restored, snapshot
from bpviz.session.recovery.autosave import Autosave
from bpviz.session.time_travel.bookmarks import Bookmark


class FileCommands:
    """Writes and reads what an engine does; an engine's chore.

    Parameters
    ----------
    engine : Engine
    branch_commands : BranchCommands
        Takes over what was opened.
    """

    def __init__(self, engine: Engine, branch_commands: BranchCommands) -> None:
        self._engine, self._branch_commands = engine, branch_commands
        self._bookmarks: tuple[Bookmark, ...] = ()
        self._autosave: Autosave[SavedSession] | None = None
        self._complaints: deque[str] = deque()  # of the thread that writes
        engine.background_task = self

    def set_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> None:
        """Keep these with the session."""
        self._bookmarks = bookmarks
        self.soon()

    def save(self, path: Path) -> None:
        """Write the session to a file."""
        try:
            write_session(path, self._snapshot())
        except ExportError as fault:
            self._engine.event_sender.send(Failed(str(fault)))
        else:
            self._engine.event_sender.send(SessionSaved(path))

    def open(self, path: Path) -> None:
        """Go on with the session in a file; the present one stays if that cannot be."""
        try:
            saved = read_session(path)
            branches, place = restored(saved)
        except ValueError as fault:
            sentence = str(fault) if isinstance(fault, SessionFileError) else f"{path} cannot be opened: {fault}."
            self._engine.event_sender.send(Failed(sentence))
            return
        self._branch_commands.begin(branches, place, SessionOpened(saved.bookmarks, saved.breakpoints, saved.watches))

    def _snapshot(self) -> SavedSession:
        engine = self._engine
        branches = engine.session()
        engine.settle()
        return snapshot(branches, engine.ready(), self._bookmarks, engine.breakpoints, engine.watches)

    # The copy on disk

    def set_autosave(self, folder: Path | None) -> None:
        """Keep a copy in a folder from now on; None ends that."""
        self.close()
        if folder:
            self._autosave = Autosave(folder, write_session, self._complaints.append)

    def changed(self) -> None:
        """See `BackgroundTask`."""
        if self._autosave:
            self._autosave.changed()

    def soon(self) -> None:
        """See `BackgroundTask`."""
        if self._autosave:
            self._autosave.soon()

    def seconds_until_due(self) -> float | None:
        """See `BackgroundTask`."""
        return self._autosave.seconds_until_due() if self._autosave and self._engine.branches else None

    def work(self) -> None:
        """See `BackgroundTask`."""
        while self._complaints:
            self._engine.event_sender.send(Failed(self._complaints.popleft()))
        if self._autosave and self.seconds_until_due() == 0:
            self._autosave.save(self._snapshot())

    def close(self) -> None:
        """End as one should: leave no copy behind."""
        if self._autosave:
            self._autosave.close()
            self._autosave = None
