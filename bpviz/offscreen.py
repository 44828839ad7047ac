"""Films and handouts from the command line: an event loop without a window."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyqtgraph.util.garbage_collector import GarbageCollector
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from bpviz.app import make_application
from bpviz.language import _
from bpviz.session.engine.commands import OpenSession
from bpviz.session.film.film_plan import FilmPlan
from bpviz.session.handout.pages import Handout
from bpviz.ui.film.film_maker import FilmMaker
from bpviz.ui.handout.handout_maker import HandoutMaker
from bpviz.ui.lessons.director import Director
from bpviz.ui.offscreen.picture_maker import PictureMaker
from bpviz.ui.style import theme as themes
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.window.panel_docks import OF_A_POSITION, panel_titles

# How often Ctrl-C is looked for; a program in Qt's loop does not run Python's handler by itself.
_LOOK_MILLISECONDS = 50


@dataclass(frozen=True)
class Watcher:
    """What the command line shows and asks while something is made.

    Attributes
    ----------
    progress : callable
        ``progress(done, total)``.
    is_interrupted : callable
        Whether Ctrl-C was pressed.
    """

    progress: Callable[[int, int], None]
    is_interrupted: Callable[[], bool]


def make_film(plan: FilmPlan, session: Path, theme: str, watcher: Watcher) -> str | None:
    """Make a film of a session file.

    Returns
    -------
    str or None
        "" if it is written, the reason as a sentence if it is not, None if Ctrl-C was pressed.
    """
    with _application(theme) as app:
        maker = FilmMaker(plan, themes.THEMES[theme], make_panel, app)
        QTimer.singleShot(0, lambda: maker.start(OpenSession(session)))
        return _run(app, maker, watcher)


def make_handout(handout: Handout, path: Path, session: Path | None, watcher: Watcher) -> str | None:
    """Make a handout of a session file, or of a lesson if there is none; return as `make_film` does."""
    with _application("light") as app:
        maker = HandoutMaker(handout, path, panel_titles(), make_panel, Director, app)
        QTimer.singleShot(0, lambda: maker.start(OpenSession(session) if session else None))
        return _run(app, maker, watcher)


def make_panel(key: str, model: ViewModel) -> Panel:
    """Return one of the panels for films and handouts."""
    return OF_A_POSITION[key](model)


@contextmanager
def _application(theme: str) -> Iterator[QApplication]:
    from threadpoolctl import threadpool_limits  # imported where it is needed

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application()
    themes.apply(app, themes.THEMES[theme])
    # As in the program: Qt objects that are freed on another thread crash the process.
    collector = GarbageCollector()
    with threadpool_limits(limits=1, user_api="blas"):
        try:
            yield app
        finally:
            collector.timer.stop()


class _Loop(QObject):
    """Runs the event loop until a maker has ended, or Ctrl-C is pressed."""

    def __init__(self, app: QApplication, maker: PictureMaker, watcher: Watcher) -> None:
        super().__init__()
        self._app, self._maker, self._watcher = app, maker, watcher
        self.problem: str | None = None
        self._looks = QTimer(self, interval=_LOOK_MILLISECONDS)
        self._looks.timeout.connect(self._look)
        maker.progressed.connect(watcher.progress)
        maker.ended.connect(self._end)
        self._looks.start()

    @Slot()
    def _look(self) -> None:
        if self._watcher.is_interrupted():
            self._maker.cancel()
            self._stop()

    @Slot(str)
    def _end(self, problem: str) -> None:
        self.problem = problem
        self._stop()

    def _stop(self) -> None:
        self._looks.stop()
        self._app.exit()


def _run(app: QApplication, maker: PictureMaker, watcher: Watcher) -> str | None:
    loop = _Loop(app, maker, watcher)
    faults: list[str] = []
    hook, sys.excepthook = sys.excepthook, lambda kind, fault, where: _note(faults, fault, app)
    try:
        app.exec()
    finally:
        sys.excepthook = hook
    if faults:
        maker.cancel()
    maker.deleteLater()
    loop.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return faults[0] if faults else loop.problem


def _note(faults: list[str], fault: BaseException, app: QApplication) -> None:
    """Note an exception in a slot, which Qt would only print, and end the loop."""
    faults.append(_("an internal error occurred: {fault!r}.").format(fault=fault))
    app.exit()
