"""The log of a program that crashed: offered beside recovery, looked at, copied and saved."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType, qCritical
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.app import _qt_messages_noted
from bpviz.session.engine.commands import Run, Step
from bpviz.session.engine.events import Failed
from bpviz.session.recovery.crash_log import CrashLog
from bpviz.session.recovery.crash_reports import CrashReports
from bpviz.ui.files.crash_report_dialog import CrashReportDialog
from bpviz.ui.files.crash_report_offer import CrashReportOffer
from bpviz.ui.window.main_window import MainWindow
from tests.session.leftovers import leave_over
from tests.ui.user_input import lay_out_and_paint

AT = 1_772_600_000.0


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder with the log of a program that met a fault."""
    with CrashLog(tmp_path / "log", {"bpviz": "1.2.3"}) as log:
        log.journal.note(None, Run())
        log.record("An internal error occurred", "IndexError: 7")
    return tmp_path / "log"


@pytest.fixture
def offer(main_window: MainWindow, logs: Path) -> CrashReportOffer:
    made = CrashReportOffer(main_window, CrashReports(logs), main_window.offer, main_window.notice.show_failure)
    made.begin()
    return made


def dialog(window: MainWindow) -> CrashReportDialog:
    window.offer.look.click()
    (found,) = window.findChildren(CrashReportDialog)
    return found


def visible(window: MainWindow) -> list[str]:
    lay_out_and_paint(window)
    bar = window.offer
    buttons = (bar.look, bar.open, bar.later, bar.discard, bar.close_offer)
    return [button.text() for button in buttons if button.isVisible()]


@pytest.mark.usefixtures("offer")
def test_the_report_alone_is_offered_without_blocking(main_window: MainWindow) -> None:
    assert visible(main_window) == ["What happened…", "Close"]
    assert main_window.offer.sentence.text().startswith("bpviz had an internal error, or was ended, at ")
    assert QApplication.activeModalWidget() is None
    main_window.offer.close_offer.click()
    assert not main_window.offer.isVisible()


@pytest.mark.usefixtures("offer")
def test_the_report_is_offered_beside_the_session(main_window: MainWindow, tmp_path: Path) -> None:
    leave_over(tmp_path / "autosave", "epoch 512 of moons", AT)
    assert main_window.recovery_offer is not None
    main_window.recovery_offer.begin()
    assert visible(main_window) == ["What happened…", "Open it", "Later", "Discard"]
    assert "epoch 512 of moons" in main_window.offer.sentence.text()
    dialog(main_window)
    assert main_window.offer.isVisible()  # a look is no answer to the offer of the session


def test_without_a_report_only_the_session_is_offered(main_window: MainWindow, tmp_path: Path) -> None:
    leave_over(tmp_path / "autosave", "epoch 512 of moons", AT)
    assert main_window.recovery_offer is not None
    main_window.recovery_offer.begin()
    assert visible(main_window) == ["Open it", "Later", "Discard"]


@pytest.mark.usefixtures("offer")
def test_the_report_is_shown_and_copied_whole(main_window: MainWindow) -> None:
    shown = dialog(main_window)
    text = shown.text.toPlainText()
    assert all(part in text for part in ("bpviz 1.2.3", "IndexError: 7", "1 at -: Run()"))
    assert shown.text.isReadOnly()
    shown.copy.click()
    assert QApplication.clipboard().text() == text


@pytest.mark.usefixtures("offer")
def test_the_report_is_saved_where_the_user_says(main_window: MainWindow, tmp_path: Path) -> None:
    shown = dialog(main_window)
    shown.save_to(str(tmp_path / "log.txt"))
    assert (tmp_path / "log.txt").read_text(encoding="utf-8") == shown.text.toPlainText()
    shown.save_to(str(tmp_path / "nowhere" / "log.txt"))
    assert "cannot be written: no such file or directory" in main_window.notice.sentence.text()


@pytest.mark.qt_no_exception_capture
def test_faults_of_the_window_and_of_the_worker_are_written_down(qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtCore import QSettings

    from bpviz.app import Program
    from bpviz.ui.window.settings import Settings
    from tests.session.helpers import SMALL

    with CrashLog(tmp_path / "log", {"bpviz": "1.2.3"}) as log:
        program = Program(SMALL, Settings(QSettings()), preset="moons", crash_log=log)
        program.show()
        qtbot.waitUntil(lambda: program.model.prepared is not None, timeout=20_000)
        program.model.post(Step("no such level", 1))
        failures: list[Failed] = []
        program.model.failed.connect(failures.append)
        qtbot.waitUntil(lambda: bool(failures), timeout=20_000)
        try:
            raise IndexError("of a slot")
        except IndexError as fault:
            sys.excepthook(IndexError, fault, fault.__traceback__)
        program.window.close()
        program.delete()
    report = CrashReports(tmp_path / "log").next_offer()
    assert report is not None
    text = report.read()
    assert "IndexError: of a slot" in text
    assert "Commands before it:\n1 at -: " in text
    assert " at -: Load(experiment=" in text
    assert "at 0/0/0: Step(level=no such level, count=1)" in text
    assert failures[0].details.splitlines()[-1] in text


@pytest.mark.qt_log_ignore("a critical message")
def test_critical_messages_of_qt_are_written_down(tmp_path: Path) -> None:
    with CrashLog(tmp_path, {"bpviz": "1.2.3"}) as log, _qt_messages_noted(log):
        qCritical("a critical message")
    report = CrashReports(tmp_path).next_offer()
    assert report is not None
    assert f"Qt wrote a message ({QtMsgType.QtCriticalMsg.name})\na critical message" in report.read()


PROGRAM = """
import faulthandler, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from bpviz import app
from bpviz.ui.window.main_window import MainWindow
from bpviz.session.files.experiment_file import ExperimentFile
from tests.session.helpers import SMALL

app.log_folder, app.autosave_folder = lambda: Path(sys.argv[1]), lambda: Path(sys.argv[1]) / "autosave"
app.has_display = lambda: True
make_application = app.make_application

def make_and_crash():
    made = make_application()
    timer = QTimer(made, interval=20)
    timer.timeout.connect(crash_when_prepared)
    timer.start()
    return made

def crash_when_prepared():
    if any(isinstance(window, MainWindow) and window.model.prepared for window in QApplication.topLevelWidgets()):
        faulthandler._sigsegv()

app.make_application = make_and_crash
app.open_window(ExperimentFile(SMALL), preset="moons", run=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_the_whole_program_leaves_a_report_when_it_crashes(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGSEGV, done.stderr
    report = CrashReports(tmp_path).next_offer()
    assert report is not None
    text = report.read()
    assert "Fatal Python error: Segmentation fault" in text
    assert "in open_window" in text
    assert all(f"{name} " in text for name in ("bpviz", "Python", "numpy", "pyqtgraph", "numba", "Qt"))
    assert "at -: Load(experiment=" in text
