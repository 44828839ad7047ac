"""The file of the current session: save, open, and the window title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from bpviz.language import N_, _
from bpviz.session.engine.commands import OpenRecording, OpenSession, OpenSnapshot, SaveSession
from bpviz.session.engine.events import Failed, NetworkReady, SessionSaved
from bpviz.session.files.experiment_file import ExperimentFileError, read_experiment_file
from bpviz.session.files.safe_write import SUFFIX, ExportError, check_target
from bpviz.session.files.session_data import SavedSession
from bpviz.session.recording.recording_file import is_recording
from bpviz.session.recovery.recovery import Leftover
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_where, ask_which

_KINDS = N_("Sessions and experiments (*{suffix} *.json);;Sessions (*{suffix});;Experiments (*.json);;All files (*)")
_CONFIRMED_MILLISECONDS = 4000
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class SessionSource:
    """Where a session was loaded from: a file, an autosave that was left over, or neither for a new session.

    `stamp` identifies the content of the file, to notice that another program has written it.
    """

    path: Path | None = None
    leftover: Leftover | None = None
    stamp: Stamp | None = None

    @classmethod
    def of(cls, path: Path) -> SessionSource:
        """Return the source for the present content of a file."""
        return cls(path, stamp=_stamp(path))

    @property
    def is_replaced(self) -> bool:
        """Whether another program has written the file; one that was deleted is none to lose."""
        now = _stamp(self.path) if self.path else None
        return now is not None and self.stamp is not None and now != self.stamp

    @property
    def title(self) -> str:
        """The window title."""
        if self.leftover:
            return _("Recovered session – bpviz")
        return _("{name} – bpviz").format(name=self.path.name) if self.path else "bpviz"


class SessionFiles(QObject):
    """Opens and saves sessions, and keeps track of the file of the current session.

    Parameters
    ----------
    window : QMainWindow
        Parent of the dialogs; its title shows the file, its status bar confirms saving.
    model : ViewModel
    show_failure : callable
        Called with a `Failed` on an error.

    Attributes
    ----------
    source : SessionSource
        Where the current session was loaded from.

    Signals
    -------
    leftover_saved : Leftover
        The recovered session has been saved to a file of the user.
    leftover_closed : Leftover
        The recovered session has been replaced by another, or could not be opened.
    """

    leftover_saved, leftover_closed = Signal(object), Signal(object)

    def __init__(self, window: QMainWindow, model: ViewModel, show_failure: Callable[[Failed], None]) -> None:
        super().__init__(window)
        self._window, self._model, self._show_failure = window, model, show_failure
        # Set while a file is being opened; the session reports success or failure later.
        self._opening: SessionSource | None = None
        self.source = SessionSource()
        # Of the session that was on screen before, of the one that undo or redo opens, and whether the user has opened
        # the present one.
        self._before = self._kept = SessionSource()
        self._is_opened_by_user = False
        model.experiment_prepared.connect(self._begin)
        model.failed.connect(self._cancel_opening)
        model.time.saved.connect(self._confirm)
        model.time.kept.connect(self._keep)
        model.time.opened.connect(self._bring_back)

    # Saving

    @Slot()
    def save(self) -> None:
        """Save to the session's file; ask for one if it has none, or if another program has written that."""
        if self.source.is_replaced:
            sentence = _("{path} was changed by another program: choose another name, or replace it.").format(
                path=self.source.path
            )
            self._show_failure(Failed(sentence))
            self.ask_where_to_save()
        elif self.source.path:
            self._model.post(SaveSession(self.source.path))
        else:
            self.ask_where_to_save()

    @Slot()
    def ask_where_to_save(self) -> None:
        """Ask for a file, which becomes the session's own."""
        name = str(self.source.path or f"session{SUFFIX}")
        ask_where(self._window, _("Save session"), name, _("Sessions (*{suffix})").format(suffix=SUFFIX), self.save_as)

    @Slot(str)
    def save_as(self, path: str) -> None:
        """Save to a file."""
        try:
            check_target(Path(path), (SUFFIX,))
        except ExportError as fault:
            self._show_failure(Failed(_("{clause}.").format(clause=fault)))
            return
        self._model.post(SaveSession(Path(path)))

    @Slot(object)
    def _confirm(self, saved: SessionSaved) -> None:
        before = self.source.leftover
        self._set_source(SessionSource.of(saved.path))
        if before:
            self.leftover_saved.emit(before)
        self._window.statusBar().showMessage(_("Saved {path}").format(path=saved.path), _CONFIRMED_MILLISECONDS)

    # Opening

    @Slot()
    def ask_what_to_open(self) -> None:
        """Ask for the file of a session or an experiment."""
        ask_which(self._window, _("Open"), _(_KINDS).format(suffix=SUFFIX), self.open)

    @Slot(str)
    def open(self, path: str) -> None:
        """Open the session, the recording or the experiment in a file."""
        if is_recording(Path(path)):
            self._model.post(OpenRecording(Path(path)))
        elif Path(path).suffix.lower() == SUFFIX:
            self._open(Path(path), SessionSource.of(Path(path)))
        else:
            self._open_experiment(path)

    def open_leftover(self, leftover: Leftover) -> None:
        """Open a session that was left over; it has no file of the user yet."""
        self._open(leftover.path, SessionSource(leftover=leftover))

    def open_copy(self, path: Path) -> None:
        """Open a session file that is not the user's, so that saving asks for another."""
        self._open(path, SessionSource())

    def open_again(self, session: SavedSession, source: SessionSource) -> None:
        """Open the session of a window that was closed, which came from `source`."""
        self._opening = source
        self._model.post(OpenSnapshot(session))

    def _open(self, path: Path, source: SessionSource) -> None:
        self._opening = source
        self._model.post(OpenSession(path))

    def _open_experiment(self, path: str) -> None:
        """Load the experiment in a file, and replace the breakpoints and watches by those in it."""
        try:
            experiment_file = read_experiment_file(Path(path))
        except ExperimentFileError as fault:
            self._show_failure(Failed(str(fault)))
            return
        self._model.load(experiment_file.experiment)
        self._model.debugger.set_breakpoints(experiment_file.breakpoints)
        self._model.debugger.set_watches(experiment_file.watches)

    @Slot(object)
    def _begin(self, prepared: NetworkReady) -> None:
        """Set the source of a new session; a switch to another branch keeps it."""
        if self._opening or not prepared.goes_on:
            before, source = self.source, self._opening or SessionSource()
            self._before, self._is_opened_by_user = before, self._opening is not None
            self._opening = None
            self._set_source(source)
            self._close_leftover(before)

    @Slot()
    def _keep(self) -> None:
        """Remember the file of the session that was replaced, which undo brings back."""
        self._kept = self._before

    @Slot()
    def _bring_back(self) -> None:
        """Return to the file of a session that undo or redo has opened."""
        if not self._is_opened_by_user:
            source, self._kept = self._kept, self._before
            self._set_source(SessionSource() if source.leftover else source)

    @Slot()
    def _cancel_opening(self) -> None:
        """Keep the current session if another one could not be opened."""
        source, self._opening = self._opening, None
        if source:
            self._close_leftover(source)

    def _set_source(self, source: SessionSource) -> None:
        self.source = source
        self._window.setWindowTitle(source.title)

    def _close_leftover(self, source: SessionSource) -> None:
        if source.leftover and source.leftover != self.source.leftover:
            self.leftover_closed.emit(source.leftover)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def file_in(dropped: QMimeData) -> str:
    """Return the path of the dropped file, or "" unless it is a single file that can be opened."""
    paths = [url.toLocalFile() for url in dropped.urls()]
    return paths[0] if len(paths) == 1 and Path(paths[0]).suffix.lower() in (SUFFIX, ".json") else ""
