"""The one place that wires session, thread, model and window together, and takes them apart again."""

from __future__ import annotations

import dataclasses
import gc
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

from pyqtgraph.util.garbage_collector import GarbageCollector
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QStandardPaths, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from bpviz.display import has_display
from bpviz.session.engine.events import Failed
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.files.experiment_file import ExperimentFile
from bpviz.session.recovery.recovery import Recovery
from bpviz.ui.files.screenshot import Screenshot
from bpviz.ui.style.theme import load_fonts
from bpviz.ui.training.preset_loading import begin
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.view_model.worker_thread import WorkerThread
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings

# Half a millisecond: the window gets the interpreter's lock in time for a frame while small numpy calls go on.
_SWITCH_SECONDS = 0.0005
_FROZEN_BY_PYTHON = gc.get_freeze_count()  # some versions begin with a few
_NO_DISPLAY = (
    "bpviz: there is no display to open a window on, or it does not answer. Start it from a desktop, or set DISPLAY; "
    "for a picture without one use --screenshot FILE.png, to train without a window use bpviz train."
)


def open_window(
    experiment_file: ExperimentFile,
    *,
    preset: str,
    session: Path | None = None,
    run: bool = False,
    screenshot: Path | None = None,
    epochs: int | None = None,
    theme: str | None = None,
    size: tuple[int, int] | None = None,
) -> int:
    """Open the window, stay until it is closed, and return the exit code.

    Parameters
    ----------
    experiment_file : ExperimentFile
        What it opens on.
    preset : str
        The preset that the experiment is, "" for none; where it names two, they open side by side.
    session : Path, optional
        The file of a session to go on with, in place of a new one.
    run : bool
        Start to train at once.
    screenshot : Path, optional
        Train `epochs` epochs, write what a person would see to this PNG file, and close.
    epochs : int, optional
        How many epochs to train for the screenshot, by default none.
    theme : {"light", "dark"}, optional
        Instead of the remembered choice.
    size : (int, int), optional
        Width and height of the window in pixels.
    """
    if not has_display():
        if screenshot is None:
            print(_NO_DISPLAY, file=sys.stderr)
            return 2
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application()
    store, experiment = QSettings() if screenshot is None else None, experiment_file.experiment
    if screenshot is not None and epochs:
        experiment = dataclasses.replace(experiment, epochs=epochs)
    autosave = autosave_folder() if screenshot is None else None
    program = Program(
        experiment, Settings(store), preset=preset, session=session, theme=theme, size=size, autosave=autosave
    )
    program.model.debugger.set_breakpoints(experiment_file.breakpoints)
    program.model.debugger.set_watches(experiment_file.watches)
    if screenshot is not None:
        program.photograph(screenshot, epochs or 0)
    elif run:
        once = Qt.ConnectionType.SingleShotConnection  # not again after each reset
        program.model.experiment_prepared.connect(program.model.run, once)
    program.show()
    app.exec()
    program.delete()
    return program.exit_code


def make_application() -> QApplication:
    """Return the application, with what belongs to the whole process set once."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    QCoreApplication.setOrganizationName("bpviz")
    QCoreApplication.setApplicationName("bpviz")
    load_fonts()
    return app


def autosave_folder() -> Path:
    """Return where this user's sessions are kept for the case of a crash."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)) / "autosave"


class Program(QObject):
    """A window, its model and its worker, from the first paint to the end of the thread.

    With `autosave`, the session is kept in that folder while it goes on, and what is left over there is offered.
    """

    def __init__(
        self,
        experiment: Experiment,
        settings: Settings,
        *,
        preset: str,
        session: Path | None = None,
        theme: str | None = None,
        size: tuple[int, int] | None = None,
        autosave: Path | None = None,
    ) -> None:
        super().__init__()
        self.exit_code, self._preset, self._session, self._autosave = 0, preset, session, autosave
        # Qt objects that the collector frees on the worker's thread crash the process, and one that it frees in the
        # middle of freeing another can wait for ever: collect here only, from the event loop.
        self._collector = GarbageCollector()
        self.worker = WorkerThread(self)
        self.model = ViewModel(self.worker.runner, experiment, self)
        self.worker.happened.connect(self.model.receive)
        # Where somebody has frozen objects before, as the tests do, they stay frozen: the collector thaws all or none.
        self._may_freeze = gc.get_freeze_count() <= _FROZEN_BY_PYTHON
        self.model.experiment_prepared.connect(self._freeze, Qt.ConnectionType.SingleShotConnection)
        recovery = Recovery(autosave) if autosave else None
        self.window = MainWindow(self.model, settings, preset=preset, theme=theme, size=size, recovery=recovery)
        self.window.closed.connect(self._end)
        self._excepthook = sys.excepthook
        sys.excepthook = self._tell_fault

    def show(self) -> None:
        """Show the window; the work begins when it has been painted."""
        self.window.show()
        QTimer.singleShot(0, self._begin)

    def delete(self) -> None:
        """Have Qt take the window apart, from the outermost part inwards: a collector may begin in the middle."""
        self.window.deleteLater()
        self.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def photograph(self, path: Path, epochs: int) -> None:
        """Train, take the window's picture, and leave."""
        self._photographer = Screenshot(self.window, self.model, path, epochs)
        self._photographer.done.connect(self._leave)

    @Slot()
    def _begin(self) -> None:
        from threadpoolctl import threadpool_limits  # not before the first paint

        # A second core for small matrix products is a core taken from the window.
        threadpool_limits(limits=1, user_api="blas")
        self.worker.start()
        if self.window.recovery_offer:
            self.model.time.set_autosave(self._autosave)
            self.window.recovery_offer.begin()
        if self._session:
            self.window.files.open(str(self._session))
        else:
            self._load()

    def _load(self) -> None:
        experiment, preset = self.model.experiment, load_preset(self._preset) if self._preset else None
        if preset and preset.against and preset.trains(experiment):
            self.window.actions_["compare_layout"].trigger()
            begin(self.model, preset, experiment.epochs)
        else:
            self.model.load(experiment)

    @Slot()
    def _freeze(self) -> None:
        """Let the collector pass over modules and widgets, which stay: looking through them takes as long as frames."""
        if self._may_freeze:
            gc.freeze()

    @Slot(int)
    def _leave(self, code: int) -> None:
        # Kept, not given to Qt: the closing of the last window ends the event loop with a code of its own, 0.
        self.exit_code = code
        self.window.close()

    @Slot()
    def _end(self) -> None:
        self.worker.end()
        if self.window.recovery_offer:
            self.window.recovery_offer.end()
        self._collector.timer.stop()
        if self._may_freeze:
            gc.unfreeze()
        sys.excepthook = self._excepthook

    def _tell_fault(self, kind: type[BaseException], fault: BaseException, where: TracebackType | None) -> None:
        """Show a fault of the window's own in the window; it stays usable."""
        if issubclass(kind, KeyboardInterrupt):  # Ctrl-C in the terminal that it was started from
            self.window.close()
            return
        details = "".join(traceback.format_exception(kind, fault, where))
        print(details, file=sys.stderr)
        self.model.failed.emit(Failed(f"The window met a fault of its own ({fault}). You can go on.", details))
