"""Fixtures of the window's tests: nothing of the user's is touched, and nothing is left behind."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.recovery.recovery import Recovery
from bpviz.session.training.training import Training
from bpviz.ui.style import theme
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.helpers import SMALL
from tests.ui.leaks import LeakWatch
from tests.ui.pilot import Pilot
from tests.ui.stage import Stage

Show = Callable[[Panel, int, int], None]
OpenProgram = Callable[..., Pilot]

_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # Qt's offscreen platform says so of windows with a least size, and of tooltips; no other platform does.
        message = r"^This plugin does not support (propagateSizeHints|raise)\(\)$"
        item.add_marker(pytest.mark.qt_log_ignore(message))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session", autouse=True)
def _collections() -> Iterator[None]:
    """Collect garbage at the end of each test only, as the program does at times of its choice.

    A collection that begins by itself can do so on the worker's thread, where freeing Qt objects crashes, or in the
    middle of freeing a Qt object, where freeing another waits for ever.
    """
    Training(SMALL)  # imports scikit-learn
    gc.disable()
    gc.collect()
    gc.freeze()
    yield
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication) -> None:
    QCoreApplication.setOrganizationName("bpviz")
    QCoreApplication.setApplicationName("bpviz under test")
    theme.load_fonts()
    # The plots drop pointer moves that come too fast for a person; tests are no persons.
    pg.setConfigOptions(mouseRateLimit=-1)


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path) -> None:
    """Let no test read or write the user's settings, or another test's."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def _nothing_left(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Fail a test that leaves a thread, a timer or a window behind."""
    watch, interval, hook = LeakWatch(monkeypatch), sys.getswitchinterval(), sys.excepthook
    theme.apply(qapp, theme.LIGHT)
    yield
    sys.setswitchinterval(interval)
    request.node.funcargs.clear()  # pytest holds on to them for longer than the test needs them
    for name in ("last_type", "last_value", "last_traceback"):  # and the interpreter on to the latest fault
        vars(sys).pop(name, None)
    if request.node.stash.get(_FAILED, False):
        return  # its traceback holds whatever it used
    assert sys.excepthook is hook
    assert not gc.isenabled()
    if left := watch.left():
        pytest.fail("the test leaves behind:\n" + "\n".join(left), pytrace=False)
    gc.freeze()  # what is there still need not be looked at again after each of a thousand tests


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A view model on the small experiment, not yet prepared, with no thread behind it."""
    made = Stage(SMALL)
    yield made
    made.model.deleteLater()


@pytest.fixture
def open_program(qtbot: QtBot) -> Iterator[OpenProgram]:
    """Open real programs; whatever of them is still open is closed at the end, and their faults fail the test."""
    pilots: list[Pilot] = []

    def open_one(experiment: Experiment = SMALL, theme: str | None = None) -> Pilot:
        pilots.append(Pilot(qtbot, experiment, theme=theme))
        return pilots[-1]

    yield open_one
    for pilot in pilots:
        pilot.leave()


@pytest.fixture
def main_window(qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[MainWindow]:
    """The real window, shown, on the stage's model; what is left over in "autosave" is text."""
    recovery = Recovery(tmp_path / "autosave", lambda path: path.read_text(encoding="utf-8"))
    window = MainWindow(stage.model, Settings(QSettings()), preset="moons", recovery=recovery)
    qtbot.addWidget(window)
    window.show()
    yield window
    recovery.close()


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Show a panel alone, in a window of a size."""
    windows: list[QMainWindow] = []

    def show_one(panel: Panel, width: int, height: int) -> None:
        window = QMainWindow()
        windows.append(window)  # pytest-qt closes it, but does not keep it
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, panel)
        qtbot.addWidget(window)
        window.resize(width, height)
        window.show()
        window.resizeDocks([panel], [width], Qt.Orientation.Horizontal)
        QCoreApplication.sendPostedEvents()

    return show_one
