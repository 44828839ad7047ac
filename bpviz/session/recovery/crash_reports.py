"""CrashReports: the logs that earlier programs have left, to be read, copied and saved by the user."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bpviz.session.recovery.command_journal import read_lines
from bpviz.session.recovery.crash_log import COMMANDS, LOCK, LOG, remove_log, without_paths
from bpviz.session.recovery.file_lock import FileLock

MOST_LOGS = 5
_KILLED = "No fault was recorded: the program was killed, or the machine stopped.\n"


@dataclass(frozen=True)
class CrashReport:
    """A log that an earlier program has left.

    Attributes
    ----------
    path : Path
    written : datetime
        When it was last written, in local time.
    """

    path: Path
    written: datetime

    def read(self) -> str:
        """Return the whole report as text: versions, faults, stacks and the last commands, without names of files."""
        parts = [_text(self.path.with_name(f"{self.path.name}.1")), _text(self.path)]
        if not any("\n\n" in part.strip() for part in parts):  # nothing but the versions
            parts.append(_KILLED)
        commands = read_lines(self.path.with_suffix(COMMANDS))
        return without_paths("\n".join([*filter(None, parts), "The last commands:", *commands, ""]))


class CrashReports:
    """Finds the logs of programs that have ended, each offered once; several programs may do so at once.

    A log has a lock file from its beginning until it is offered. Its program holds the lock while it runs.

    Parameters
    ----------
    folder : Path
        The folder of all logs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def next_offer(self) -> CrashReport | None:
        """Return the newest log that was not offered before, and mark all as offered; None if there is none."""
        offered = [_report(path) for path in self._newest_first() if _take_offer(path)]
        return next((report for report in offered if report), None)

    def newest(self) -> Path | None:
        """Return the newest log, be it of a program that is still running; None if there is none."""
        return next(iter(self._newest_first()), None)

    def remove_old(self) -> None:
        """Remove the oldest logs of programs that have ended, so that with a new one there are `MOST_LOGS`."""
        for path in self._newest_first()[MOST_LOGS - 1 :]:
            if not path.with_suffix(LOCK).exists() or _take_offer(path):
                remove_log(path)

    def _newest_first(self) -> list[Path]:
        try:
            found = [path for path in self._folder.iterdir() if path.suffix == LOG]
        except OSError:
            return []
        return sorted(found, key=lambda path: path.name, reverse=True)  # a name begins with the time of its start


def _take_offer(path: Path) -> bool:
    """Return whether a log's program has ended and the log was not offered; from now on it was."""
    lock_path = path.with_suffix(LOCK)
    with contextlib.suppress(OSError):
        if lock_path.exists() and (lock := FileLock.take(lock_path)):
            lock.remove()
            return True
    return False


def _report(path: Path) -> CrashReport | None:
    try:
        return CrashReport(path, datetime.fromtimestamp(path.stat().st_mtime))
    except OSError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
