"""The worker thread that runs the session's loop, its start and its end."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from bpviz.session.engine.commands import Command
from bpviz.session.engine.events import Event
from bpviz.session.recovery.command_journal import CommandJournal

if TYPE_CHECKING:
    from bpviz.session.engine.runner import Runner

# The first import of scikit-learn cannot be interrupted, and takes seconds on a slow disk.
_END_MILLISECONDS = 30_000


class Worker(QObject):
    """Runs a `Runner`, and emits its events as a signal.

    The runner is made, and its modules are imported, on the thread: the window is painted without them. What is posted
    before waits.
    """

    happened = Signal(object)

    def __init__(self, journal: CommandJournal | None = None) -> None:
        super().__init__()
        self._journal, self._lock = journal, Lock()
        self._runner: Runner | None = None
        self._waiting: list[Command] = []
        self._is_closed = False

    def post(self, command: Command) -> None:
        """Give the runner a command; may be called from any thread."""
        with self._lock:
            if self._runner is None:
                self._waiting.append(command)
            else:
                self._runner.post(command)

    def close(self) -> None:
        """End the runner's loop; may be called from any thread."""
        with self._lock:
            self._is_closed = True
            if self._runner is not None:
                self._runner.close()

    def _hand_on(self, event: Event) -> None:
        self.happened.emit(event)

    @Slot()
    def work(self) -> None:
        """Run the loop until it is closed, then end the thread."""
        self._make_runner().loop()
        # Called directly: a queued signal would need the GUI thread, which waits for this thread to end.
        QThread.currentThread().quit()

    def _make_runner(self) -> Runner:
        from bpviz.session.engine.runner import Runner

        made = Runner(self._hand_on, self._journal)
        with self._lock:
            for command in self._waiting:
                made.post(command)
            self._waiting.clear()
            if self._is_closed:
                made.close()
            self._runner = made
        return made


class WorkerThread(QObject):
    """A worker and its thread, which are started and ended once; `journal` keeps the last commands.

    `happened` is relayed on the thread that this object lives in, the GUI's.
    """

    happened = Signal(object)

    def __init__(self, parent: QObject | None = None, journal: CommandJournal | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("bpviz worker")
        self._worker = Worker(journal)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.work)
        self._worker.happened.connect(self._relay)

    def post(self, command: Command) -> None:
        """Give the session a command; may be called from any thread."""
        self._worker.post(command)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def end(self) -> bool:
        """End the session's loop and wait for the thread; return whether it has ended."""
        self._worker.close()
        # Waits also if the loop has ended: a QThread that is destroyed before it has finished aborts the process.
        return self._thread.wait(_END_MILLISECONDS)

    @Slot(object)
    def _relay(self, event: Event) -> None:
        self.happened.emit(event)
