"""What a crash leaves, and what the next start finds of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bpviz.session.engine.commands import Step
from bpviz.session.recovery.crash_log import CrashLog, log_folder, without_paths
from bpviz.session.recovery.crash_reports import MOST_LOGS, CrashReports
from bpviz.session.training.position import Position

VERSIONS = {"bpviz": "1.2.3", "numpy": "4.5"}
PROGRAM = """
import faulthandler, os, sys, threading
from pathlib import Path
from bpviz.session.engine.commands import SaveSession, Step
from bpviz.session.recovery.crash_log import CrashLog
from bpviz.session.training.position import Position

def work(log):
    log.journal.note(Position(3, 2, 1), Step("epoch", 7))
    log.journal.note(None, SaveSession(Path("/home/somebody/secret.bpviz")))
    {fault}

with CrashLog(Path(sys.argv[1]), {{"bpviz": "1.2.3", "numpy": "4.5"}}) as log:
    work(log)
"""
FAULTS = {
    "segmentation fault": ("faulthandler._sigsegv()", "Segmentation fault"),
    "abort": ("os.abort()", "Aborted"),
    "exception": ("raise OSError(2, 'lost', '/home/somebody/secret.bpviz')", "FileNotFoundError: [Errno 2] lost"),
    "thread": ("t = threading.Thread(target=lambda: 1 // 0, name='auto'); t.start(); t.join()", "ZeroDivisionError"),
    "kill": ("os.kill(os.getpid(), 9)", "No fault was recorded: the program was killed"),
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")


def crash(folder: Path, fault: str) -> None:
    """Let a program crash; it writes its log in a folder."""
    code = PROGRAM.format(fault=fault)
    done = subprocess.run([sys.executable, "-c", code, str(folder)], stderr=subprocess.PIPE, timeout=60, check=False)
    assert b"SyntaxError" not in done.stderr


@posix
@pytest.mark.parametrize(
    "name", ["exception", *(pytest.param(name, marks=pytest.mark.slow) for name in FAULTS if name != "exception")]
)
def test_a_crash_leaves_a_report(name: str, tmp_path: Path) -> None:
    fault, said = FAULTS[name]
    crash(tmp_path, fault)
    report = CrashReports(tmp_path).next_offer()
    assert report is not None
    text = report.read()
    assert "bpviz 1.2.3\nnumpy 4.5\n" in text
    assert said in text
    assert re.search(r"line 11,? in (work|<lambda>)", text) or name == "kill"
    assert "1 at 3/2/1: Step(level=epoch, count=7)" in text
    assert "SaveSession(path=<left out>)" in text
    assert "secret" not in text


@posix
def test_a_report_is_offered_once_and_then_kept(tmp_path: Path) -> None:
    crash(tmp_path, "os.abort()")
    reports = CrashReports(tmp_path)
    assert reports.next_offer()
    assert reports.next_offer() is None
    assert reports.newest()


def test_a_program_that_ends_well_leaves_nothing(tmp_path: Path) -> None:
    before = sys.excepthook, threading.excepthook
    with CrashLog(tmp_path, VERSIONS) as log:
        log.journal.note(Position(), Step())
        assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".commands", ".lock", ".log"]
    assert list(tmp_path.iterdir()) == []
    assert (sys.excepthook, threading.excepthook) == before


def test_a_fault_that_the_program_survived_is_offered_after_its_end(tmp_path: Path) -> None:
    with CrashLog(tmp_path, VERSIONS) as log:
        log.record("An internal error occurred", "Traceback ...\nIndexError: 7")
        assert CrashReports(tmp_path).next_offer() is None
    report = CrashReports(tmp_path).next_offer()
    assert report is not None
    assert "IndexError: 7" in report.read()


def test_two_programs_at_once_have_logs_of_their_own(tmp_path: Path) -> None:
    with CrashLog(tmp_path, VERSIONS) as one, CrashLog(tmp_path, VERSIONS) as other:
        one.record("first", "a")
        assert len(list(tmp_path.glob("*.log"))) == 2
        other.record("second", "b")
    assert len(list(tmp_path.glob("*.log"))) == 2


def test_the_same_fault_is_written_once(tmp_path: Path) -> None:
    with CrashLog(tmp_path, VERSIONS) as log:
        for _ in range(1000):
            log.record("An internal error occurred", "IndexError")
    path = CrashReports(tmp_path).newest()
    assert path is not None
    assert path.read_text(encoding="utf-8").count("IndexError") == 1


def test_a_log_of_many_faults_does_not_grow_without_end(tmp_path: Path) -> None:
    with CrashLog(tmp_path, VERSIONS) as log:
        for number in range(1000):
            log.record("An internal error occurred", f"{number}" + "x" * 100_000)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 600_000
    report = CrashReports(tmp_path).next_offer()
    assert report is not None
    assert report.read().count("bpviz 1.2.3") == 2  # each of both files says what it is about


def test_at_most_five_logs_are_kept(tmp_path: Path) -> None:
    for number in range(9):
        CrashReports(tmp_path).remove_old()
        with CrashLog(tmp_path, VERSIONS) as log:
            log.record("a fault", f"number {number}")
    assert len(list(tmp_path.glob("*.log"))) == MOST_LOGS
    assert len(list(tmp_path.glob("*.commands"))) == MOST_LOGS


def test_the_log_of_a_running_program_is_never_removed(tmp_path: Path) -> None:
    with CrashLog(tmp_path, VERSIONS) as first:
        for number in range(9):
            CrashReports(tmp_path).remove_old()
            with CrashLog(tmp_path, VERSIONS) as log:
                log.record("a fault", f"number {number}")
        first.record("a fault", "of the first")
        assert sum("of the first" in path.read_text(encoding="utf-8") for path in tmp_path.glob("*.log")) == 1


@pytest.mark.parametrize("folder", [None, Path(os.devnull) / "log"])
def test_without_a_folder_the_program_works_all_the_same(folder: Path | None) -> None:
    with CrashLog(folder, VERSIONS) as log:
        log.journal.note(None, Step())
        log.record("a fault", "details")
        assert len(log.journal.lines()) == 1


def test_names_of_files_are_left_out() -> None:
    home = str(Path.home())
    text = f"""  File "{home}/bpviz/app.py", line 3, in f\nOSError: '/data/exam.bpviz' and 'C:\\\\a b.csv', 'moons'"""
    assert without_paths(text) == """  File "~/bpviz/app.py", line 3, in f\nOSError: <path> and <path>, 'moons'"""


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="other systems have another folder")
def test_the_folder_is_that_for_the_state_of_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert log_folder() == tmp_path / "bpviz" / "log"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert log_folder() == tmp_path / ".local" / "state" / "bpviz" / "log"


@pytest.mark.slow
@posix
def test_a_full_disk_does_not_end_the_program(tmp_path: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
from bpviz.session.engine.commands import Run
from bpviz.session.recovery.crash_log import CrashLog
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
with CrashLog(Path(sys.argv[1]), {"bpviz": "1.2.3"}) as log:
    log.journal.note(None, Run())
    log.record("a fault", "details")
print("still there")
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "still there\n", "")


@posix
def test_a_session_is_saved_whole_or_not_at_all_on_a_full_disk(tmp_path: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
from bpviz.session.files.safe_write import ExportError, write_atomically
path = Path(sys.argv[1])
path.write_bytes(b"old")
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    write_atomically(path, lambda file: file.write(bytes(1_000_000)))
except ExportError as fault:
    print(fault)
print(path.read_bytes(), len(list(path.parent.iterdir())))
"""
    path = str(tmp_path / "a.bpviz")
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [f"{path} cannot be written: file too large; choose another place", "b'old' 1"]
