"""FilmWriting: writes the pictures of a film on a thread of its own, in the order in which they come."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO, Protocol

from bpviz.language import _
from bpviz.session.files.safe_write import ExportError, write_atomically
from bpviz.session.film.film_plan import FilmError
from bpviz.session.film.gif_file import GifFile
from bpviz.session.film.pixels import Pixels
from bpviz.session.film.video_file import VideoFile, check_video
from bpviz.session.film.webp_file import WebpFile

# Pictures that wait to be written; each takes some megabytes.
_MOST_WAITING = 2


class FilmFile(Protocol):
    """A file that is written picture by picture."""

    def add(self, pixels: Pixels, milliseconds: int) -> None:
        """Write a picture that is shown for some time."""
        ...

    def finish(self) -> None:
        """Write the end of the file."""
        ...


_FORMATS: dict[str, Callable[[BinaryIO, tuple[int, int]], FilmFile]] = {
    ".webp": WebpFile,
    ".gif": GifFile,
    ".mp4": VideoFile,
}


def check_format(path: Path) -> None:
    """Check that what the format needs is installed; raises a FilmError if it is not."""
    if path.suffix.lower() == ".mp4":
        check_video()


@dataclass(frozen=True)
class WritingNews:
    """What the thread tells.

    Attributes
    ----------
    n_written : int
        Number of pictures that are written.
    is_done : bool
        Whether the file is complete, under its name.
    problem : str
        Why there is no file, as a sentence; "" for no reason.
    """

    n_written: int
    is_done: bool = False
    problem: str = ""


class _CancelledError(Exception):
    """The film is not wanted any more."""


class FilmWriting:
    """Writes a film; until it is complete there is no file of its name.

    Parameters
    ----------
    path : Path
    size : (int, int)
        Of every picture.
    rate : float
        Pictures a second.
    tell : callable
        Takes `WritingNews`, on the thread that writes; nothing is told after `cancel`.
    """

    def __init__(self, path: Path, size: tuple[int, int], rate: float, tell: Callable[[WritingNews], None]) -> None:
        self._path, self._size, self._rate, self._tell = path, size, rate, tell
        self._waiting: queue.Queue[Pixels | None] = queue.Queue()
        self._cancelled = Event()
        self._n_taken = self._n_written = 0
        self._thread = Thread(target=self._run, name="film", daemon=True)
        self._thread.start()

    @property
    def has_room(self) -> bool:
        """Whether a picture that comes now is written soon."""
        return self._n_taken - self._n_written < _MOST_WAITING

    def take(self, pixels: Pixels) -> None:
        """Have a picture written."""
        self._n_taken += 1
        self._waiting.put(pixels)

    def finish(self) -> None:
        """Have the end of the file written; the news tell when it is there."""
        self._waiting.put(None)

    def cancel(self) -> None:
        """End without a file, and wait for the thread."""
        self._cancelled.set()
        self._waiting.put(None)
        self.wait()

    def wait(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    def _run(self) -> None:
        try:
            write_atomically(self._path, self._write)
            news = WritingNews(self._n_written, is_done=True)
        except (ExportError, FilmError) as fault:
            news = WritingNews(self._n_written, problem=_("{clause}.").format(clause=fault))
        except _CancelledError:
            return
        except Exception as fault:  # of a codec, for example: the user must hear of it
            news = WritingNews(
                self._n_written, problem=_("{path} cannot be written: {fault}.").format(path=self._path, fault=fault)
            )
        if not self._cancelled.is_set():
            self._tell(news)

    def _write(self, file: BinaryIO) -> None:
        made = _FORMATS[self._path.suffix.lower()](file, self._size)
        while (pixels := self._next()) is not None:
            made.add(pixels, self._milliseconds())
            self._n_written += 1
            self._tell(WritingNews(self._n_written))
        made.finish()

    def _next(self) -> Pixels | None:
        pixels = self._waiting.get()
        if self._cancelled.is_set():
            raise _CancelledError
        return pixels

    def _milliseconds(self) -> int:
        """Return how long the next picture is shown; rounding does not add up."""
        return round((self._n_written + 1) * 1000 / self._rate) - round(self._n_written * 1000 / self._rate)
