"""CrashLog: what a running program writes down, so that a crash leaves something to send. Nothing is sent by itself."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import platform
import re
import secrets
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Self

from bpviz.session.recovery.command_journal import CommandJournal
from bpviz.session.recovery.file_lock import FileLock

LOG, COMMANDS, LOCK = ".log", ".commands", ".lock"
_MAX_BYTES = 256_000
# A fault in painting occurs many times a second.
_MOST_FAULTS = 20
_PATH = re.compile(r"""(['"])(?:~|/|[A-Za-z]:[\\/]|\\\\)[^'"\n]*\1""")


def log_folder() -> Path | None:
    """Return the folder of all logs in the user's state folder; None if there is no home folder."""
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "bpviz" / "log"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Logs" / "bpviz"
        state = os.environ.get("XDG_STATE_HOME", "")
        return (Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state") / "bpviz" / "log"
    except RuntimeError:  # of Path.home
        return None


class CrashLog:
    """The log of this process: versions, every fault with the commands before it, and the stacks if it crashes.

    Used with `with`: Python's hooks for unhandled exceptions are its own until the end. If there was no fault, its
    files are then removed; so a log that is left tells of a fault, or of a program that was killed.

    Parameters
    ----------
    folder : Path or None
        The folder of all logs. If it is None or not writable, there is no log, and the commands are in memory only.
    versions : mapping of str to str
        Name -> version of what is at work.

    Attributes
    ----------
    journal : CommandJournal
        The runner notes its commands there.
    """

    def __init__(self, folder: Path | None, versions: Mapping[str, str]) -> None:
        self.journal = CommandJournal()
        self._logger, self._recorded = logging.Logger("bpviz crash log"), set[str]()
        self._handler: _Handler | None = None
        self._lock: FileLock | None = None
        if folder:
            with contextlib.suppress(OSError):  # a home folder that cannot be written, or a full disk
                self._open(folder, versions)

    def _open(self, folder: Path, versions: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._stem = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{secrets.token_hex(2)}"
        self._lock = FileLock.take(self._stem.with_suffix(LOCK))
        self._handler = _Handler(self._stem.with_suffix(LOG), _header(versions))
        self._logger.addHandler(self._handler)
        self.journal = CommandJournal(self._stem.with_suffix(COMMANDS))

    def __enter__(self) -> Self:
        self._hooks = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._note_unhandled, self._note_in_thread
        self._was_enabled = faulthandler.is_enabled()
        if self._handler:
            self._handler.watch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        if isinstance(fault, Exception):
            self.record("bpviz ended with an exception", "".join(traceback.format_exception(fault)))
        sys.excepthook, threading.excepthook = self._hooks
        if self._handler:
            faulthandler.disable()
            if self._was_enabled and sys.__stderr__:
                faulthandler.enable(sys.__stderr__)
        self._close()

    def record(self, what: str, details: str) -> None:
        """Write a fault down with the last commands, the first time that it occurs; may be called from any thread."""
        if details in self._recorded or len(self._recorded) >= _MOST_FAULTS:
            return
        self._recorded.add(details)
        commands = "\n".join(self.journal.lines())
        self._logger.error("%s\n%s\nCommands before it:\n%s\n", without_paths(what), without_paths(details), commands)

    def _note_unhandled(self, kind: type[BaseException], fault: BaseException, where: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            self.record("An exception was not handled", "".join(traceback.format_exception(kind, fault, where)))
        self._hooks[0](kind, fault, where)

    def _note_in_thread(self, given: threading.ExceptHookArgs) -> None:
        details = traceback.format_exception(given.exc_type, given.exc_value, given.exc_traceback)
        name = given.thread.name if given.thread else "without a name"
        self.record(f"An exception was not handled in the thread {name}", "".join(details))
        self._hooks[1](given)

    def _close(self) -> None:
        self.journal.close()
        if self._handler:
            self._handler.close()
        if self._recorded and self._lock:
            self._lock.release()  # the lock file says that the log has not been offered
        elif self._lock:
            remove_log(self._stem.with_suffix(LOG))
            self._lock.remove()


class _Handler(RotatingFileHandler):
    """Begins each file with the versions, and has the stacks of a crash written to the file in use."""

    def __init__(self, path: Path, header: str) -> None:
        super().__init__(path, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace")
        self._header = header
        self.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._write_header()

    def _write_header(self) -> None:
        with contextlib.suppress(OSError):  # of a full disk
            if self.stream:  # it is open from the beginning
                self.stream.write(self._header)
                self.stream.flush()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            super().close()

    def watch(self) -> None:
        """Have the stacks of all threads written here if the process crashes."""
        if self.stream:
            faulthandler.enable(self.stream)

    def doRollover(self) -> None:
        watched = faulthandler.is_enabled()
        faulthandler.disable()  # it keeps the descriptor that is about to be closed
        super().doRollover()
        self._write_header()
        if watched:
            self.watch()

    def handleError(self, record: logging.LogRecord) -> None:
        return


def _header(versions: Mapping[str, str]) -> str:
    lines = (f"{name} {version}" for name, version in versions.items())
    return f"Started {time.strftime('%Y-%m-%d %H:%M:%S')} on {platform.platform()}\n" + "\n".join(lines) + "\n\n"


def without_paths(text: str) -> str:
    """Return a text without quoted paths, except those of source code, and without the name of the home folder."""
    lines = (line if line.lstrip().startswith("File ") else _PATH.sub("<path>", line) for line in text.split("\n"))
    shown = "\n".join(lines)
    with contextlib.suppress(RuntimeError):
        home = str(Path.home())
        shown = shown.replace(home, "~") if len(home) > 1 else shown
    return shown


def remove_log(path: Path) -> None:
    """Remove a log with its older part and its commands; its lock is left."""
    for part in (path, path.with_name(f"{path.name}.1"), path.with_suffix(COMMANDS)):
        with contextlib.suppress(OSError):
            part.unlink()
