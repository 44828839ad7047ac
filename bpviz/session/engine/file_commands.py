"""The handlers of commands that save and open sessions, and the autosave of the running one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from bpviz.language import _
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import (
    Event,
    Failed,
    RecordingOpened,
    SessionKept,
    SessionOpened,
    SessionSaved,
    SnapshotTaken,
)
from bpviz.session.figures.figure import write_figure
from bpviz.session.figures.figure_plane import FigurePlane
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import SessionFileError, read_session, write_session
from bpviz.session.files.snapshot import restored, snapshot
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.network_files.writing import write_network
from bpviz.session.recording.recording_file import RecordingFileError, read_recording
from bpviz.session.recording.understanding import understand
from bpviz.session.recovery.autosave import Autosave
from bpviz.session.recovery.kept_sessions import KeptSessions
from bpviz.session.recovery.recent import RecentSessions, n_epochs
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.training import Training


class FileCommands:
    """Handles what `commands.FileCommand` asks for; the engine's `BackgroundTask` is its autosave.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._bookmarks: tuple[Bookmark, ...] = ()
        self._lesson: Lesson | None = None
        self._autosave: Autosave[SavedSession] | None = None
        self._failures: deque[str] = deque()  # filled by the thread that writes
        self._has_told_notes = False
        self._kept = KeptSessions()
        engine.set_background_task(self)
        engine.set_keeper(self)

    def set_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> None:
        """Replace the bookmarks of the session."""
        self._bookmarks = bookmarks
        self.request()

    def set_lesson(self, lesson: Lesson | None) -> None:
        """Replace the lesson of the session."""
        self._lesson = lesson
        self.request()

    def save(self, path: Path) -> None:
        """Write the session to a file."""
        try:
            notes = write_session(path, session := self._snapshot())
        except ExportError as fault:
            self._engine.event_sender.send(Failed(str(fault)))
            return
        self._kept.know_file(session)
        self._engine.event_sender.send(SessionSaved(path))
        if notes:
            self._engine.event_sender.send(
                Failed(_("{path} was saved, but {notes}.").format(path=path, notes="; ".join(notes)))
            )

    def export_weights(self, path: Path) -> None:
        """Write weights and biases at the position on screen."""
        self._export(path, write_network)

    def export_figure(self, path: Path, at: FigurePlane | None = None) -> None:
        """Write a figure of the network at the position on screen over a plane of its inputs."""

        def write(training: Training, target: Path) -> None:
            write_figure(training, target, training.experiment.dataset.capitalize(), at)

        self._export(path, write)

    def _export(self, path: Path, write: Callable[[Training, Path], None]) -> None:
        if self._engine.view.is_empty:
            self._engine.event_sender.send(Failed(_("There is no network to export yet.")))
            return
        try:
            write(self._engine.view.stepper.training, path)
        except ExportError as fault:
            self._engine.event_sender.send(Failed(str(fault)))

    def open(self, path: Path) -> None:
        """Replace the session by the one in a file; it stays if the file cannot be read."""
        try:
            saved = read_session(path)
            branches, position = restored(saved)
        except ValueError as fault:
            sentence = (
                str(fault)
                if isinstance(fault, SessionFileError)
                else _("{path} cannot be opened: {fault}.").format(path=path, fault=fault)
            )
            self._engine.event_sender.send(Failed(sentence))
            return
        self._engine.start_session(branches, position, _opened(saved))
        self._kept.know_file(saved)
        if saved.left_out:
            said = _("{path} was opened, but {left_out}.").format(path=path, left_out=saved.left_out)
            self._engine.event_sender.send(Failed(said))

    def send_snapshot(self) -> None:
        """Send the session as it is now."""
        self._engine.event_sender.send(SnapshotTaken(None if self._engine.view.is_empty else self._snapshot()))

    def open_snapshot(self, saved: SavedSession) -> None:
        """Replace the session by one of which a snapshot was taken."""
        self._engine.start_session(*restored(saved), _opened(saved), keeps=False)

    def open_recording(self, path: Path) -> None:
        """Send a recording of somebody's training, or why its file cannot be read."""
        try:
            event: Event = RecordingOpened(path, understand(read_recording(path)))
        except ValueError as fault:
            is_of_file = isinstance(fault, RecordingFileError)
            event = Failed(
                str(fault) if is_of_file else _("{path} cannot be compared: {fault}.").format(path=path, fault=fault)
            )
        self._engine.event_sender.send(event)

    def _snapshot(self) -> SavedSession:
        engine, view = self._engine, self._engine.view
        branches = view.branches
        engine.settle()
        return snapshot(branches, view.stepper, self._bookmarks, engine.breakpoints, engine.watches, self._lesson)

    # Sessions that are replaced

    def keep_sessions(self, folder: Path | None) -> None:
        """Write sessions that are replaced to a folder from now on; None ends that."""
        if self._kept.recent:
            self._kept.recent.close()
        self._kept.recent = RecentSessions(folder, write_session, self._failures.append) if folder else None

    def keep(self) -> SessionKept | None:
        """See `SessionKeeper`."""
        if self._autosave:
            self._autosave.begin()
        present = self._present()
        is_kept = present is not None and self._kept.keep(present)
        self._describe_undo()
        return SessionKept(n_epochs(present)) if is_kept and present else None

    def undo(self) -> bool:
        """Open the session that was replaced, unless there is a change to undo; return whether that was done."""
        view = self._engine.view
        is_next = self._kept.undo_session is not None and not view.is_empty and not view.branches.timeline().undo
        return is_next and self._reopen(self._kept.undo(self._present()))

    def redo(self) -> bool:
        """Open the session that was on screen before such an undo; return whether that was done."""
        view = self._engine.view
        is_next = self._kept.redo_session is not None and not view.is_empty and not view.branches.timeline().redo
        return is_next and self._reopen(self._kept.redo(self._present()))

    def _reopen(self, saved: SavedSession | None) -> bool:
        if saved:
            self._describe_undo()
            self._engine.start_session(*restored(saved), _opened(saved), keeps=False)
            self._kept.know_file(saved)
        return saved is not None

    def _describe_undo(self) -> None:
        reporter = self._engine.reporter
        reporter.session_undo, reporter.session_redo = self._kept.describe()

    def _present(self) -> SavedSession | None:
        """Return the present session; None if there is none, or if a fault has left it in pieces."""
        if self._engine.view.is_empty:
            return None
        try:
            return self._snapshot()
        except Exception as fault:  # a session that cannot be kept must not prevent a new one
            self._engine.event_sender.send(Failed(_("The run could not be kept: {fault}.").format(fault=fault)))
            return None

    # The autosave

    def set_autosave(self, folder: Path | None) -> None:
        """Keep a copy of the session in a folder from now on; None ends that."""
        self._end_autosave()
        if folder:
            self._autosave = Autosave(folder, self._write_copy, self._failures.append)

    def _write_copy(self, path: Path, session: SavedSession) -> None:
        """Write the autosave's copy; called on the thread that writes. Say only once what is left out of it."""
        notes = write_session(path, session)
        if notes and not self._has_told_notes:
            self._has_told_notes = True
            self._failures.append(_("The session is autosaved, but {notes}.").format(notes="; ".join(notes)))

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
        """Keep the session, end the autosave and delete its copy."""
        self._kept.close(self._present() if self._kept.recent else None)
        self._end_autosave()

    def _end_autosave(self) -> None:
        if self._autosave:
            self._autosave.close()
            self._autosave = None


def _opened(saved: SavedSession) -> SessionOpened:
    return SessionOpened(saved.bookmarks, saved.breakpoints, saved.watches, saved.lesson)
