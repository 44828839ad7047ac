"""The file that a session belongs to: saved there, opened from there, named in the window's title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from bpviz.session.engine.commands import OpenSession, SaveSession
from bpviz.session.engine.events import Failed, NetworkReady, SessionSaved
from bpviz.session.files.experiment_file import ExperimentFileError, read_experiment_file
from bpviz.session.files.safe_write import ExportError, check_target
from bpviz.session.files.session_file import SUFFIX
from bpviz.session.recovery.recovery import Leftover
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.save_dialog import ask_where

_KINDS = f"Sessions and experiments (*{SUFFIX} *.json);;Sessions (*{SUFFIX});;Experiments (*.json);;All files (*)"
_CONFIRMED_MILLISECONDS = 4000


@dataclass(frozen=True)
class Origin:
    """Where a session comes from: a file, what a program left over, or, as most do, nowhere."""

    path: Path | None = None
    leftover: Leftover | None = None

    @property
    def title(self) -> str:
        """How the window is called."""
        if self.leftover:
            return "Recovered session – bpviz"
        return f"{self.path.name} – bpviz" if self.path else "bpviz"


class SessionFiles(QObject):
    """Asks for files, gives them to the session, and knows which of them the present session belongs to.

    Parameters
    ----------
    window : QMainWindow
        Over which questions appear; its title and its status line say what came of them.
    model : ViewModel
    tell : callable
        Takes a `Failed`.

    Attributes
    ----------
    origin : Origin
        Of the session on screen.

    Signals
    -------
    secured : Leftover
        What was left over is in a file of the user's now.
    put_back : Leftover
        What was left over is not on screen any more, or has never come there.
    """

    secured, put_back = Signal(object), Signal(object)

    def __init__(self, window: QMainWindow, model: ViewModel, tell: Callable[[Failed], None]) -> None:
        super().__init__(window)
        self._window, self._model, self._tell = window, model, tell
        self._experiments = Opening(model, tell)
        self._coming: Origin | None = None
        self.origin = Origin()
        model.experiment_prepared.connect(self._begin)
        model.failed.connect(self._stay)
        model.time.saved.connect(self._confirm)

    # Saving

    @Slot()
    def save(self) -> None:
        """Write to the session's own file; ask for one where it has none."""
        if self.origin.path:
            self._model.post(SaveSession(self.origin.path))
        else:
            self.ask_where_to_save()

    @Slot()
    def ask_where_to_save(self) -> None:
        """Ask for a file, which is the session's own from then on."""
        name = str(self.origin.path or f"session{SUFFIX}")
        ask_where(self._window, "Save session", name, f"Sessions (*{SUFFIX})", self.save_as)

    @Slot(str)
    def save_as(self, path: str) -> None:
        """Write to a file."""
        try:
            check_target(Path(path), (SUFFIX,))
        except ExportError as fault:
            self._tell(Failed(f"{fault}."))
            return
        self._model.post(SaveSession(Path(path)))

    @Slot(object)
    def _confirm(self, saved: SessionSaved) -> None:
        before = self.origin.leftover
        self._become(Origin(saved.path))
        if before:
            self.secured.emit(before)
        self._window.statusBar().showMessage(f"Saved {saved.path}", _CONFIRMED_MILLISECONDS)

    # Opening

    @Slot()
    def ask_what_to_open(self) -> None:
        """Ask for the file of a session or of an experiment."""
        dialog = QFileDialog(self._window, "Open", "", _KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def open(self, path: str) -> None:
        """Go on with the session in a file, or train the experiment in it."""
        if Path(path).suffix.lower() == SUFFIX:
            self._open(Path(path), Origin(Path(path)))
        else:
            self._experiments.open_experiment(path)

    def open_leftover(self, leftover: Leftover) -> None:
        """Go on with a session that was left over; it has no file of the user's yet."""
        self._open(leftover.path, Origin(leftover=leftover))

    def _open(self, path: Path, origin: Origin) -> None:
        self._coming = origin
        self._model.post(OpenSession(path))

    @Slot(object)
    def _begin(self, prepared: NetworkReady) -> None:
        """Know where another session comes from; that of another branch is the same one."""
        if self._coming or not prepared.goes_on:
            before, coming = self.origin, self._coming or Origin()
            self._coming = None
            self._become(coming)
            self._put_back(before)

    @Slot()
    def _stay(self) -> None:
        """Keep the session where what was to be opened could not be."""
        coming, self._coming = self._coming, None
        if coming:
            self._put_back(coming)

    def _become(self, origin: Origin) -> None:
        self.origin = origin
        self._window.setWindowTitle(origin.title)

    def _put_back(self, origin: Origin) -> None:
        if origin.leftover and origin.leftover != self.origin.leftover:
            self.put_back.emit(origin.leftover)


def file_in(dropped: QMimeData) -> str:
    """Return the file that is dropped, "" where it is none, more than one, or none that can be opened."""
    paths = [url.toLocalFile() for url in dropped.urls()]
    return paths[0] if len(paths) == 1 and Path(paths[0]).suffix.lower() in (SUFFIX, ".json") else ""


class Opening:
    """Goes on with what a file holds; a failure is told, never raised, and changes nothing.

    Parameters
    ----------
    model : ViewModel
    tell : callable
        Takes a `Failed`.
    """

    def __init__(self, model: ViewModel, tell: Callable[[Failed], None]) -> None:
        self._model, self._tell = model, tell

    def open_experiment(self, path: str) -> None:
        """Train the experiment in a file from now on, with its breakpoints and watches in place of the present ones."""
        try:
            experiment_file = read_experiment_file(Path(path))
        except ExperimentFileError as fault:
            self._tell(Failed(str(fault)))
            return
        self._model.load(experiment_file.experiment)
        self._model.debugger.set_breakpoints(experiment_file.breakpoints)
        self._model.debugger.set_watches(experiment_file.watches)
