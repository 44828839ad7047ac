"""Fixtures of the window tests, which protect the user's settings and detect leaks."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication, QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.recovery.recovery import Recovery
from bpviz.session.training.training import Training
from bpviz.ui.style import theme
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.helpers import SMALL
from tests.ui.leak_detector import LeakDetector
from tests.ui.program_driver import ProgramDriver
from tests.ui.stage import Stage

Show = Callable[[Panel, int, int], None]
OpenProgram = Callable[..., ProgramDriver]

_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # Only Qt's offscreen platform warns about windows with a minimum size, about tooltips, and about popups.
        message = r"^This plugin does not support (propagateSizeHints\(\)|raise\(\)|grabbing the keyboard)$"
        item.add_marker(pytest.mark.qt_log_ignore(message))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session", autouse=True)
def _collections() -> Iterator[None]:
    """Collect garbage only at the end of each test, as the program does on a timer.

    A collection that begins by itself can do so on the worker's thread, where freeing Qt objects crashes, or in the
    middle of freeing a Qt object, where freeing another waits for ever.
    """
    Training(SMALL)  # imports scikit-learn
    gc.disable()
    gc.collect()
    gc.freeze()  # excludes all imported objects from collection
    yield
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication) -> None:
    QCoreApplication.setOrganizationName("bpviz")
    QCoreApplication.setApplicationName("bpviz under test")
    theme.load_fonts()
    # pyqtgraph drops mouse moves above a rate that no user reaches, but tests do.
    pg.setConfigOptions(mouseRateLimit=-1)


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test settings and logs of its own, apart from the user's."""
    monkeypatch.setattr("bpviz.app.log_folder", lambda: tmp_path / "log")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def _nothing_left(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Fail a test that leaves a thread, a timer or a window behind."""
    detector, interval, hook = LeakDetector(monkeypatch), sys.getswitchinterval(), sys.excepthook
    theme.apply(qapp, theme.LIGHT)
    yield
    sys.setswitchinterval(interval)
    request.node.funcargs.clear()  # pytest keeps the fixtures for longer than the test needs them
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):  # the interpreter keeps the latest exception
        vars(sys).pop(name, None)
    if request.node.stash.get(_FAILED, False):
        return  # the traceback keeps everything that the test used
    assert sys.excepthook is hook
    assert not gc.isenabled()
    if leaks := detector.leaks():
        pytest.fail("the test leaves behind:\n" + "\n".join(leaks), pytrace=False)
    gc.freeze()  # what still exists is not scanned again after each of a thousand tests


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A view model with the small experiment, not yet prepared, without a thread."""
    made = Stage(SMALL)
    yield made
    made.model.deleteLater()


@pytest.fixture
def parent() -> Iterator[QObject]:
    """A parent for what is neither a widget nor a model, such as the maker of a film."""
    made = QObject()
    yield made
    made.deleteLater()


@pytest.fixture
def open_program(qtbot: QtBot) -> Iterator[OpenProgram]:
    """Open real programs; at the end they are closed, and their failures fail the test."""
    drivers: list[ProgramDriver] = []

    def open_one(experiment: Experiment = SMALL, theme: str | None = None) -> ProgramDriver:
        drivers.append(ProgramDriver(qtbot, experiment, theme=theme))
        return drivers[-1]

    yield open_one
    for driver in drivers:
        driver.close()


@pytest.fixture
def main_window(qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[MainWindow]:
    """The real window, shown, with the stage's model; its leftover autosaves are text files."""
    recovery = Recovery(tmp_path / "autosave", lambda path: path.read_text(encoding="utf-8"))
    window = MainWindow(stage.model, Settings(QSettings()), preset="moons", recovery=recovery)
    qtbot.addWidget(window)
    window.show()
    yield window
    recovery.close()


@pytest.fixture
def bare_window(main_window: MainWindow) -> MainWindow:
    """The real window with all panels closed, which take nine tenths of the work to make it."""
    for dock in main_window.docks.all:
        dock.hide()
    return main_window


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Show a panel alone in a window of a given size."""
    windows: list[QMainWindow] = []

    def show_one(panel: Panel, width: int, height: int) -> None:
        window = QMainWindow()
        windows.append(window)  # pytest-qt closes it, but keeps no reference to it
        dock = PanelDock("dock", "Dock", lambda: panel, panel.model.paint_queue)
        assert dock.panel is panel
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        qtbot.addWidget(window)
        window.resize(width, height)
        window.show()
        window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)
        QCoreApplication.sendPostedEvents()

    return show_one
