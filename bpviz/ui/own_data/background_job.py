"""BackgroundJob: one piece of work at a time on a thread, with progress and cancel."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from PySide6.QtCore import QObject, Signal

from bpviz.language import _
from bpviz.session.tables.limits import Progress
from bpviz.session.tables.table_error import ReadingCancelledError

Work = Callable[[Progress], object]


class BackgroundJob(QObject):
    """Does one piece of work at a time; a new one replaces the one before it, of which nothing more is told.

    Signals
    -------
    progressed : float
        The share that is done, 0 to 1.
    done : object
        The result.
    refused : str
        A sentence about why there is no result.
    """

    progressed, done, refused = Signal(float), Signal(object), Signal(str)
    _told = Signal(object, object, object)  # of the thread: which work, which signal, what

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: Thread | None = None
        self._stop = Event()
        self._told.connect(self._tell)

    def start(self, work: Work) -> None:
        """Cancel the present work, and start another."""
        self.cancel()
        self._stop = Event()
        self._thread = Thread(target=self._run, args=(work, self._stop), name="table", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop the present work, and wait until it has; it stops between two pieces of a few thousand cells."""
        self._stop.set()
        if self._thread:
            self._thread.join()
            self._thread = None

    def _run(self, work: Work, stop: Event) -> None:
        def progress(share: float) -> bool:
            self._told.emit(stop, self.progressed, share)
            return not stop.is_set()

        # Where the window has gone meanwhile, there is nothing left to be told.
        with suppress(ReadingCancelledError, RuntimeError):
            try:
                self._told.emit(stop, self.done, work(progress))
            except ValueError as fault:  # of a table, or of an experiment on it
                self._told.emit(stop, self.refused, str(fault))
            except MemoryError:
                sentence = _("There is not enough memory: close other programs, or keep fewer rows.")
                self._told.emit(stop, self.refused, sentence)

    def _tell(self, stop: Event, signal: Signal, what: object) -> None:
        """Pass on, on the thread of this object, what is not of cancelled work."""
        if not stop.is_set():
            signal.emit(what)  # type: ignore[attr-defined]
