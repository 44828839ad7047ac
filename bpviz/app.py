"""The application: creates the session, the worker thread, the model and the window, and deletes them."""

from __future__ import annotations

import dataclasses
import gc
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import cast

from pyqtgraph.util.garbage_collector import GarbageCollector
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QLibraryInfo,
    QMessageLogContext,
    QObject,
    QSettings,
    QStandardPaths,
    Qt,
    QtMsgType,
    QTranslator,
    Slot,
    qFormatLogMessage,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtWidgets import QApplication

from bpviz.display import has_display
from bpviz.language import ENGLISH, N_, _, choose, chosen, tell_system
from bpviz.session.engine.commands import KeepSessions, Run, SetAutosave
from bpviz.session.engine.events import Failed
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.files.experiment_file import ExperimentFile
from bpviz.session.files.session_data import SavedSession
from bpviz.session.recording.recording_file import is_recording
from bpviz.session.recovery.crash_log import CrashLog, log_folder
from bpviz.session.recovery.crash_reports import CrashReports
from bpviz.session.recovery.recent import recent_folder
from bpviz.session.recovery.recovery import Recovery
from bpviz.session.training.position import Position
from bpviz.ui.files.screenshot import Screenshot
from bpviz.ui.files.session_files import SessionSource
from bpviz.ui.languages.language_menu import kept_choice, language_of
from bpviz.ui.style.theme import load_fonts
from bpviz.ui.training.preset_loading import start_preset
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.view_model.worker_thread import WorkerThread
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from bpviz.versions import versions

MessageHandler = Callable[[QtMsgType, QMessageLogContext, str], None]
# The GIL is handed over after 0.5 ms, so that the window can paint a frame while the worker makes small numpy calls.
_SWITCH_SECONDS = 0.0005
_FROZEN_BY_PYTHON = gc.get_freeze_count()  # some versions of Python start with a few
_NO_DISPLAY = N_(
    "bpviz: cannot open a window: there is no display, or it does not respond. Start bpviz from a desktop, or set "
    "DISPLAY; for a screenshot use --screenshot FILE.png, to train without a window use bpviz train."
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
    go_to: Position | None = None,
    language: str | None = None,
) -> int:
    """Open the window, run the event loop until it is closed, and return the exit code.

    Parameters
    ----------
    experiment_file : ExperimentFile
        The initial experiment, breakpoints and watches.
    preset : str
        Name of the preset of the experiment, "" for none; a preset with two networks opens both.
    session : Path, optional
        Session file to open instead of a new session.
    run : bool
        Start training at once.
    screenshot : Path, optional
        PNG file for a screenshot; the window closes after it has been written.
    epochs : int, optional
        Number of epochs before the screenshot, by default none.
    theme : {"light", "dark"}, optional
        Theme, by default the saved setting.
    size : (int, int), optional
        Width and height of the window in pixels.
    go_to : Position, optional
        Train up to this position, and show it.
    language : str, optional
        The language that has been chosen for this time, by default the saved setting.
    """
    if not has_display():
        if screenshot is None:
            print(_(_NO_DISPLAY), file=sys.stderr)
            return 2
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application()
    settings, experiment = Settings(QSettings() if screenshot is None else None), experiment_file.experiment
    if language is None and screenshot is None:
        _speak(app, settings)
    if screenshot is not None and epochs:
        experiment = dataclasses.replace(experiment, epochs=epochs)
    autosave = autosave_folder() if screenshot is None else None
    reports = _crash_reports() if screenshot is None else None
    with CrashLog(log_folder(), versions() | {"Qt": qVersion()}) as crash_log, _qt_messages_noted(crash_log):
        program = Program(
            experiment,
            settings,
            preset=preset,
            session=session,
            theme=theme,
            size=size,
            autosave=autosave,
            crash_log=crash_log,
            reports=reports,
        )
        program.model.debugger.set_breakpoints(experiment_file.breakpoints)
        program.model.debugger.set_watches(experiment_file.watches)
        if screenshot is not None:
            program.take_screenshot(screenshot, epochs or 0)
        elif go_to is not None:
            program.window.exports.share.go_to(go_to)
        elif run:
            once = Qt.ConnectionType.SingleShotConnection  # only at the start, not after each reset
            program.model.experiment_prepared.connect(lambda _ready: program.model.post(Run()), once)
        else:
            program.window.help.welcome_once(settings)
        return _run(app, program, settings)


def _run(app: QApplication, program: Program, settings: Settings) -> int:
    """Show the window, and another one each time the user wants it in another language; return the exit code."""
    program.show()
    app.exec()
    while program.window.restart.is_wanted:
        _speak(app, settings)
        program = program.again()
        program.show()
        app.exec()
    program.delete()
    return program.exit_code


def make_application() -> QApplication:
    """Return the QApplication, with all process-wide settings made."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    QCoreApplication.setOrganizationName("bpviz")
    QCoreApplication.setApplicationName("bpviz")
    load_fonts()
    _translate_dialogs(app)
    return app


def _speak(app: QApplication, settings: Settings) -> None:
    """Use the language that the settings say, for all texts from now on."""
    choose(language_of(kept_choice(settings)))
    tell_system()
    _translate_dialogs(app)


def _translate_dialogs(app: QApplication) -> None:
    """Give Qt's own dialogs and buttons the language of all other texts, which has been chosen before."""
    for before in app.findChildren(QTranslator):
        app.removeTranslator(before)
        before.deleteLater()
    translator, folder = QTranslator(app), QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if chosen() != ENGLISH and translator.load(f"qtbase_{chosen()}", folder):
        app.installTranslator(translator)


def _crash_reports() -> CrashReports | None:
    """Return the logs of earlier programs, of which old ones are removed."""
    folder = log_folder()
    reports = CrashReports(folder) if folder else None
    if reports:
        reports.remove_old()
    return reports


@contextmanager
def _qt_messages_noted(crash_log: CrashLog) -> Iterator[None]:
    """Write Qt's critical and fatal messages into the log; print all of its messages as before."""

    def note(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            crash_log.record(f"Qt wrote a message ({kind.name})", message)
        if before:
            before(kind, context, message)
        else:
            print(qFormatLogMessage(kind, context, message), file=sys.stderr)

    before = cast("MessageHandler | None", qInstallMessageHandler(note))
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def autosave_folder() -> Path:
    """Return the folder in which sessions are kept for recovery after a crash."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)) / "autosave"


class Program(QObject):
    """A window with its model and worker thread.

    With `autosave`, the session is saved to that folder while it runs, and sessions left over there are offered; with
    `reports`, the logs of programs that crashed. With `crash_log`, faults and commands are written to it.
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
        crash_log: CrashLog | None = None,
        reports: CrashReports | None = None,
    ) -> None:
        super().__init__()
        self.exit_code, self._preset, self._session, self._autosave = 0, preset, session, autosave
        self._settings, self._theme, self._reports = settings, theme, reports
        #: The session of a window that was closed before, and where it came from.
        self.reopened: tuple[SavedSession, SessionSource] | None = None
        # A Qt object that the garbage collector frees on the worker thread crashes the process, and one that is freed
        # while another is being freed can block forever. So garbage is collected on the GUI thread, by a timer.
        self._collector = GarbageCollector()
        self._crash_log = crash_log
        self.worker = WorkerThread(self, crash_log.journal if crash_log else None)
        self.model = ViewModel(self.worker.post, experiment, self)
        self.worker.happened.connect(self.model.receive)
        # If somebody has frozen objects before, as the tests do, they stay frozen: gc.unfreeze() thaws all of them.
        self._may_freeze = gc.get_freeze_count() <= _FROZEN_BY_PYTHON
        self.model.experiment_prepared.connect(self._freeze, Qt.ConnectionType.SingleShotConnection)
        recovery = Recovery(autosave) if autosave else None
        self.window = MainWindow(
            self.model, settings, preset=preset, theme=theme, size=size, recovery=recovery, reports=reports
        )
        self.model.failed.connect(self._note_failure)
        self.window.closed.connect(self._end)
        self._excepthook = sys.excepthook
        sys.excepthook = self._show_internal_error

    def show(self) -> None:
        """Show the window; loading starts when its panels are there."""
        self.window.show()
        # Behind the panels, which are made in the same queue: the worker would take half of the time that they need.
        self.model.paint_queue.take(self._begin)
        self.model.paint_queue.rest()

    def again(self) -> Program:
        """Return a program with the session of this one, whose window has closed and which is deleted."""
        preset = self.window.tool_bar.preset.chosen()
        program = Program(
            self.model.experiment,
            self._settings,
            preset=preset.name if preset else "",
            theme=self._theme,
            autosave=self._autosave,
            crash_log=self._crash_log,
            reports=self._reports,
        )
        program.model.debugger.set_breakpoints(self.model.debugger.breakpoints)
        program.model.debugger.set_watches(self.model.debugger.watches)
        if session := self.window.restart.session:
            program.reopened = session, self.window.files.source
        program.window.lessons.go_on_from(self.window.lessons.going_on())
        self.delete()
        return program

    def delete(self) -> None:
        """Delete the window through Qt, from the outermost widget inwards; a garbage collector could start anywhere."""
        self.window.deleteLater()
        self.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def take_screenshot(self, path: Path, epochs: int) -> None:
        """Train, save a screenshot, and close the window."""
        self._screenshot = Screenshot(self.window, self.model, path, epochs)
        self._screenshot.done.connect(self._close_with)

    @Slot()
    def _begin(self) -> None:
        from threadpoolctl import threadpool_limits  # imported after the first paint, which needs no BLAS

        # BLAS threads for small matrix products would take CPU time from the GUI thread.
        threadpool_limits(limits=1, user_api="blas")
        self.worker.start()
        if self.window.report_offer:
            self.window.report_offer.begin()
        if self.window.recovery_offer and self._autosave:
            self.model.post(SetAutosave(self._autosave))
            self.model.post(KeepSessions(recent_folder(self._autosave)))
            self.window.recovery_offer.begin()
        if self.reopened:
            self.window.files.open_again(*self.reopened)
        elif self._session is None or is_recording(self._session):
            self._load()
        if self._session:
            self.window.files.open(str(self._session))

    def _load(self) -> None:
        experiment, preset = self.model.experiment, load_preset(self._preset) if self._preset else None
        if preset and preset.trains(experiment):
            start_preset(self.model, preset, self.window.actions_, experiment.epochs)
        else:
            self.model.load(experiment)

    @Slot()
    def _freeze(self) -> None:
        """Exclude modules and widgets from garbage collection: scanning them takes the time of several frames."""
        if self._may_freeze:
            gc.freeze()

    @Slot(int)
    def _close_with(self, code: int) -> None:
        # Not passed to QApplication.exit: closing the last window ends the event loop with the exit code 0.
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

    @Slot(object)
    def _note_failure(self, failed: Failed) -> None:
        if self._crash_log and failed.details:  # which only an internal error has
            self._crash_log.record("An internal error occurred", failed.details)

    def _show_internal_error(
        self, kind: type[BaseException], fault: BaseException, where: TracebackType | None
    ) -> None:
        """Show an unhandled exception of the GUI thread in the message bar; the window stays usable."""
        if issubclass(kind, KeyboardInterrupt):  # Ctrl+C in the terminal
            self.window.close()
            return
        details = "".join(traceback.format_exception(kind, fault, where))
        print(details, file=sys.stderr)
        self.model.failed.emit(
            Failed(_("An internal error occurred ({fault}). You can continue.").format(fault=fault), details)
        )
