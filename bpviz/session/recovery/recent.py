"""Recent sessions: what was trained before it was replaced or the program ended, as a bounded list of session files."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bpviz.language import _
from bpviz.session.files.safe_write import SUFFIX
from bpviz.session.recovery.background_writer import BackgroundWriter

if TYPE_CHECKING:
    from bpviz.session.files.session_data import SavedSession

#: The folder keeps this many sessions, the newest.
MOST_RECENT = 10
_NAME = re.compile(r"(?P<at>\d{4}-\d\d-\d\d \d\d-\d\d-\d\d) (?P<what>.*) [0-9a-f]{8}")
_TIME = "%Y-%m-%d %H-%M-%S"


def recent_folder(autosave: Path) -> Path:
    """Return the folder of recent sessions, which is beside that of the autosaves."""
    return autosave.with_name("recent")


def n_epochs(session: SavedSession) -> int:
    """Return how many epochs the active branch of a session has trained."""
    return next(each.furthest.epoch for each in session.branches if each.number == session.active)


@dataclass(frozen=True)
class RecentSession:
    """A session file of the list, described by its name alone, since reading all of them would take a while."""

    path: Path
    description: str


def list_recent(folder: Path) -> list[RecentSession]:
    """Return the recent sessions, newest first."""
    return [RecentSession(path, _describe(path)) for path in reversed(_files(folder))]


def _files(folder: Path) -> list[Path]:
    """Return the session files, oldest first: their names begin with their time."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == SUFFIX and not path.name.startswith("."))
    except OSError:
        return []


def _describe(path: Path) -> str:
    found = _NAME.fullmatch(path.stem)
    if found is None:
        return path.stem
    with contextlib.suppress(ValueError):
        at = datetime.strptime(found["at"], _TIME)
        is_today = at.date() == datetime.now().date()
        return f"{at:%H:%M}, {found['what']}" if is_today else f"{at:%Y-%m-%d %H:%M}, {found['what']}"
    return path.stem


def _name(session: SavedSession) -> str:
    active = next(each for each in session.branches if each.number == session.active)
    sizes = "-".join(map(str, active.first.sizes))
    what = _("{dataset} {sizes}, epoch {n_epochs}").format(
        dataset=active.first.dataset, sizes=sizes, n_epochs=n_epochs(session)
    )
    return f"{datetime.now():{_TIME}} {what} {secrets.token_hex(4)}{SUFFIX}"


class RecentSessions:
    """Writes sessions on a thread of its own, so that no training waits for a slow disk, and removes the oldest.

    Parameters
    ----------
    folder : Path
        Made when the first session is written.
    write : callable
        ``write(path, session)`` writes a session atomically.
    report : callable
        Called on the writing thread with a sentence if that fails.
    """

    def __init__(
        self, folder: Path, write: Callable[[Path, SavedSession], object], report: Callable[[str], None]
    ) -> None:
        self._folder, self._write, self._report = folder, write, report
        self._writer = BackgroundWriter(self._keep, "bpviz recent sessions")

    def keep(self, session: SavedSession) -> None:
        """Write a session, which must not be changed afterwards."""
        self._writer.write(session)

    def close(self) -> None:
        """Wait until everything is written."""
        self._writer.wait()

    def _keep(self, session: SavedSession) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._folder / _name(session), session)
            self._remove_oldest()
        except Exception as fault:  # training must continue whatever happens
            self._report(_("The run could not be kept in File, Recent: {fault}.").format(fault=fault))

    def _remove_oldest(self) -> None:
        for path in _files(self._folder)[:-MOST_RECENT]:
            with contextlib.suppress(OSError):  # another program may have removed it
                path.unlink()
