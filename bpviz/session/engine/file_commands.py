"""The handlers of commands that save and open sessions, and the autosave of the running one."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import Failed, SessionOpened, SessionSaved
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import SessionFileError, read_session, write_session
from bpviz.session.files.snapshot import restored, snapshot
from bpviz.session.recovery.autosave import Autosave
from bpviz.session.time_travel.bookmarks import Bookmark


class FileCommands:
    """Handles what `commands.FileCommand` asks for; the engine's `BackgroundTask` is its autosave.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._bookmarks: tuple[Bookmark, ...] = ()
        self._autosave: Autosave[SavedSession] | None = None
        self._failures: deque[str] = deque()  # filled by the thread that writes
        engine.set_background_task(self)

    def set_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> None:
        """Replace the bookmarks of the session."""
        self._bookmarks = bookmarks
        self.request()

    def save(self, path: Path) -> None:
        """Write the session to a file."""
        try:
            write_session(path, self._snapshot())
        except ExportError as fault:
            self._engine.event_sender.send(Failed(str(fault)))
        else:
            self._engine.event_sender.send(SessionSaved(path))

    def open(self, path: Path) -> None:
        """Replace the session by the one in a file; it stays if the file cannot be read."""
        try:
            saved = read_session(path)
            branches, position = restored(saved)
        except ValueError as fault:
            sentence = str(fault) if isinstance(fault, SessionFileError) else f"{path} cannot be opened: {fault}."
            self._engine.event_sender.send(Failed(sentence))
            return
        opened = SessionOpened(saved.bookmarks, saved.breakpoints, saved.watches)
        self._engine.start_session(branches, position, opened)

    def _snapshot(self) -> SavedSession:
        engine, view = self._engine, self._engine.view
        branches = view.branches
        engine.settle()
        return snapshot(branches, view.stepper, self._bookmarks, engine.breakpoints, engine.watches)

    # The autosave

    def set_autosave(self, folder: Path | None) -> None:
        """Keep a copy of the session in a folder from now on; None ends that."""
        self.close()
        if folder:
            self._autosave = Autosave(folder, write_session, self._failures.append)

    def changed(self) -> None:
        """See `BackgroundTask`."""
        if self._autosave:
            self._autosave.changed()

    def request(self) -> None:
        """See `BackgroundTask`."""
        if self._autosave:
            self._autosave.request()

    def seconds_until_due(self) -> float | None:
        """See `BackgroundTask`."""
        return self._autosave.seconds_until_due() if self._autosave and not self._engine.view.is_empty else None

    def run(self) -> None:
        """See `BackgroundTask`."""
        while self._failures:
            self._engine.event_sender.send(Failed(self._failures.popleft()))
        if self._autosave and self.seconds_until_due() == 0:
            self._autosave.save(self._snapshot())

    def close(self) -> None:
        """End the autosave and delete its copy."""
        if self._autosave:
            self._autosave.close()
            self._autosave = None
